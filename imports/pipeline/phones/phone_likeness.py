"""How much a column looks like phone numbers, and not like dates, running numbers or other digits."""

import re
from collections.abc import Sequence

from .fit import fit
from .guess_sample import Sample
from .guess_thresholds import HALF
from .guessing import suggest_format
from .metadata import national_prefix

RUNNING_NUMBERS = 20  # cells, from which counting upwards is noticed
LESS_LIKELY, UNLIKELY = 0.6, 0.3  # weights of columns that may be something else than phone numbers


def looks_like_phone_share(
    texts: Sequence[str],
    row_regions: Sequence[str | None] | None = None,
    likely_region: str = "TR",
) -> float:
    """How much (0–1) a column looks like phone numbers: the share callable under its likeliest format.

    Columns that only happen to be dialable count less: running numbers, dates without
    separators, digits that fit no country but a distant one and are not written as there.
    """
    sample = Sample(texts, None)
    if not sample.numbers or _are_dates(sample.numbers):
        return 0.0
    suggestion = suggest_format(texts, row_regions, likely_region)
    region, bare = suggestion.phone_format.region, _all_bare(sample)
    if bare and counts_upwards(sample.numbers):
        return suggestion.share * UNLIKELY
    if region is None or region == likely_region or _written_as_in(sample, region):
        return suggestion.share
    return suggestion.share * (LESS_LIKELY if suggestion.sure and bare else UNLIKELY)


def _written_as_in(sample: Sample, region: str) -> bool:
    """Most with the trunk prefix of the country, or with its grouping of digits."""
    trunk = national_prefix(region)
    prefixed = sum(bool(trunk) and number.startswith(trunk) for number in sample.numbers)
    return 2 * prefixed > len(sample.numbers) or fit(sample.texts, region).grouped > HALF


def counts_upwards(numbers: Sequence[str]) -> bool:
    """Whether the cells are running numbers: nearly every step the same small one upwards (or downwards)."""
    values = [int(number) for number in numbers if number.isdigit()]
    if len(values) < RUNNING_NUMBERS:
        return False
    steps = [abs(after - before) for before, after in zip(values, values[1:])]
    return sum(0 < step <= 20 for step in steps) >= 0.9 * len(steps)


def _are_dates(numbers: Sequence[str]) -> bool:
    """20260501 and the like."""
    dates = sum(bool(re.fullmatch(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])", number)) for number in numbers)
    return bool(numbers) and dates >= 0.9 * len(numbers)


def _all_bare(sample: Sample) -> bool:
    """Nothing but digits in every cell, none with a trunk zero: could be numbers of any kind."""
    return all(text.isdigit() and not text.startswith("0") for text in sample.texts)
