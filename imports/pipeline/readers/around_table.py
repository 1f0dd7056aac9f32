"""What stands around a table: worth a note, because it is not imported, or because it makes the header row doubtful."""

from collections.abc import Sequence

from imports.pipeline.cell_patterns import HEADER_WORD, HOLDS_NUMBER, has_number
from imports.pipeline.headers.meaning import meaning
from imports.pipeline.placeholders import means_no_phone
from imports.pipeline.readers.table import Row
from imports.pipeline.reasons import Reason

from .table_end import TableEnd

SHAPE = 0.6  # of a column's filled cells
# These say so inside a longer text too. Not every word that fills a cell alone does: `No` does not, in "Telefon No".
SAYS_NONE = frozenset("yok none null n/a na nil bilinmiyor boş nan".split())


def notes_above(above: Sequence[Row]) -> list[Reason]:
    """About the filled rows above the header."""
    if not above:
        return []
    with_numbers = _rows_with_numbers(above)
    numbers = [Reason("numbers_above_header", {"count": len(with_numbers), "row": with_numbers[0]})] if with_numbers else []
    return [Reason("rows_above_header", {"count": len(above)}), *numbers]


def notes_of(ends: Sequence[TableEnd]) -> list[Reason]:
    """About rows inside and below a table, or several lists, that are no leads."""
    left_out = [row for end in ends for row in end.left_out]
    tables = sorted({row for end in ends for row in end.tables})
    notes = [Reason("rows_left_out_below", {"count": len(left_out), "row": min(left_out)})] if left_out else []
    return [*notes, *(Reason("another_table_below", {"row": row}) for row in tables[:5])]


def doubt_of_header(
    head: Sequence[Row], index: int | None, body: Sequence[Row], width: int, above: Sequence[Row]
) -> Reason | None:
    """Why row `index` of `head` (None: no row) may not be the header row; None: the cells rule that out. Looks at the columns
    in which numbers to call stand: only there does a wrong header row cost a number."""
    columns = [i for i in range(width) if _is_phone_column(body, i)]
    if not columns:
        return None
    if index is None:
        first = [_cell(head[0], i) for i in columns]
        return None if any(map(HOLDS_NUMBER.match, first)) else Reason("header_row_missing", {})
    names, number = [_cell(head[index], i) for i in columns], head[index].number
    if any(map(has_number, names)):
        return Reason("header_holds_number", {"row": number})
    if with_numbers := _rows_with_numbers(above):
        return Reason("numbers_above_header", {"count": len(with_numbers), "row": with_numbers[0]})
    if all(map(_says_nothing, names)) and not _has_header_words(head[index]) or not _has_known_word(head[index]):
        return Reason("header_without_name", {"row": number})
    return None


def _says_nothing(name: str) -> bool:
    """A header without letters, or what people write into the cell of somebody without a phone."""
    return not any(map(str.isalpha, name)) or not SAYS_NONE.isdisjoint(name.casefold().split()) or means_no_phone(name)


def _has_known_word(row: Row) -> bool:
    """Whether any cell says, in a language that we know, what a column holds. Where none does, it may be the first person of a list
    without headers, whose phone cell says in a word that we do not know that there is none."""
    filled = [cell for cell in row.cells if cell.strip()]
    return any(HEADER_WORD.search(cell) or meaning(cell).known for cell in filled)


def _has_header_words(row: Row) -> bool:
    filled = [cell for cell in row.cells if cell.strip() and not _says_nothing(cell)]
    return sum(1 for cell in filled if HEADER_WORD.search(cell)) * 2 >= len(filled) > 0


def _rows_with_numbers(rows: Sequence[Row]) -> list[int]:
    return [row.number for row in rows if any(has_number(cell) or HOLDS_NUMBER.match(cell) for cell in row.cells)]


def _is_phone_column(body: Sequence[Row], column: int) -> bool:
    filled = [cell for row in body if (cell := _cell(row, column))]
    return bool(filled) and sum(1 for cell in filled if HOLDS_NUMBER.match(cell)) >= SHAPE * len(filled)


def _cell(row: Row, column: int) -> str:
    return row.cells[column].strip() if column < len(row.cells) else ""
