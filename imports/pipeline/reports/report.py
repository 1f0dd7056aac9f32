"""What came of every row, as files that people open: csv and xlsx, any number of rows in constant memory.

The same rows give the same bytes, so a report can be made again at any time. No cell is a formula in any program:
in a workbook all cells are text; in a csv, text that could begin a formula gets an apostrophe before it
(docs/decisions/0004-reports.md).
"""

import re
from codecs import BOM_UTF8
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import BinaryIO, Literal

from .xlsx_writer import write_text_workbook

Kind = Literal["csv", "xlsx"]
# A report's own columns, by key; the caller has their titles in the reader's language.
ERROR_REPORT = ("row", "outcome", "reason", "remedy")
FULL_RESULT = ("row", "outcome", "reason", "remedy", "phone", "lead_id")
SENT_LEADS = ("row", "phone", "lead_id")
WIDTHS = {"row": 8, "column": 8, "outcome": 24, "reason": 52, "remedy": 52, "phone": 18, "lead_id": 14}
# Languages whose Excel separates the fields of a csv by semicolons, because their decimals have commas.
SEMICOLON_LANGUAGES = frozenset("tr de fr es it pt nl ru pl".split())
BATCH = 1_000  # rows encoded at once
# What can make a program take a cell for a formula, or run on into the next one: = + - @, their fullwidth forms,
# tab and line ends.
_RISKY = frozenset("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")
_E164 = re.compile(r"\+[0-9]{7,17}")


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


def csv_delimiter(language: str) -> str:
    """What Excel expects of a csv in the reader's language (`tr`, `en-gb` …)."""
    return ";" if language.lower()[:2] in SEMICOLON_LANGUAGES else ","


def write_csv(file: BinaryIO, titles: Sequence[str], rows: Iterable[Sequence[str | int]], delimiter: str) -> None:
    """UTF-8 with BOM (or Excel takes it for an old code page), all fields quoted, every cell inert."""
    between = f'"{delimiter}"'
    lines = (_csv_line(row, between) for row in chain([titles], rows))
    file.write(BOM_UTF8)
    while batch := list(islice(lines, BATCH)):
        file.write("".join(batch).encode("utf-8", "replace"))


def _csv_line(row: Sequence[str | int], between: str) -> str:
    """One record, quoted here and not by the csv module because that is three times as fast when all fields are."""
    texts = [(value if value[:1] not in _RISKY else inert(value)) if type(value) is str else str(value) for value in row]
    line = between.join(texts)
    if line.count('"') > 2 * len(texts) - 2:
        line = between.join([text.replace('"', '""') for text in texts])
    return f'"{line}"\r\n'


def inert(text: str) -> str:
    """Text that no program takes for a formula. A number in E.164 is none, and stays exact."""
    return f"'{text}" if text[:1] in _RISKY and not _E164.fullmatch(text) else text
