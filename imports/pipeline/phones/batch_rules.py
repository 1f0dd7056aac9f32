"""What decides of cells in a column without the library: whether their digits are one number, and their repairs."""

from collections.abc import Callable

from .parsing import repairs_of_prefix, trunk_repairs
from .possible import could_be_parted
from .refusals import is_octets
from .shapes import CLOSER, DECIDING_ZEROS, Written
from .why_not import LONG_ENOUGH_FOR_JUNK

# National numbers of one digit repeated: valid by their pattern, and nobody's.
JUNK = frozenset(digit * length for digit in "0123456789" for length in range(LONG_ENOUGH_FOR_JUNK, 18))


def is_in_doubt(verdict: int, dialled: str) -> bool:
    """Whether the digits of a cell must be looked at, for its shape does not say that they are one number."""
    if verdict < CLOSER:
        return False
    zero = DECIDING_ZEROS[verdict]
    return not zero or dialled[0] != "0" and dialled[zero : zero + 1] == "0"


def is_surely_one(text: str, dialled: str, written: Written, region: str | None, is_whole: bool = False) -> bool:
    """Whether the digits of a cell stand for nothing but one number; `is_whole` as in `could_be_parted`."""
    if written.octets and is_octets(text):
        return False
    cuts = written.cuts
    if cuts is None or cuts.zero and (dialled[0] == "0" or dialled[cuts.zero : cuts.zero + 1] != "0"):
        return True
    return not could_be_parted(dialled, cuts, region, is_whole)


class RepairsByPrefix(dict[str, tuple[str, ...]]):
    """What stood before a national number → all repairs, those a cell has had already first."""

    def __init__(self, before: tuple[str, ...], of_prefix: Callable[[str], tuple[str, ...]]) -> None:
        super().__init__()
        self._before, self._of_prefix = before, of_prefix

    def __missing__(self, prefix: str) -> tuple[str, ...]:
        self[prefix] = repairs = self._before + self._of_prefix(prefix)
        return repairs


def repairs_at_home(prefix: str, code: str) -> tuple[str, ...]:
    if prefix.startswith("00" + code):
        return ("international_prefix_replaced", *trunk_repairs(prefix.removeprefix("00" + code)))
    return repairs_of_prefix(prefix, code)
