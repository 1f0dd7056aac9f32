"""Why digits are no valid number: no such dialing code, too short, too long, a service number."""

from functools import lru_cache

import phonenumbers
from phonenumbers import NumberParseException, region_code_for_country_code

from imports.pipeline.reasons import Reason

from .metadata import dialing_code_of, national_prefix, region_metadata

LONGEST_SHORT_NUMBER = 6
LONGEST_NO_PHONE = 6  # zeros, which people type where a number is required
LONG_ENOUGH_FOR_JUNK = 7  # digits, from which all digits alike is nobody's number
EMERGENCY_NUMBERS = frozenset({"112", "911", "999", "110"})


def why_not(dialled: str, region: str | None) -> Reason:
    """Why digits that are no valid number are none, as helpfully as lengths allow."""
    digits = dialled.lstrip("+")
    if len(digits) <= LONGEST_NO_PHONE and not digits.strip("0"):
        return Reason("phone_missing", {})
    if len(digits) >= LONG_ENOUGH_FOR_JUNK and not digits.lstrip("0").strip(digits[-1]):
        return Reason("phone_repeated_digit", {})
    if dialled.startswith("+") or digits.startswith("00"):
        return _why_not_international(digits.removeprefix("00"))
    if len(digits) <= LONGEST_SHORT_NUMBER:
        return _why_not_short(digits, region)
    if not region:
        return Reason("phone_no_dialing_code", {})
    return _why_not_length(digits, region)


def _why_not_international(digits: str) -> Reason:
    code = dialing_code_of(digits)
    if not code:
        return Reason("phone_unknown_dialing_code", {})
    region = region_code_for_country_code(int(code))
    if region == "001":
        return Reason("phone_no_such_number", {"region": ""})
    return _why_not_length(digits.removeprefix(code), region)


def _why_not_short(digits: str, region: str | None) -> Reason:
    number = digits.lstrip("0") or digits
    if digits in EMERGENCY_NUMBERS or region and phonenumbers.is_emergency_number(digits, region):
        return Reason("phone_emergency", {"text": digits})
    if region and is_valid_short_number(digits, region):
        return Reason("phone_short_number", {"text": digits})
    return Reason("phone_too_short", {"region": region or "", "digits": len(number)})


def is_valid_short_number(digits: str, region: str) -> bool:
    """Whether these few digits are a service number inside the region, such as 1188."""
    try:
        number = phonenumbers.parse(digits, region)
    except NumberParseException:
        return False
    return phonenumbers.is_valid_short_number_for_region(number, region)


def _why_not_length(national: str, region: str) -> Reason:
    trunk, least, most = _expected(region)
    digits = len(national)
    if trunk and national.startswith(trunk) and (trunk == "0" or digits > most):
        digits -= len(trunk)
    return _reason_of_length(digits, least, most, region)


@lru_cache(maxsize=4096)
def _reason_of_length(digits: int, least: int, most: int, region: str) -> Reason:
    if least <= digits <= most:
        return Reason("phone_no_such_number", {"region": region})
    code = "phone_too_short" if digits < least else "phone_too_long"
    return Reason(code, {"region": region, "digits": digits})


@lru_cache(maxsize=None)
def _expected(region: str) -> tuple[str, int, int]:
    """The region's trunk prefix, and the fewest and most digits of its numbers."""
    lengths = callable_lengths(region)
    return national_prefix(region), lengths[0], lengths[-1]


@lru_cache(maxsize=None)
def callable_lengths(region: str) -> tuple[int, ...]:
    """How many digits the region's mobile and fixed-line numbers have, in order."""
    metadata = region_metadata(region)
    kinds = [kind for kind in (metadata.mobile, metadata.fixed_line) if kind]
    return tuple(sorted({length for kind in kinds for length in kind.possible_length if length > 0}))
