"""The "fix in Excel" workbook: rows with a problem as they were, the bad cell coloured, reason and suggestion beside it.

Every cell is text, so that Excel cannot spoil a number again. The first column is hidden and ties each row to its
import, its row and the cells it had; `fix_workbook_reader` reads it back.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from hashlib import blake2b
from itertools import islice
from textwrap import wrap
from typing import BinaryIO, NamedTuple

from xlsxwriter import Workbook
from xlsxwriter.format import Format

from .xlsx_writer import CHARACTERS_OF_A_CELL, writable

KEY_TITLE = "rowcall"
OWN_MARK = "▸ "  # before the titles that Rowcall adds, so that they are never taken for the file's
OWN_COLUMNS = 4  # key, row, problem, suggestion
SURPLUS_TITLE = OWN_MARK + "…"  # the last column: what a row has beyond the headers
MOST_ROWS = 200_000  # more than anyone corrects by hand
MOST_COMMENTS = 2_000  # each is a drawing; a workbook with many thousands opens slowly
WRAPPED_WIDTH = 44  # characters of the columns whose text is wrapped
LINE_HEIGHT = 15  # points
MOST_LINES = 20  # Excel's own limit is 409 points
A4 = 9  # the number of the paper in the file format
LONG_AGO = datetime(1980, 1, 1)  # a workbook must say when it was made; the same rows give the same bytes


class FixTitles(NamedTuple):
    """The titles that Rowcall adds, in the reader's language."""

    sheet: str
    row: str
    problem: str
    suggestion: str


class FixRow(NamedTuple):
    """A row with a problem: `bad_columns` are indices (0-based) of the cells to look at, `place` is the row in words ('': its
    number)."""

    number: int
    cells: Sequence[str]
    bad_columns: Collection[int]
    problem: str
    suggestion: str
    place: str = ""


def write_fix_workbook(
    file: BinaryIO,
    import_key: str,
    headers: Sequence[str],
    titles: FixTitles,
    rows: Iterable[FixRow],
) -> int:
    """The number of rows written: at most MOST_ROWS. `import_key` names the import and is checked on the way back."""
    book = Workbook(file, {"constant_memory": True, "strings_to_numbers": False, "in_memory": False})
    book.set_properties({"created": LONG_AGO})
    writer = _SheetWriter(book, titles, headers)
    for row in islice(rows, MOST_ROWS):
        writer.add(import_key, row)
    writer.finish()
    book.close()
    return writer.rows


def _lines_of(row: FixRow) -> int:
    """Lines that the row takes once its sentences are wrapped."""
    texts = (wrap(text, WRAPPED_WIDTH - 4) for text in (row.problem, row.suggestion))
    return min(max(1, *map(len, texts)), MOST_LINES)


def row_key(import_key: str, number: int, cells: Sequence[str]) -> str:
    """What ties a row of the workbook to its import, its row number and the cells that it had."""
    return f"{import_key}:{number}:{cells_digest(cells)}"


def _with_surplus(cells: Sequence[str], width: int) -> list[str]:
    """`width` cells, and one more that holds whatever the row has beyond them."""
    padded = [*cells, *[""] * (width - len(cells))]
    return [*padded[:width], " | ".join(cell for cell in padded[width:] if cell.strip())]


def cells_digest(cells: Sequence[str]) -> str:
    """Equal for cells that read the same, however a program saved their spaces and line ends."""
    seen = [" ".join(writable(cell)[:CHARACTERS_OF_A_CELL].split()) for cell in cells]
    while seen and not seen[-1]:
        seen.pop()
    return blake2b("\x1f".join(seen).encode("utf-8", "replace"), digest_size=8).hexdigest()


class _SheetWriter:
    """The one sheet of the workbook, written row by row."""

    def __init__(self, book: Workbook, titles: FixTitles, headers: Sequence[str]):
        self.rows = 0
        self._comments = 0
        self._text = book.add_format({"num_format": "@", "valign": "top"})
        self._bad = book.add_format(
            {"num_format": "@", "valign": "top", "bg_color": "#FFD9D2", "font_color": "#8A1500", "border": 1},
        )
        self._ours = book.add_format({"num_format": "@", "valign": "top", "text_wrap": True, "font_color": "#44546A"})
        self._header = book.add_format({"num_format": "@", "bold": True, "bg_color": "#E8EEF7"})
        self._sheet = book.add_worksheet(titles.sheet[:31])
        self._width = len(headers)
        self._set_columns(headers)
        own = [KEY_TITLE, *(OWN_MARK + title for title in (titles.row, titles.problem, titles.suggestion))]
        self._write(0, [*own, *headers, SURPLUS_TITLE], [self._header] * (OWN_COLUMNS + self._width + 1))

    def _set_columns(self, headers: Sequence[str]) -> None:
        self._sheet.set_column(0, 0, 4, self._text, {"hidden": True})
        for column, width in enumerate((8, WRAPPED_WIDTH, WRAPPED_WIDTH), start=1):
            self._sheet.set_column(column, column, width, self._ours)
        for column, header in enumerate([*headers, SURPLUS_TITLE], start=OWN_COLUMNS):
            self._sheet.set_column(column, column, min(40, max(16, len(header) + 2)), self._text)
        self._sheet.freeze_panes(1, 2)
        self._sheet.set_landscape()
        self._sheet.set_paper(A4)
        self._sheet.fit_to_pages(1, 0)  # as wide as a page, as long as it takes
        self._sheet.repeat_rows(0)

    def add(self, import_key: str, row: FixRow) -> None:
        self.rows += 1
        cells = _with_surplus(row.cells, self._width)
        own = [row_key(import_key, row.number, cells), row.place or str(row.number), row.problem, row.suggestion]
        # Excel fits a row to its wrapped text when it opens the file; LibreOffice and printers take the height that is written.
        self._sheet.set_row(self.rows, LINE_HEIGHT * _lines_of(row))
        formats = [self._text, *[self._ours] * 3, *[self._text] * len(cells)]
        for column in row.bad_columns:
            formats[OWN_COLUMNS + column] = self._bad
        self._write(self.rows, [*own, *cells], formats)
        for column in row.bad_columns:
            self._comment(OWN_COLUMNS + column, row)

    def _write(self, at: int, texts: Sequence[str], formats: Sequence[Format]) -> None:
        """As strings, never as what they look like: `write_string` makes no formula and no link."""
        for column, (text, look) in enumerate(zip(texts, formats)):
            if text:
                self._sheet.write_string(at, column, writable(text)[:CHARACTERS_OF_A_CELL], look)
            else:
                self._sheet.write_blank(at, column, None, look)

    def _comment(self, column: int, row: FixRow) -> None:
        if self._comments < MOST_COMMENTS:
            self._comments += 1
            note = writable(f"{row.problem}\n{row.suggestion}".strip())
            self._sheet.write_comment(self.rows, column, note, {"author": "Rowcall", "x_scale": 2, "y_scale": 1.2})

    def finish(self) -> None:
        self._sheet.autofilter(0, 0, max(self.rows, 1), OWN_COLUMNS + self._width)
