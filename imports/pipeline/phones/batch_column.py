"""The cells of a column, and what is computed for all of them at once."""

from collections.abc import Sequence
from functools import cached_property

from .shapes import VERDICTS

_SHAPE = str.maketrans("012345678", "999999999")
_BARE = {ord(character): None for character in " ().-"}
_NOT_ONE_LINE = "\t"  # stands in for a cell with a line break; like it, never plain


class Column:
    """Cells, and what is found of all of them at once when it is first needed."""

    def __init__(self, texts: Sequence[str]):
        self.texts = texts

    @cached_property
    def lines(self) -> str:
        """One line for each cell."""
        lines = "\n".join(self.texts)
        if lines.count("\n") != len(self.texts) - 1:
            lines = "\n".join(_NOT_ONE_LINE if "\n" in text else text for text in self.texts)
        return lines

    @cached_property
    def verdicts(self) -> list[int]:
        return list(map(VERDICTS.__getitem__, self.lines.translate(_SHAPE).split("\n")))

    @cached_property
    def bare_lines(self) -> str:
        """The lines without the marks that stand between digits."""
        return self.lines.translate(_BARE)

    @cached_property
    def bare(self) -> list[str]:
        return self.bare_lines.split("\n")


def only(texts: Sequence[str], places: Sequence[int]) -> Column:
    return Column(list(map(texts.__getitem__, places)))
