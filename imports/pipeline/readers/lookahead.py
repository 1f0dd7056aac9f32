"""Rows that can be looked at before it is their turn."""

from collections import deque
from collections.abc import Callable, Iterator
from itertools import chain

from imports.pipeline.readers.table import BadRow, Row

MOST_LOOKS = 50  # ahead in one pass; a table with more such rows than that means something else by them
LOOKED_THROUGH = 500  # rows, blank ones too, for the next filled ones
NEAR_THE_END = 3  # so many filled rows may follow a row that stands below the table
Ahead = Callable[[], list[list[str]] | None]


class Lookahead:
    """Rows to iterate over; called, it returns the cells of the filled ones that come next, as `TableEnd` needs them. After a
    call, a new iteration must begin; it continues at the next row."""

    def __init__(self, rows: Iterator[Row | BadRow]):
        self._rows = rows
        self._looks = MOST_LOOKS
        self.waiting: deque[Row | BadRow] = deque()

    def __iter__(self) -> Iterator[Row | BadRow]:
        return chain(self._waiting_rows(), self._rows)

    def _waiting_rows(self) -> Iterator[Row | BadRow]:
        while self.waiting:
            yield self.waiting.popleft()

    def __call__(self) -> list[list[str]] | None:
        self._looks -= 1
        if self._looks < 0:
            return None
        seen = [row.cells for row in self.waiting if any(cell.strip() for cell in row.cells)]
        while len(seen) <= NEAR_THE_END and len(self.waiting) < LOOKED_THROUGH and (row := next(self._rows, None)) is not None:
            self.waiting.append(row)
            if any(cell.strip() for cell in row.cells):
                seen.append(row.cells)
        return seen
