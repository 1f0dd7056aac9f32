"""When compiling the expressions of a region pays off."""

from collections import Counter

ENOUGH_TO_COMPILE = 100  # cells

_met: Counter[str] = Counter()


def is_worth_compiling(region: str, cells: int) -> bool:
    """Whether there have been cells enough that compiling (5 to 70 ms) is sooner done than asking the library."""
    _met[region] += cells
    return _met[region] >= ENOUGH_TO_COMPILE
