"""From a cell's text to `+` and ASCII digits, or the name of what stands there instead.

Nothing here knows a country. The lenient parser of the library sees only what passes here:
it would turn `1-800-FLOWERS` into a number, and two numbers in a cell into one.
"""
import re
from typing import NamedTuple

from .phone_characters import fold
from .phone_refusals import count_digits, echo, has_late_bracket, refusal
from .reasons import Reason


class Cleaned(NamedTuple):
    """`dialled` is ASCII digits with a leading `+` if one was written.

    `doubtful_zero` is the place in `dialled` of a zero written as `(0)`, which some dial
    and some do not; -1 if there is none.
    """

    dialled: str
    repairs: tuple[str, ...]
    doubtful_zero: int = -1


def clean(text: str) -> Cleaned | Reason:
    """The cell's one phone number as `Cleaned`, or the `Reason` why there is none."""
    plain = plain_repairs(text)
    if plain is not None:
        return Cleaned(_dialled(text), plain)
    return _clean_carefully(text)


# --- the plain majority: digits in a few groups -------------------------------------------

_PLAIN = re.compile(r" ?\(?\+?\d[\d ().\-]*", re.ASCII)
_LONGEST_PLAIN = 40
_DATE_SHAPE = re.compile(r"\d{4}[-.]\d{1,2}[-.]\d{1,2}\b|\d{1,2}[-.]\d{1,2}[-.](?:\d{4}|\d{2})\b", re.ASCII)
_ZERO_SHAPE = re.compile(r"\(\s*\d\s*\)", re.ASCII)
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
    alone = len(groups) == 1 and text.lstrip("+") == groups[0]
    return () if alone else _SEPARATORS


def _plainly_one(text: str, groups: list[str]) -> bool:
    lengths = [len(group) for group in groups]
    if sum(lengths) > 17 or sum(length >= 7 for length in lengths) > 1 or text.count(".") == 1:
        return False
    if _DATE_SHAPE.match(text.strip()) or _ZERO_SHAPE.search(text) or has_late_bracket(text):
        return False
    if "." in text and lengths[0] <= 3 and set(lengths[1:-1]) == {3}:   # thousands, perhaps with decimals
        return False
    return sum(count_digits(piece) >= 6 for piece in text.split("-")) < 2


def _dialled(text: str) -> str:
    digits = re.sub(r"[^0-9]", "", text)
    return "+" + digits if "+" in text else digits


# --- everything else ----------------------------------------------------------------------

_LABEL = re.compile(
    r"(?:tel|telefon|telefone|telefono|téléphone|phone|mobile|mobil|cell|gsm|cep|whatsapp|callto|sms|p|t|m|c)\.?\s*:\s*"
    r"|(?:tel|gsm|cep)\.?\s*(?=[+(\d])",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"""=?["']["'\s]*([^"']*)["'\s]*|([^"']*[^"'=])["']["'\s]*""")
_FLOAT_TAIL = re.compile(r"(\+?\d{5,})[.,]0{1,2}", re.ASCII)
_THOUSANDS = re.compile(r"(\d{1,3}(?:(?:,\d{3}){2,}|(?:\.\d{3}){2,}))([.,]0{1,2})?", re.ASCII)
_SCIENTIFIC = re.compile(r"[+-]?(\d)(?:[.,](\d+))?\s*e\s*\+?(\d{1,2})", re.ASCII | re.IGNORECASE)


def _clean_carefully(text: str) -> Cleaned | Reason:
    folded, repairs = fold(text[:1000])
    number = _spreadsheet_number(_unwrapped(folded.strip(), repairs), repairs)
    if isinstance(number, Reason):
        return number
    return refusal(number) or _assemble(number, repairs)


def _unwrapped(text: str, repairs: list[str]) -> str:
    """The text without the apostrophes, quotes, `="…"` and labels (`tel:`) around it."""
    for _ in range(2):
        quoted = _QUOTED.fullmatch(text)
        if quoted:
            text = (quoted[1] or quoted[2] or "").strip()
            _note(repairs, "quotes_removed")
        label = _LABEL.match(text)
        if label:
            text = text[label.end():].strip()
            _note(repairs, "label_removed")
    return text


def _spreadsheet_number(text: str, repairs: list[str]) -> str | Reason:
    """A number as spreadsheets and programs print it, undone: `.0` tails, thousands, exponents."""
    scientific = _SCIENTIFIC.fullmatch(text)
    if scientific:
        return _expanded(scientific, repairs) or echo("phone_shortened", text)
    tail = _FLOAT_TAIL.fullmatch(text)
    thousands = None if tail else _THOUSANDS.fullmatch(text)
    if not tail and not thousands:
        return text
    if tail or thousands[2]:
        _note(repairs, "decimal_tail_removed")
    if thousands:
        _note(repairs, "separators_removed")
    return _dialled((tail or thousands)[1])


def _expanded(scientific: re.Match, repairs: list[str]) -> str | None:
    """All digits of `9.05551234567E+11`, or None where the exponent asks for more than are there."""
    fraction, exponent = scientific[2] or "", int(scientific[3])
    if len(fraction) < exponent or fraction[exponent:].strip("0"):
        return None
    _note(repairs, "scientific_expanded")
    return scientific[1] + fraction[:exponent]


def _assemble(text: str, repairs: list[str]) -> Cleaned:
    dialled = _dialled(text)
    if dialled != text:
        _note(repairs, "separators_removed")
    zero = re.search(r"\(\s*0\s*\)", text)
    place = len(_dialled(text[: zero.start()])) if zero else -1
    return Cleaned(dialled, tuple(repairs), place)


def _note(repairs: list[str], code: str) -> None:
    if code not in repairs:
        repairs.append(code)
