"""What most rows of a table are like, as far as the rows about the list differ from it."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from imports.pipeline.cell_patterns import HOLDS_NUMBER
from imports.pipeline.readers.table import Row

from .list_lines import LABEL_OF_A_NUMBER, OWN_PLACE

ALIKE, MOSTLY = 8, 0.95  # numbers, and the share (0..1) of them, from which they are noticed to be written alike
LONGEST_NAME = 60  # characters of a header cell of another table


class Usual(NamedTuple):
    """What most rows of a table are like. `probe` is the column (0-based) with the most numbers to call, None: there is none.
    `filled`: how many cells are; `labels`: the numbers have words before them; `places`: the names are those of places; `shape`:
    how nearly all numbers are written (digits made nines), '' where they are not alike."""

    probe: int | None = None
    filled: int = 1
    labels: bool = False
    places: bool = False
    first: int | None = None  # the first row that has a number there
    shape: str = ""


PLACE_NAME = re.compile(r"(?<!\w)(?:şube|mağaza|bayi|ofis|depo|branch|store|office|filiale)", re.IGNORECASE)


def usual(body: Sequence[Row], width: int) -> Usual:
    """As the first filled rows of a table have it."""
    table = [[cell.strip() for cell in row.cells[:width]] for row in body]
    numbers = [sum(1 for cells in table if i < len(cells) and HOLDS_NUMBER.match(cells[i])) for i in range(width)]
    most = max(numbers, default=0)
    if most * 2 < max(1, sum(map(any, table))):
        return Usual(filled=_median(table), places=_share(table, PLACE_NAME))
    probe = numbers.index(most)
    first = next(row.number for row, cells in zip(body, table) if probe < len(cells) and HOLDS_NUMBER.match(cells[probe]))
    labels = [cells[probe] for cells in table if probe < len(cells) and LABEL_OF_A_NUMBER.match(cells[probe])]
    written = [cells[probe] for cells in table if probe < len(cells) and HOLDS_NUMBER.match(cells[probe])]
    shape, alike = next(iter(Counter(map(shape_of, written)).most_common(1)), ("", 0))
    shape = shape if alike >= max(ALIKE, MOSTLY * len(written)) else ""
    return Usual(probe, _median(table), len(labels) * 5 >= most, _share(table, PLACE_NAME), first, shape)


def shape_of(number: str) -> str:
    return re.sub(r"[0-9]", "9", number)


def _median(table: list[list[str]]) -> int:
    counts = sorted(sum(map(bool, cells)) for cells in table)
    return counts[len(counts) // 2] if counts else 0


def _share(table: list[list[str]], pattern: re.Pattern[str]) -> bool:
    found = sum(any(pattern.search(cell[:LONGEST_NAME]) and not OWN_PLACE.match(cell) for cell in cells) for cells in table)
    return found * 5 >= len(table) > 0
