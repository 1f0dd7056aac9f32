"""Folding: every way of writing a digit, a plus, a space or a dash becomes its ASCII character.

People paste numbers from web pages, chats and other alphabets: fullwidth and Arabic digits,
no-break and zero-width spaces, marks that switch the writing direction, typographic dashes.
"""

import unicodedata
from functools import lru_cache

_TO_ASCII = {
    **dict.fromkeys("‐‑‒–—―−ー", "-"),
    **dict.fromkeys("➕﬩⁺", "+"),
    **dict.fromkeys("·‧∙⸱", "."),
    **dict.fromkeys("•●×∗⁎", "*"),  # what hides digits: 0555•••4567
    "…": "...",
    "№": "#",
    **dict.fromkeys("‘’‚‛′´`ʼ", "'"),
    **dict.fromkeys("“”„″«»", '"'),
    **dict.fromkeys("\x85\u2028\u2029\r\v\f", "\n"),
}
# Letters and symbols by their category, but invisible.
_INVISIBLE = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u20e3\u2800\u3164\uffa0")
_PHONE_SIGNS = frozenset("☎☏✆📞📱📲🕻🕽🕾🕿")


def fold(text: str) -> tuple[str, list[str]]:
    """The text in ASCII where there is an equal, and the repair codes for what that took.

    Letters of every alphabet stay as they are, for they are no digits and are refused later.
    """
    repairs: list[str] = []
    if text.isascii() and text.isprintable():
        return text, repairs
    pieces = []
    for character in text:
        piece, repair = _fold_character(character)
        pieces.append(piece)
        if repair and repair not in repairs:
            repairs.append(repair)
    return "".join(pieces), repairs


@lru_cache(maxsize=1024)
def _fold_character(character: str) -> tuple[str, str]:
    """What a character becomes, and the code of the repair, '' if there is nothing to tell."""
    if " " <= character <= "~" or character in "\n\t":
        return character, ""
    if character in _TO_ASCII:
        return _TO_ASCII[character], ""
    if character in _PHONE_SIGNS:
        return "", "label_removed"
    if is_invisible(character):
        return "", "invisible_removed"
    if unicodedata.category(character) == "Zs":
        return " ", ""
    digit = unicodedata.decimal(character, None)
    if digit is not None:
        return str(digit), "digits_converted"
    return _compatible(character), ""


def is_invisible(character: str) -> bool:
    """Bidi marks, zero-width characters, control characters, variation selectors."""
    return (
        unicodedata.category(character) in ("Cf", "Cc", "Cs", "Co", "Cn")
        or "\ufe00" <= character <= "\ufe0f"
        or character in _INVISIBLE
    )


def _compatible(character: str) -> str:
    """A fullwidth bracket, letter or plus as its ASCII equivalent; superscript digits stay what they are."""
    equivalent = unicodedata.normalize("NFKC", character)
    return equivalent if len(equivalent) == 1 and equivalent.isascii() and not equivalent.isdigit() else character
