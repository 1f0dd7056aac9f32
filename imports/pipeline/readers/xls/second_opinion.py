"""A second opinion on `.xls` workbooks that xlrd calls damaged although other programs open them, by calamine.

It reads values alone: neither the formats of numbers nor hidden rows. A note (`read_a_second_way`) always says so.
"""

import io
from datetime import date, datetime, time, timedelta
from functools import partial

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from imports.pipeline.readers.cell_text import plain_number
from imports.pipeline.readers.table import UnreadableFile
from imports.pipeline.readers.whole_sheets import Grid, Table, TableBook, unique_names
from imports.pipeline.reasons import Reason

from .records import check_records

Value = int | float | str | bool | time | date | datetime | timedelta  # of a cell, as calamine gives it
UNKNOWN = [Reason("read_a_second_way", {})]


def second_reading(content: bytes) -> TableBook:
    """Raises UnreadableFile where this reader does not vouch for the workbook either."""
    check_records(content)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheets = [sheet for sheet in book.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
    except (CalamineError, ValueError, OSError):
        raise UnreadableFile("file_damaged") from None
    if not sheets:
        raise UnreadableFile("file_damaged")
    names = unique_names([sheet.name for sheet in sheets])
    return TableBook(
        "xls",
        [
            Table(name, sheet.visible == SheetVisibleEnum.Visible, partial(_grid, book, sheet.name))
            for name, sheet in zip(names, sheets)
        ],
        UNKNOWN,
    )


def _grid(book: CalamineWorkbook, name: str) -> Grid:
    try:
        sheet = book.get_sheet_by_name(name)
        return _filled(sheet, sheet.to_python(skip_empty_area=False))
    except (CalamineError, ValueError, OSError):
        raise UnreadableFile("file_damaged") from None


def _filled(sheet: CalamineSheet, table: list[list[Value]]) -> Grid:
    grid = Grid()
    for values in table:
        grid.begin_row()
        for value in values:
            grid.place(_text(value))
        grid.end_row()
    for (top, left), (bottom, _) in sheet.merged_cell_ranges or ():
        grid.merge(top + 1, bottom + 1, left)
    return grid


def _text(value: Value) -> str:
    match value:
        case str():
            return value
        case bool():
            return "TRUE" if value else "FALSE"
        case int() | float():
            return plain_number(value)
        case datetime():
            return f"{value:%Y-%m-%d %H:%M:%S}".removesuffix(":00").removesuffix(" 00:00")
        case date():
            return f"{value:%Y-%m-%d}"
        case time():
            return f"{value:%H:%M:%S}".removesuffix(":00")
        case timedelta():
            minutes = round(value.total_seconds() / 60)
            return f"{minutes // 60}:{minutes % 60:02}"
        case _:
            return ""
