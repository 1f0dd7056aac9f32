"""How people and programs write a phone number. Each way gives a cell, or None where the country cannot write it so.

A cell is text, or an int or float where a program keeps a number. What is written nationally is taken only where the
library, asked in that region, reads it as the very number: a list must have one truth.
"""

import re
from collections.abc import Callable, Sequence
from random import Random

from .numbers import dialing_code, international, means, national, significant
from .words import word

Way = Callable[[Random, str, str, str], "str | int | float | None"]  # (chance, number, region, language)
ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
FULLWIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
TURNS = 30


def _plus(rng: Random, number: str, region: str, language: str) -> str:
    return number


def _international(rng: Random, number: str, region: str, language: str) -> str:
    return international(number)


def _international_dashes(rng: Random, number: str, region: str, language: str) -> str:
    return international(number).replace(" ", "-")


def _double_zero(rng: Random, number: str, region: str, language: str) -> str:
    return ("00" + number[1:]) if rng.random() < 0.5 else "00" + international(number)[1:]


def _bare_international(rng: Random, number: str, region: str, language: str) -> str | None:
    return number[1:] if means("+" + number[1:], None, number) and means(number[1:], region, number) else None


def _grouped(rng: Random, number: str, region: str, language: str) -> str | None:
    return _if_read(national(number), region, number)


def _trunk(rng: Random, number: str, region: str, language: str) -> str | None:
    return _if_read("".join(re.findall(r"\d", national(number))), region, number)


def _bare(rng: Random, number: str, region: str, language: str) -> str | None:
    """Without trunk prefix, as Excel leaves it, in a text cell."""
    digits = significant(number)
    return None if digits.startswith("0") else _if_read(digits, region, number)


def _numeric(rng: Random, number: str, region: str, language: str) -> int | None:
    digits = _bare(rng, number, region, language)
    return int(digits) if digits else None


def _joined(sign: str) -> Way:
    def way(rng: Random, number: str, region: str, language: str) -> str | None:
        groups = re.findall(r"\d+", national(number))
        return _if_read(sign.join(groups), region, number) if len(groups) > 1 else None

    return way


def _slash(rng: Random, number: str, region: str, language: str) -> str | None:
    first, *rest = re.findall(r"\d+", national(number))
    return _if_read(f"{first}/{''.join(rest)}", region, number) if rest else None


def _brackets(rng: Random, number: str, region: str, language: str) -> str | None:
    first, *rest = re.findall(r"\d+", national(number))
    return _if_read(f"({first}) {' '.join(rest)}", region, number) if rest else None


def _optional_zero(rng: Random, number: str, region: str, language: str) -> str | None:
    """`+90 (0)532 123 45 67`, where the trunk prefix is a zero."""
    if not national(number).startswith(("0", "(0")) or significant(number).startswith("0"):
        return None
    code = dialing_code(number)
    return f"+{code} (0){international(number)[len(code) + 2 :]}"


def _formula(rng: Random, number: str, region: str, language: str) -> str | None:
    digits = _trunk(rng, number, region, language)
    return digits and f'="{digits}"'


def _apostrophe(rng: Random, number: str, region: str, language: str) -> str | None:
    digits = _trunk(rng, number, region, language)
    return digits and f"'{digits}"


def _float(rng: Random, number: str, region: str, language: str) -> str | None:
    digits = _bare(rng, number, region, language)
    return digits and f"{digits}.0"


def _scientific(rng: Random, number: str, region: str, language: str) -> str | None:
    """All digits are there: `9.05321234567E+11`. One that ends in 0 would look like a rounded one."""
    digits = number[1:]
    if not means(digits, region, number) or digits.endswith("0"):
        return None
    point = "," if language in ("tr", "de", "fr", "es", "it", "pt", "nl", "pl", "ru", "ro") else "."
    return f"{digits[0]}{point}{digits[1:]}E+{len(number) - 2}"


def _arabic(rng: Random, number: str, region: str, language: str) -> str | None:
    text = _grouped(rng, number, region, language)
    return text and text.translate(ARABIC)


def _fullwidth(rng: Random, number: str, region: str, language: str) -> str | None:
    text = _grouped(rng, number, region, language)
    return text and text.translate(FULLWIDTH)


def _invisible(rng: Random, number: str, region: str, language: str) -> str | None:
    text = international(number) if rng.random() < 0.5 else _grouped(rng, number, region, language)
    return text and rng.choice(("\u202a{}\u202c", "\u200e{}", "{}\u00a0", "\ufeff{}")).format(text.replace(" ", "\u00a0"))


def _link(rng: Random, number: str, region: str, language: str) -> str:
    digits = number[1:]
    return rng.choice(
        (
            f"tel:{number}",
            f"https://wa.me/{digits}",
            f"https://api.whatsapp.com/send?phone={digits}",
            f"whatsapp:{number}",
            f"p:{number}",
            f"tel:{number.replace('+', '%2B')}",
        )
    )


def _label(rng: Random, number: str, region: str, language: str) -> str | None:
    label = word(rng, "label_phone", language)
    return f"{label} {rng.choice((national(number), international(number)))}" if _grouped(rng, number, region, language) else None


def _if_read(text: str, region: str, number: str) -> str | None:
    return text if means(text, region, number) else None


ORDINARY: dict[str, Way] = {"grouped": _grouped, "trunk": _trunk, "plus": _plus, "international": _international}
NATIONAL: dict[str, Way] = {
    "grouped": _grouped,
    "trunk": _trunk,
    "dots": _joined("."),
    "dashes": _joined("-"),
    "brackets": _brackets,
}
ODD: dict[str, Way] = {
    "double_zero": _double_zero,
    "bare_international": _bare_international,
    "trunk_lost": _bare,
    "trunk_lost_numeric": _numeric,
    "dots": _joined("."),
    "dashes": _joined("-"),
    "slash": _slash,
    "brackets": _brackets,
    "optional_zero": _optional_zero,
    "international_dashes": _international_dashes,
    "formula": _formula,
    "apostrophe": _apostrophe,
    "float": _float,
    "scientific": _scientific,
    "arabic_digits": _arabic,
    "fullwidth_digits": _fullwidth,
    "invisible": _invisible,
    "links": _link,
    "labels": _label,
}
INTERNATIONAL: dict[str, Way] = {
    "plus": _plus,
    "international": _international,
    "double_zero": _double_zero,
    "dashes": _international_dashes,
}


def written(rng: Random, ways: Sequence[Way], number: str, region: str, language: str) -> str | int | float:
    """The number in one of `ways`; with its dialing code where the country has none of them."""
    found = rng.choice(ways)(rng, number, region, language)
    return international(number) if found is None else found
