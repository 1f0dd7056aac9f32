"""Column charts: numbers on each other, drawn as rectangles of an SVG that stretches to the room it has."""

from collections.abc import Sequence
from typing import Any, NamedTuple

WIDTH, GAP, HEIGHT = 10.0, 2.0, 100.0  # of a column, of what is between two, and of the tallest one


class Column(NamedTuple):
    """What stands below it, and its parts from below: as many as every other column of the chart has."""

    key: Any
    parts: Sequence[int]

    @property
    def total(self) -> int:
        return sum(self.parts)


class Rect(NamedTuple):
    """One part as it is drawn: the place of its part in the column, and texts with two decimals."""

    part: int
    x: str
    y: str
    width: str
    height: str


def drawn(columns: Sequence[Column]) -> list[tuple[Column, list[Rect]]]:
    """The rectangles of each column, in a picture of `len(columns) * WIDTH` by HEIGHT."""
    most = max((column.total for column in columns), default=0) or 1
    return [(column, _rects(n * WIDTH + GAP / 2, column.parts, most)) for n, column in enumerate(columns)]


def _rects(x: float, parts: Sequence[int], most: int) -> list[Rect]:
    found, top = [], HEIGHT
    for place, n in enumerate(parts):
        if n:
            height = max(n / most * HEIGHT, 1.0)  # what is there is seen
            top = max(0.0, top - height)
            found.append(Rect(place, f"{x:.2f}", f"{top:.2f}", f"{WIDTH - GAP:.2f}", f"{height:.2f}"))
    return found
