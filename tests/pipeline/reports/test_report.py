"""Reports open in every program as what they are: text, complete, and the same bytes each time."""

import csv
import hashlib
import io
import time
import tracemalloc
import zipfile

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from imports.pipeline.reports import xlsx_writer
from imports.pipeline.reports.report import ERROR_REPORT, FULL_RESULT, SENT_LEADS, WIDTHS, Report
from tests.effort import calls
from tests.figures import record_figure

HOSTILE = [
    '=HYPERLINK("http://evil.example","click")',
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-2+3",
    "@SUM(1,1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "\uff1d1+1",
    "\uff0b1",
    "\uff0d1",
    "\uff201",
    "<script>alert(1)</script>",
    'a"b',
    "a;b,c",
    "satır\nsonu",
    "_x0041_",
    " boşluk ",
    "&amp;",
    "http://evil.example",
    "mailto:a@b.c",
    "1e5",
    "007",
    "TRUE",
    "#N/A",
    "\x00\x01\x1f",
    "\ud800",
    "👩‍💻",
    "ığüşöçİ",
]
ERRORS = Report(ERROR_REPORT, ["Row", "Outcome", "Reason", "What to do"], ["Ad", "Telefon"], "Report")
ROWS = [((n + 2, "cannot be called", "too short", "write all digits"), [text, "+905321234567"]) for n, text in enumerate(HOSTILE)]


def written(report: Report, kind: str, rows, language: str = "en") -> bytes:
    file = io.BytesIO()
    report.write(file, kind, rows, language)
    return file.getvalue()


def csv_rows(data: bytes, delimiter: str = ",") -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=delimiter))


def sheet_of(data: bytes):
    return openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]


def readable(text: str) -> str:
    """What a workbook can hold of a text."""
    return "".join(char for char in text.replace("\r", "\n") if char >= " " or char in "\t\n").replace("\ud800", "")


# -- csv -------------------------------------------------------------------------------------------------------


def test_csv_has_a_bom_and_quotes_every_field():
    data = written(ERRORS, "csv", ROWS[:1])
    assert data.startswith(b'\xef\xbb\xbf"Row","Outcome"')
    assert data.endswith(b'"\r\n')


@pytest.mark.parametrize(("language", "delimiter"), [("tr", ";"), ("en", ","), ("de-at", ";"), ("en-gb", ",")])
def test_csv_has_the_delimiter_of_the_readers_excel(language, delimiter):
    assert len(csv_rows(written(ERRORS, "csv", ROWS, language), delimiter)[0]) == 6


def test_no_csv_cell_can_begin_a_formula():
    for row in csv_rows(written(ERRORS, "csv", ROWS))[1:]:
        for cell in row:
            assert not cell.startswith(tuple("=@-\t\r\n\uff1d\uff0b\uff0d\uff20"))
            assert not cell.startswith("+") or cell == "+905321234567"


def test_csv_keeps_every_other_character():
    got = [row[4] for row in csv_rows(written(ERRORS, "csv", ROWS))[1:]]
    assert [text.removeprefix("'") for text in got] == [text.replace("\ud800", "?") for text in HOSTILE]


# -- xlsx ------------------------------------------------------------------------------------------------------


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


# -- all of them -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_same_rows_give_the_same_bytes(kind):
    first = hashlib.sha256(written(ERRORS, kind, ROWS)).hexdigest()
    time.sleep(2.1)  # an archive's times count two seconds
    assert hashlib.sha256(written(ERRORS, kind, ROWS)).hexdigest() == first


@pytest.mark.parametrize("columns", [ERROR_REPORT, FULL_RESULT, SENT_LEADS])
def test_every_column_of_a_report_has_a_width(columns):
    assert set(columns) <= set(WIDTHS)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_memory_does_not_grow_with_the_rows(kind):
    def peak(count: int) -> int:
        rows = (((n, "o", "r", "w"), [f"Ali {n}", "+905321234567"]) for n in range(count))
        with open("/dev/null", "r+b") as sink:
            tracemalloc.start()
            ERRORS.write(sink, kind, rows)
            size = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
        return size

    small, large = peak(2_000), peak(20_000)
    assert large < small * 1.3 + 200_000


def test_reports_are_written_fast():
    """Seconds are for `manage.py bench`: here it is what is done for a row that counts."""
    rows = [
        ((n, "cannot be called", "too short", "write all"), [f"Ali {n}", "0532 123", "İstanbul", "a@b.example"])
        for n in range(2_000)
    ]
    report = Report(ERROR_REPORT, ["a", "b", "c", "d"], ["1", "2", "3", "4"])
    xlsx, plain, text = (
        calls(work) / len(rows)
        for work in (lambda: written(report, "xlsx", rows), lambda: _openpyxl(rows), lambda: written(report, "csv", rows))
    )
    record_figure("reports", f"xlsx {xlsx:.0f} calls a row (openpyxl write-only: {plain:.0f}), csv {text:.0f}")
    assert xlsx <= plain / 4 and text <= 12


def _openpyxl(rows) -> None:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    for own, cells in rows:
        sheet.append((*own, *cells))
    book.save(io.BytesIO())
