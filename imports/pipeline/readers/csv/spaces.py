"""Text whose cells are separated by spaces: two or more of them, or as many as align the columns.

Aligned columns are cut where they begin, so an empty cell moves nothing. A line whose text runs across such a place is
cut by its runs of spaces, if that gives as many cells, and is given up otherwise.
"""

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

SPACES = "  "  # the delimiter "two or more spaces, or aligned columns"
RUN = re.compile(r"(?: |\t){2,}|\t")
LONGEST_LINE_ALIGNED = 2_000  # characters; text in columns is made to be looked at
LEAST_LINES = 3
NEARLY_ALL = 0.9  # of the lines; titles and notes are not aligned
WHOLE_NUMBER = re.compile(r"\+?[\d()\-/.]{10,20}$")
SPACE_QUOTED = re.compile(r'(?m)(?:^| )"[^"\n]* [^"\n]*"(?= |\r?$)')


class Cut(NamedTuple):
    """`starts` are the positions where columns begin; () cuts by runs of spaces. `width` is the number of cells."""

    starts: tuple[int, ...]
    width: int

    def cells(self, line: str) -> list[str] | None:
        """None where a line does not fit the columns."""
        text = line.rstrip()
        if not text:
            return []
        if self.starts and all(start == 0 or text[start - 1 : start] in ("", " ") for start in self.starts):
            return [text[start:end].strip() for start, end in zip(self.starts, (*self.starts[1:], None))]
        cells = RUN.split(text.strip())
        return cells if not self.starts or len(cells) == self.width else None


def cut_by_spaces(lines: Sequence[str]) -> Cut | None:
    """How spaces cut most lines into the same number of cells, two at least; None where they do not."""
    texts = [text for line in lines if (text := line.expandtabs().rstrip()) and len(text) <= LONGEST_LINE_ALIGNED]
    if len(texts) < LEAST_LINES:
        return None
    starts = _starts(texts)
    if len(starts) > 1:
        return Cut(starts, len(starts))
    widths = Counter(len(RUN.split(text.strip())) for text in texts)
    usual, count = widths.most_common(1)[0]
    return Cut((), usual) if usual > 1 and count >= NEARLY_ALL * len(texts) else None


def _starts(texts: list[str]) -> tuple[int, ...]:
    """Where columns begin: after a place that is blank in nearly all lines, and wider than one space in many."""
    blank = [_blanks_at(texts, place) for place in range(max(map(len, texts)))]
    first = next((place for place, share in enumerate(blank) if share < NEARLY_ALL), 0)
    starts = [
        place
        for place in range(first + 1, len(blank))
        if blank[place - 1] >= NEARLY_ALL > blank[place] and _begins_at(texts, place) and _is_wide(texts, place)
    ]
    return (0, *starts)


def _blanks_at(texts: list[str], place: int) -> float:
    return sum(1 for text in texts if text[place : place + 1] in ("", " ")) / len(texts)


def _begins_at(texts: list[str], place: int) -> bool:
    """Cells are aligned to the left: most of them begin here."""
    filled = [text for text in texts if len(text) > place]
    return sum(1 for text in filled if text[place] != " ") * 2 >= len(filled) > len(texts) // 3


def _is_wide(texts: list[str], place: int) -> bool:
    """Spaces fill a column up; inside a number there is one at a time."""
    filled = [text for text in texts if len(text) > place]
    return sum(1 for text in filled if text[max(0, place - 2) : place] == "  ") * 2 >= len(filled)


def single_space_separates(lines: Sequence[str], rows: Sequence[list[str]]) -> bool:
    """Whether single spaces separate cells: they cut `lines` into `rows` that are alike, and cells that hold spaces are quoted or
    one column holds whole numbers."""
    if len(rows) < LEAST_LINES or len({len(cells) for cells in rows}) != 1 or len(rows[0]) < 2:
        return False
    if len(SPACE_QUOTED.findall("".join(lines))) > 1:
        return True
    return any(all(map(WHOLE_NUMBER.match, column)) for column in zip(*rows[1:]))
