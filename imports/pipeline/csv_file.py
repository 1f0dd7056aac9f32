"""Text files of rows: comma, semicolon, tab or pipe; any encoding; any line ends.

A row number counts records, as a spreadsheet program does: a line break inside quotes is none, a blank line is one.
"""
import csv
from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path

from .csv_dialect import known_delimiter, quotes_after_space, separator_line, sniffed
from .csv_encoding import detect_encoding, known_encoding
from .csv_text import Damage, Text
from .guard import LONGEST_CELL, MIB, MOST_FILE, MOST_ROWS
from .reasons import Reason
from .sheets import BadRow, Row, UnreadableFile

SNIFF_BYTES = 1 << 18
SNIFF_LINES = 300
SPREAD_BYTES = 16 * MIB         # read at most this much for rows from all over the file
SPREAD = 400
FIELD_LIMIT = 16 * MIB          # characters; beyond it a quote was certainly never closed


class CsvFile:
    """A Workbook (see `sheets`) of one sheet named ''."""

    kind = "csv"

    def __init__(self, path: Path, encoding: str | None, delimiter: str | None):
        self._size = path.stat().st_size
        if self._size > MOST_FILE:
            raise UnreadableFile("file_too_big", limit=MOST_FILE // MIB)
        self._path = path
        self._damage = Damage()
        self._guessed: list[Reason] = []
        self.encoding = known_encoding(encoding) if encoding else self._detected()
        lines = list(islice(chain.from_iterable(self._text(SNIFF_BYTES).line_blocks()), SNIFF_LINES))
        told = separator_line(lines)
        self._skipped_lines = 1 if told else 0
        self.delimiter = known_delimiter(delimiter) if delimiter else told or sniffed(lines)
        self._spaced = quotes_after_space(lines, self.delimiter)
        self._records: int | None = None

    @property
    def notes(self) -> list[Reason]:
        return self._guessed + self._damage.notes()

    def sheet_names(self) -> list[tuple[str, bool]]:
        return [("", True)]

    def rows(self, sheet: str = "") -> Iterator[Row | BadRow]:
        """Raises UnreadableFile at a quote that is never closed, and where there are too many rows."""
        self._records = yield from self._rows_of(self._text())

    def spread(self, sheet: str = "") -> list[Row]:
        """Rows at even distances; the distance doubles whenever they become too many."""
        kept, step = [], 1
        try:
            for index, row in enumerate(self._rows_of(self._text(SPREAD_BYTES))):
                if index % step == 0:
                    kept.append(row)
                if len(kept) == SPREAD:
                    kept, step = kept[::2], step * 2
        except UnreadableFile:
            pass    # the part that was read ends inside quotes; the whole file need not
        return [row for row in kept if isinstance(row, Row)]

    def size(self, sheet: str = "") -> tuple[int | None, int | None]:
        return self._records or self._estimate(), None

    def _detected(self) -> str:
        encoding, certain = detect_encoding(self._path)
        if not certain:
            self._guessed = [Reason("encoding_guessed", {"encoding": encoding})]
        return encoding

    def _text(self, limit: int | None = None) -> Text:
        return Text(self._path, self.encoding, limit)

    def _rows_of(self, text: Text):
        """Numbered records; the generator returns how many there were."""
        lines = _Lines(islice(chain.from_iterable(text.line_blocks()), self._skipped_lines, None))
        csv.field_size_limit(FIELD_LIMIT)
        reader = csv.reader(iter(lines), delimiter=self.delimiter, strict=True, skipinitialspace=self._spaced)
        number = 0
        try:
            while True:
                try:
                    for cells in reader:
                        number += 1
                        if lines.length > LONGEST_CELL:
                            yield _measured(number, cells)
                        elif number > MOST_ROWS:
                            raise UnreadableFile("sheet_too_long", rows=_counted(number, reader), limit=MOST_ROWS)
                        else:
                            yield Row(number, cells)
                        lines.length = lines.count = 0
                    return number
                except csv.Error as error:
                    number += 1
                    yield self._badly_quoted(number, lines, error)
                    lines.length = lines.count = 0
        finally:
            self._damage.include(text.damage)

    def _badly_quoted(self, number: int, lines: "_Lines", error: csv.Error) -> BadRow:
        """The row of a quoting error. One that runs over several lines may have swallowed others: that is refused."""
        if lines.count != 1 or "end of data" in str(error):
            raise UnreadableFile("quote_not_closed", row=number)
        if lines.length > FIELD_LIMIT:
            return BadRow(number, [lines.last[:LONGEST_CELL]], _too_long(0, lines.length))
        cells = next(csv.reader([lines.last], delimiter=self.delimiter))
        return BadRow(number, cells, Reason("text_after_quote", {}))

    def _estimate(self) -> int:
        """Lines of the first part, scaled to the file."""
        lines = sum(map(len, self._text(SNIFF_BYTES).line_blocks()))
        return lines if self._size <= SNIFF_BYTES else round(lines * self._size / SNIFF_BYTES)


class _Lines:
    """Hands on lines, and remembers those of the record at hand: how many, how long, and the last one."""

    def __init__(self, lines: Iterator[str]):
        self._lines = lines
        self.count = self.length = 0
        self.last = ""

    def __iter__(self) -> Iterator[str]:
        for line in self._lines:
            self.last = line
            self.count += 1
            self.length += len(line)
            yield line


def _measured(number: int, cells: list[str]) -> Row | BadRow:
    """A row of a long line: bad if one of its cells is longer than any spreadsheet allows."""
    for index, cell in enumerate(cells):
        if len(cell) > LONGEST_CELL:
            return BadRow(number, [cell[:LONGEST_CELL] for cell in cells], _too_long(index, len(cell)))
    return Row(number, cells)


def _too_long(index: int, length: int) -> Reason:
    return Reason("cell_too_long", {"column": index + 1, "length": length, "limit": LONGEST_CELL})


def _counted(number: int, reader) -> int:
    """How many rows there are in all, as far as they can be read."""
    try:
        return number + sum(1 for _ in reader)
    except csv.Error:
        return number
