"""Workbooks of text: every character kept, no formula, full sheets followed by another."""

import io
import zipfile

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from imports.pipeline.reports import xlsx_writer
from imports.pipeline.reports.report import SENT_LEADS, WIDTHS, Report
from tests.pipeline.reports.written_reports import ERRORS, HOSTILE, ROWS, csv_rows, written


def sheet_of(data: bytes):
    return openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]


def readable(text: str) -> str:
    """What a workbook can hold of a text."""
    return "".join(char for char in text.replace("\r", "\n") if char >= " " or char in "\t\n").replace("\ud800", "")


def test_a_workbook_holds_text_and_row_numbers_only():
    sheet = sheet_of(written(ERRORS, "xlsx", ROWS))
    for at, row in enumerate(sheet.iter_rows(min_row=2), start=2):
        assert (row[0].value, row[0].data_type) == (at, "n")
        for cell in row[1:]:
            assert cell.data_type in ("s", "inlineStr") or cell.value is None
            assert cell.hyperlink is None
            assert cell.number_format == "@"


def test_a_workbook_keeps_every_character_it_can_hold():
    data = written(ERRORS, "xlsx", ROWS)
    ours = [row[4] for row in CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()[1:]]
    theirs = [row[4].value or "" for row in sheet_of(data).iter_rows(min_row=2)]
    expected = [readable(text) for text in HOSTILE]
    for got in (ours, theirs):
        assert [text for text in got if "_x" not in text] == [text for text in expected if "_x" not in text]


def test_text_that_excel_would_read_as_its_own_escape_is_escaped():
    with zipfile.ZipFile(io.BytesIO(written(ERRORS, "xlsx", ROWS))) as archive:
        assert b">_x005F_x0041_<" in archive.read("xl/worksheets/sheet1.xml")


def test_a_workbook_has_no_formulas_links_or_macros():
    with zipfile.ZipFile(io.BytesIO(written(ERRORS, "xlsx", ROWS))) as archive:
        for name in archive.namelist():
            xml = archive.read(name)
            assert b"<f>" not in xml and b"<f " not in xml and b"hyperlink" not in xml.replace(b"HYPERLINK", b"")
        assert not [name for name in archive.namelist() if "external" in name or name.endswith(".bin")]


def test_a_workbook_has_a_frozen_bold_header():
    sheet = sheet_of(written(ERRORS, "xlsx", ROWS))
    assert [cell.value for cell in sheet[1]] == ["Row", "Outcome", "Reason", "What to do", "Ad", "Telefon"]
    assert sheet.freeze_panes == "A2" and sheet["A1"].font.bold
    assert sheet.column_dimensions["C"].width == WIDTHS["reason"]


def test_a_cell_too_long_for_a_workbook_is_cut_in_plain_sight():
    rows = [((2, "o", "r", "w"), ["x" * 40_000, ""])]
    assert sheet_of(written(ERRORS, "xlsx", rows))["E2"].value == "x" * 32_766 + "…"
    assert csv_rows(written(ERRORS, "csv", rows))[1][4] == "x" * 40_000


def test_rows_wider_than_the_header_lose_nothing():
    rows = [((2, "o", "r", "w"), ["Ali", "0532", "surplus"])]
    assert sheet_of(written(ERRORS, "xlsx", rows))["G2"].value == "surplus"
    assert csv_rows(written(ERRORS, "csv", rows))[1][-1] == "surplus"


def test_a_full_sheet_is_followed_by_another(monkeypatch):
    monkeypatch.setattr(xlsx_writer, "ROWS_OF_A_SHEET", 10)
    monkeypatch.setattr(xlsx_writer, "BATCH", 4)
    for count, sizes in ((10, [11]), (11, [11, 2]), (25, [11, 11, 6]), (0, [1])):
        rows = (((n, "o", "r", "w"), ["a", "b"]) for n in range(count))
        book = openpyxl.load_workbook(io.BytesIO(written(ERRORS, "xlsx", rows)))
        assert [sheet.max_row for sheet in book.worksheets] == sizes
        assert [cell.value for cell in book.worksheets[-1][1]][:2] == ["Row", "Outcome"]
        numbers = [row[0].value for sheet in book.worksheets for row in sheet.iter_rows(min_row=2)]
        assert numbers == list(range(count))


def test_the_real_limit_is_excels():
    assert xlsx_writer.ROWS_OF_A_SHEET + 1 == 1_048_576


@pytest.mark.parametrize("name", ["a/b:c*[x]?", "", "x" * 60, "'quoted'"])
def test_any_sheet_name_becomes_one_that_excel_allows(name):
    title = sheet_of(written(Report(SENT_LEADS, ["a", "b", "c"], [], name), "xlsx", [])).title
    assert 1 <= len(title) <= 31 and not set(title) & set("[]:*?/\\")
