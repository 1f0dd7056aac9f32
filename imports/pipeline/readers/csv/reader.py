"""Text files of rows: comma, semicolon, tab, pipe or spaces; any encoding; any line ends.

A row number counts records, as a spreadsheet program does: a line break inside quotes is none, a blank line is one.
"""

from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path

from imports.pipeline.readers.table import BadRow, Row, UnreadableFile
from imports.pipeline.readers.zip_safety import MIB, MOST_FILE, MOST_ROWS
from imports.pipeline.reasons import Reason

from .dialect import found_dialect, known_delimiter, known_escape, lines_are_quoted, separator_line, usual_width
from .encoding import detect_encoding, known_encoding
from .escape import telling_lines
from .records import Records
from .spaces import SPACES, cut_by_spaces
from .text import Damage, Text

SNIFF_BYTES = 1 << 18
SNIFF_LINES = 300
SPREAD_BYTES = 4 * MIB  # read at most this much for rows from all over the file
SPREAD = 400


class CsvFile:
    """A Workbook (see `readers.table`) of one sheet named ''."""

    kind = "csv"

    def __init__(self, path: Path, encoding: str | None, delimiter: str | None, escape: str | None = None):
        self._size = path.stat().st_size
        if self._size > MOST_FILE:
            raise UnreadableFile("file_too_big", limit=MOST_FILE // MIB)
        self._path = path
        self._damage = Damage()
        self._guessed: list[Reason] = []
        self.encoding_rivals: list[str] = []
        self.encoding = known_encoding(encoding) if encoding else self._detected()
        lines = list(islice(chain.from_iterable(self._text(SNIFF_BYTES).line_blocks()), SNIFF_LINES))
        separator = separator_line(lines)
        delimiter = known_delimiter(delimiter) if delimiter else separator
        self._encoding_was_chosen = bool(encoding)
        self._records = self._found_records(lines[1 if separator else 0 :], 1 if separator else 0, delimiter, escape)
        self._refuse_too_long()

    def _found_records(self, lines: list[str], skipped: int, delimiter: str | None, escape: str | None) -> Records:
        escape = None if escape is None else known_escape(escape)
        telling = telling_lines(self._path, self.encoding) if escape is None else []
        dialect = found_dialect(lines, delimiter, escape, telling)
        self.delimiter, self.escape = dialect.delimiter, dialect.escape
        self.may_be_packed = lines_are_quoted(lines)
        if dialect.delimiter == SPACES:
            return Records(dialect, 1, skipped, cut_by_spaces(lines))
        return Records(dialect, usual_width(lines, dialect), skipped)

    def notes(self, sheet: str = "") -> list[Reason]:
        escaped = [Reason("escape_found", {"escape": self.escape})] if self.escape else []
        return self._guessed + escaped + self._damage.notes()

    @property
    def is_as_written(self) -> bool:
        """Whether letters that look damaged were so in the file, and are not because somebody chose another encoding."""
        unicode = self.encoding.startswith(("utf-8", "utf-16", "utf-32"))
        return unicode or not self._encoding_was_chosen or detect_encoding(self._path).encoding == self.encoding

    def sheet_names(self) -> list[tuple[str, bool]]:
        return [("", True)]

    def rows(self, sheet: str = "") -> Iterator[Row | BadRow]:
        return self._rows_of(self._text())

    def peek(self, sheet: str = "") -> Iterator[Row | BadRow]:
        return self.rows()

    def spread(self, sheet: str = "") -> list[Row]:
        """Rows at even distances; the distance doubles whenever they become too many."""
        kept, step = [], 1
        for index, row in enumerate(self._rows_of(self._text(SPREAD_BYTES))):
            if index % step == 0:
                kept.append(row)
            if len(kept) == SPREAD:
                kept, step = kept[::2], step * 2
        return [row for row in kept if isinstance(row, Row)]

    def size(self, sheet: str = "") -> tuple[int | None, int | None]:
        return self._estimate(), None

    def _detected(self) -> str:
        encoding, certain, rivals = detect_encoding(self._path)
        self.encoding_rivals = list(rivals)
        if not certain:
            self._guessed = [Reason("encoding_guessed", {"encoding": encoding})]
        return encoding

    def _text(self, limit: int | None = None) -> Text:
        return Text(self._path, self.encoding, limit)

    def _rows_of(self, text: Text) -> Iterator[Row | BadRow]:
        try:
            yield from self._records.rows(text)
        finally:
            self._damage.include(text.damage)

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
