"""Numbers in pieces: a list number before a phone number, or something more after it.

The library reads only digits, so `030/9012345/46` and `2. 0151 23456789` are one long number to it. Where the lengths of
numbers are fixed such a number does not exist; in Germany, Austria, Italy, Finland and many other countries it does. So
where digits stand in pieces that may be something else, each reading in pieces is tried besides the whole.
"""

import re
from functools import cache

import phonenumbers
from phonenumbers import PhoneNumberFormat

from imports.pipeline.reasons import Reason

from .cleaning import Cleaned, assembled
from .cuts import Gap, Lead, gaps, is_range, lead_of
from .kinds import is_mobile
from .metadata import metadata_of, national_prefix
from .parsing import MOBILE_TYPES, Reading, all_readings, decide, distinct, read
from .phone_format import PhoneResult
from .refusals import count_digits, echo
from .why_not import why_not

# Where an extension is dialled straight after the number and written after a dash: 089 1234-0.
DIRECT_DIALLING = frozenset({"49", "43"})
LONGEST_SWITCHBOARD = 5  # digits of a group before such a dash; after a longer one, `55-56` are two numbers
LONG_NUMBER, LONGEST_END = (
    5,
    2,
)  # digits of a number that is not grouped, and of what a dash after it puts in place of its last ones
SHORTEST_LISTED = 11  # digits of a number, with dialing code, that is believed after a doubtful list number (`3-0532 …`)
SHORTEST_BEFORE = 6  # digits, below which no number is complete


def read_cell(cleaned: Cleaned, region: str | None) -> PhoneResult:
    """The number of a cell, with every reading in pieces that its writing allows; `region` as in `parsing.read`."""
    if not cleaned.written:
        return read(cleaned, region)
    lead = lead_of(cleaned.written)
    return _read_listed(cleaned, region, lead) if lead else _read_unlisted(cleaned, region)


# --- something before the number ----------------------------------------------------------


def _read_listed(cleaned: Cleaned, region: str | None, lead: Lead) -> PhoneResult:
    """With its first piece as part of the number, and as a list number; both valid and different: ambiguous."""
    whole = _read_unlisted(cleaned, region) if cleaned.unless_listed is None else PhoneResult("", (), cleaned.unless_listed)
    rest = _read_rest(cleaned, region, lead)
    if rest.e164 and "+" in lead.rest:  # `90 - +555 …` may have its plus in the wrong place
        whole = read(Cleaned("+" + cleaned.dialled.replace("+", ""), cleaned.repairs), region)
    if not rest.e164:
        if whole.e164 and lead.is_certain:
            return _refused(echo("phone_two_numbers", cleaned.written))
        return whole
    if not whole.e164:
        # `(8) 777 834 5469 - 8`: with its first piece it is complete before its last, so the first is no list number.
        is_two = whole.reason is not None and whole.reason.code == "phone_two_numbers"
        is_listed = lead.is_certain or count_digits(rest.e164) >= SHORTEST_LISTED and not is_two
        return rest if lead.is_marked and is_listed else whole
    if whole.e164 == rest.e164 or not lead.is_marked and (is_mobile(whole.e164) or not is_mobile(rest.e164)):
        return whole
    first, second = sorted((whole.e164, rest.e164))
    return _refused(Reason("phone_ambiguous", {"first": first, "second": second}))


def _read_rest(cleaned: Cleaned, region: str | None, lead: Lead) -> PhoneResult:
    """What stands after the list number, if it is written as a whole number is."""
    repairs = (*cleaned.repairs, "list_number_removed")
    rest = assembled(lead.rest, [repair for repair in repairs if repair != "separators_removed"])
    if not starts_a_number(rest.dialled, region):
        found = all_readings(rest, region) if lead.is_marked else []
        if not any(reading.kind in MOBILE_TYPES for reading in found):
            return _refused(why_not(rest.dialled, region))
    return _read_unlisted(rest, region)


def starts_a_number(dialled: str, region: str | None) -> bool:
    """Whether digits begin as a whole number does: with a dialing code, or what is dialled before a number at home."""
    if dialled.startswith(("+", "00")):
        return True
    trunk = national_prefix(region) if region else ""
    return dialled.startswith(trunk) if trunk else bool(region)


# --- something after the number -----------------------------------------------------------


def _read_unlisted(cleaned: Cleaned, region: str | None) -> PhoneResult:
    """The whole, unless a part that is complete stands before something separated."""
    readings = distinct(all_readings(cleaned, region))
    glued = echo("phone_two_numbers", cleaned.written)
    if not readings:
        return _refused(glued) if _ends_too_late(cleaned, region) else decide(readings, cleaned, region)
    if len(readings) == 1 and has_many_lengths(readings[0].dialing_code) and _holds_a_complete_one(cleaned, region, readings[0]):
        return _refused(glued)
    return decide(readings, cleaned, region)


def _ends_too_late(cleaned: Cleaned, region: str | None) -> bool:
    """Whether the whole is no number because something stands after one."""
    return any(_is_complete(gap.before, region) for gap in gaps(cleaned.written) if gap.is_apart or is_range(gap))


def _holds_a_complete_one(cleaned: Cleaned, region: str | None, whole: Reading) -> bool:
    written = cleaned.written
    if _is_written_by_library(written, whole):
        return False
    return any(
        _is_apart_in(gap, whole) and _is_complete(gap.before, region) for gap in gaps(written) if gap.is_apart or gap.is_dash
    )


def _is_apart_in(gap: Gap, whole: Reading) -> bool:
    if not gap.is_dash:
        return True
    if whole.dialing_code in DIRECT_DIALLING:
        if gap.last_group <= LONGEST_SWITCHBOARD:
            return False
        if whole.kind in MOBILE_TYPES:  # a mobile has no extensions
            return count_digits(gap.after) <= LONGEST_END
        return count_digits(gap.after) > 1 and is_range(gap)
    return gap.is_apart or is_range(gap) or _is_second_end(gap)


def _is_second_end(gap: Gap) -> bool:
    """`013/63582-43`: another ending of the same number, as whoever parts the area code with a stroke and groups nothing else
    writes it. What is parted in groups (`013/635 82-43`) goes on."""
    return "/" in gap.before and gap.last_group >= LONG_NUMBER and count_digits(gap.after) <= LONGEST_END


def _is_complete(text: str, region: str | None) -> bool:
    return count_digits(text) >= SHORTEST_BEFORE and bool(all_readings(assembled(text, []), region))


def _is_written_by_library(written: str, whole: Reading) -> bool:
    """The groups of digits are those in which the country writes this number."""
    number = phonenumbers.PhoneNumber(country_code=int(whole.dialing_code), national_number=int(whole.national))
    number.italian_leading_zero = whole.national.startswith("0") or None
    groups = _groups(written)
    ways = (PhoneNumberFormat.NATIONAL, PhoneNumberFormat.INTERNATIONAL)
    return any(groups == _groups(phonenumbers.format_number(number, way)) for way in ways)


def _groups(text: str) -> list[str]:
    return re.findall(r"[0-9]+", text)


@cache
def has_many_lengths(dialing_code: str) -> bool:
    """Whether the numbers under a dialing code are of different lengths, so that one may begin with another."""
    kinds = [getattr(metadata, kind) for metadata in metadata_of(dialing_code) for kind in ("fixed_line", "mobile", "voip")]
    return len({length for kind in kinds if kind for length in kind.possible_length if length > 0}) > 1


def _refused(reason: Reason) -> PhoneResult:
    return PhoneResult("", (), reason)
