"""From a cell's text to `+` and ASCII digits, or the reason why it is not one phone number.

These rules do not depend on a country. The library's lenient parser reads only text that passes them:
it would turn `1-800-FLOWERS` into a number, and two numbers in a cell into one.
"""

import re
from collections.abc import Iterable
from html import unescape
from typing import NamedTuple

from imports.pipeline.placeholders import means_no_phone
from imports.pipeline.reasons import Reason

from .cell_labels import without_labels
from .characters import fold
from .cuts import is_parted, is_strongly_parted, lead_of
from .refusals import count_digits, echo, has_late_bracket, is_address_or_amount, refusal


class Cleaned(NamedTuple):
    """`dialled` is ASCII digits with a leading `+` if one was written.

    `doubtful_zero` is the place in `dialled` of a zero written as `(0)`, which some dial
    and some do not; -1 if there is none. `written` is the text, where its pieces may be something else
    than one number (see `pieces`), else ''; `unless_listed` is then the reason why the whole text is no number.
    """

    dialled: str
    repairs: tuple[str, ...]
    doubtful_zero: int = -1
    written: str = ""
    unless_listed: Reason | None = None


def clean(text: str) -> Cleaned | Reason:
    """The cell's one phone number as `Cleaned`, or the `Reason` why there is none."""
    plain = plain_repairs(text)
    if plain is not None:
        return Cleaned(digits_of(text), plain, written=text if is_parted(text) else "")
    zero = _ZERO_AFTER_CODE.fullmatch(text)
    if zero and plain_repairs(zero[1] + zero[2]) is not None and not is_parted(text):
        return Cleaned(digits_of(text), _SEPARATORS, doubtful_zero=len(zero[1].rstrip()))
    if means_no_phone(text) and not text.startswith("#"):
        return Reason("phone_missing", {})
    folded, repairs = _unwrapped(text)
    plain = plain_repairs(folded) if folded != text else None
    if plain is not None:
        return Cleaned(digits_of(folded), merged(repairs, plain), written=folded if is_parted(folded) else "")
    whatsapp = whatsapp_number(folded)
    if whatsapp:
        return Cleaned(whatsapp, merged(repairs, ("label_removed",)))
    number = _spreadsheet_number(folded, repairs)
    if isinstance(number, Reason):
        return number
    if number != folded:
        return Cleaned(number, merged(repairs, ()))
    return _in_pieces(folded, repairs)


def _in_pieces(text: str, repairs: list[str]) -> Cleaned | Reason:
    """One number, as far as can be told without knowing a country."""
    reason = refusal(text)
    if reason is None:
        return assembled(text, repairs)._replace(written=text if is_parted(text) else "")
    lead = lead_of(text) if reason.code in _CAUSED_BY_LIST_NUMBERS else None
    if lead is None or refusal(lead.rest):
        return reason
    return assembled(text, repairs)._replace(written=text, unless_listed=reason)


def folded_by_shape(shape: str) -> tuple[str, list[str]] | None:
    """What is left of every cell of a shape without what stands around its digits, and the repairs; None where it takes
    the digits to tell."""
    folded, repairs = _unwrapped(shape)
    return None if count_digits(folded) != count_digits(shape) or "encoding_decoded" in repairs else (folded, repairs)


def digits_of(text: str) -> str:
    """The digits of every script in ASCII, after `+` if the text has one."""
    folded = text if text.isascii() else fold(text)[0]
    digits = _NOT_A_DIGIT.sub("", folded)
    return "+" + digits if "+" in folded else digits


def merged(repairs: Iterable[str], more: Iterable[str]) -> tuple[str, ...]:
    """Both, each once, in the order in which they were made."""
    return tuple(dict.fromkeys((*repairs, *more)))


_CAUSED_BY_LIST_NUMBERS = frozenset({"phone_unexpected_characters", "phone_two_numbers"})


# --- the plain majority: digits in a few groups -------------------------------------------

_PLAIN = re.compile(r"(?!.*\.\.) ?\(?\+? ?\d[\d ().\-]*", re.ASCII)
_LONGEST_PLAIN = 40
LONGEST_LOOKED_AT = 1000  # characters of a cell
_DATE_SHAPE = re.compile(r"(?:\d{4}[-.]\d{1,2}[-.]\d{1,2}|\d{1,2}[-.]\d{1,2}[-.](?:\d{4}|\d{2}))(?![\d.-])", re.ASCII)
# Shapes of addresses of computers, versions, amounts and decimal numbers, which dots make out of few or many digits.
_VALUE_SHAPE = re.compile(
    r"(?:\d{1,3}\.){3}\d{1,3}|(?:\d\d?|\d{4})(?:\.\d{1,4}){1,4}\.\d(?:\.\d{1,4})?|\d\.\d{3}\.\d{3}|\d{1,3}\.\d+(?:[ \-][\d.]+)+",
    re.ASCII,
)
_ZERO_SHAPE = re.compile(r"\(\s*\d\s*\)", re.ASCII)
_ZERO_AFTER_CODE = re.compile(r"(\+[0-9]{1,3} ?)\(0\)( ?[0-9][0-9 -]*)")
_ZERO_IN_BRACKETS = re.compile(r"\(\s*0\s*\)")
_NOT_A_DIGIT = re.compile(r"[^0-9]+")
_SEPARATORS = ("separators_removed",)


def plain_repairs(text: str) -> tuple[str, ...] | None:
    """The repairs of a text that is plainly one number, or None if it needs a closer look.

    Depends only on where digits stand, never on which they are, so that all cells of one
    shape (`0999 999 99 99`) can share the answer.
    """
    if len(text) > _LONGEST_PLAIN or not _PLAIN.fullmatch(text):
        return None
    groups = re.findall(r"\d+", text)
    if len(groups) > 1 and not _plainly_one(text, groups):
        return None
    return () if text.removeprefix("+").isdigit() else _SEPARATORS


def _plainly_one(text: str, groups: list[str]) -> bool:
    lengths = [len(group) for group in groups]
    if is_strongly_parted(text) or sum(lengths) > 17 or sum(length >= 7 for length in lengths) > 1 or text.count(".") == 1:
        return False
    if (
        _DATE_SHAPE.match(text.strip())
        or _VALUE_SHAPE.fullmatch(text.strip())
        or _ZERO_SHAPE.search(text)
        or has_late_bracket(text)
    ):
        return False
    return sum(count_digits(piece) >= 6 for piece in text.split("-")) < 2


# --- everything else ----------------------------------------------------------------------

_QUOTED = re.compile(r"""=?["'`]["'`\s]*([^"'`]*)["'`\s]*|([^"'`]*[^"'`=])["'`]["'`\s]*""")
# A chat address, which programs write, is a whole international number without the plus; in a link, which people type,
# the dialing code may be missing like anywhere else. Groups have other addresses.
_WHATSAPP = re.compile(
    r"(?:https?://)?(?:www\.)?(?:wa\.me/|(?:api|web)\.whatsapp\.com/send/?\?phone=)((?:\+|%2b)?\d{8,15})(?:[/?&].*)?"
    r"|(\d{8,15})(?::\d{1,3})?@(?:s\.whatsapp\.net|c\.us)",
    re.ASCII | re.IGNORECASE,
)
_URL_ENCODED = re.compile(r"%(2B|20|28|29|2D|2E|2F|0D|0A|09)", re.ASCII | re.IGNORECASE)
_HTML_ENTITY = re.compile(r"&(?:#\d{1,5}|#x[0-9a-f]{1,5}|[a-z]{2,10});", re.ASCII | re.IGNORECASE)
_AROUND = " \t\n;,|"  # left over from lists, at either end
_FLOAT_TAIL = re.compile(r"(\+?\d{5,})[.,]0{1,2}", re.ASCII)
_THOUSANDS = re.compile(r"(\d{1,3}(?:(?:,\d{3}){2,}|(?:\.\d{3}){2,}))([.,]0{1,2})?", re.ASCII)
_SCIENTIFIC = re.compile(r"[+-]?(\d)(?:[.,](\d+))?\s*e\s*\+?(\d{1,2})", re.ASCII | re.IGNORECASE)


def _unwrapped(text: str) -> tuple[str, list[str]]:
    """The folded text without apostrophes, quotes, `="…"` and labels (`tel:`) around it; the repairs."""
    text, decoded = _decoded(text[:LONGEST_LOOKED_AT])
    text, repairs = fold(text)
    if decoded:
        repairs.append("encoding_decoded")
    text = text.replace("_$!<", "").replace(">!$_", "").strip(_AROUND)  # Apple's address book
    for _ in range(2):
        quoted = _QUOTED.fullmatch(text)
        if quoted:
            text = (quoted[1] or quoted[2] or "").strip(_AROUND)
            repairs.append("quotes_removed")
        text, labelled = without_labels(text)
        if labelled:
            text = text.strip(_AROUND)
            repairs.append("label_removed")
    return text, repairs


def _decoded(text: str) -> tuple[str, bool]:
    """The text with `%2B` and `&#43;` as the characters they stand for, and whether there were any."""
    if "%" not in text and "&" not in text:
        return text, False
    plain = _HTML_ENTITY.sub(lambda entity: unescape(entity[0]), text) if "&" in text else text
    if "://" not in text and "wa.me" not in text:
        plain = _URL_ENCODED.sub(lambda encoded: chr(int(encoded[1], 16)), plain)
    return plain, plain != text


def whatsapp_number(text: str) -> str:
    """The number in a WhatsApp link or chat address, with `+` where a dialing code is certain; '' for any other text."""
    found = _WHATSAPP.fullmatch(text)
    if not found:
        return ""
    return "+" + found[2] if found[2] else re.sub("%2b", "+", found[1], flags=re.IGNORECASE)


def _spreadsheet_number(text: str, repairs: list[str]) -> str | Reason:
    """A number as spreadsheets and programs print it, undone: `.0` tails, thousands, exponents."""
    scientific = _SCIENTIFIC.fullmatch(text)
    if scientific:
        return _expanded(scientific, repairs) or echo("phone_shortened", text)
    tail = _FLOAT_TAIL.fullmatch(text)
    if tail:
        repairs.append("decimal_tail_removed")
        return tail[1]
    thousands = _THOUSANDS.fullmatch(text)
    if not thousands or is_address_or_amount(text):
        return text
    repairs += ["separators_removed", *(["decimal_tail_removed"] if thousands[2] else [])]
    return digits_of(thousands[1])


def _expanded(scientific: re.Match[str], repairs: list[str]) -> str | None:
    """All digits of `9.05551234567E+11`, or None where the exponent asks for more than are there."""
    first: str = scientific[1]
    fraction, exponent = scientific[2] or "", int(scientific[3])
    if len(fraction) < exponent or fraction[exponent:].strip("0"):
        return None
    repairs.append("scientific_expanded")
    return first + fraction[:exponent]


def assembled(text: str, repairs: Iterable[str]) -> Cleaned:
    """All digits of a text as one number."""
    dialled = digits_of(text)
    zero = _ZERO_IN_BRACKETS.search(text)
    place = len(digits_of(text[: zero.start()])) if zero else -1
    return Cleaned(dialled, merged(repairs, _SEPARATORS if dialled != text else ()), place)
