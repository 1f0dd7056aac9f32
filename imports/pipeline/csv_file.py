"""Text files of rows: comma, semicolon, tab or pipe; any encoding; any line ends.

A row number counts records, as a spreadsheet program does: a line break inside quotes is none, a blank line is one.
"""
import csv
import re
from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path

from .csv_dialect import known_delimiter, lines_are_quoted, quotes_after_space, separator_line, sniffed
from .csv_encoding import detect_encoding, known_encoding
from .csv_text import LONGEST_LINE, Damage, Text
from .guard import LONGEST_CELL, MIB, MOST_FILE, MOST_ROWS
from .reasons import Reason
from .sheets import BadRow, Row, UnreadableFile

SNIFF_BYTES = 1 << 18
SNIFF_LINES = 300
SPREAD_BYTES = 4 * MIB          # read at most this much for rows from all over the file
SPREAD = 400
LONGEST_RECORD = 8 * MIB        # characters; beyond it a quote was certainly never closed
AS_TEXT = re.compile(r'\A="([^"]*)"\Z')    # ="0532": text to Excel, which shows what stands between the quotes
NEW_ROW = tuple.__new__         # Row(number, cells), at half its price


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
        self.may_be_packed = lines_are_quoted(lines[self._skipped_lines:])
        self._spaced = quotes_after_space(lines, self.delimiter)
        csv.field_size_limit(2 * (LONGEST_LINE + LONGEST_RECORD))   # quotes are the only mistake it is to tell
        self._refuse_too_long()

    def notes(self, sheet: str = "") -> list[Reason]:
        return self._guessed + self._damage.notes()

    def sheet_names(self) -> list[tuple[str, bool]]:
        return [("", True)]

    def rows(self, sheet: str = "") -> Iterator[Row | BadRow]:
        """Raises UnreadableFile at a quote that is never closed."""
        return self._rows_of(self._text())

    def peek(self, sheet: str = "") -> Iterator[Row | BadRow]:
        return self.rows()

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
        return self._estimate(), None

    def _detected(self) -> str:
        encoding, certain = detect_encoding(self._path)
        if not certain:
            self._guessed = [Reason("encoding_guessed", {"encoding": encoding})]
        return encoding

    def _text(self, limit: int | None = None) -> Text:
        return Text(self._path, self.encoding, limit)

    def _rows_of(self, text: Text) -> Iterator[Row | BadRow]:
        """Numbered records, read a block of lines at a time. Lines of a record that goes on in the next block wait."""
        number, waiting, skip = 0, [], self._skipped_lines
        for lines in text.line_blocks():
            rows, waiting = self._numbered(number, waiting + lines[skip:])
            yield from rows
            number += len(rows)
            skip = 0
            self._damage.include(text.damage)
            if sum(map(len, waiting)) > LONGEST_RECORD:
                break
        if waiting:
            raise UnreadableFile("quote_not_closed", row=number + 1)

    def _numbered(self, number: int, lines: list[str]) -> tuple[list[Row | BadRow], list[str]]:
        """The records of `lines` as rows after row `number`, and the lines of a last one that is not complete."""
        try:
            records = list(self._reader(lines))
        except csv.Error:
            return self._one_by_one(number, lines)
        if len(records) == len(lines) and '="' not in "".join(lines) and max(map(len, lines), default=0) <= LONGEST_CELL:
            return [NEW_ROW(Row, pair) for pair in enumerate(records, number + 1)], []
        return [_measured(*pair) for pair in enumerate(records, number + 1)], []

    def _one_by_one(self, number: int, lines: list[str]) -> tuple[list[Row | BadRow], list[str]]:
        """As `_numbered`, where some record is not quoted as it should be."""
        reader = self._reader(lines)
        rows: list[Row | BadRow] = []
        start = 0
        while start < len(lines):
            try:
                rows.append(_measured(number + len(rows) + 1, next(reader)))
            except csv.Error as error:
                if "end of data" in str(error):
                    return rows, lines[start:]
                rows.append(self._badly_quoted(number + len(rows) + 1, lines[start:reader.line_num]))
            start = reader.line_num
        return rows, []

    def _badly_quoted(self, number: int, lines: list[str]) -> BadRow:
        """A row with text after a closing quote. If it runs over several lines, a quote left open has swallowed them."""
        if len(lines) != 1:
            raise UnreadableFile("quote_not_closed", row=number)
        cells = next(csv.reader(lines, delimiter=self.delimiter))
        return BadRow(number, cells, Reason("text_after_quote", {}))

    def _reader(self, lines: list[str]):
        return csv.reader(lines, delimiter=self.delimiter, strict=True, skipinitialspace=self._spaced)

    def _estimate(self) -> int:
        """Lines of the first part, scaled to the file."""
        lines = sum(map(len, self._text(SNIFF_BYTES).line_blocks()))
        return lines if self._size <= SNIFF_BYTES else round(lines * self._size / SNIFF_BYTES)

    def _refuse_too_long(self) -> None:
        """Before anything is done with the first of too many rows."""
        if self._size > MOST_ROWS and _line_ends(self._path) > MOST_ROWS:
            rows = sum(1 for _ in self._rows_of(self._text()))
            if rows > MOST_ROWS:
                raise UnreadableFile("sheet_too_long", rows=rows, limit=MOST_ROWS)


def _line_ends(path: Path) -> int:
    with path.open("rb") as file:
        counts = [(block.count(b"\n"), block.count(b"\r")) for block in iter(lambda: file.read(MIB), b"")]
    return max(map(sum, zip(*counts)))


def _measured(number: int, cells: list[str]) -> Row | BadRow:
    """A row that may hold line breaks and text written as a formula, bad if one of its cells is longer than any spreadsheet allows."""
    cells = [AS_TEXT.sub(r"\1", cell.replace("\r\n", "\n").replace("\r", "\n")) if cell else "" for cell in cells]
    for index, cell in enumerate(cells):
        if len(cell) > LONGEST_CELL:
            reason = Reason("cell_too_long", {"column": index + 1, "length": len(cell), "limit": LONGEST_CELL})
            return BadRow(number, [cell[:LONGEST_CELL] for cell in cells], reason)
    return Row(number, cells)
