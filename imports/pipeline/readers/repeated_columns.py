"""Groups of columns that repeat on one sheet, by their headers or, without headers, by what their cells look like."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from imports.pipeline.cell_patterns import HOLDS_NUMBER, folded

LEAST_GROUP = 2  # columns: names and numbers
SHAPE = 0.6  # the same where no header says what a column is
TENTH = 10
RUNNING = re.compile(r"\d{1,7}\.?$")
LETTER = re.compile(r"[^\W\d_]")
UNNAMED = "\0"


@dataclass(frozen=True)
class Lists:
    """`columns[k]` are the sheet's columns (0-based) that make a row of list k, -1 for none; all are equally long. `own[k]` are
    those that no other list has: list k has no row where they are blank. `starts[k]` is the first of them."""

    columns: tuple[tuple[int, ...], ...]
    own: tuple[tuple[int, ...], ...]

    @property
    def starts(self) -> list[int]:
        return [own[0] for own in self.own]


def header_keys(names: list[str], columns: list[list[str]]) -> list[str]:
    return [key_of(name) if name else UNNAMED if any(cells) else "" for name, cells in zip(names, columns)]


def key_of(name: str) -> str:
    """The same for 'Tel', 'Tel 2', 'Tel (2)', 'tel_2' and '2. Tel'."""
    return " ".join(re.findall(r"[^\W\d_]+", folded(name))) or UNNAMED


def shape_of(cells: list[str]) -> str:
    """What a column without a name holds: 'phone', 'running' numbers, 'text', 'other', '' nothing."""
    filled = [cell for cell in cells if cell]
    if not filled:
        return ""
    if is_running(filled):
        return "running"
    if share(filled, HOLDS_NUMBER.match) >= SHAPE:
        return "phone"
    return "text" if share(filled, lambda cell: LETTER.search(cell) and "@" not in cell) >= SHAPE else "other"


def repeated(keys: list[str]) -> Lists | None:
    """The widest run of groups with equal keys, of at least two columns each that are not all alike."""
    filled = [i for i, key in enumerate(keys) if key]
    named = [keys[i] for i in filled]
    found = [
        (times * size, -size, -start)
        for start in range(len(named))
        for size in range(LEAST_GROUP, (len(named) - start) // 2 + 1)
        if (times := _times(named[start:], size)) > 1
    ]
    if not found:
        return _uneven(keys, filled)
    covered, size, start = map(abs, max(found))
    return _lists([filled[begin : begin + size] for begin in range(start, start + covered, size)], filled)


def _times(keys: list[str], size: int) -> int:
    """How often the first `size` keys follow each other."""
    group = keys[:size]
    if len(set(group)) == 1:
        return 1
    times = 1
    while keys[times * size : (times + 1) * size] == group:
        times += 1
    return times


def _uneven(keys: list[str], filled: list[int]) -> Lists | None:
    """Groups that begin alike, one of which has columns that others lack: `Ad;Tel;Şehir;Ad;Tel`."""
    named = [keys[i] for i in filled]
    for start, lead in enumerate(named):
        begins = [n for n in range(start, len(named)) if named[n] == lead]
        parts = [filled[begin:end] for begin, end in zip(begins, [*begins[1:], len(named)])]
        common = 0
        while all(common < len(part) for part in parts) and len({keys[part[common]] for part in parts}) == 1:
            common += 1
        if len(parts) > 1 and common >= LEAST_GROUP and len({keys[i] for i in parts[0][:common]}) > 1:
            return _lists([part[:common] for part in parts], filled)
    return None


def _lists(groups: list[list[int]], filled: list[int]) -> Lists:
    """What stands left and right of the groups belongs to every list; what stands between two of them, to the first of these."""
    first, last = groups[0][0], groups[-1][-1]
    in_groups = {i for group in groups for i in group}
    left, right = [i for i in filled if i < first], [i for i in filled if i > last]
    between = [i for i in filled if first < i < last and i not in in_groups]
    ends = [group[0] for group in groups[1:]] + [last]
    columns = [(*left, *group, *(i if group[0] < i < end else -1 for i in between), *right) for group, end in zip(groups, ends)]
    own = [(*group, *(i for i in between if group[0] < i < end)) for group, end in zip(groups, ends)]
    return Lists(tuple(columns), tuple(own))


def is_running(filled: list[str]) -> bool:
    """1, 2, 3 …, with a dot or without."""
    if not filled or not all(map(RUNNING.match, filled)):
        return False
    numbers = [int(cell.rstrip(".")) for cell in filled]
    steps = sum(after == before + 1 for before, after in zip(numbers, numbers[1:]))
    return steps * TENTH >= 9 * (len(numbers) - 1) and numbers[0] < 10**6


def share(cells: list[str], test: Callable[[str], object]) -> float:
    return sum(1 for cell in cells if test(cell)) / len(cells)
