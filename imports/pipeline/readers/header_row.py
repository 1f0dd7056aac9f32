"""Which of the first rows of a sheet is the header row: under logos, titles and notes, or none at all.

Every function takes the first filled rows of the sheet and works with indices (0-based) of that list.
"""

from collections.abc import Sequence

from imports.pipeline.cell_patterns import HEADER_WORD, HOLDS_NUMBER, PHONE_LIKE, is_data
from imports.pipeline.placeholders import means_no_phone

from .table import Row

HEADER_WITHIN = 40  # filled rows among which the header row is looked for


def index_of_header(head: Sequence[Row]) -> int | None:
    """Index in `head` of the row that names the columns, None when the first wide row is data already."""
    rows = [[cell.strip() for cell in row.cells if cell.strip()] for row in head]
    wide = _usual_filled(rows)
    index = next((index for index, cells in enumerate(rows[:HEADER_WITHIN]) if len(cells) * 2 >= wide), 0)
    if not _names_columns(rows[index]) or _lacks_numbers(head, index):
        return _header_further_down(rows, index)
    index = _below_titles(head, rows, index, wide)
    return index + 1 if _second_header(head, index) else index


def _lacks_numbers(head: Sequence[Row], index: int) -> bool:
    """Whether a row says that it has no number (`NULL`, `yok`) where the rows below it have theirs: it is a lead like them."""
    cells = [cell.strip() for cell in head[index].cells]
    lacking = [i for i, cell in enumerate(cells) if cell and not HEADER_WORD.search(cell) and means_no_phone(cell)]
    below = head[index + 1 :]
    return any(
        2 * sum(i < len(row.cells) and bool(HOLDS_NUMBER.match(row.cells[i].strip())) for row in below) > len(below) > 0
        for i in lacking
    )


def _below_titles(head: Sequence[Row], rows: list[list[str]], index: int, wide: int) -> int:
    """A wider row of names between `index` and the data means that `index` was a title, or a row of groups. So does a
    blank row below it, with another row of names before the data."""
    for later in range(index + 1, _first_data(head)):
        apart = head[index + 1].number > head[index].number + 1
        wider = len(rows[later]) > len(rows[index]) < wide
        if (wider or (apart and len(rows[later]) == len(rows[index]))) and not any(map(is_data, rows[later])):
            index = later
    return index


def _first_data(head: Sequence[Row]) -> int:
    """Index of the first of two rows that have data where most rows have it."""
    columns = _data_columns(head)
    has_data = [any(is_data(row.cells[i].strip()) for i in columns if i < len(row.cells)) for row in head]
    return next((i for i, here in enumerate(has_data) if here and all(has_data[i : i + 2])), 0)


def _usual_filled(rows: list[list[str]]) -> int:
    """How many cells the fuller rows of the table have."""
    counts = sorted(map(len, rows))
    return counts[len(counts) * 3 // 4]


def _header_further_down(rows: list[list[str]], index: int) -> int | None:
    """A row of several header words, wider than all before it: those were notes about the list (`Date | 01.05.2024`). As wide
    as they are, where it has no data: what programs write for each other (`EXTF | 700 | …`)."""
    widest = len(rows[index])
    for later in range(index + 1, min(len(rows), HEADER_WITHIN)):
        cells = rows[later]
        words = sum(1 for cell in cells if HEADER_WORD.search(cell))
        wider = len(cells) > widest or len(cells) == widest and not any(map(is_data, cells))
        if wider and words >= 2 and words * 3 >= len(cells) and _names_columns(cells):
            return later
        widest = max(widest, len(cells))
    return None


def _names_columns(cells: list[str]) -> bool:
    """Names, not data. A few numbers (years, quarters) are borne beside words that only headers use."""
    data = sum(map(is_data, cells))
    if not data:
        return True
    if any(HOLDS_NUMBER.match(cell) or PHONE_LIKE.match(cell) or "@" in cell for cell in cells):
        return False
    return data * 2 <= len(cells) and sum(1 for cell in cells if HEADER_WORD.search(cell)) * 2 >= len(cells) - data


def _second_header(head: Sequence[Row], index: int) -> bool:
    """Whether the row after `index` goes on with names: text where the column below is data, and header words
    or names under titles that span several columns."""
    if index + 2 >= len(head) or head[index + 1].number != head[index].number + 1:
        return False
    upper, lower = head[index].cells, head[index + 1].cells
    filled = [(i, cell.strip()) for i, cell in enumerate(lower) if cell.strip()]
    if not filled or any(is_data(cell) for _, cell in filled):
        return False
    data_columns = _data_columns(head[index + 2 :])
    if not any(i in data_columns for i, _ in filled):
        return False
    words = sum(1 for _, cell in filled if HEADER_WORD.search(cell))
    below_gaps = any(i >= len(upper) or not upper[i].strip() for i, _ in filled)
    return words * 2 >= len(filled) or (below_gaps and words > 0)


def _data_columns(rows: Sequence[Row]) -> set[int]:
    """Columns whose cells are mostly data-like."""
    width = max(len(row.cells) for row in rows)
    columns = set()
    for index in range(width):
        cells = [row.cells[index].strip() for row in rows[:30] if index < len(row.cells) and row.cells[index].strip()]
        if cells and sum(map(is_data, cells)) * 10 >= len(cells) * 6:
            columns.add(index)
    return columns
