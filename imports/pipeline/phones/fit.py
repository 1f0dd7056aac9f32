"""How well the numbers of a column fit a country: can be called there, are mobiles there, stand in its groups.

Only numbers that do not say their dialing code are looked at. `Fit` is exact, by the rules that the check uses; `likely_fits`
looks at every country of the world quickly, by the library's expressions alone, to find those worth an exact look.
"""

import re
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

import phonenumbers
from phonenumbers import COUNTRY_CODE_TO_REGION_CODE

from .batch import normalise_column
from .characters import fold
from .kinds import kinds_of
from .metadata import code_of, national_prefix, region_metadata
from .patterns import union
from .phone_format import PhoneFormat

GROUPED_CELLS = 60
LONGEST = 40  # characters; longer texts hold more than a number
_GROUP = re.compile(r"[0-9]++")


class Fit(NamedTuple):
    """Shares (0..1) of the numbers looked at: `callable` in the region; `mobile` there beyond doubt; `either`, where the
    country's numbers do not tell mobiles from fixed lines; `grouped` as the region writes its numbers."""

    region: str
    callable: float
    mobile: float
    either: float
    grouped: float

    @property
    def personal(self) -> float:
        """The share that may be somebody's own phone."""
        return self.mobile + self.either


def fit(texts: Sequence[str], region: str) -> Fit:
    """How the texts fit the region when read as dialled inside it."""
    if not texts:
        return Fit(region, 0.0, 0.0, 0.0, 0.0)
    results = normalise_column(texts, PhoneFormat("national", region))
    called = [result.e164 for result in results if result.e164]
    kinds = [kind for kind, _ in kinds_of(called)]
    grouped = [text for text, result in zip(texts, results) if result.e164][:GROUPED_CELLS]
    total = len(texts)
    return Fit(
        region,
        len(called) / total,
        kinds.count("mobile") / total,
        kinds.count("mobile_or_fixed") / total,
        sum(is_grouped_as(text, region) for text in grouped) / max(1, min(total, GROUPED_CELLS)),
    )


@lru_cache(maxsize=8192)
def is_grouped_as(text: str, region: str) -> bool:
    """Whether the digits stand in the groups that the region writes, whatever separates them: `06.12.34.56.78`."""
    text = text if text.isascii() else fold(text[:LONGEST])[0]
    groups = _GROUP.findall(text)
    if len(groups) < 2 or len(text) > LONGEST:
        return False
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return False
    shown = _GROUP.findall(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL))
    return groups == shown or groups == _without_trunk(shown, region)


def _without_trunk(groups: list[str], region: str) -> list[str]:
    trunk = national_prefix(region)
    if not trunk or not groups or not groups[0].startswith(trunk):
        return groups
    first = groups[0].removeprefix(trunk)
    return [first, *groups[1:]] if first else groups[1:]


def likely_fits(numbers: Sequence[str], least: float) -> list[tuple[str, float, float]]:
    """(region, share that looks callable, share that looks mobile) of each dialing code of which `least` looks callable.

    `numbers` are dialled digits without a dialing code.
    """
    found = []
    for region in main_regions():
        seen = _exact_looks(numbers, region) if _is_rewritten(region) else [_looks(number, region) for number in numbers]
        callable_share = sum(map(bool, seen)) / max(1, len(seen))
        if callable_share >= least:
            found.append((region, callable_share, seen.count("mobile") / len(seen)))
    return found


def _exact_looks(numbers: Sequence[str], region: str) -> list[str]:
    results = normalise_column(numbers, PhoneFormat("national", region))
    kinds = iter(kinds_of([result.e164 for result in results if result.e164]))
    return [next(kinds)[0] if result.e164 else "" for result in results]


@cache
def _is_rewritten(region: str) -> bool:
    """Numbers are not dialled at home as their expressions say: an Argentinian mobile has its 15 in the middle."""
    return bool(region_metadata(region).national_prefix_transform_rule)


def _looks(number: str, region: str) -> str:
    """'mobile', 'fixed', 'either' or '' for a number dialled in the region, with or without its trunk prefix."""
    mobile, fixed = _patterns(region)
    for national in {number, number.removeprefix(national_prefix(region))}:
        as_mobile, as_fixed = mobile.fullmatch(national), fixed.fullmatch(national)
        if as_mobile or as_fixed:
            return "either" if as_mobile and as_fixed else "mobile" if as_mobile else "fixed"
    return ""


@cache
def _patterns(region: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """The expressions for mobiles and for fixed lines of all regions with this region's dialing code."""
    code = phonenumbers.country_code_for_region(region)
    everywhere = [region_metadata(name) for name in COUNTRY_CODE_TO_REGION_CODE[code] if name != "001"]
    mobile, fixed = (re.compile(union(everywhere, (kind,)), re.ASCII) for kind in ("mobile", "fixed_line"))
    return mobile, fixed


@cache
def main_regions() -> tuple[str, ...]:
    """One region per dialing code: those that share one give the same numbers."""
    return tuple(regions[0] for regions in COUNTRY_CODE_TO_REGION_CODE.values() if regions[0] != "001")


def same_country(one: str, other: str) -> bool:
    """Whether both regions give the same numbers."""
    return code_of(one) == code_of(other)


def among(region: str, regions: Iterable[str]) -> bool:
    return any(same_country(region, other) for other in regions)
