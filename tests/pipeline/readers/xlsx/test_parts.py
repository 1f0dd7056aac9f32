"""Sound workbooks that programs write in their own manner, and number formats that are rarely met: each with its right value."""

import io
import zipfile

import pytest

from imports.pipeline.readers.cell_text import built_in_format, shown_by
from imports.pipeline.readers.opening import open_sheet, open_workbook
from imports.pipeline.readers.table import ReadOptions, UnreadableFile
from tests.spreadsheets.workbooks import MAIN, ole2_with, sheet_xml, styles_xml, workbook_xml, xls, xlsx, zipped

PEOPLE = [["Ad", "Telefon"], ["Ayşe", "0555 111 22 33"], ["Can", "0532 111 22 34"]]
X15 = 'xmlns:x15="http://schemas.microsoft.com/office/spreadsheetml/2010/11/main"'


def cells(content: bytes, tmp_path, name: str = "list.xlsx") -> dict[int, list[str]]:
    path = tmp_path / name
    path.write_bytes(content)
    return {row.number: row.cells for row in open_sheet(path, ReadOptions(header_row=1)).rows()}


def dated(workbook: str, tmp_path) -> str:
    """What 44681 is read as where `workbook` stands for its workbook part: 2026-05-01, if dates count from 1904."""
    sheet = sheet_xml([["Ad", "Gün"], ["Ayşe", 44681]]).replace('<c r="B2">', '<c r="B2" s="1">')
    return cells(xlsx(sheet, {"xl/workbook.xml": workbook}, formats=["dd.mm.yyyy"]), tmp_path)[2][1]


class TestDatesFrom1904:
    @pytest.mark.parametrize("prefix", ["x14", "x15"])
    def test_an_extension_with_an_element_of_the_same_name_changes_nothing(self, prefix, tmp_path):
        extension = (
            f'<extLst><ext uri="x" {X15.replace("x15", prefix)}><{prefix}:workbookPr chartTrackingRefBase="1"/></ext></extLst>'
        )
        workbook = workbook_xml(["Sheet1"], before='<workbookPr date1904="1"/>').replace("</workbook>", f"{extension}</workbook>")
        assert dated(workbook, tmp_path) == "2026-05-01"

    def test_an_extension_cannot_claim_them_either(self, tmp_path):
        extension = f'<extLst><ext uri="x" {X15}><x15:workbookPr date1904="1"/></ext></extLst>'
        workbook = workbook_xml(["Sheet1"], before="<workbookPr/>").replace("</workbook>", f"{extension}</workbook>")
        assert dated(workbook, tmp_path) == "2022-04-30"

    def test_an_element_of_another_namespace_beside_the_real_one(self, tmp_path):
        workbook = workbook_xml(["Sheet1"], before=f'<workbookPr date1904="true"/><x15:workbookPr {X15}/>')
        assert dated(workbook, tmp_path) == "2026-05-01"

    def test_a_strict_workbook(self, tmp_path):
        workbook = workbook_xml(["Sheet1"], before='<workbookPr date1904="1"/>')
        assert dated(workbook.replace(MAIN, "http://purl.oclc.org/ooxml/spreadsheetml/main"), tmp_path) == "2026-05-01"


def test_a_number_format_of_a_conditional_format_is_not_that_of_the_cells(tmp_path):
    styles = styles_xml(["dd.mm.yyyy"]).replace(
        "</styleSheet>", '<dxfs><dxf><numFmt numFmtId="164" formatCode="0.00"/></dxf></dxfs></styleSheet>'
    )
    sheet = sheet_xml([["Ad", "Gün"], ["Ayşe", 46143]]).replace('<c r="B2">', '<c r="B2" s="1">')
    assert cells(xlsx(sheet, {"xl/styles.xml": styles}), tmp_path)[2] == ["Ayşe", "2026-05-01"]


def test_a_listed_sheet_of_an_extension_is_no_sheet(tmp_path):
    extension = f'<extLst><ext uri="x" {X15}><x15:sheet name="Other" r:id="rId1"/></ext></extLst>'
    path = tmp_path / "list.xlsx"
    path.write_bytes(
        xlsx(sheet_xml(PEOPLE), {"xl/workbook.xml": workbook_xml(["Sheet1"]).replace("</workbook>", f"{extension}</workbook>")})
    )
    assert open_workbook(path, ReadOptions()).sheet_names() == [("Sheet1", True)]


@pytest.mark.parametrize(
    ("state", "visible"),
    [
        ("show", True),
        ("visible", True),
        ("", True),
        ("hidden", False),
        ("veryHidden", False),
        ("Hidden", False),
    ],
)
def test_only_a_hidden_sheet_is_hidden(state, visible, tmp_path):
    path = tmp_path / "list.xlsx"
    path.write_bytes(xlsx({"A": sheet_xml(PEOPLE)}, states={"A": state}))
    assert open_workbook(path, ReadOptions()).sheet_names() == [("A", visible)]


class TestOle2:
    @pytest.mark.parametrize("name", ["Workbook", "WORKBOOK", "workbook", "Book", "BOOK"])
    def test_the_stream_may_be_written_in_any_case(self, name, tmp_path):
        assert cells(ole2_with({name: xls([["Ad", "Tel"], ["Ali", "0555"]])}), tmp_path, "list.xls") == {2: ["Ali", "0555"]}

    @pytest.mark.parametrize("text", ["WordDocument", "EncryptedPackage", "PowerPoint Document", "__substg1.0_"])
    def test_a_cell_may_hold_any_text(self, text, tmp_path):
        assert cells(ole2_with({"Workbook": xls([["Ad", "Tel"], [text, "0555"]])}), tmp_path, "list.xls") == {2: [text, "0555"]}

    @pytest.mark.parametrize("inner", ["WordDocument", "PowerPoint Document", "Workbook"])
    def test_an_embedded_document_is_not_the_file(self, inner, tmp_path):
        content = ole2_with({"Workbook": xls([["Ad", "Tel"], ["Ali", "0555"]]), "MBD0001/" + inner: b"x" * 5000})
        assert cells(content, tmp_path, "list.xls") == {2: ["Ali", "0555"]}

    @pytest.mark.parametrize(
        ("streams", "code"),
        [
            ({"WordDocument": b"x" * 5000}, "file_is_document"),
            ({"worddocument": b"x" * 5000}, "file_is_document"),
            ({"EncryptedPackage": b"x" * 5000, "EncryptionInfo": b"y" * 5000}, "file_is_protected"),
            ({"WordDocument": b"x" * 5000, "ObjectPool/_1/Workbook": b"y" * 5000}, "file_is_document"),
            ({"Other": b"x" * 5000}, "file_damaged"),
        ],
    )
    def test_what_is_no_workbook_is_named(self, streams, code, tmp_path):
        (tmp_path / "list.xls").write_bytes(ole2_with(streams))
        with pytest.raises(UnreadableFile) as refused:
            open_workbook(tmp_path / "list.xls", ReadOptions())
        assert refused.value.reason.code == code


class TestZips:
    def parts(self) -> dict[str, bytes]:
        with zipfile.ZipFile(io.BytesIO(xlsx(sheet_xml(PEOPLE)))) as archive:
            return {name: archive.read(name) for name in archive.namelist()}

    def test_backslashes(self, tmp_path):
        content = zipped({name.replace("/", "\\"): data for name, data in self.parts().items()})
        assert cells(content, tmp_path) == {2: PEOPLE[1], 3: PEOPLE[2]}

    def test_backslashes_without_content_types(self, tmp_path):
        content = zipped({name.replace("/", "\\"): data for name, data in self.parts().items() if "Content" not in name})
        assert cells(content, tmp_path) == {2: PEOPLE[1], 3: PEOPLE[2]}

    def test_other_cases(self, tmp_path):
        assert cells(zipped({name.upper(): data for name, data in self.parts().items()}), tmp_path) == {
            2: PEOPLE[1],
            3: PEOPLE[2],
        }

    def test_folders_listed_and_a_dot_in_front(self, tmp_path):
        content = zipped({"xl/": b"", **{f"./{name}": data for name, data in self.parts().items()}})
        assert cells(content, tmp_path) == {2: PEOPLE[1], 3: PEOPLE[2]}

    def test_one_text_a_million_times_is_no_bomb(self, tmp_path):
        """Repeated cells pack a hundred and more times smaller."""
        rows = (["Ali Veli, İstanbul, Kadıköy. " * 60] * 6 for _ in range(5_600))
        path = tmp_path / "list.xlsx"
        path.write_bytes(xlsx(sheet_xml([["A", "B", "C", "D", "E", "F"], *rows])))
        with zipfile.ZipFile(path) as archive:
            info = archive.getinfo("xl/worksheets/sheet1.xml")
            assert info.file_size > 57_000_000 and info.file_size > 100 * info.compress_size
        assert sum(1 for _ in open_workbook(path, ReadOptions()).rows("Sheet1")) == 5_601


def inline(cell: str, tmp_path) -> str:
    row = f'<row r="2"><c r="A2" t="inlineStr"><is><t>Ayşe</t></is></c>{cell}</row>'
    return cells(xlsx(sheet_xml(PEOPLE[:1]).replace("</sheetData>", f"{row}</sheetData>")), tmp_path)[2][1]


class TestTexts:
    @pytest.mark.parametrize(
        "content",
        [
            "<v>7</v><is><t>0532 111 22 34</t></is>",
            "<is><t>0532 111 22 34</t></is><v>7</v>",
            "<is><r><t>0532 111</t></r><r><t> 22 34</t></r></is><v>7</v>",
            "<v/><is><t>0532 111 22 34</t></is>",
            "<f>A1</f><v>7</v><is><t>0532 111 22 34</t></is>",
        ],
    )
    def test_inline_text_is_what_the_cell_shows(self, content, tmp_path):
        assert inline(f'<c r="B2" t="inlineStr">{content}</c>', tmp_path) == "0532 111 22 34"

    def test_a_value_alone_is_taken(self, tmp_path):
        assert inline('<c r="B2" t="inlineStr"><v>0532</v></c>', tmp_path) == "0532"
        assert inline('<c r="B2" t="str"><v>0532</v><is><t>7</t></is></c>', tmp_path) == "0532"

    @pytest.mark.parametrize("end", ["_x000D_\r\n", "_x000D_\n", "&#13;\r\n", "&#xD;\n", "\r\n", "\r", "\n", "_x000d_\n"])
    def test_a_line_break_is_one_line_break(self, end, tmp_path):
        assert inline(f'<c r="B2" t="inlineStr"><is><t>0532{end}0555</t></is></c>', tmp_path) == "0532\n0555"

    def test_two_line_breaks_are_two(self, tmp_path):
        assert inline('<c r="B2" t="inlineStr"><is><t>0532_x000D_\r\n_x000D_\r\n0555</t></is></c>', tmp_path) == "0532\n\n0555"

    def test_an_escaped_escape_is_text(self, tmp_path):
        assert inline('<c r="B2" t="inlineStr"><is><t>a_x005F_x000D_b</t></is></c>', tmp_path) == "a_x000D_b"


@pytest.mark.parametrize(
    ("code", "value", "shown"),
    [
        # fractions of a second
        ("yyyy-mm-dd hh:mm:ss.000", 46143.5, "2026-05-01 12:00"),
        ("yyyy-mm-dd hh:mm:ss.00", 46143.25, "2026-05-01 06:00"),
        ("dd.mm.yyyy hh:mm:ss,000", 46143.5, "2026-05-01 12:00"),
        ("mm:ss.0", 0.0104166667, "00:15"),
        ("[h]:mm:ss.000", 1.5, "36:00:00"),
        ("hh:mm:ss.0000", 0.75, "18:00"),
        ("[ss].00", 1 / 1440, "0:01:00"),
        # fractions of a number
        ("# ?/?", 12345.75, "12345.75"),
        ("# ??/??", 12345.75, "12345.75"),
        ("# ?/8", 0.5, "0.5"),
        ('#" "?/?', 5321234567, "5321234567"),
        ("0/100", 0.5, "0.5"),
        ("000\\/000", 123456, "123/456"),
        # thousands and millions left out
        ('#,##0,"K"', 1021.02, "1021.02"),
        ('0.0,,"M"', 5321234567, "5321234567"),
        ("#,##0,", 905321234567, "905321234567"),
        ('0,_)"bin"', 1500, "1500"),
        ('$#,##0,"K"', 1021.02, "1021.02"),
        ('#,##0 "adet"', 1021, "1021 adet"),
        # brackets around what is negative
        ("$#,##0.00;($#,##0.00)", -123, "($123.00)"),
        ("$#,##0.00_);($#,##0.00)", 123, "$123.00"),
        ("$#,##0.00;-$#,##0.00", -123, "-$123.00"),
        ('#,##0 "TL";[Red](#,##0 "TL")', -123, "(123 TL)"),
        ("0_);(0)", -5, "(5)"),
        ("(0)", -5, "-(5)"),
        ("$#,##0.00", -123, "-$123.00"),
        # no day at all
        ("dd.mm.yyyy", 0, "0"),
        ("m/d/yy", 0.0, "0"),
        ("dd.mm.yyyy hh:mm", 0, "00:00"),
        ("hh:mm", 0, "00:00"),
        ("dd.mm.yyyy", 0.5, "0.5"),
        ("dd.mm.yyyy", 1, "1900-01-01"),
        # letters of dates in the words beside a number
        ("0 adet", 5, "5 adet"),
        ("0000 dk", 12, "0012 dk"),
    ],
)
def test_numbers_are_shown_by_their_format(code, value, shown):
    assert shown_by(code, False)(value) == shown


def test_the_first_day_of_1904_is_a_day():
    assert shown_by("dd.mm.yyyy", True)(0) == "1904-01-01"


@pytest.mark.parametrize("number", [34, 35, 55, 56])
@pytest.mark.parametrize(("value", "shown"), [(46143, "2026-05-01"), (0.5, "12:00"), (46143.5, "2026-05-01 12:00")])
def test_built_in_formats_that_are_a_day_in_one_country_and_a_time_in_another(number, value, shown):
    """ECMA-376 part 1, 18.8.30: times in Chinese, dates in Japanese and Korean. The value tells."""
    assert shown_by(built_in_format(number), False)(value) == shown


@pytest.mark.parametrize(
    ("number", "value", "shown"),
    [
        (14, 46143, "2026-05-01"),
        (22, 46143.5, "2026-05-01 12:00"),
        (31, 46143, "2026-05-01"),
        (33, 0.5, "12:00"),
        (12, 12345.75, "12345.75"),
        (0, 5321234567, "5321234567"),
    ],
)
def test_other_built_in_formats(number, value, shown):
    assert shown_by(built_in_format(number), False)(value) == shown
