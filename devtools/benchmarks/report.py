"""The error report of many rows, as csv and xlsx: ours beside what the usual libraries make of the same rows."""

import csv
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from devtools.benchmarks.measuring import Result, timed
from devtools.benchmarks.sheet import HEADERS
from imports.pipeline.reports.report import ERROR_REPORT, Report

REASON = "The number is too short for Türkiye: 6 digits instead of 10."
REMEDY = "Write the whole number, then give the row back."


def ours(rows: int, kind: Literal["csv", "xlsx"]) -> Result:
    report = Report(ERROR_REPORT, ["Row", "Outcome", "Reason", "What to do"], HEADERS)
    with TemporaryDirectory() as folder, open(Path(folder) / "report", "wb") as file, timed():
        report.write(file, kind, (([number, "cannot be called", REASON, REMEDY], _cells(number)) for number in range(rows)))
    return {"rows": rows}


def plain_xlsx(rows: int) -> Result:
    """openpyxl in its fast mode for writing; what looks like a formula becomes one."""
    from openpyxl import Workbook

    with TemporaryDirectory() as folder, timed():
        book = Workbook(write_only=True)
        sheet = book.create_sheet("Rowcall")
        for number in range(rows):
            sheet.append([number, "cannot be called", REASON, REMEDY, *_cells(number)])
        book.save(Path(folder) / "report.xlsx")
    return {"rows": rows}


def plain_csv(rows: int) -> Result:
    """The csv module; what looks like a formula stays one."""
    with (
        TemporaryDirectory() as folder,
        open(Path(folder) / "report.csv", "w", encoding="utf-8-sig", newline="") as file,
        timed(),
    ):
        writer = csv.writer(file, quoting=csv.QUOTE_ALL)
        for number in range(rows):
            writer.writerow([number, "cannot be called", REASON, REMEDY, *_cells(number)])
    return {"rows": rows}


def _cells(number: int) -> list[str]:
    return ["055512", f"Ayşe Çağrı {number}", f"Firma {number % 1000} A.Ş.", "İstanbul", "2026-05-01", "bir not"]
