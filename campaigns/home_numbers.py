"""Numbers that a service tells without their country, as they are dialed at home (`0532 …`, `532 …`). Pure.

Whose such a number is, is told by evidence alone: by the lead as we sent it, or by the one country of all numbers that we have
sent into its campaign. Without that it is doubtful, and nothing is deleted for it.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from campaigns.whattalk import resources

# ITU-T E.164: dialing codes of one and of two digits; all others have three, and none begins another one.
ONE_DIGIT = frozenset("17")
TWO_DIGITS = frozenset(
    "20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 66 81 82 84 86 90 91 92 93 94 95 98".split()
)
FEWEST_DIGITS = 7  # of a number without its country: fewer are an extension, or a part
FEWEST_WITH_COUNTRY = 12  # digits that certainly begin with a country
TRUNKS = ("8",)  # that are dialed at home before the number, beside zeros


def dialing_code(number: str) -> str:
    """Of a number in E.164."""
    digits = number.removeprefix("+")
    return digits[:1] if digits[:1] in ONE_DIGIT else digits[:2] if digits[:2] in TWO_DIGITS else digits[:3]


def at_home(number: str) -> str:
    """The digits of a number in E.164 after its dialing code, without zeros before them."""
    return number.removeprefix("+").removeprefix(dialing_code(number)).lstrip("0")


def is_international(told: str) -> bool:
    """Whether a number names its country for certain."""
    return told.strip().startswith(("+", "00"))


def may_lack_country(told: str) -> bool:
    """Whether a number may have been told without its country: of many digits only the + is missing."""
    digits = resources.digits(told)
    return not is_international(told) and (digits.startswith("0") or len(digits) < FEWEST_WITH_COUNTRY)


def may_be(told: str, number: str) -> bool:
    """Whether a number that was told without its country may be this one in E.164."""
    return not is_international(told) and at_home(number) in _read_at_home(told)


def matches(told: Iterable[str], wanted: Mapping[str, Collection[str]]) -> set[str]:
    """Those of the `wanted` numbers (`by_home`) that may be among the told ones, without their country."""
    return {number for one in told for ending in _read_at_home(one) for number in wanted.get(ending, ())}


def by_home(numbers: Iterable[str]) -> dict[str, list[str]]:
    """Numbers in E.164, by what is dialed at home."""
    found: dict[str, list[str]] = {}
    for number in numbers:
        found.setdefault(at_home(number), []).append(number)
    return found


def possible(told: Iterable[str], countries: Collection[str]) -> dict[str, list[str]]:
    """Told number → the numbers in E.164 that it may be, of those that do not name their country for certain. `countries`: dialing codes
    that are thought of; none: all."""
    codes = sorted(countries) or ALL_CODES
    return {
        one: [f"+{code}{ending}" for ending in _read_at_home(one) for code in codes]
        for one in told
        if not is_international(one) and not _seems_whole(one, countries)
    }


def _seems_whole(told: str, countries: Collection[str]) -> bool:
    """Whether only the + is missing."""
    digits = resources.digits(told)
    if countries:
        return any(digits.startswith(code) and len(digits) - len(code) > FEWEST_DIGITS for code in countries)
    return len(digits) >= LONGEST_AT_HOME and not digits.startswith("0")


ALL_CODES = sorted(
    {dialing_code(f"{first}{rest:02}") for first in range(1, 10) for rest in range(100)}
)  # every combination that may be one
LONGEST_AT_HOME = 11  # digits, a zero before it included


def _read_at_home(told: str) -> Iterator[str]:
    digits = "".join(c for c in told if c in "0123456789").lstrip("0")
    for trunk in ("", *TRUNKS):
        if digits.startswith(trunk) and len(digits) - len(trunk) >= FEWEST_DIGITS:
            yield digits.removeprefix(trunk)


def recognised(told: str, number: str, country: str, ours: Collection[str] = ()) -> bool:
    """Whether evidence says that a told number is this one: `ours`, what we sent in its place, or `country`, the dialing code of all
    numbers that we have sent there ('' where they are of several, or none)."""
    if any(resources.without_country(told, known) for known in ours):
        return number in ours
    return may_be(told, number) and country == dialing_code(number)


def contact_texts(contacts: Iterable[Mapping[str, Any]]) -> list[str]:
    """The numbers of secondary contacts as they were told."""
    return [resources.text_of(one.get("phone_number")) for one in contacts if isinstance(one, Mapping)]
