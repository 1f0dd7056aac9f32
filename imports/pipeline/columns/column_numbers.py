"""What the numbers of a column show: that they name things, are mobiles, or are those of another column."""

from imports.pipeline.phones.normalise import PhoneFormat, kinds_of, normalise_column

from .cell_profile import share_written_to_call
from .column import Column

MOST = 0.5  # of the cells
LEAST_CELLS = 4  # from which counting upwards, and
ENOUGH_CELLS = 8  # from which one beginning in all cells is noticed
COPIES = 0.8  # of the rows filled in both columns hold the same number


def names_things(column: Column) -> bool:
    """Numbers that count upwards, or of which half stand there more than once: a machine gave them out."""
    filled = [text for text in column.texts if text]
    digits = [int(number) for text in filled if (number := _digits(text)) and len(number) <= 18]
    steps = [abs(after - before) for before, after in zip(digits, digits[1:])]
    if len(filled) < LEAST_CELLS:
        return False
    if share_written_to_call(column.texts) >= MOST:
        return len(set(filled)) <= MOST * len(filled)
    counts = len(steps) >= LEAST_CELLS - 1 and sum(0 < step <= 20 for step in steps) >= 0.9 * len(steps)
    return counts or len(set(filled)) <= MOST * len(filled)


def begin_alike(column: Column) -> bool:
    """Nearly all bare numbers begin with the same two digits, which those of people do not."""
    beginnings = [_digits(text).lstrip("0")[:2] for text in column.texts if text]
    return len(beginnings) >= ENOUGH_CELLS and max(map(beginnings.count, set(beginnings))) >= 0.95 * len(beginnings)


def mobile_share(column: Column, region: str) -> float:
    """The share (0..1) of filled cells that are mobiles, as dialled in `region` or with their dialing code."""
    filled = [text for text in column.texts if text]
    results = normalise_column(filled, PhoneFormat("national", region))
    kinds = [kind for kind, _ in kinds_of([result.e164 for result in results if result.e164])]
    return sum(kind.startswith("mobile") for kind in kinds) / max(1, len(filled))


def _digits(text: str) -> str:
    return "".join(char for char in text if char.isdigit() and char.isascii())


def same_numbers(one: Column, other: Column) -> bool:
    """Both columns hold the same numbers where both are filled (billing and shipping phone)."""
    pairs = [(a, b) for a, b in zip(one.texts, other.texts) if a and b]
    return bool(pairs) and sum(_tail(a) == _tail(b) for a, b in pairs) >= COPIES * len(pairs)


def _tail(text: str) -> str:
    return "".join(char for char in text if char.isdigit())[-9:]
