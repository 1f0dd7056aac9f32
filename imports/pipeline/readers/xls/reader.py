"""Workbooks of Excel 97–2003 and before (`.xls`), read by xlrd.

They hold at most 65,536 rows, so a sheet is kept while it is read. Rows are ragged: one cell in the far corner costs nothing.
"""

import io
import struct
from collections.abc import Callable, Iterator
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TypeVar

import xlrd

from imports.pipeline.readers.cell_text import Shown, built_in_format, plain_number, shown_by, without_control
from imports.pipeline.readers.merged_cells import filled_down
from imports.pipeline.readers.ole2 import unlocked
from imports.pipeline.readers.table import BadRow, Row, UnreadableFile, Workbook
from imports.pipeline.reasons import Reason

Opened = TypeVar("Opened")
# What xlrd lets through when a file is cut short or scrambled.
DAMAGE = (
    xlrd.XLRDError,
    xlrd.compdoc.CompDocError,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    AssertionError,
    struct.error,
    ArithmeticError,
    EOFError,
    RecursionError,
    NotImplementedError,
)


class XlsFile:
    """A Workbook (see `readers.table`)."""

    kind = "xls"
    encoding = None
    delimiter = None
    may_be_packed = True

    def __init__(self, book: xlrd.Book):
        self._book = book
        self._sheet = lru_cache(maxsize=2)(self._loaded)

    def notes(self, sheet: str) -> list[Reason]:
        hidden = sum(1 for row in self._sheet(sheet).rowinfo_map.values() if row.hidden)
        return [Reason("hidden_rows", {"sheet": sheet, "count": hidden})] if hidden else []

    def load(self, sheet: str) -> None:
        """Raises UnreadableFile where the sheet is damaged."""
        self._sheet(sheet)

    def sheet_names(self) -> list[tuple[str, bool]]:
        visibility = self._book._sheet_visibility
        return [(name, visibility[index] == 0) for index, name in enumerate(self._book.sheet_names())]

    def rows(self, sheet: str) -> Iterator[Row | BadRow]:
        table = self._sheet(sheet)
        # xlrd counts rows from 0, and says where a merge ends by the row after it.
        return filled_down(self._rows(table), [(top + 1, bottom, left) for top, bottom, left, _ in table.merged_cells])

    def peek(self, sheet: str) -> Iterator[Row]:
        return self._rows(self._sheet(sheet))

    def spread(self, sheet: str) -> list[Row]:
        table = self._sheet(sheet)
        step = max(1, table.nrows // 200)
        return [self._row(table, index) for index in range(0, table.nrows, step)]

    def size(self, sheet: str) -> tuple[int | None, int | None]:
        table = self._sheet(sheet)
        return table.nrows, table.ncols

    def _loaded(self, name: str) -> xlrd.sheet.Sheet:
        return _careful(self._book.sheet_by_name, name)

    def _rows(self, table: xlrd.sheet.Sheet) -> Iterator[Row]:
        return (self._row(table, index) for index in range(table.nrows))

    def _row(self, table: xlrd.sheet.Sheet, index: int) -> Row:
        types, values = table.row_types(index), table.row_values(index)
        cells = [
            without_control(value)
            if kind == xlrd.XL_CELL_TEXT
            else ""
            if kind in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK)
            else self._text(table, index, column, kind, value)
            for column, (kind, value) in enumerate(zip(types, values))
        ]
        return Row(index + 1, cells)

    def _text(self, table: xlrd.sheet.Sheet, row: int, column: int, kind: int, value: float) -> str:
        if kind == xlrd.XL_CELL_BOOLEAN:
            return "TRUE" if value else "FALSE"
        if kind == xlrd.XL_CELL_ERROR:
            return str(xlrd.error_text_from_code.get(value, "#N/A"))
        return self._shown(table.cell_xf_index(row, column))(value)

    def _shown(self, xf_index: int) -> Shown:
        try:
            key = self._book.xf_list[xf_index].format_key
            code = self._book.format_map[key].format_str
        except (LookupError, AttributeError):
            return plain_number
        return shown_by(code or built_in_format(key), bool(self._book.datemode))


class TwoReaders:
    """A Workbook whose sheets are read by `first`, and, where it finds one damaged, by the second reader, with a note."""

    kind = "xls"
    encoding = None
    delimiter = None
    may_be_packed = True

    def __init__(self, first: XlsFile, source: Path):
        self._first = first
        self._source = source
        self._readers: dict[str, Workbook] = {}

    def notes(self, sheet: str) -> list[Reason]:
        return self._reader(sheet).notes(sheet)

    def sheet_names(self) -> list[tuple[str, bool]]:
        return self._first.sheet_names()

    def rows(self, sheet: str) -> Iterator[Row | BadRow]:
        return self._reader(sheet).rows(sheet)

    def peek(self, sheet: str) -> Iterator[Row | BadRow]:
        return self._reader(sheet).peek(sheet)

    def spread(self, sheet: str) -> list[Row]:
        return self._reader(sheet).spread(sheet)

    def size(self, sheet: str) -> tuple[int | None, int | None]:
        return self._reader(sheet).size(sheet)

    def _reader(self, sheet: str) -> Workbook:
        if sheet not in self._readers:
            self._readers[sheet] = self._first_that_reads(sheet)
        return self._readers[sheet]

    def _first_that_reads(self, sheet: str) -> Workbook:
        try:
            self._first.load(sheet)
        except UnreadableFile as refusal:
            if refusal.reason.code != "file_damaged":
                raise
            return self._second_that_has(sheet)
        return self._first

    @cached_property
    def _second(self) -> Workbook:
        return _second_reading(self._source)

    def _second_that_has(self, sheet: str) -> Workbook:
        if not any(name == sheet for name, _ in self._second.sheet_names()):
            raise UnreadableFile("file_damaged")
        return self._second


def xls_workbook(source: Path) -> Workbook:
    """The workbook as xlrd reads it; as the second reader does where xlrd finds it damaged; unlocked where it opens without
    asking for its password. Raises UnreadableFile."""
    try:
        return TwoReaders(XlsFile(_opened(filename=str(source))), source)
    except UnreadableFile as refusal:
        if refusal.reason.code == "file_damaged":
            return _second_reading(source)
        if refusal.reason.code != "file_is_protected":
            raise
    return XlsFile(_opened(file_contents=_unlocked(source)))


def _unlocked(source: Path) -> bytes:
    return unlocked(source).getvalue()


def _second_reading(source: Path) -> Workbook:
    from .second_opinion import second_reading  # noqa: PLC0415  loads a second library, for damaged files only

    return second_reading(source.read_bytes())


def _opened(**source: str | bytes) -> xlrd.Book:
    """What xlrd calls corrupt in the container, Excel opens without a word: many export programs write it so."""
    return _careful(
        xlrd.open_workbook,
        **source,
        formatting_info=True,
        on_demand=True,
        ragged_rows=True,
        ignore_workbook_corruption=True,
        logfile=io.StringIO(),
    )


def _careful(read: Callable[..., Opened], *args: object, **kwargs: object) -> Opened:
    """What `read` returns. Raises UnreadableFile where it fails."""
    try:
        return read(*args, **kwargs)
    except MemoryError:
        raise UnreadableFile("file_too_complex") from None
    except xlrd.XLRDError as error:
        raise UnreadableFile("file_is_protected" if "encrypted" in str(error).lower() else "file_damaged") from None
    except DAMAGE:
        raise UnreadableFile("file_damaged") from None
