"""A report of hostile texts, and what is read of it."""

import csv
import io

from imports.pipeline.reports.report import ERROR_REPORT, Report

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
