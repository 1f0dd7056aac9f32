"""The kind of phone that a label beside it names: `* Mobile`, `Work Fax`, `Cep`, `İş`."""

import re
from functools import lru_cache

from imports.pipeline.headers.folding import fold

from .label_words import WORDS

_MEANINGS = {fold(word.replace("_", " ")): label for label, words in WORDS.items() for word in words.split()}
_ANYWHERE = {"fax": "fax", "faks": "fax", "mobil": "mobile", "handy": "mobile", "celular": "mobile"}  # parts of compounds
_ORDER = {"mobile": 0, "work": 1, "home": 2, "main": 3, "other": 4, "": 4, "fax": 9, "pager": 9}
_VOICE_TOO = re.compile(
    r"\b(?:tel|telefon|telephone|phone|voice|ses)\W{0,3}(?:[/&+,]|ve|and|und|et)\W{0,3}(?:tele)?fa(?:x|ks)\b", re.IGNORECASE
)
_LONGEST = 60  # characters; a longer text is no label


@lru_cache(maxsize=4096)
def phone_label(text: str) -> str:
    """fax, pager, mobile, work, home, main, other; '' where the text says none of these."""
    if len(text) > _LONGEST:
        return ""
    if _VOICE_TOO.search(text):
        return "other"  # one line for both: a person may answer
    words = fold(text).split()
    pairs = [" ".join(pair) for pair in zip(words, words[1:])]
    found = {label for word in [*words, *pairs] if (label := _MEANINGS.get(word) or _part_of(word))}
    return next((label for label in WORDS if label in found), "")


def rank(label: str) -> int:
    """The place in the calling order: mobile before work before home before the rest."""
    return _ORDER[label]


def _part_of(word: str) -> str:
    return next((label for part, label in _ANYWHERE.items() if part in word), "")
