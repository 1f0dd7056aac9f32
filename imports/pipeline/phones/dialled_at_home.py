"""Digits that reach a phone inside some country as they stand."""

import re
from functools import lru_cache

import phonenumbers

from .metadata import region_metadata

LONGEST_PLAIN_FIXED_LINE = 10  # longer fixed lines (Germany, Austria) are written with their trunk zero


def dialled_at_home(digits: str) -> bool:
    """Whether these digits alone reach a phone inside some country, without trunk prefix.

    Mobiles everywhere; fixed lines too where the digits are few enough to be one.
    """
    pattern = _home_pattern(len(digits))
    return bool(pattern and pattern.fullmatch(digits))


@lru_cache(maxsize=None)
def _home_pattern(length: int) -> re.Pattern[str] | None:
    patterns: set[str] = set()
    for region in phonenumbers.SUPPORTED_REGIONS:
        metadata = region_metadata(region)
        kinds = (metadata.mobile, metadata.fixed_line) if length <= LONGEST_PLAIN_FIXED_LINE else (metadata.mobile,)
        fitting = [kind for kind in kinds if kind and length in kind.possible_length]
        patterns |= {kind.national_number_pattern for kind in fitting if kind.national_number_pattern}
    return re.compile("|".join(sorted(patterns))) if patterns else None
