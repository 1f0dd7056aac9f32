"""Web pages saved as Excel files: their tables, encodings, spans, and what Excel's own attributes say of numbers."""

import pytest

from imports.pipeline.readers.opening import open_sheet, preview
from imports.pipeline.readers.table import BadRow, ReadOptions, Row, UnreadableFile

TABLE = "<table><tr><th>Ad</th><th>Telefon</th></tr><tr><td>Çağrı</td><td>0532 111 22 33</td></tr><tr><td>Işık</td><td>0555 111 22 33</td></tr></table>"
PEOPLE = {2: ["Çağrı", "0532 111 22 33"], 3: ["Işık", "0555 111 22 33"]}


def written(tmp_path, content: bytes | str):
    path = tmp_path / "list.xls"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


@pytest.fixture
def read(tmp_path):
    def rows(content: bytes | str, **options) -> dict[int, list[str]]:
        sheet = open_sheet(written(tmp_path, content), ReadOptions(header_row=1, **options))
        assert sheet.kind == "html"
        return {row.number: row.cells for row in sheet.rows()}

    return rows


def one(cell: str, read, before: str = "") -> str:
    return read(f"<html>{before}<table><tr><td>Ad<td>Değer<tr><td>Ali{cell}</table>")[2][1]


def refusal(path) -> str:
    with pytest.raises(UnreadableFile) as refused:
        preview(path)
    return refused.value.reason.code


class TestEncodings:
    @pytest.mark.parametrize(
        "content",
        [
            f"<html>{TABLE}</html>".encode(),
            f"\ufeff{TABLE}".encode(),
            f"<html>{TABLE}</html>".encode("utf-16"),
            f"\r\n  {TABLE}".encode("utf-16-le"),
            f'<meta http-equiv="Content-Type" content="text/html; charset=windows-1254">{TABLE}'.encode("cp1254"),
            f"<html><head><meta charset=iso-8859-9></head>{TABLE}".encode("iso-8859-9"),
            f"<html>{TABLE}</html>".encode("cp1254"),
            f'<?xml version="1.0" encoding="windows-1254"?><html xmlns="http://www.w3.org/1999/xhtml">{TABLE}</html>'.encode(
                "cp1254"
            ),
            f'<meta charset="windows-1254">{TABLE}'.encode(),
            f'<meta charset="utf-8">{TABLE}'.encode("cp1254"),
            f'<meta charset="nonsense">{TABLE}'.encode("cp1254"),
            f"<!DOCTYPE html><!-- exported --><div>{TABLE}</div>".encode(),
            f"<style>td{{color:red}}</style>{TABLE}".encode(),
            f"<center><b>Liste</b>{TABLE}</center>".encode(),
            f"<br />\n<b>Notice</b>: x in /a.php<br />{TABLE}".encode(),
        ],
    )
    def test_letters_come_out_whole(self, content, read):
        assert read(content) == PEOPLE

    def test_a_person_may_choose(self, read):
        assert read(f'<meta charset="windows-1252">{TABLE}'.encode("cp1254"), encoding="cp1254") == PEOPLE

    def test_a_guess_is_said(self, tmp_path):
        codes = [note.code for note in open_sheet(written(tmp_path, f"<html>{TABLE}</html>".encode("cp1254"))).notes]
        assert codes == ["encoding_guessed"]

    @pytest.mark.parametrize("written_as", ["&#43;90532", "&#x2B;90532", "&plus;90532", "+90532"])
    def test_references(self, written_as, read):
        assert one(f"<td>{written_as}", read) == "+90532"

    def test_more_references(self, read):
        assert one("<td>&Ccedil;a&#287;r&#305; &amp;&nbsp;Su &lt;x&gt;", read) == "Çağrı & Su <x>"


class TestNumbers:
    @pytest.mark.parametrize(
        ("cell", "shown"),
        [
            ("<td style='mso-number-format:\"\\@\"'>05321234567", "05321234567"),
            ('<td style="mso-number-format:\\@">05321234567', "05321234567"),
            ("<td>05321234567", "05321234567"),
            ("<td>905321234567", "905321234567"),
            ('<td x:num="905321234567">9,05E+11', "905321234567"),
            ('<td x:num="5321234567">5.321.234.567', "5321234567"),
            ("<td x:num>05321234567", "05321234567"),
            ('<td x:num="5321234567">05321234567', "05321234567"),
            ('<td x:str="05321234567">05321234567', "05321234567"),
            ('<td x:num="0.5">50%', "0.5"),
            ('<td x:num="46143">01.05.2026', "01.05.2026"),
            ('<td x:num="46143" style=\'mso-number-format:"Short Date"\'>01.05.2026', "2026-05-01"),
            ('<td x:num="46143.5" style=\'mso-number-format:"dd\\.mm\\.yyyy\\\\ hh\\:mm"\'>x', "2026-05-01 12:00"),
            ('<td x:num="5321234567" style=\'mso-number-format:"00000000000"\'>05321234567', "05321234567"),
            ("<td style='mso-number-format:\"00000000000\"'>5321234567", "05321234567"),
            ("<td style=\"mso-number-format:'0\\.00'\">5321234567", "5321234567"),
            ('<td x:num="1234.5" style=\'mso-number-format:"\\#\\,\\#\\#0\\.00\\\\ \\0022TL\\0022"\'>1.234,50 TL', "1,234.50 TL"),
            ("<td>01.05.2026", "01.05.2026"),
            ("<td style='mso-number-format:\"Short Date\"'>20260501", "20260501"),
        ],
    )
    def test_are_whole_and_keep_their_zeros(self, cell, shown, read):
        assert one(cell, read) == shown

    @pytest.mark.parametrize(
        ("sheet", "cell", "shown"),
        [
            (
                '.xl24 {mso-style-parent:style0; mso-number-format:"\\@";}',
                '<td class=xl24 x:num="5321234567">05321234567',
                "05321234567",
            ),
            (
                '<!-- td {color:red} .date, .xl25 {mso-number-format:"Short Date";} -->',
                '<td class="a xl25" x:num="46143">x',
                "2026-05-01",
            ),
            ('td {mso-number-format:"00000000000"}', "<td>5321234567", "05321234567"),
            (".other {mso-number-format:0}", "<td class=xl24>0532", "0532"),
        ],
    )
    def test_formats_of_the_style_sheet(self, sheet, cell, shown, read):
        assert one(cell, read, f"<head><style>{sheet}</style></head>") == shown


class TestCells:
    def test_text_flows_as_a_browser_lets_it(self, read):
        assert (
            one("<td>\n   <b>0532</b>\n  111&nbsp;22 <br> <a href='tel:1'>0555</a><p>x</p><div>y</div>  ", read)
            == "0532 111 22\n0555\nx\ny"
        )

    def test_what_is_not_shown_is_no_text(self, read):
        assert (
            one(
                "<td><script>var a='<b>';</script><style>x</style>0532<select><option>a<option>b</select><!-- c --><input value=7>",
                read,
            )
            == "0532"
        )

    def test_an_end_tag_left_out_hides_nothing(self, read):
        assert read("<table><tr><td>Ad<td>Tel<tr><td><select><option>a<td>0532<tr><td>Can<td>0555</table>") == {
            2: ["", "0532"],
            3: ["Can", "0555"],
        }

    def test_columns_spanned_are_empty_and_rows_spanned_are_filled(self, read):
        page = (
            "<table><tr><td>Firma<td>Ek<td>Tel<td>Not<tr><td rowspan=2 colspan=2>Acme<td>0532<td>a<tr><td>0555<td>b"
            "<tr><td>Beta<td colspan=2>0533<td>c<tr><td>Gama<td rowspan=0>x<td>0534<tr><td>Delta<td>0535</table>"
        )
        assert read(page) == {
            2: ["Acme", "", "0532", "a"],
            3: ["Acme", "", "0555", "b"],
            4: ["Beta", "0533", "", "c"],
            5: ["Gama", "x", "0534", ""],
            6: ["Delta", "x", "0535", ""],
        }

    def test_hidden_rows_are_read_and_counted(self, tmp_path):
        path = written(tmp_path, TABLE.replace("<tr><td>Çağrı", "<tr style='DISPLAY : none'><td>Çağrı"))
        sheet = open_sheet(path)
        assert [row.number for row in sheet.rows()] == [2, 3]
        assert [(note.code, note.params) for note in sheet.notes] == [("hidden_rows", {"sheet": "Table 1", "count": 1})]

    def test_empty_rows_count(self, read):
        assert read(
            "<table><thead><tr><th>Ad<th>Tel</thead><tbody><tr><td>&nbsp;<td><tr></tr><tr><td>Ali<td>0532</tbody></table>"
        ) == {4: ["Ali", "0532"]}

    def test_a_cell_that_is_too_long_is_a_bad_row(self, tmp_path):
        rows = list(
            open_sheet(
                written(tmp_path, f"<table><tr><td>Ad<td>Tel<tr><td>Ali<td>0532<tr><td>{'x' * 40_000}<td>0555</table>")
            ).rows()
        )
        assert [type(row) for row in rows] == [Row, BadRow] and rows[1].reason.code == "cell_too_long"


class TestTables:
    def test_the_largest_list_is_read(self, tmp_path):
        page = f"<table><tr><td>Rapor<td>1<tr><td>Tarih<td>2</table><table><caption> Müşteri\n listesi </caption>{TABLE[7:]}<table><tr><td>Sayfa 1</table>"
        shown = preview(written(tmp_path, page))
        assert (shown.sheet, shown.headers) == ("Müşteri listesi", ["Ad", "Telefon"])
        assert [(sheet.name, sheet.visible) for sheet in shown.sheets] == [
            ("Müşteri listesi", True),
            ("Table 1", True),
            ("Table 3", False),
        ]

    def test_another_table_can_be_chosen(self, read):
        assert read(f"{TABLE}<table><tr><td>A<td>B<tr><td>c<td>d</table>", sheet="Table 2") == {2: ["c", "d"]}

    def test_a_table_that_arranges_the_page_is_not_the_list(self, tmp_path):
        page = f"<table><tr><td>Logo<td>Menu<tr><td>x<td>y<tr><td>z<td>w<tr><td colspan=2>{TABLE}<tr><td>Foot<td>t</table>"
        shown = preview(written(tmp_path, page))
        assert shown.headers == ["Ad", "Telefon"] and [row.cells for row in shown.sample] == [*PEOPLE.values()]

    def test_a_table_inside_a_cell_is_text_of_the_cell(self, read):
        inner = "<table><tr><td>0532</td></tr></table>"
        page = f"<table><tr><td>Ad<td>Tel</tr><tr><td>Ali</td><td>{inner}</td></tr><tr><td>Can</td><td>{inner}</td></tr></table>"
        assert read(page, sheet="Table 1") == {2: ["Ali", "0532"], 3: ["Can", "0532"]}

    def test_a_web_archive(self, read):
        page = f'<html><meta charset="windows-1254">{TABLE}</html>'.encode("cp1254")
        lines = [
            b"MIME-Version: 1.0",
            b"X-Document-Type: Workbook",
            b'Content-Type: multipart/related; boundary="----=_x"',
            b"",
            b"------=_x",
            b"Content-Location: file:///C:/x/list.htm",
            b"Content-Transfer-Encoding: 8bit",
            b'Content-Type: text/html; charset="windows-1254"',
            b"",
            page,
            b"",
            b"------=_x--",
            b"",
        ]
        assert read(b"\r\n".join(lines)) == PEOPLE

    @pytest.mark.parametrize("encoding", ["quoted-printable", "base64"])
    def test_a_web_archive_with_encoded_parts(self, encoding, read):
        import base64
        import quopri

        encode = {"quoted-printable": quopri.encodestring, "base64": base64.encodebytes}[encoding]
        head = f'From: <Saved by Blink>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; type="text/html"; boundary="b"\r\n\r\n--b\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n'
        assert read(head.encode() + encode(TABLE.encode()) + b"\r\n--b--\r\n") == PEOPLE

    def test_ten_thousand_rows(self, read):
        page = "<table>" + "".join(f"<tr><td>Ali {n}</td><td>0532{n:07}</td></tr>" for n in range(10_000)) + "</table>"
        rows = read(page)
        assert len(rows) == 9_999 and rows[10_000] == ["Ali 9999", "05320009999"]


class TestRefusals:
    @pytest.mark.parametrize(
        "page",
        [
            '<html xmlns:x="urn:schemas-microsoft-com:office:excel"><frameset><frame src="sheet001.htm"></frameset></html>',
            "<html><body>Please sign in</body></html>",
            "<table></table>",
            "MIME-Version: 1.0\r\nContent-Type: multipart/related\r\n",
        ],
    )
    def test_a_page_without_cells_is_named(self, page, tmp_path):
        assert refusal(written(tmp_path, page)) == "file_is_html"

    def test_a_page_cut_in_a_tag_is_damaged(self, tmp_path):
        assert refusal(written(tmp_path, TABLE[: TABLE.index("<td>0555")] + '<td style="a')) == "file_damaged"

    def test_a_page_cut_in_a_comment_is_damaged(self, tmp_path):
        assert refusal(written(tmp_path, TABLE.replace("<tr><td>Işık", "<!-- <tr><td>Işık"))) == "file_damaged"

    def test_end_tags_at_the_end_may_be_missing(self, read):
        assert read(TABLE.removesuffix("</td></tr></table>")) == PEOPLE

    @pytest.mark.parametrize(
        ("page", "codes"),
        [
            ("<table>" + "<tr><td colspan=16000>x<td>y" * 3 + "</table>", ("too_many_columns",)),
            ("<table><tr><td rowspan=999999999>x<td>y<tr><td>z<tr><td>w</table>", ()),
            ("<html>" + "<div>" * 100_000 + TABLE, ("file_damaged", "file_too_complex", "file_is_html")),
            ("<table><tr><td>" * 3_000 + TABLE, ("file_damaged", "file_too_complex", "no_data_rows", "file_is_html")),
            ("<table><tr><td>a<td>b" + "<tr><td>" + "x" * 12_000_000 + "<td>y</table>", ("file_damaged", "no_data_rows")),
            ('<!DOCTYPE html [<!ENTITY a SYSTEM "file:///etc/passwd">]><table><tr><td>A<td>B<tr><td>&a;<td>x</table>', ()),
        ],
    )
    def test_what_harms_is_refused_or_harmless(self, page, codes, tmp_path):
        path = written(tmp_path, page)
        if codes:
            assert refusal(path) in codes
        else:
            assert "root:" not in str(preview(path).sample)
