"""Where a row stands: its number in the sheet, and in which of several lists side by side.

Rows of an import are known by one number. Row 5 of the first list is 5; row 5 of the list beside it is 10,000,005. Numbers
are thus unique and in the order "all of the first list, then all of the second".
"""

from typing import NamedTuple

LIST_SPAN = 10_000_000  # more than a sheet has rows (1,048,576)


class Place(NamedTuple):
    """`row` is the one a spreadsheet program shows (1-based), `list_index` counts the lists from 0."""

    row: int
    list_index: int


def encoded(row: int, list_index: int) -> int:
    """The number by which a row of an import is known; `place_of` reverses it."""
    return list_index * LIST_SPAN + row


def place_of(number: int) -> Place:
    """Where the row that is known by `number` stands."""
    list_index, row = divmod(number, LIST_SPAN)
    return Place(row, list_index)
