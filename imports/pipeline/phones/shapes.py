"""The shape of a phone cell (every digit replaced by 9) and the verdict shared by all cells of that shape, computed once."""

from typing import NamedTuple

from .cleaning import folded_by_shape, merged, plain_repairs
from .cuts import Cuts, cuts_of
from .refusals import may_be_octets

# A verdict is a place in WRITTEN. The first are those of nearly all cells: digits and nothing else, digits with separators,
# and cells that must be looked at closely.
PLAIN, SEPARATED, CLOSER = range(3)
_SEPARATORS = ("separators_removed",)
_MOST_SHAPES, _LONGEST_SHAPE, _MOST_VERDICTS = 20_000, 60, 5_000


class Written(NamedTuple):
    """The repairs of all cells of a shape. `is_bare`: nothing but ` ().-` stands between the digits. `cuts`: where these may
    be parted, None if nowhere. `octets`: the cell may be an address of a computer."""

    repairs: tuple[str, ...]
    is_bare: bool
    cuts: Cuts | None = None
    octets: bool = False


WRITTEN = [Written((), True), Written(_SEPARATORS, True), Written((), False)]
# By verdict: the place where a digit must be a zero, and the first digit none, for a cell to be more than plainly one number;
# 0 where other things decide.
DECIDING_ZEROS = [0, 0, 0]


class _Verdicts(dict[str, int]):
    """Shape of a cell → verdict."""

    def __missing__(self, shape: str) -> int:
        if len(shape) > _LONGEST_SHAPE:
            return CLOSER
        if len(self) >= _MOST_SHAPES:
            self.clear()
        written = _written(shape)
        self[shape] = verdict = _place(written) if written else CLOSER
        return verdict


VERDICTS = _Verdicts()


def _written(shape: str) -> Written | None:
    repairs = plain_repairs(shape)
    if repairs is not None:
        return Written(repairs, True, cuts_of(shape))
    if may_be_octets(shape):
        return Written(_SEPARATORS, True, cuts_of(shape), octets=True)
    unwrapped = folded_by_shape(shape)
    if unwrapped is None:
        return None
    text, more_repairs = unwrapped
    plain = plain_repairs(text)
    return None if plain is None else Written(merged(more_repairs, plain), False, cuts_of(text))


def _place(written: Written) -> int:
    if written in WRITTEN:
        return WRITTEN.index(written)
    if len(WRITTEN) >= _MOST_VERDICTS:
        return CLOSER
    WRITTEN.append(written)
    DECIDING_ZEROS.append(written.cuts.zero if written.cuts and written.is_bare and not written.octets else 0)
    return len(WRITTEN) - 1
