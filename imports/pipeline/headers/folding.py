"""Header cells as words of plain letters, so that "MÜŞTERİ_ADI", "customerName" and "Kunden-Name" can be looked up."""

import re
import unicodedata

LONGEST_HEADER = 200  # characters that are read; the rest of a longer one says nothing new
_LETTERS = str.maketrans(
    {
        "İ": "I",
        "ı": "i",
        "ß": "ss",
        "ẞ": "SS",
        "ø": "o",
        "Ø": "O",
        "æ": "ae",
        "Æ": "AE",
        "ł": "l",
        "Ł": "L",
        "đ": "d",
        "Đ": "D",
        "ة": "ه",
        "ى": "ي",
        "ی": "ي",
        "ک": "ك",
        "ـ": None,
        "№": " no ",
        "º": "o",
        "#": " no ",
        "\u200c": " ",
    }
)
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_CAMEL = re.compile(
    r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z]{2})|(?<=[A-Z]{2})(?=[A-Z](?!s\b)[a-z])"
    r"|(?<=[^\W\d])(?=\d)|(?<=\d)(?=[^\W\d])"
)
_SEPARATORS = re.compile(r"[\W_]+")


def fold(text: str) -> str:
    """Lower case words of plain letters, one space between: 'İŞ Tel.No' → 'is tel no'."""
    text = _INVISIBLE.sub("", text[:LONGEST_HEADER]).translate(_LETTERS)
    text = unicodedata.normalize("NFKD", text)
    text = "".join(char for char in text if not unicodedata.combining(char))
    text = _CAMEL.sub(" ", text.translate(_LETTERS))
    return " ".join(_SEPARATORS.sub(" ", text).lower().split())
