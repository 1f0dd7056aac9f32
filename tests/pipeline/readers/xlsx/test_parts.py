"""The small parts of sound workbooks that programs write in their own manner: dates from 1904, formats, listed sheets."""

import pytest

from imports.pipeline.readers.cell_text import shown_by
from imports.pipeline.readers.opening import open_workbook
from imports.pipeline.readers.table import ReadOptions
from tests.pipeline.readers.odd_workbooks import TWO_PEOPLE, cells
from tests.spreadsheets.workbooks import MAIN, sheet_xml, styles_xml, workbook_xml, xlsx

X15 = 'xmlns:x15="http://schemas.microsoft.com/office/spreadsheetml/2010/11/main"'


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
        xlsx(
            sheet_xml(TWO_PEOPLE), {"xl/workbook.xml": workbook_xml(["Sheet1"]).replace("</workbook>", f"{extension}</workbook>")}
        )
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
    path.write_bytes(xlsx({"A": sheet_xml(TWO_PEOPLE)}, states={"A": state}))
    assert open_workbook(path, ReadOptions()).sheet_names() == [("A", visible)]


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
