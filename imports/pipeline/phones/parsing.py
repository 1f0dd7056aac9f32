"""From dialled digits to E.164, one number at a time: the phonenumbers library and the rules of this package.

Rules: after `+` or `00` the dialing code follows; otherwise the number belongs to the region
given. Every way of reading the digits is tried, and a number is taken only when all ways
that give a valid number give the same one. No digit is added but the region's dialing code.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberType

from imports.pipeline.reasons import Reason

from .cleaning import Cleaned
from .dialled_at_home import dialled_at_home
from .metadata import belongs_to_no_country, code_of, region_metadata
from .phone_format import PhoneResult
from .why_not import LONG_ENOUGH_FOR_JUNK, why_not

UNKNOWN = PhoneNumberType.UNKNOWN
REFUSED_TYPES = {
    PhoneNumberType.PREMIUM_RATE: "phone_premium",
    PhoneNumberType.SHARED_COST: "phone_shared_cost",
    PhoneNumberType.TOLL_FREE: "phone_service",
    PhoneNumberType.UAN: "phone_service",
    PhoneNumberType.PAGER: "phone_pager",
    PhoneNumberType.VOICEMAIL: "phone_pager",
    PhoneNumberType.PERSONAL_NUMBER: "phone_personal",
}
MOBILE_TYPES = frozenset({PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE})
SHORTEST_WITHOUT_PLUS = 10  # digits, below which a forgotten + is not believed
# Argentina: a mobile is dialled 0343 15 555 1212 at home and +54 9 343 555 1212 from abroad.
MOBILE_PREFIX_REWRITTEN = frozenset({"54"})
# Mexico: until 2019 a mobile was dialled +52 1 …, and contact lists still say so.
LEGACY_PREFIXES = ("+521",)

# The library's expressions stay compiled, of however many countries the numbers of a file are.
phonenumbers.enable_pattern_cache()


class Reading(NamedTuple):
    """One way to read the digits as a valid number: its parts, its PhoneNumberType, the repairs this way takes."""

    dialing_code: str
    national: str
    kind: int
    repairs: tuple[str, ...]

    @property
    def e164(self) -> str:
        return f"+{self.dialing_code}{self.national}"


def read(cleaned: Cleaned, region: str | None) -> PhoneResult:
    """The E.164 of what was cleaned, for a region (or None), or the reason why not."""
    return decide(distinct(all_readings(cleaned, region)), cleaned, region)


def decide(readings: list[Reading], cleaned: Cleaned, region: str | None) -> PhoneResult:
    """The same of all its distinct readings."""
    if len(readings) > 1:
        first, second = sorted(reading.e164 for reading in readings)[:2]
        return _refused(Reason("phone_ambiguous", {"first": first, "second": second}))
    if not readings:
        return _refused(why_not(cleaned.dialled, region))
    reading = readings[0]
    reason = _refusal(reading, cleaned.dialled, region)
    return _refused(reason) if reason else PhoneResult(reading.e164, cleaned.repairs + reading.repairs, None)


def _refused(reason: Reason) -> PhoneResult:
    return PhoneResult("", (), reason)


def all_readings(cleaned: Cleaned, region: str | None) -> list[Reading]:
    """Every way to read the digits as a valid number; a zero in brackets is dialled in one and dropped in another."""
    readings = list(_readings(cleaned.dialled, region))
    zero = cleaned.doubtful_zero
    if zero >= 0:
        without = cleaned.dialled[:zero] + cleaned.dialled[zero + 1 :]
        readings += [
            reading._replace(repairs=reading.repairs + ("trunk_zero_removed",)) for reading in _readings(without, region)
        ]
    return readings


def distinct(readings: list[Reading]) -> list[Reading]:
    """One reading of each number."""
    return list({reading.e164: reading for reading in reversed(readings)}.values())


def _readings(dialled: str, region: str | None) -> Iterator[Reading]:
    digits = dialled.lstrip("+")
    if dialled.startswith("+") and not digits.startswith("0"):
        yield from _valid("+" + digits, None, ())
    elif digits.startswith("00"):
        yield from _double_zero_readings(digits, region)
    elif region:
        yield from _national_readings(digits, region, ("plus_removed",) if dialled.startswith("+") else ())
    elif not dialled.startswith("+"):
        yield from _plusless_readings(digits)


def _double_zero_readings(digits: str, region: str | None) -> Iterator[Reading]:
    """An international prefix; or what the region itself dials in its place; or a trunk zero typed twice.

    `00532 123 45 67` is Turkish with a zero too many, or +53 in Cuba. Typed twice is never more
    than a doubt: alone it is not believed.
    """
    abroad = list(_valid("+" + digits.removeprefix("00"), None, ("international_prefix_replaced",)))
    yield from abroad
    if region:
        yield from _valid(digits, region, ())
    if abroad and region and is_home_mobile(digits.removeprefix("00"), region):
        yield from _valid(digits.removeprefix("0"), region, ())


def is_home_mobile(national: str, region: str) -> bool:
    """Whether this is a mobile of a region where one is dialled with a zero before it."""
    mobile = _home_mobile(region)
    return mobile is not None and mobile.fullmatch(national) is not None


@lru_cache(maxsize=None)
def _home_mobile(region: str) -> re.Pattern[str] | None:
    pattern = home_mobile_pattern(region)
    return re.compile(pattern) if pattern else None


@lru_cache(maxsize=None)
def home_mobile_pattern(region: str) -> str:
    """The expression for mobiles of a region whose trunk prefix is zero, '' for other regions."""
    metadata = region_metadata(region)
    mobile = metadata.mobile and metadata.mobile.national_number_pattern
    return mobile if mobile and metadata.national_prefix == "0" else ""


def _national_readings(digits: str, region: str, repairs: tuple[str, ...]) -> Iterator[Reading]:
    """As dialled inside the region; with its dialing code but no `+`; with a zero before that."""
    found = False
    for reading in _valid(digits, region, repairs):
        found = True
        yield reading
    code = code_of(region)
    if digits.startswith(code):
        yield from _valid("+" + digits, None, (*repairs, "plus_added"))
    elif not found and digits.startswith("0" + code) and code != "1":  # 01 33 … is how Mexico once dialled, not +1
        yield from _valid("+" + digits[1:], None, (*repairs, "trunk_zero_removed", "plus_added"))


def _plusless_readings(digits: str) -> Iterator[Reading]:
    """In an international file: the `+` is taken as forgotten only if no country dials these digits at home."""
    if len(digits) >= SHORTEST_WITHOUT_PLUS and not digits.startswith("0") and not dialled_at_home(digits):
        yield from _valid("+" + digits, None, ("plus_added",))


def _valid(dialled: str, region: str | None, repairs: tuple[str, ...]) -> Iterator[Reading]:
    """At most one Reading: what the library makes of it, if that is a valid number."""
    number, kind = _parsed(dialled, region)
    if kind == UNKNOWN and dialled.startswith(LEGACY_PREFIXES):
        number, kind = _parsed(dialled[:3] + dialled[4:], region)
    if number is not None and kind != UNKNOWN:
        code, national = str(number.country_code), phonenumbers.national_significant_number(number)
        yield Reading(code, national, kind, repairs + _repairs_before(dialled, code, national))


def _parsed(dialled: str, region: str | None) -> tuple[phonenumbers.PhoneNumber | None, int]:
    """The library's number and its type, which valid numbers have, and only they; else UNKNOWN."""
    try:
        number = phonenumbers.parse(dialled, region)
    except NumberParseException:
        return None, UNKNOWN
    return number, phonenumbers.number_type(number)


def _repairs_before(dialled: str, dialing_code: str, national: str) -> tuple[str, ...]:
    """The repairs for what the library dropped, or rewrote, before the national number."""
    if not dialled.endswith(national):
        return ("mobile_prefix_rewritten",)
    return repairs_of_prefix(dialled.removesuffix(national), dialing_code)


def repairs_of_prefix(prefix: str, dialing_code: str) -> tuple[str, ...]:
    """What was repaired, judged by the characters that stood before the national number."""
    if prefix.startswith("+"):
        return trunk_repairs(prefix.removeprefix("+").removeprefix(dialing_code))
    if prefix == "0" + dialing_code:
        return ("trunk_zero_removed", "plus_added")
    if prefix.startswith(dialing_code):
        return ("plus_added", *trunk_repairs(prefix.removeprefix(dialing_code)))
    if prefix.endswith(dialing_code):
        return ("international_prefix_replaced",)
    return trunk_repairs(prefix)


def trunk_repairs(trunk: str) -> tuple[str, ...]:
    if not trunk:
        return ()
    return ("trunk_zero_removed",) if trunk == "0" else ("trunk_prefix_removed",)


def _refusal(reading: Reading, dialled: str, region: str | None) -> Reason | None:
    """Why a valid number is still none to call."""
    if len(set(reading.national)) == 1 and len(reading.national) >= LONG_ENOUGH_FOR_JUNK:
        return Reason("phone_repeated_digit", {})
    if not dialled.endswith(reading.national) and reading.dialing_code not in MOBILE_PREFIX_REWRITTEN:
        return Reason("phone_area_code_missing", {"region": region or ""})
    code = REFUSED_TYPES.get(reading.kind)
    if code:
        return Reason(code, {})
    return (
        Reason("phone_satellite", {"dialing_code": reading.dialing_code}) if belongs_to_no_country(reading.dialing_code) else None
    )
