"""When compiling the expressions of a region pays off."""

from collections import Counter

ENOUGH_TO_COMPILE = 100  # cells

_cells_seen: Counter[str] = Counter()


def is_worth_compiling(region: str, cells: int) -> bool:
    """Counts the cells of a region; whether there are enough so far that compiling (5 to 70 ms) costs less than calling the library."""
    _cells_seen[region] += cells
    return _cells_seen[region] >= ENOUGH_TO_COMPILE
