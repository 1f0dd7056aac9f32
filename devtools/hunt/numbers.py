"""Valid numbers of every region, drawn from the library's own plans: it is the truth about numbers."""

import random
from functools import cache

import phonenumbers
from phonenumbers import PhoneNumberFormat, PhoneNumberType

MOBILE = frozenset({PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE})
FIXED = frozenset({PhoneNumberType.FIXED_LINE, PhoneNumberType.FIXED_LINE_OR_MOBILE})
TRIES = 3000


def mobile(rng: random.Random, region: str) -> str:
    """E.164 of a mobile (of either where the plan does not tell mobiles apart)."""
    return _drawn(rng, region, PhoneNumberType.MOBILE, MOBILE)


def fixed(rng: random.Random, region: str) -> str:
    """E.164 of a landline (of either where the plan does not tell landlines apart)."""
    return _drawn(rng, region, PhoneNumberType.FIXED_LINE, FIXED)


def premium(region: str) -> str:
    """A number that costs extra; of Great Britain where the region has none."""
    number = phonenumbers.example_number_for_type(region, PhoneNumberType.PREMIUM_RATE)
    return e164(number) if number else premium("GB")


def _drawn(rng: random.Random, region: str, kind: int, wanted: frozenset[int]) -> str:
    """An example of the region, all digits but the first few thrown anew until the library says that it is one."""
    code, digits = _example(region, kind)
    for _ in range(TRIES):
        kept = digits[: rng.choice((0, 1, 1, 2, 2, 3))]
        text = code + kept + "".join(rng.choice("0123456789") for _ in range(len(digits) - len(kept)))
        number = phonenumbers.parse(text)
        is_right = phonenumbers.is_valid_number_for_region(number, region) and phonenumbers.number_type(number) in wanted
        if is_right and e164(number) == text:
            return text
    raise RuntimeError(f"no number of {region} was found in {TRIES} tries")


@cache
def _example(region: str, kind: int) -> tuple[str, str]:
    """`+90`, and the digits after it."""
    number = phonenumbers.example_number_for_type(region, kind)
    if number is None:
        raise LookupError(f"the library has no example of kind {kind} in {region}")
    return f"+{number.country_code}", e164(number).removeprefix(f"+{number.country_code}")


def e164(number: phonenumbers.PhoneNumber) -> str:
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def national(number: str) -> str:
    """As its country writes it: `0532 123 45 67`."""
    return phonenumbers.format_number(phonenumbers.parse(number), PhoneNumberFormat.NATIONAL)


def international(number: str) -> str:
    """`+90 532 123 45 67`."""
    return phonenumbers.format_number(phonenumbers.parse(number), PhoneNumberFormat.INTERNATIONAL)


def significant(number: str) -> str:
    """The digits without dialing code and trunk prefix."""
    return phonenumbers.national_significant_number(phonenumbers.parse(number))


def dialing_code(number: str) -> str:
    return str(phonenumbers.parse(number).country_code)


def means(text: str, region: str | None, number: str) -> bool:
    """Whether the library reads `text`, written in `region`, as `number`."""
    try:
        return e164(phonenumbers.parse(text, region)) == number
    except phonenumbers.NumberParseException:
        return False


def is_callable(text: str, region: str) -> bool:
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(text, region))
    except phonenumbers.NumberParseException:
        return False
