"""Workbooks whose sheets are read whole: what their readers find, offered as a Workbook (see `readers.table`).

Cells are placed by `Grid`, which fills merged cells and refuses what is beyond the limits of a spreadsheet. Rows are ragged,
and blank ones are left out.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from imports.pipeline.readers.table import BadRow, Row, UnreadableFile
from imports.pipeline.reasons import Reason

from .cell_text import without_control
from .column_letters import MOST_COLUMNS
from .merged_cells import MOST_MERGES, filled_down
from .zip_safety import LONGEST_CELL, MOST_ROWS

FURTHEST = MOST_COLUMNS  # index of the last column that is kept: one more than may be read, so that too many are noticed
MOST_REPEATED = MOST_ROWS  # rows of a file that a few bytes may stand for


@dataclass
class Grid:
    """The cells of one sheet, row by row. `place` puts a text where the next cell stands."""

    rows: list[Row | BadRow] = field(default_factory=list)
    merges: list[tuple[int, int, int]] = field(default_factory=list)  # first row, last row, column index
    hidden: int = 0  # rows
    uncalculated: int = 0  # formulas without a result
    last: int = 0  # the number of the row at hand
    _cells: list[str] = field(default_factory=list)
    _column: int = 0
    _is_hidden: bool = False
    _covered: dict[int, int] = field(default_factory=dict)  # column → last row that a merged cell from above covers

    def begin_row(self, number: int | None = None, hidden: bool = False) -> None:
        """`number` is 1-based and must rise; the next one where none is given. Raises UnreadableFile."""
        number = self.last + 1 if number is None else number
        if number <= self.last:
            raise UnreadableFile("file_damaged")
        self.last, self._cells, self._column, self._is_hidden = number, [], 0, hidden

    def place(self, text: str, column: int | None = None, across: int = 1, down: int = 1) -> None:
        """A cell that covers `across` columns and `down` rows; without a `column` (0-based) the first one that is not covered
        from above."""
        if column is None:
            column = self.free_column()
        self._column = column + max(1, across)
        self._cover(column, across, down)
        if text:
            column = min(column, FURTHEST)
            self._cells.extend([""] * (column + 1 - len(self._cells)))
            self._cells[column] = without_control(text[: LONGEST_CELL + 1])

    def free_column(self) -> int:
        """Where the next cell stands, which is not covered from above."""
        while self._covered.get(self._column, 0) >= self.last:
            self._column += 1
        return self._column

    @property
    def column(self) -> int:
        """Where the next cell stands, were it not covered."""
        return self._column

    def merge(self, first: int, last: int, column: int) -> None:
        """A merged cell anywhere in the sheet, as a list of merged cells gives it."""
        if len(self.merges) < MOST_MERGES:
            self.merges.append((first, last, column))

    def skip(self, columns: int) -> None:
        """So many cells are empty."""
        self._column += columns

    def end_row(self, times: int = 1) -> int:
        """Keeps the row, if anything is in it, as often as it is repeated: how many rows that are. Raises UnreadableFile."""
        first, self.last = self.last, self.last + times - 1
        if not any(cell.strip() for cell in self._cells):
            return 1
        if self.last > MOST_ROWS:
            raise UnreadableFile("sheet_too_long", rows=self.last, limit=MOST_ROWS)
        self.hidden += times * self._is_hidden
        numbers = range(first, self.last + 1)
        if max(map(len, self._cells)) > LONGEST_CELL:
            self.rows.extend(map(self._too_long, numbers))
        else:
            self.rows.extend(Row(number, self._cells) for number in numbers)
        return times

    def _too_long(self, number: int) -> BadRow:
        column, length = max(enumerate(map(len, self._cells), start=1), key=lambda cell: cell[1])
        reason = Reason("cell_too_long", {"column": column, "length": length, "limit": LONGEST_CELL})
        return BadRow(number, [cell[:LONGEST_CELL] for cell in self._cells], reason)

    def _cover(self, column: int, across: int, down: int) -> None:
        if down < 2 or column > FURTHEST:
            return
        bottom = min(self.last + down - 1, MOST_ROWS)
        for covered in range(column, min(column + max(1, across), FURTHEST + 1)):
            self._covered[covered] = bottom
        self.merge(self.last, bottom, column)


class Table:
    """One sheet by name. `grid` is either read already, or a function that reads it when it is first asked for."""

    def __init__(self, name: str, visible: bool, grid: Grid | Callable[[], Grid]):
        self.name = name
        self.visible = visible
        self._grid = grid

    @cached_property
    def grid(self) -> Grid:
        """Raises UnreadableFile where the sheet is damaged."""
        return self._grid if isinstance(self._grid, Grid) else self._grid()


class TableBook:
    """A Workbook (see `readers.table`). `unknown` are notes about every sheet: what this way of reading cannot see."""

    delimiter = None
    may_be_packed = True

    def __init__(self, kind: str, tables: list[Table], unknown: Sequence[Reason] = (), encoding: str | None = None):
        self.kind = kind
        self.encoding = encoding
        self._unknown = unknown
        self._tables = {table.name: table for table in tables}

    def notes(self, sheet: str) -> list[Reason]:
        grid = self._tables[sheet].grid
        counts = {"hidden_rows": grid.hidden, "formulas_without_values": grid.uncalculated}
        return [*self._unknown, *(Reason(code, {"sheet": sheet, "count": count}) for code, count in counts.items() if count)]

    def sheet_names(self) -> list[tuple[str, bool]]:
        return [(table.name, table.visible) for table in self._tables.values()]

    def rows(self, sheet: str) -> Iterator[Row | BadRow]:
        grid = self._tables[sheet].grid
        return filled_down(iter(grid.rows), grid.merges)

    def peek(self, sheet: str) -> Iterator[Row | BadRow]:
        return iter(self._tables[sheet].grid.rows)

    def spread(self, sheet: str) -> list[Row]:
        rows = [row for row in self._tables[sheet].grid.rows if isinstance(row, Row)]
        return rows[:: max(1, len(rows) // 200)]

    def size(self, sheet: str) -> tuple[int | None, int | None]:
        rows = self._tables[sheet].grid.rows
        return (rows[-1].number if rows else 0), max((len(row.cells) for row in rows[:1000]), default=0)


def unique_names(names: list[str]) -> list[str]:
    """The names of sheets, made different where a file gives two the same: `Liste`, `Liste (2)`."""
    taken: dict[str, int] = {}
    unique = []
    for name in names:
        taken[name] = count = taken.get(name, 0) + 1
        unique.append(name if count == 1 else f"{name} ({count})")
    return unique
