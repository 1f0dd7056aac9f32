"""Which sheet of a workbook is read: the one that a person chose, or the first with data, preferably with numbers to call."""

from itertools import islice

from imports.pipeline.cell_patterns import HOLDS_NUMBER, PHONE_LIKE
from imports.pipeline.consent import is_list_of_noes

from .table import BadRow, Row, UnreadableFile, Workbook

TOP_ROWS = 60  # rows in which a sheet of leads has a number to call
SEVERAL = 2  # of these rows make it one


def named_sheet(workbook: Workbook, wanted: str) -> str:
    """The sheet of that name, whatever the case of its letters. Raises UnreadableFile for a text file, or an unknown name."""
    if workbook.kind == "csv":
        raise UnreadableFile("text_has_no_sheets")
    names = [name for name, _ in workbook.sheet_names()]
    if wanted in names:
        return wanted
    folded = [name for name in names if name.strip().casefold() == wanted.strip().casefold()]
    if len(folded) == 1:
        return folded[0]
    raise UnreadableFile("sheet_unknown", sheet=wanted[:60], sheets=", ".join(names)[:300])


def first_with_data(workbook: Workbook) -> str:
    """The first visible sheet with a header and a row, or at least something in it. Raises UnreadableFile where all are empty."""
    fallback = None
    for name in _visible(workbook):
        filled = len(first_filled(workbook, name, 2))
        if filled == 2:
            return name
        if filled and fallback is None:
            fallback = name
    if fallback is None:
        raise UnreadableFile("no_data_in_workbook" if workbook.kind != "csv" else "no_data_rows")
    return fallback


def _visible(workbook: Workbook) -> list[str]:
    """The visible sheets; those whose names say that nobody there must be called come last."""
    return sorted((name for name, visible in workbook.sheet_names() if visible), key=is_list_of_noes)


def first_with_numbers(workbook: Workbook) -> str | None:
    """The first visible sheet with several rows that hold a number to call near its top, or with one: a cover has none, or the
    sender's own."""
    counts = {name: numbers_on(workbook, name) for name in _visible(workbook)}
    return next((name for least in (SEVERAL, 1) for name, count in counts.items() if count >= least), None)


def numbers_on(workbook: Workbook, name: str) -> int:
    """How many of the first rows hold a number to call; a text file is judged by nothing but its rows."""
    if workbook.kind == "csv":
        return SEVERAL
    try:
        return count_numbers(first_filled(workbook, name, TOP_ROWS))
    except UnreadableFile:  # damaged; if it is the sheet that is read, reading it will say so
        return 0


def count_numbers(rows: list[Row | BadRow]) -> int:
    """How many rows hold a number to call."""
    return sum(any(PHONE_LIKE.match(cell) or HOLDS_NUMBER.match(cell) for cell in row.cells) for row in rows)


def first_filled(workbook: Workbook, name: str, count: int) -> list[Row | BadRow]:
    """The first `count` rows of a sheet that hold anything. Raises UnreadableFile where the sheet is damaged."""
    filled = (row for row in workbook.peek(name) if any(cell.strip() for cell in row.cells))
    return list(islice(filled, count))
