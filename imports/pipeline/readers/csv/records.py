"""Lines of a text file → numbered rows, a block of lines at a time.

A record that cannot be told apart is a bad row. If it runs over several lines, a quotation mark was left open: the bad
row ends where the next line looks like a record, and reading goes on there.
"""

import csv
import re
from collections.abc import Iterable, Iterator

from imports.pipeline.cell_patterns import PHONE_LIKE
from imports.pipeline.readers.table import BadRow, Row, UnreadableFile
from imports.pipeline.readers.zip_safety import LONGEST_CELL, MIB
from imports.pipeline.reasons import Reason

from .dialect import Dialect
from .escape import Escapes
from .spaces import SPACES, Cut
from .text import LONGEST_LINE, Text

LONGEST_RECORD = 8 * MIB  # characters; beyond it a quote was certainly never closed
LINES_OF_RECORD = 50  # looked at to see whether a record begins
AS_TEXT = re.compile(r'\A="([^"]*)"\Z')  # ="0532": text to Excel, which shows what stands between the quotes
NEW_ROW = tuple.__new__  # Row(number, cells), at half its price

Rows = list[Row | BadRow]


class Feed:
    """Lines for a reader that may be sent back: `at` is the index of the next one."""

    def __init__(self, lines: list[str]):
        self._lines, self.at = lines, 0

    def __iter__(self) -> "Feed":
        return self

    def __next__(self) -> str:
        if self.at == len(self._lines):
            raise StopIteration
        self.at += 1
        return self._lines[self.at - 1]


class Records:
    """How lines become rows. `width` is the usual number of cells, `cut` how spaces separate them if they do."""

    def __init__(self, dialect: Dialect, width: int, skipped_lines: int = 0, cut: Cut | None = None):
        self._dialect, self._width, self._skipped_lines, self._cut = dialect, width, skipped_lines, cut
        self._escapes = Escapes(dialect.escape, dialect.delimiter, dialect.quote) if dialect.escape else None
        csv.field_size_limit(2 * (LONGEST_LINE + LONGEST_RECORD))  # quotes are the only mistake it is to tell

    def rows(self, text: Text) -> Iterator[Row | BadRow]:
        """Lines of a record that goes on in the next block wait. Raises UnreadableFile where nothing like a record
        follows an open quotation mark for a very long time."""
        number, skip = 0, self._skipped_lines
        waiting: list[str] = []
        for lines in text.line_blocks():
            lines = lines[skip:] if skip else lines
            skip = 0
            rows, waiting = self._numbered(number, waiting + self._prepared(lines))
            if sum(map(len, waiting)) > LONGEST_RECORD:
                more, waiting = self._after_open_quote(number + len(rows), waiting, at_end=False)
                rows += more
            yield from self._counted(rows, text)
            number += len(rows)
        while waiting and text.is_whole:
            rows, waiting = self._after_open_quote(number, waiting, at_end=True)
            yield from self._counted(rows, text)
            number += len(rows)

    def _prepared(self, lines: list[str]) -> list[str]:
        return self._escapes.prepared(lines) if self._escapes else lines

    def _reader(self, lines: Iterable[str]) -> Iterator[list[str]]:
        return self._dialect.reader(lines, strict=True)

    def _counted(self, rows: Rows, text: Text) -> Rows:
        for row in rows:
            if len(row) == 3 and row.reason.code in ("quote_left_open", "rows_in_a_cell"):
                text.damage.add_open_quote(row.number)
        return rows

    # -- rows ------------------------------------------------------------------------------------------------------
    def _numbered(self, number: int, lines: list[str]) -> tuple[Rows, list[str]]:
        """The records of `lines` as rows after row `number`, and the lines of a last one that is not complete."""
        if self._dialect.delimiter == SPACES:
            return [self._cut_row(number + index, line) for index, line in enumerate(lines, 1)], []
        try:
            records = list(self._reader(lines))
        except csv.Error:
            return self._one_by_one(number, lines)
        if len(records) == len(lines) and '="' not in "".join(lines) and max(map(len, lines), default=0) <= LONGEST_CELL:
            return [NEW_ROW(Row, pair) for pair in enumerate(records, number + 1)], []
        return [self._measured(*pair) for pair in enumerate(records, number + 1)], []

    def _one_by_one(self, number: int, lines: list[str]) -> tuple[Rows, list[str]]:
        """As `_numbered`, where some record is not quoted as it should be."""
        rows: Rows = []
        feed = Feed(lines)
        reader = self._reader(feed)
        while feed.at < len(lines):
            start = feed.at
            try:
                rows.append(self._measured(number + len(rows) + 1, next(reader)))
            except csv.Error as error:
                if "end of data" in str(error):
                    return rows, lines[start:]
                row, feed.at = self._bad_row(number + len(rows) + 1, lines, start, feed.at)
                rows.append(row)
        return rows, []

    def _bad_row(self, number: int, lines: list[str], start: int, end: int) -> tuple[BadRow, int]:
        """The row of a badly quoted record in `lines[start:end]`, and the index of the line to go on at."""
        if end - start == 1:
            cells = next(self._dialect._replace(escape="").reader(lines[start:end]))
            return BadRow(number, _shortened(cells), Reason("text_after_quote", {})), end
        resume = self._next_record(lines, start + 1, len(lines))
        resume = end if resume is None else resume
        return self._left_open(number, lines[start:resume]), resume

    def _after_open_quote(self, number: int, lines: list[str], at_end: bool) -> tuple[Rows, list[str]]:
        """The rows of `lines`, whose first has a quotation mark that no other closes."""
        resume = self._next_record(lines, 1, len(lines))
        if resume is None and not at_end:
            raise UnreadableFile("quote_not_closed", row=number + 1)
        resume = len(lines) if resume is None else resume
        rows, waiting = self._numbered(number + 1, lines[resume:])
        return [self._left_open(number + 1, lines[:resume]), *rows], waiting

    def _left_open(self, number: int, lines: list[str]) -> BadRow:
        """What the record's first line says, and the lines that belong to no other record in its last cell."""
        first = lines[0].rstrip("\r\n").replace(self._dialect.quote, "")
        cells = first.split(self._dialect.delimiter)
        cells[-1] = "".join([cells[-1], "\n" if len(lines) > 1 else "", *lines[1:]]).rstrip("\r\n")
        return BadRow(number, _shortened(cells), Reason("quote_left_open", {"row": number}))

    # -- what looks like a record --------------------------------------------------------------------------------------
    def _next_record(self, lines: list[str], start: int, end: int) -> int | None:
        return next((index for index in range(start, end) if self._begins_record(lines, index)), None)

    def _begins_record(self, lines: list[str], index: int) -> bool:
        """Whether a record stands here."""
        for count in (1, LINES_OF_RECORD):
            try:
                cells = next(self._reader(lines[index : index + count]), [])
            except csv.Error:
                continue
            return bool(cells) and self._is_like_others(cells)
        return False

    def _is_like_others(self, cells: list[str]) -> bool:
        """As wide as most, or narrower with a phone number; a single cell is only told by that."""
        return len(cells) == self._width > 1 or len(cells) <= self._width and any(map(PHONE_LIKE.match, cells))

    def _measured(self, number: int, cells: list[str]) -> Row | BadRow:
        """A row that may hold line breaks and text written as a formula; bad if one of its cells is longer than any
        spreadsheet allows, or holds other rows."""
        cells = [AS_TEXT.sub(r"\1", cell.replace("\r\n", "\n").replace("\r", "\n")) if cell else "" for cell in cells]
        for index, cell in enumerate(cells):
            if len(cell) > LONGEST_CELL:
                reason = Reason("cell_too_long", {"column": index + 1, "length": len(cell), "limit": LONGEST_CELL})
                return BadRow(number, _shortened(cells), reason)
            if "\n" in cell and self._holds_rows(cell):
                return BadRow(number, cells, Reason("rows_in_a_cell", {"column": index + 1}))
        return Row(number, cells)

    def _holds_rows(self, cell: str) -> bool:
        """Lines inside a cell are as wide as the table and have a phone number each: two quotation marks, one at the
        end of a row and one at the beginning of a cell before it, have made one cell of them."""
        if self._width < 2:
            return False
        rows = [line.split(self._dialect.delimiter) for line in cell.split("\n")[1:]]
        return any(len(row) == self._width and any(PHONE_LIKE.match(piece.strip(' "')) for piece in row) for row in rows)

    def _cut_row(self, number: int, line: str) -> Row | BadRow:
        cells = self._cut.cells(line.expandtabs()) if self._cut else [line.strip()]
        if cells is None:
            return BadRow(number, _shortened([line.strip()]), Reason("columns_overlap", {}))
        if len(line) > LONGEST_CELL:
            return self._measured(number, cells)
        return Row(number, cells)


def _shortened(cells: list[str]) -> list[str]:
    return [cell[:LONGEST_CELL] for cell in cells]
