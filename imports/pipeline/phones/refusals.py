"""Checks for cells that do not hold one phone number, each with its own reason.

Every check takes folded text (see `characters`) and returns a `Reason` or None.
"""

import re
import unicodedata

from phonenumbers import COUNTRY_CODE_TO_REGION_CODE

from imports.pipeline.placeholders import means_no_phone
from imports.pipeline.reasons import Reason

from .cell_labels import is_labelled_fax

LONGEST_ECHO = 40  # characters of a bad cell repeated in a reason
LONGEST_CELL = 200  # no phone number needs more, and it keeps every check cheap
LONGEST_NUMBER = 17  # digits, with dialing code, international prefix and a trunk zero

_BOOLEANS = frozenset("true false doğru yanlış yanliş dogru yanlis wahr falsch vrai faux verdadero falso".split())
_CURRENCY_WORDS = r"(?:tl|try|usd|eur|euro|gbp|chf|rub|aed|sar|inr|azn)"
_MONEY = re.compile(rf"-?[\d.,\s]+{_CURRENCY_WORDS}\.?|{_CURRENCY_WORDS}\.?\s*-?[\d.,\s]+", re.IGNORECASE)
_DATE = re.compile(
    r"(?:(?P<y>\d{4})[-./](?P<a>\d{1,2})[-./](?P<b>\d{1,2})|(?P<c>\d{1,2})[-./](?P<d>\d{1,2})[-./](?:\d{4}|\d{2}))"
    r"(?:[T\s,]+\d{1,2}[:.]\d{2}.*)?",
    re.ASCII,
)
_TIME = re.compile(r"\d{1,2}:\d{2}(?::\d{2})?(?:\s*[ap]m)?", re.ASCII | re.IGNORECASE)
_DECIMAL = re.compile(
    r"[+-]?(?:\d+[.,]\d{1,2}|(?:0|[1-9]\d*)\.\d+|\d{1,3}(?:\.\d{3})+,\d{1,2}|\d{1,3}(?:,\d{3})+\.\d{1,2})",
    re.ASCII,
)
# A year, a month and a day, and more after them: `01.05.2026 - 31.05.2026`, `2026-05-01 0532 …`.
_DATE_AND_MORE = re.compile(
    r"(?:(?:0?[1-9]|[12]\d|3[01])([-./])(?:0?[1-9]|[12]\d|3[01])\1(?:19|20)\d\d|(?:19|20)\d\d([-./])(?:0?[1-9]|1[0-2])\2(?:0?[1-9]|[12]\d|3[01]))"
    r"(?![\d./-])[ ,;-].*\d",
    re.ASCII,
)
_BETWEEN_VALUES = re.compile(r"[ ;/]| - |-|\n")
_SHORT_DECIMAL = re.compile(r"\d{1,3}[.,]\d{1,9}", re.ASCII)
_GROUPED_BY_DOTS = re.compile(r"[1-9]\d{0,2}(?:(?:\.\d{3})+|(?:,\d{3})+)", re.ASCII)
_SHORTEST_GROUPED = 8  # digits, below which `2.500.000` is an amount
_OCTETS = re.compile(r"(?:(?:0|[1-9]\d?|1\d\d|2[0-4]\d|25[0-5])\.){3}(?:0|[1-9]\d?|1\d\d|2[0-4]\d|25[0-5])", re.ASCII)
_OCTETS_SHAPE = re.compile(r"\d{3}(?:\.\d{1,3}){3}|(?:\d{1,3}\.){2}\d{2,3}\.\d{2,3}", re.ASCII)  # and no version's
_VERSION = re.compile(r"(?:\d\d?|20\d\d)(?:\.\d{1,4}){1,4}\.\d(?:\.\d{1,4})?", re.ASCII)
_AREA_DOT_NUMBER = re.compile(r"\+?\d{3,}\.\d{4,}", re.ASCII)
_MASKED = re.compile(r"\*.*\*|\d[\s.()-]*[x?_#]{2,}|[x?_#]{2,}[\s.()-]*\d|\.{3}", re.IGNORECASE)
_EXTENSION_WORD = r"(?:ext|extn|extension|dahili|dah|dhl|iç\s*hat|int|internal|interno|anexo|ramal|poste|durchwahl|dw|app|доб|x|#|,,+|;\s*ext\s*=)"
_EXTENSION = re.compile(rf"^(.*\d)[\s(,;/-]*{_EXTENSION_WORD}[.:=\s]*\d{{1,7}}\s*\)?#?$", re.IGNORECASE | re.DOTALL)
_NOT_A_DIGIT = re.compile(r"[^0-9]+")
_DIGITS_THEN_PLUS = re.compile(r"[0-9][^0-9+]*\+")
_LETTER = re.compile(r"[^\W\d_]")
_HARD_SEPARATOR = re.compile(r"[;,|&\n]")
_SLASH = re.compile(r"[/\\]")
_ALLOWED = frozenset("+0123456789 \t\n()[]{}-./,_")


def refusal(text: str) -> Reason | None:
    """Why this folded, stripped text is not one phone number; None if it may be one."""
    for check in _CHECKS_OF_DIGITS if _ONLY_DIGITS.fullmatch(text) else _CHECKS:
        reason = check(text)
        if reason:
            return reason
    return None


def echo(code: str, text: str) -> Reason:
    """A reason that repeats the cell's text, shortened."""
    return Reason(code, {"text": text if len(text) <= LONGEST_ECHO else text[: LONGEST_ECHO - 1] + "…"})


def count_digits(text: str) -> int:
    """How many ASCII digits a text holds."""
    return len(_NOT_A_DIGIT.sub("", text))


def _is_missing(text: str) -> Reason | None:
    return Reason("phone_missing", {}) if not text.strip(" -._/'\"\n\t") or means_no_phone(text) else None


def _is_spreadsheet_error(text: str) -> Reason | None:
    """`#N/A`, `#YOK`, `#DIV/0!`, and `#####` of a column that was too narrow."""
    if re.match(r"#(?:[^\W\d_]|#*$)|err:\d+$", text, re.IGNORECASE):
        return echo("phone_spreadsheet_error", text)
    return None


def _is_boolean(text: str) -> Reason | None:
    return echo("phone_boolean", text) if text.lower() in _BOOLEANS else None


def _is_percentage(text: str) -> Reason | None:
    return echo("phone_percentage", text) if "%" in text and count_digits(text) else None


def _is_money(text: str) -> Reason | None:
    sign = any(unicodedata.category(character) == "Sc" for character in text)
    if count_digits(text) and (sign or _MONEY.fullmatch(text)):
        return echo("phone_money", text)
    return None


def _is_date(text: str) -> Reason | None:
    match = _DATE.fullmatch(text)
    if match:
        first, second = sorted((int(match["a"] or match["c"]), int(match["b"] or match["d"])))
        if 1 <= first <= 12 and second <= 31:
            return echo("phone_date", text)
    return echo("phone_date", text) if _TIME.fullmatch(text) or _DATE_AND_MORE.match(text) else None


def _is_decimal(text: str) -> Reason | None:
    tokens = [token for token in _BETWEEN_VALUES.split(text) if token]
    if len(tokens) > 1 and sum(_SHORT_DECIMAL.fullmatch(token) is not None for token in tokens) > 1:
        return echo("phone_decimal", text)
    if _is_grouped_amount(text):
        return echo("phone_decimal", text)
    if _DECIMAL.fullmatch(text) and not _AREA_DOT_NUMBER.fullmatch(text):
        return echo("phone_decimal", text)
    return None


def is_address_or_amount(text: str) -> bool:
    """What looks like thousands in groups, and is an address of a computer or too few digits for a phone number."""
    return is_octets(text) or _is_grouped_amount(text)


def is_octets(text: str) -> bool:
    """An address of a computer: `192.168.1.105`."""
    return _OCTETS.fullmatch(text) is not None


def may_be_octets(shape: str) -> bool:
    """Whether cells of this shape (digits made nines) are such addresses, or else numbers with nothing but dots between their digits."""
    return _OCTETS_SHAPE.fullmatch(shape) is not None


def _is_grouped_amount(text: str) -> bool:
    return _GROUPED_BY_DOTS.fullmatch(text) is not None and count_digits(text) < _SHORTEST_GROUPED


def _is_ip_address(text: str) -> Reason | None:
    """`192.168.1.105`, `1.12.3`: no phone number ends in a group of one digit."""
    return echo("phone_ip_address", text) if _OCTETS.fullmatch(text) or _VERSION.fullmatch(text) else None


def _is_fax(text: str) -> Reason | None:
    return echo("phone_fax", text) if count_digits(text) >= 5 and is_labelled_fax(text) else None


def _has_no_digit(text: str) -> Reason | None:
    return echo("phone_not_a_number", text) if not count_digits(text) else None


def _is_masked(text: str) -> Reason | None:
    return echo("phone_masked", text) if _MASKED.search(text) else None


def _has_extension(text: str) -> Reason | None:
    match = _EXTENSION.match(text)
    return echo("phone_extension", text) if match and count_digits(match[1]) >= 5 else None


def _has_late_bracket(text: str) -> Reason | None:
    return echo("phone_extension", text) if has_late_bracket(text) else None


def has_late_bracket(text: str) -> bool:
    """A bracket opened when a whole number already stands before it: `0212 555 12 34 (12)`."""
    return "(" in text and count_digits(text[: text.rindex("(")]) >= 7


def _has_two_numbers(text: str) -> Reason | None:
    return echo("phone_two_numbers", text) if holds_two_numbers(text) else None


def holds_two_numbers(text: str) -> bool:
    """Whether the digits are too many, or stand in groups too long, to be one number.

    A slash, dash or space also stands inside numbers (`0212/555 12 34`), so it parts two
    numbers only where a whole number stands before it.
    """
    if "+" in text and _DIGITS_THEN_PLUS.search(text) and count_digits(text[: text.rindex("+")]) >= 5:
        return True
    pieces = [digits for digits in map(count_digits, _HARD_SEPARATOR.split(text)) if digits]
    if len(pieces) > 1 and max(pieces) > 4:
        return True
    whole = 7 + _digits_of_dialing_code(text)
    if _parted_by_slash(text, whole):
        return True
    total = count_digits(text)
    return total >= whole + 5 and (
        _both_long(text.split("-"), whole - 1)
        or _both_long(re.findall(r"[0-9]+", text), whole)
        or _both_long(_LETTER.split(text), whole)
        or (total > LONGEST_NUMBER and not text.lstrip("+").isdigit())
    )


def _digits_of_dialing_code(text: str) -> int:
    """How many digits say the country: 5 in `00880 …`, 2 in `+90 …`, 0 without `+` or `00`."""
    start = text[:12].lstrip(" (")
    if not start.startswith(("+", "00")):
        return 0
    digits = _NOT_A_DIGIT.sub("", start)
    prefix = 0 if start.startswith("+") else 2
    code = digits[prefix:]
    known = next((size for size in (1, 2, 3) if code[:1] not in ("", "0") and int(code[:size]) in COUNTRY_CODE_TO_REGION_CODE), 2)
    return prefix + known


def _parted_by_slash(text: str, whole: int) -> bool:
    pieces = [piece for piece in _SLASH.split(text) if count_digits(piece)]
    if len(pieces) < 2:
        return False
    first, second = count_digits(pieces[0]), count_digits(pieces[1])
    return first >= whole or (first >= 6 and second >= 6 and not pieces[0].lstrip(" (").startswith(("0", "+")))


def _both_long(pieces: list[str], whole: int) -> bool:
    """A whole number in one piece, and nearly one in a later piece."""
    lengths = list(map(count_digits, pieces))
    return any(length >= whole and max(lengths[place:], default=0) >= 6 for place, length in enumerate(lengths, start=1))


def _has_letters(text: str) -> Reason | None:
    return echo("phone_letters", text) if any(map(str.isalpha, text)) else None


def _has_unexpected_characters(text: str) -> Reason | None:
    strange = sorted(set(text) - _ALLOWED)
    if _DIGITS_THEN_PLUS.search(text):
        strange.append("+")
    return Reason("phone_unexpected_characters", {"characters": " ".join(strange[:5])}) if strange else None


def _is_overlong(text: str) -> Reason | None:
    return echo("phone_not_a_number", text) if len(text) > LONGEST_CELL else None


_CHECKS = (
    _is_spreadsheet_error,
    _is_missing,
    _is_overlong,
    _is_boolean,
    _is_percentage,
    _is_money,
    _is_masked,
    _has_no_digit,
    _is_date,
    _is_decimal,
    _is_ip_address,
    _has_extension,
    _has_two_numbers,
    _is_fax,
    _has_letters,
    _has_unexpected_characters,
    _has_late_bracket,
)
# Digits and the marks that stand between them are nothing with a name but these.
_ONLY_DIGITS = re.compile(r"[0-9+ ()./-]{1,40}")
_CHECKS_OF_DIGITS = (
    _is_missing,
    _is_masked,
    _has_no_digit,
    _is_date,
    _is_decimal,
    _is_ip_address,
    _has_two_numbers,
    _has_unexpected_characters,
    _has_late_bracket,
)
