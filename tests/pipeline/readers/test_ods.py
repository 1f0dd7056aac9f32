"""OpenDocument, `.xlsb` and the XML of Excel 2003: rows, numbers, hidden and merged cells as the person who made them sees them."""

import io
import struct

import pytest
from python_calamine import CalamineWorkbook

from imports.pipeline.readers.opening import open_sheet, open_workbook, preview
from imports.pipeline.readers.table import BadRow, ReadOptions, UnreadableFile
from tests.spreadsheets.other_formats import (
    MANIFEST,
    ods,
    ods_content,
    ods_row,
    ods_table,
    ods_text,
    ods_value,
    xlsb,
    xlsb_cell,
    xlsb_sheet,
    xml2003,
    xml2003_cell,
    xml2003_row,
    xml2003_sheet,
)

HEAD = ("Ad", "Telefon")


@pytest.fixture
def read(tmp_path):
    """Row number → cells of the sheet below its first row."""

    def rows(content: bytes | str, **options) -> dict[int, list[str]]:
        sheet = open_sheet(written(tmp_path, content), ReadOptions(header_row=1, **options))
        return {row.number: row.cells for row in sheet.rows()}

    return rows


def written(tmp_path, content: bytes | str):
    path = tmp_path / "list.xls"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def refusal(path) -> str:
    with pytest.raises(UnreadableFile) as refused:
        preview(path)
    return refused.value.reason.code


def notes(path) -> dict[str, dict]:
    sheet = open_sheet(path)
    list(sheet.rows())
    return {note.code: note.params for note in sheet.notes}


class TestOds:
    def one(self, cell: str, read) -> str:
        return read(ods(ods_table([ods_row(*HEAD), ods_row("Ali", cell)])))[2][1]

    @pytest.mark.parametrize(
        ("kind", "value", "text", "shown"),
        [
            ("float", "905321234567", "905321234567", "905321234567"),
            ("float", "905321234567", "9,05E+11", "905321234567"),
            ("float", "5321234567", "05321234567", "05321234567"),
            ("float", "5321234567", "5.321.234.567", "5321234567"),
            ("float", "5321234567", "5 321 234 567", "5321234567"),
            ("float", "5321234567", "(532) 123 45 67", "(532) 123 45 67"),
            ("float", "905321234567", "+90 532 123 45 67", "+90 532 123 45 67"),
            ("float", "12.5", "12,50", "12.5"),
            ("float", "3", "3 gün", "3 gün"),
            ("float", "123.75", "123 3/4", "123.75"),
            ("float", "1021.02", "1K", "1021.02"),
            ("float", "5321234567", "###", "5321234567"),
            ("percentage", "0.125", "12,5%", "12,5%"),
            ("percentage", "0.125", "", "12.5%"),
            ("currency", "1234.5", "1.234,50 TL", "1.234,50 TL"),
            ("date", "2026-05-01", "01.05.26", "2026-05-01"),
            ("date", "2026-05-01T13:30:00", "01.05.26 13:30", "2026-05-01 13:30"),
            ("date", "2026-05-01T13:30:15.5", "x", "2026-05-01 13:30:15"),
            ("time", "PT13H30M00S", "13:30", "13:30"),
            ("time", "PT07H05M09S", "x", "07:05:09"),
            ("boolean", "true", "DOĞRU", "TRUE"),
            ("boolean", "false", "YANLIŞ", "FALSE"),
            ("string", "", "#N/A", "#N/A"),
        ],
    )
    def test_values_are_shown_as_a_person_means_them(self, kind, value, text, shown, read):
        assert self.one(ods_value(kind, value, text), read) == shown

    def test_a_text_keeps_its_zeros_spaces_and_lines(self, read):
        cell = (
            '<table:table-cell office:value-type="string"><text:p>0532<text:s text:c="2"/>1<text:tab/>2 &amp; <text:span>3</text:span>'
            "<text:a>4</text:a></text:p><text:p>0555<text:line-break/>9</text:p></table:table-cell>"
        )
        assert self.one(cell, read) == "0532  1\t2 & 34\n0555\n9"

    def test_comments_and_drawings_are_no_text(self, read):
        cell = (
            '<table:table-cell office:value-type="string"><office:annotation><dc:date>2026</dc:date><text:p>call later</text:p></office:annotation>'
            "<text:p>0532</text:p><draw:frame><draw:text-box><text:p>box</text:p></draw:text-box></draw:frame></table:table-cell>"
        )
        assert self.one(cell, read) == "0532"

    def test_repeated_cells_and_rows_are_counted(self, read):
        rows = [
            ods_row(*HEAD, "Not", "Şehir"),
            ods_row("", attributes='table:number-rows-repeated="3"'),
            ods_row("Ali", '<table:table-cell table:number-columns-repeated="2"/>', "İzmir"),
            ods_row(ods_text("x", 'table:number-columns-repeated="3"'), "Y", attributes='table:number-rows-repeated="2"'),
            ods_row("Can", "0532", '<table:table-cell table:number-columns-repeated="16382"/>'),
            ods_row("", attributes='table:number-rows-repeated="1048568"'),
        ]
        assert read(ods(ods_table(rows))) == {
            5: ["Ali", "", "", "İzmir"],
            6: ["x", "x", "x", "Y"],
            7: ["x", "x", "x", "Y"],
            8: ["Can", "0532", "", ""],
        }

    def test_merged_cells_hold_their_value_in_every_row(self, read):
        merged = ods_text("Acme", 'table:number-rows-spanned="2" table:number-columns-spanned="2"')
        covered = '<table:covered-table-cell table:number-columns-repeated="{}"/>'
        rows = [
            ods_row("Firma", "Ek", "Tel"),
            ods_row(merged, covered.format(1), "0532"),
            ods_row(covered.format(2), "0555"),
            ods_row("Beta", "", "0533"),
        ]
        assert read(ods(ods_table(rows))) == {2: ["Acme", "", "0532"], 3: ["Acme", "", "0555"], 4: ["Beta", "", "0533"]}

    def test_header_rows_and_groups_are_rows(self, read):
        rows = [
            f"<table:table-header-rows>{ods_row(*HEAD)}</table:table-header-rows>",
            f"<table:table-row-group>{ods_row('Ali', '0532')}</table:table-row-group>",
        ]
        assert read(ods(ods_table(rows))) == {2: ["Ali", "0532"]}

    def test_hidden_sheets_and_rows(self, tmp_path):
        rows = [
            ods_row(*HEAD),
            ods_row("Ali", "0532", attributes='table:visibility="collapse"'),
            ods_row("Can", "0533", attributes='table:visibility="filter"'),
            ods_row("Ece", "0534"),
        ]
        path = written(tmp_path, ods(ods_table(rows, "Gizli", "ta2") + ods_table(rows, "Açık")))
        assert [(sheet.name, sheet.visible) for sheet in preview(path).sheets] == [("Gizli", False), ("Açık", True)]
        assert notes(path) == {"hidden_rows": {"sheet": "Açık", "count": 2}}

    def test_a_formula_without_a_result_is_said(self, tmp_path):
        rows = [ods_row(*HEAD), ods_row("Ali", '<table:table-cell table:formula="of:=[.A1]"/>', "0532")]
        assert notes(written(tmp_path, ods(ods_table(rows)))) == {"formulas_without_values": {"sheet": "Liste", "count": 1}}

    def test_the_flat_form(self, read):
        flat = ods_content(
            ods_table([ods_row(*HEAD), ods_row("Ayşe", "0532")]),
            "document",
            'office:mimetype="application/vnd.oasis.opendocument.spreadsheet"',
        )
        assert read(flat) == {2: ["Ayşe", "0532"]}

    def test_history_and_drawings_are_no_rows(self, read):
        history = f"<table:tracked-changes><table:deletion>{ods_row('Old', '1')}</table:deletion></table:tracked-changes>"
        table = ods_table([ods_row(*HEAD), ods_row("Ali", "0532")]).replace(
            "<table:table-column/>", "<table:shapes><draw:frame><text:p>x</text:p></draw:frame></table:shapes>"
        )
        assert read(ods(history + table)) == {2: ["Ali", "0532"]}

    def test_a_manifest_of_an_old_program(self, read):
        manifest = MANIFEST.format("").replace(
            "<manifest:manifest",
            '<!DOCTYPE manifest:manifest PUBLIC "-//OpenOffice.org//DTD Manifest 1.0//EN" "Manifest.dtd"><manifest:manifest',
        )
        assert read(ods(ods_table([ods_row(*HEAD), ods_row("Ali", "0532")]), manifest=manifest)) == {2: ["Ali", "0532"]}

    def test_a_password_is_named(self, tmp_path):
        assert refusal(written(tmp_path, ods("", encrypted=True))) == "file_is_protected"

    @pytest.mark.parametrize(
        ("body", "code"),
        [
            (ods_table([ods_row(ods_text("x"), attributes='table:number-rows-repeated="9999999"')]), "sheet_too_long"),
            (
                ods_table([ods_row(*HEAD), ods_row(ods_text("x", 'table:number-columns-repeated="16384"'))] * 2),
                "too_many_columns",
            ),
            (ods_table([ods_row(*HEAD)]) + "<broken>", "file_damaged"),
            ("", "file_damaged"),
            (
                "".join(
                    ods_table([ods_row("x", "y", attributes='table:number-rows-repeated="1048576"')], f"T{n}") for n in range(30)
                ),
                "file_too_complex",
            ),
        ],
    )
    def test_what_harms_is_refused(self, body, code, tmp_path):
        assert refusal(written(tmp_path, ods(body))) == code

    def test_an_entity_is_refused(self, tmp_path):
        content = ods_content(ods_table([ods_row(*HEAD)])).replace(
            "<office:document-content", '<!DOCTYPE x [<!ENTITY a "b">]><office:document-content'
        )
        assert (
            refusal(
                written(
                    tmp_path,
                    content.replace("document-content", "document").replace(
                        "xmlns:dc", 'office:mimetype="application/vnd.oasis.opendocument.spreadsheet" xmlns:dc'
                    ),
                )
            )
            == "file_hostile"
        )

    def test_a_cell_that_is_too_long_is_a_bad_row(self, tmp_path):
        rows = list(
            open_sheet(
                written(tmp_path, ods(ods_table([ods_row(*HEAD), ods_row("Ali", "0532"), ods_row("x" * 40_000, "0555")])))
            ).rows()
        )
        assert [(type(row), row.number) for row in rows][1] == (BadRow, 3) and rows[1].reason.code == "cell_too_long"

    def test_another_reader_finds_the_same(self, tmp_path):
        path = written(tmp_path, ods(ods_table([ods_row(*HEAD), *(ods_row(f"Ali {n}", f"0532 {n:07}") for n in range(300))])))
        assert _rows(path) == CalamineWorkbook.from_filelike(io.BytesIO(path.read_bytes())).get_sheet_by_index(0).to_python()


def _rows(path) -> list[list[str]]:
    workbook = open_workbook(path, ReadOptions())
    return [row.cells for row in workbook.rows(workbook.sheet_names()[0][0])]


class TestXml2003:
    def one(self, cell: str, read, styles: str = "", before: str = "", row: str = "") -> str:
        sheet = xml2003_sheet([xml2003_row(*HEAD), xml2003_row("Ali", cell, attributes=row)], before=before)
        return read(xml2003(sheet, styles))[2][1]

    @pytest.mark.parametrize(
        ("kind", "value", "shown"),
        [
            ("String", "0532 & 1", "0532 & 1"),
            ("Number", "905321234567", "905321234567"),
            ("Number", "9.05321234567E11", "905321234567"),
            ("Number", "12.5", "12.5"),
            ("DateTime", "2026-05-01T00:00:00.000", "2026-05-01"),
            ("DateTime", "2026-05-01T13:30:00.000", "2026-05-01 13:30"),
            ("DateTime", "1899-12-31T13:30:00.000", "13:30"),
            ("Boolean", "1", "TRUE"),
            ("Boolean", "0", "FALSE"),
            ("Error", "#N/A", "#N/A"),
        ],
    )
    def test_values_are_shown_as_a_person_means_them(self, kind, value, shown, read):
        assert self.one(xml2003_cell(value, kind), read) == shown

    @pytest.mark.parametrize(
        ("code", "value", "shown"),
        [
            ("00000000000", "5321234567", "05321234567"),
            ("0%", "0.5", "50%"),
            ("Short Date", "46143", "2026-05-01"),
            ("General Date", "46143.5", "2026-05-01 12:00"),
            ("Short Time", "0.5", "12:00"),
            ("Standard", "5321234567", "5321234567"),
            ("Fixed", "12.5", "12.5"),
            ("Percent", "0.125", "12.50%"),
            ("@", "5321234567", "5321234567"),
            ('"+"0', "905321234567", "+905321234567"),
            ("Scientific", "5321234567", "5321234567"),
            ("dd\\.mm\\.yyyy", "46143", "2026-05-01"),
        ],
    )
    def test_numbers_are_shown_by_their_format(self, code, value, shown, read):
        styles = f'<Style ss:ID="s1"><NumberFormat ss:Format=\'{code}\'/></Style><Style ss:ID="s2" ss:Parent="s1"><Font/></Style>'
        assert self.one(xml2003_cell(value, "Number", 'ss:StyleID="s1"'), read, styles) == shown
        assert self.one(xml2003_cell(value, "Number", 'ss:StyleID="s2"'), read, styles) == shown
        assert self.one(xml2003_cell(value, "Number"), read, styles, row='ss:StyleID="s1"') == shown
        assert self.one(xml2003_cell(value, "Number"), read, styles, before='<Column ss:Index="2" ss:StyleID="s1"/>') == shown

    def test_places_left_out_are_counted(self, read):
        rows = [
            xml2003_row(*HEAD, "Not", "Şehir"),
            xml2003_row("Ali", xml2003_cell("İzmir", attributes='ss:Index="4"'), attributes='ss:Index="5"'),
            xml2003_row("Can", "0532", attributes='ss:Span="2"'),
            xml2003_row("Ece", "0533"),
        ]
        assert read(xml2003(xml2003_sheet(rows))) == {
            5: ["Ali", "", "", "İzmir"],
            6: ["Can", "0532", "", ""],
            9: ["Ece", "0533", "", ""],
        }

    @pytest.mark.parametrize("place", ["", 'ss:Index="2"'])
    def test_merged_cells_hold_their_value_in_every_row(self, place, read):
        rows = [
            xml2003_row("Firma", "Tel", "Not"),
            xml2003_row(xml2003_cell("Acme", attributes='ss:MergeDown="1"'), "0532", "a"),
            xml2003_row(xml2003_cell("0555", attributes=place), "b"),
            xml2003_row(xml2003_cell("Beta", attributes='ss:MergeAcross="1"'), "c"),
        ]
        assert read(xml2003(xml2003_sheet(rows))) == {2: ["Acme", "0532", "a"], 3: ["Acme", "0555", "b"], 4: ["Beta", "", "c"]}

    def test_hidden_sheets_and_rows(self, tmp_path):
        rows = [xml2003_row(*HEAD), xml2003_row("Ali", "0532", attributes='ss:Hidden="1"'), xml2003_row("Can", "0533")]
        sheets = [
            xml2003_sheet(rows, "Gizli", "SheetHidden"),
            xml2003_sheet(rows, "Çok gizli", "SheetVeryHidden"),
            xml2003_sheet(rows, "A & B"),
        ]
        path = written(tmp_path, xml2003("".join(sheets)))
        assert [(sheet.name, sheet.visible) for sheet in preview(path).sheets] == [
            ("Gizli", False),
            ("Çok gizli", False),
            ("A & B", True),
        ]
        assert notes(path) == {"hidden_rows": {"sheet": "A & B", "count": 1}}

    def test_comments_are_no_text_and_rich_text_is(self, read):
        cell = (
            '<Cell><ss:Data ss:Type="String" xmlns="http://www.w3.org/TR/REC-html40"><B>0532</B><Font> 111</Font></ss:Data>\n'
            '<Comment ss:Author="x"><ss:Data xmlns="http://www.w3.org/TR/REC-html40">call later</ss:Data></Comment><NamedCell ss:Name="p"/></Cell>'
        )
        assert self.one(cell, read) == "0532 111"

    def test_a_formula_without_a_result_is_said(self, tmp_path):
        path = written(
            tmp_path, xml2003(xml2003_sheet([xml2003_row(*HEAD), xml2003_row("Ali", '<Cell ss:Formula="=A1"/>', "0532")]))
        )
        assert notes(path) == {"formulas_without_values": {"sheet": "Liste", "count": 1}}

    def test_line_breaks_and_another_encoding(self, read):
        content = xml2003(xml2003_sheet([xml2003_row(*HEAD), xml2003_row("Çağrı", "0532&#10;0555".replace("&#10;", "\n"))]))
        assert read(content.replace('version="1.0"', 'version="1.0" encoding="windows-1254"').encode("cp1254")) == {
            2: ["Çağrı", "0532\n0555"]
        }
        assert read(content.replace('version="1.0"', 'version="1.0" encoding="utf-16"').encode("utf-16")) == {
            2: ["Çağrı", "0532\n0555"]
        }

    def test_a_prefix_before_every_element(self, read):
        content = (
            '<ss:Workbook xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><ss:Worksheet ss:Name="L"><ss:Table><ss:Row><ss:Cell><ss:Data ss:Type="String">'
            'Ad</ss:Data></ss:Cell></ss:Row><ss:Row><ss:Cell><ss:Data ss:Type="String">Ali</ss:Data></ss:Cell></ss:Row></ss:Table></ss:Worksheet></ss:Workbook>'
        )
        assert read(content) == {2: ["Ali"]}

    @pytest.mark.parametrize(
        ("rows", "code"),
        [
            ([xml2003_row("x", attributes='ss:Index="2000000"')], "sheet_too_long"),
            ([xml2003_row(*HEAD, attributes='ss:Index="3"'), xml2003_row("x", attributes='ss:Index="2"')], "file_damaged"),
            ([xml2003_row(*HEAD, xml2003_cell("x", attributes='ss:Index="16000"'))] * 3, "too_many_columns"),
            (["<Row><Cell>"], "file_damaged"),
            ([], "no_data_in_workbook"),
        ],
    )
    def test_what_cannot_be_read_is_refused(self, rows, code, tmp_path):
        assert refusal(written(tmp_path, xml2003(xml2003_sheet(rows)))) == code

    def test_an_entity_is_refused(self, tmp_path):
        content = xml2003(xml2003_sheet([xml2003_row(*HEAD)])).replace(
            "<Workbook", '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><Workbook'
        )
        assert refusal(written(tmp_path, content)) == "file_hostile"


class TestXlsb:
    def one(self, value, read, formats=(), style: int = 0, **more) -> str:
        rows = {1: [xlsb_cell(0, "Ad"), xlsb_cell(1, "Telefon")], 2: [xlsb_cell(0, "Ali"), xlsb_cell(1, value, style)]}
        return read(xlsb({"Liste": xlsb_sheet(rows)}, formats=formats, **more))[2][1]

    @pytest.mark.parametrize(
        ("value", "shown"),
        [
            ("0532 Ş", "0532 Ş"),
            (905321234567, "905321234567"),
            (12.5, "12.5"),
            (True, "TRUE"),
            (False, "FALSE"),
            (None, ""),
            (("shared", 1), "ortak"),
            (("rk", 7 << 2 | 2), "7"),
            (("rk", (-7 & 0x3FFFFFFF) << 2 | 2), "-7"),
            (("rk", 1234 << 2 | 3), "12.34"),
            (("error", 42), "#N/A"),
            (("error", 7), "#DIV/0!"),
            (("formula", "0532"), "0532"),
            (("formula", 5321234567.0), "5321234567"),
            (("rk", struct.unpack("<Q", struct.pack("<d", 5368709120.0))[0] >> 32 & 0xFFFFFFFC), "5368709120"),
        ],
    )
    def test_values_are_shown_as_a_person_means_them(self, value, shown, read):
        assert self.one(value, read, strings=["bir", "ortak"]) == shown

    @pytest.mark.parametrize(
        ("code", "value", "shown"),
        [
            ("00000000000", 5321234567, "05321234567"),
            ("0%", 0.5, "50%"),
            ("dd.mm.yyyy", 46143, "2026-05-01"),
            ("#,##0", 5321234567, "5321234567"),
            ('"+"0', 905321234567, "+905321234567"),
        ],
    )
    def test_numbers_are_shown_by_their_format(self, code, value, shown, read):
        assert self.one(value, read, [code], 1) == shown

    def test_dates_from_1904(self, read):
        assert self.one(44681, read, ["dd.mm.yyyy"], 1, date1904=True) == "2026-05-01"

    def test_hidden_sheets_rows_and_merged_cells(self, tmp_path):
        rows = {
            number: [xlsb_cell(0, name), xlsb_cell(1, phone)]
            for number, name, phone in [(1, "Firma", "Tel"), (3, "Acme", "0532"), (4, None, "0555"), (7, "Beta", "0533")]
        }
        path = written(
            tmp_path,
            xlsb({"Gizli": xlsb_sheet(rows), "Açık": xlsb_sheet(rows, hidden=[7], merges=[(2, 3, 0, 0)])}, states={"Gizli": 1}),
        )
        assert [(sheet.name, sheet.visible) for sheet in preview(path).sheets] == [("Gizli", False), ("Açık", True)]
        assert {row.number: row.cells for row in open_sheet(path).rows()} == {
            3: ["Acme", "0532"],
            4: ["Acme", "0555"],
            7: ["Beta", "0533"],
        }
        assert notes(path) == {"hidden_rows": {"sheet": "Açık", "count": 1}}

    def test_another_reader_finds_the_same(self, tmp_path):
        rows = {
            number: [xlsb_cell(0, ("shared", number - 1)), xlsb_cell(1, f"0532 {number}"), xlsb_cell(2, ("rk", number << 2 | 2))]
            for number in range(1, 500)
        }
        path = written(tmp_path, xlsb({"Liste": xlsb_sheet(rows)}, strings=[f"Çağrı {number}" for number in range(500)]))
        found = CalamineWorkbook.from_filelike(io.BytesIO(path.read_bytes())).get_sheet_by_index(0).to_python()
        assert _rows(path) == [[str(int(cell)) if isinstance(cell, (int, float)) else cell for cell in row] for row in found]

    @pytest.mark.parametrize(
        ("rows", "code"),
        [
            (
                {
                    1: [xlsb_cell(0, "Ad"), xlsb_cell(16383, "x")],
                    2: [xlsb_cell(0, "Ali"), xlsb_cell(16383, "x")],
                    3: [xlsb_cell(16383, "x")],
                },
                "too_many_columns",
            ),
            ({1: [xlsb_cell(0, "Ad")], 2_000_000: [xlsb_cell(0, "x")]}, "sheet_too_long"),
            ({1: [xlsb_cell(0, ("shared", 9))]}, "file_damaged"),
            ({}, "no_data_in_workbook"),
        ],
    )
    def test_what_cannot_be_read_is_refused(self, rows, code, tmp_path):
        assert refusal(written(tmp_path, xlsb({"Liste": xlsb_sheet(rows)}))) == code

    def test_a_sheet_cut_short_is_damaged(self, tmp_path):
        sheet = xlsb_sheet({1: [xlsb_cell(0, "Ad")], 2: [xlsb_cell(0, "Ali")]})
        assert refusal(written(tmp_path, xlsb({"Liste": sheet[:-12]}))) in ("file_damaged", "no_data_rows")
        assert refusal(written(tmp_path, xlsb({"Liste": sheet})[:-100])) == "file_damaged"


def test_sheets_of_one_name_can_all_be_chosen(tmp_path):
    path = written(
        tmp_path, xml2003("".join(xml2003_sheet([xml2003_row(*HEAD), xml2003_row(name, "0532")]) for name in ("Ali", "Can")))
    )
    assert [row.cells for row in open_sheet(path, ReadOptions(sheet="Liste (2)")).rows()] == [["Can", "0532"]]
