"""Tables whose every row stands in one cell: `Ali,Veli,0532 …` all in column A.

A comma-separated file opened in an Excel that separates by semicolons looks like this, and is saved like this.
"""

import csv
from collections import Counter
from collections.abc import Iterable, Iterator
from io import StringIO
from itertools import islice

from imports.pipeline.cell_patterns import DATA_LIKE
from imports.pipeline.readers.csv.dialect import DELIMITERS
from imports.pipeline.readers.table import BadRow, Row, Workbook
from imports.pipeline.reasons import Reason

LOOKED_AT = 60  # filled rows
NEARLY_ALL = 0.9  # of them are cut into the same number of cells


def unpacked(workbook: Workbook, sheet: str) -> Workbook:
    """The workbook as it is, or, if `sheet` is packed, one that gives the cells of its rows."""
    delimiter = _packed_by(workbook, sheet) if workbook.may_be_packed else None
    return Unpacked(workbook, delimiter) if delimiter else workbook


def _packed_by(workbook: Workbook, sheet: str) -> str | None:
    """The character that cuts the only column under a header that it cuts too; None when there is no such one."""
    filled = (row.cells for row in workbook.peek(sheet) if any(cell.strip() for cell in row.cells))
    head = list(islice(filled, LOOKED_AT))
    if len(head) < 2 or any(cell.strip() for cells in head for cell in cells[1:]):
        return None
    return next((delimiter for delimiter in DELIMITERS if _cuts_evenly([cells[0] for cells in head], delimiter)), None)


def _cuts_evenly(lines: list[str], delimiter: str) -> bool:
    rows = [_cut(line, delimiter) for line in lines]
    usual, count = Counter(map(len, rows)).most_common(1)[0]
    if usual < 2 or count < NEARLY_ALL * len(rows):
        return False
    header, *data = [cells for cells in rows if len(cells) == usual]
    has_data = any(DATA_LIKE.match(cell.strip()) for cells in data for cell in cells)
    return has_data and not any(DATA_LIKE.match(cell.strip()) for cell in header)


def _cut(text: str, delimiter: str) -> list[str]:
    return next(csv.reader(StringIO(text, newline=""), delimiter=delimiter), [])


class Unpacked:
    """A Workbook (see `readers.table`) that cuts the first cell of each row of another."""

    may_be_packed = False

    def __init__(self, workbook: Workbook, delimiter: str):
        self._workbook = workbook
        self._by = delimiter
        self.kind, self.encoding, self.delimiter = workbook.kind, workbook.encoding, workbook.delimiter

    def notes(self, sheet: str) -> list[Reason]:
        return [Reason("columns_unpacked", {"delimiter": self._by}), *self._workbook.notes(sheet)]

    def sheet_names(self) -> list[tuple[str, bool]]:
        return self._workbook.sheet_names()

    def rows(self, sheet: str) -> Iterator[Row | BadRow]:
        return self._cut_all(self._workbook.rows(sheet))

    def peek(self, sheet: str) -> Iterator[Row | BadRow]:
        return self._cut_all(self._workbook.peek(sheet))

    def spread(self, sheet: str) -> list[Row]:
        return [row for row in self._cut_all(self._workbook.spread(sheet)) if isinstance(row, Row)]

    def size(self, sheet: str) -> tuple[int | None, int | None]:
        return self._workbook.size(sheet)

    def _cut_all(self, rows: Iterable[Row | BadRow]) -> Iterator[Row | BadRow]:
        for row in rows:
            yield row._replace(cells=_cut(row.cells[0], self._by) if row.cells else [])
