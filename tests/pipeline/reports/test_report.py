"""Reports as csv and as workbook: what a person opens, byte for byte the same each time."""

import hashlib
import io
import time
import tracemalloc

import openpyxl
import pytest

from imports.pipeline.reports.report import ERROR_REPORT, FULL_RESULT, SENT_LEADS, WIDTHS, Report
from tests.effort import calls
from tests.figures import record_figure
from tests.pipeline.reports.written_reports import ERRORS, HOSTILE, ROWS, csv_rows, written


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


@pytest.mark.slow
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
