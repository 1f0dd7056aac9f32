"""Blocks of plain sheet XML → rows of text.

Most rows of a table have one shape, so a block is first taken apart by an expression made for the columns seen so
far, which reads it a column at a time. A block with a row of any other shape is read cell by cell. Either way every
row and cell of the block is accounted for, or it is OddXml.
"""

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from operator import lt

from imports.pipeline.readers.cell_text import SHORT_NUMBER, Shown, plain_number, truth
from imports.pipeline.readers.column_letters import MOST_COLUMNS, column_index
from imports.pipeline.readers.table import Row, UnreadableFile
from imports.pipeline.readers.zip_safety import MOST_ROWS

from .parts import is_plain, unescaped
from .shared_strings import SharedStrings, rich_text
from .xml import OddXml

FORMULA = r"(?:<f(?:>| [^>]*+>)(?:(?<=/>)|[^<]*+</f>))?+"
# A cell: column letters, attributes, then value or plain inline text, or anything else; or the attributes of a row.
CELL = re.compile(
    rf'<c r="([A-Z]{{1,3}})\d+"([^/>]*)(?:/>|>{FORMULA}'
    r"(?:<v>([^<]*)</v></c>|<is><t(?: [^>]*)?>([^<]*)</t></is></c>|</c>|(.*?)</c>))"
    r"|<row ([^>]*)>",
    re.DOTALL,
)
FILLED = re.compile(r'<c r="([A-Z]{1,3})\d+"[^/>]*>')
ATTRIBUTE = re.compile(r'(?<!\w)(\w++)="([^"]*)"')
ROW_NUMBER = re.compile(r'(?:^|\s)r="(\d+)"')
VALUE = re.compile(r"<v(?: [^>]*)?>([^<]*)</v>")
UNCALCULATED = re.compile(r"(?:</f>|<f[^<>]*/>)(?:<v/>|<v></v>)?</c>")
ShownText = Callable[[str], str]
NEW_ROW = tuple.__new__  # Row(number, cells), at half its price
MOST_MISFITS = 3  # blocks in a row that do not fit before the quick way is given up


class RowReader:
    """Rows of one sheet, block after block. `uncalculated` counts formulas without a result as they pass."""

    def __init__(self, strings: SharedStrings, formats: list[Shown]):
        self._kinds = _Kinds(strings, formats)
        self._columns: dict[str, int] = {}  # letters → index, of the columns that hold anything
        self._width = 1
        self._last = 0
        self._misfits = 0
        self._plain = True  # no formulas and no texts outside the shared strings, so far
        self.uncalculated = 0

    def rows(self, block: str) -> list[Row]:
        """Raises OddXml when something in the block is not accounted for."""
        if not self._columns:
            self._look_at_columns(block)
        rows = self._by_column(block) if self._columns and self._misfits < MOST_MISFITS else None
        if rows is None:
            rows = self._by_cell(block)
        if not self._plain:
            self.uncalculated += len(UNCALCULATED.findall(block))
        return rows

    def _look_at_columns(self, block: str) -> None:
        for letters in set(FILLED.findall(block)):
            if (index := column_index(letters)) < MOST_COLUMNS:
                self._columns[letters] = index

    def _by_column(self, block: str) -> list[Row] | None:
        """All rows of a block that fit the usual shape, None when one does not."""
        letters = tuple(sorted(self._columns, key=self._columns.__getitem__))
        found = self._fitting(letters, block)
        if not found:
            return None
        numbers, *parts = zip(*found)
        blank = ("",) * len(found)
        table: list[Sequence[str]] = [blank] * (1 + self._columns[letters[-1]])
        for column, attrs, values in zip(letters, parts[0::2], parts[1::2]):
            table[self._columns[column]] = self._shown(attrs, values)
        return [NEW_ROW(Row, pair) for pair in zip(self._numbers(numbers), map(list, zip(*table)))]

    def _fitting(self, letters: tuple[str, ...], block: str) -> list[tuple[str, ...]]:
        """Number, then attributes and value by column, of each row, if all fit: as values alone, or with formulas and
        texts of their own."""
        rows = block.count("<row ")
        for plain in (True, False) if self._plain else (False,):
            found = row_expression(letters, plain).findall(block)
            if len(found) == rows:
                self._plain, self._misfits = plain, 0
                return found
        self._plain = False
        self._misfits += 1
        return []

    def _shown(self, attrs: Sequence[str], values: Sequence[str]) -> Sequence[str]:
        """One column of a block as text."""
        if attrs.count(attrs[0]) == len(attrs) and "" not in values:
            return self._kinds.column(attrs[0], values)
        return self._kinds.mixed_column(attrs, values)

    def _numbers(self, texts: Sequence[str]) -> list[int]:
        """Row numbers, which must rise. Raises UnreadableFile."""
        numbers = list(map(int, texts))
        if numbers[0] <= self._last or not all(map(lt, numbers, numbers[1:])):
            raise UnreadableFile("file_damaged")
        if numbers[-1] > MOST_ROWS:
            raise UnreadableFile("sheet_too_long", rows=numbers[-1], limit=MOST_ROWS)
        self._last = numbers[-1]
        return numbers

    def _by_cell(self, block: str) -> list[Row]:
        found = CELL.findall(block)
        if len(found) != block.count("<c ") + block.count("<row ") or "<c>" in block or "<row>" in block:
            raise OddXml
        rows: list[Row] = []
        cells: list[str] = []
        for letters, attrs, value, inline, other, row in found:
            if row:
                cells = [""] * self._width
                rows.append(Row(self._number(row), cells))
            elif value or inline:
                self._place(cells, letters, self._kinds[attrs](value or inline))
            elif other:
                self._place(cells, letters, self._complex(other, attrs))
        return rows

    def _number(self, attrs: str) -> int:
        found = ROW_NUMBER.search(attrs)
        if not found:
            raise OddXml
        return self._numbers([found[1]])[0]

    def _place(self, cells: list[str], letters: str, text: str) -> None:
        """Puts a text where the row may not reach yet. A cell far to the right widens its own row only."""
        column = column_index(letters) if letters not in self._columns else self._columns[letters]
        if column >= len(cells):
            cells.extend([""] * (column + 1 - len(cells)))
        if column < MOST_COLUMNS:
            self._columns[letters] = column
            self._width = max(self._width, column + 1)
        cells[column] = text

    def _complex(self, content: str, attrs: str) -> str:
        """A cell that holds more than a value or a plain text: rich text, or a formula written in an odd way."""
        found = VALUE.search(content)
        if not found or "inlineStr" in attrs and "<t" in content:
            return unescaped(rich_text(content))
        return self._kinds[attrs](found[1]) if found[1] else ""


@lru_cache(maxsize=64)
def row_expression(letters: tuple[str, ...], plain: bool) -> re.Pattern[str]:
    """Matches a row that has cells in no other columns than `letters`: its number, then attributes and value of each.

    Nothing in it can match in two ways, so all its repeats are possessive: it never goes back.
    """
    value = "<v>([^<]*+)</v>" if plain else FORMULA + "(?:(?:<v>|<is><t(?: [^>]*+)?+>)([^<]*+)(?:</v>|</t></is>))?+"
    cells = "".join(rf'(?:<c r="{column}\d++"([^>]*+)>(?:(?<=/>)|{value}</c>|</c>))?+' for column in letters)
    return re.compile(rf'<row r="(\d++)"[^>]*+>(?:(?<=/>)|{cells}</row>)')


class _Kinds(dict[str, ShownText]):
    """The attributes of a cell, as written → the function that shows its value."""

    def __init__(self, strings: SharedStrings, formats: list[Shown]):
        self._strings = strings
        self._formats = formats

    def column(self, attrs: str, values: Sequence[str]) -> Sequence[str]:
        """Many values of one kind."""
        show = self[attrs]
        if show == self._strings.text:
            return self._strings.texts(values)
        if show is plain_number:
            is_short = SHORT_NUMBER.match
            return [value if is_short(value) else plain_number(value) for value in values]
        if show is unescaped and is_plain("".join(values)):
            return values
        return list(map(show, values))

    def mixed_column(self, attrs: Sequence[str], values: Sequence[str]) -> list[str]:
        """Values of several kinds, '' where there is none."""
        shared = {kind for kind in set(attrs) if self[kind] == self._strings.text}
        known = self._strings.known
        try:
            return [
                "" if not value else known[int(value)] if kind in shared else self[kind](value)
                for kind, value in zip(attrs, values)
            ]
        except IndexError:
            return [self[kind](value) if value else "" for kind, value in zip(attrs, values)]

    def __missing__(self, attrs: str) -> ShownText:
        named = dict(ATTRIBUTE.findall(attrs))
        self[attrs] = show = self._show(named.get("t", "n"), named.get("s", "0"))
        return show

    def _show(self, kind: str, style: str) -> ShownText:
        if kind == "n":
            index = int(style) if style.isdigit() else 0
            return self._formats[index] if index < len(self._formats) else plain_number
        return {"s": self._strings.text, "b": truth, "d": iso_date}.get(kind, unescaped)


def iso_date(text: str) -> str:
    """`2026-05-01T13:30:00Z` → `2026-05-01 13:30`."""
    day, _, time = text.partition("T")
    time = time.rstrip("Z").removesuffix(".000").removesuffix(":00")
    return f"{day} {time}" if time and time != "00:00" else day
