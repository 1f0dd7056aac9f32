"""What came of every row, as files that people open: csv and xlsx, any number of rows in constant memory.

The same rows give the same bytes, so a report can be made again at any time. No cell is a formula in any program: in a
workbook all cells are text, in a csv they are made inert (`ui.spreadsheet_csv`; docs/decisions/0004-reports.md).
"""

from codecs import BOM_UTF8
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import BinaryIO, Literal

from ui.spreadsheet_csv import csv_delimiter, csv_line

from .xlsx_writer import write_text_workbook

Kind = Literal["csv", "xlsx"]
# A report's own columns, by key; the caller has their titles in the reader's language.
ERROR_REPORT = ("row", "outcome", "reason", "remedy")
FULL_RESULT = ("row", "outcome", "reason", "remedy", "phone", "lead_id")
SENT_LEADS = ("row", "phone", "lead_id")
WIDTHS = {"row": 8, "column": 8, "outcome": 24, "reason": 52, "remedy": 52, "phone": 18, "lead_id": 14}
BATCH = 1_000  # rows encoded at once
ReportRow = tuple[Sequence[str | int], Sequence[str]]  # values of the report's own columns, original cells


@dataclass(frozen=True)
class Report:
    """The shape of one report: `columns` are keys of WIDTHS, `titles` their names for the reader, `headers` the
    spreadsheet's own."""

    columns: Sequence[str]
    titles: Sequence[str]
    headers: Sequence[str]
    sheet_name: str = "Rowcall"

    def write(self, file: BinaryIO, kind: Kind, rows: Iterable[ReportRow], language: str = "en") -> None:
        """`rows` are (values of `columns`, original cells): texts, and whole numbers as `int`. Leaves `file` open."""
        titles = [*self.titles, *self.headers]
        flat = ((*own, *cells) for own, cells in rows)
        if kind == "csv":
            write_csv(file, titles, flat, csv_delimiter(language))
        else:
            write_text_workbook(file, self.sheet_name, titles, flat, self._widths())

    def _widths(self) -> list[int]:
        return [WIDTHS[key] for key in self.columns] + [min(40, max(12, len(header) + 2)) for header in self.headers]


def write_csv(file: BinaryIO, titles: Sequence[str], rows: Iterable[Sequence[str | int]], delimiter: str) -> None:
    """UTF-8 with BOM (or Excel takes it for an old code page). Leaves `file` open."""
    lines = (csv_line(row, delimiter) for row in chain([titles], rows))
    file.write(BOM_UTF8)
    while batch := list(islice(lines, BATCH)):
        file.write("".join(batch).encode("utf-8", "replace"))
