"""Words that people and contact lists write beside a phone number: `Tel.:`, `(cep)`, `iPhone:`, `Fax`.

A label beside one number changes nothing, but for a fax. Words that are not known are never taken for a label: `(eşi)`
is another person.
"""

import re
import unicodedata
from functools import lru_cache

from .label_words import NAMES_TOO, NOT_FOR_VOICE, PHONE, WORDS

_NUMBER_WORDS = frozenset("no nr num numero numara numarasi number nummer nos n nº رقم شماره номер ном αριθμος".split())
_LETTERS_BEFORE = frozenset("t p m c h w d f".split())
_LETTERS_IN_BRACKETS = frozenset("t p m c h w o f".split())
_FAX_LETTER = "f"
_LETTER_RUN = re.compile(r"[^\W\d_]+")
_AFTER_DIGIT_IN_LABEL = re.compile(r"[ \-]?\d{1,2} ?[:)] ?")
_EDGE = " \t\n\xa0:.,;|*/=-–_$!<>«»[]{}()'\"~"
_DIGIT = re.compile(r"[0-9]")
_BEFORE_DIGIT = re.compile(r"(?:[+(] ?){0,2}[0-9]")
_LONGEST = 60  # characters of a label
_TURKISH = str.maketrans({"ı": "i", "ß": "ss", "ł": "l", "ø": "o"})


def without_labels(text: str) -> tuple[str, bool]:
    """The folded text without the labels on either side of its digits, and whether there were any. A fax label stays."""
    start, end = _number_place(text)
    if start < 0 and _is_label(text, _NUMBER_WORDS, glued=False):
        return "", True
    if start < 0 or text.isascii() and not _LETTER_RUN.search(text):
        return text, False
    before, number, after = text[:start], text[start:end], text[end:]
    if _LETTER_RUN.search(before):
        numbered = _AFTER_DIGIT_IN_LABEL.match(number)
        if numbered and any(map(str.isdigit, number[numbered.end() :])):
            number = number[numbered.end() :]
        if not _is_label(before, _NUMBER_WORDS | _LETTERS_BEFORE, glued=before[-1:].isalpha()):
            return text, False
    if _LETTER_RUN.search(after):
        in_brackets = after.lstrip(" -")[:1] in ("(", "[")
        if not _is_label(after, _LETTERS_IN_BRACKETS if in_brackets else frozenset(), glued=after[0].isalpha()):
            return text, False
        after = ""
    elif not _LETTER_RUN.search(before):
        return text, False
    return ("" if _LETTER_RUN.search(before) else before) + (number + after).strip(" :-"), True


def is_labelled_fax(text: str) -> bool:
    """Whether a word beside the digits says that they are a fax."""
    start, end = _number_place(text)
    if start < 0:
        return False
    before, after = _words(text[:start]), _words(text[end:])
    if _FAX_WORDS.intersection(before + after):
        return True
    return _FAX_LETTER in before[-1:] and not text[start - 1].isalpha() or after == (_FAX_LETTER,)


def _number_place(text: str) -> tuple[int, int]:
    """Where the number begins (its first digit, or the `+` or bracket before it) and ends; -1 if there is no digit."""
    first, last = _BEFORE_DIGIT.search(text), _DIGIT.search(text[::-1])
    if not first or not last:
        return -1, -1
    start, end = first.start(), len(text) - last.start()
    if text[end:].lstrip(" ")[:1] == ")" and text[start:end].count("(") > text[start:end].count(")"):
        end = text.index(")", end) + 1
    return start, end


def _is_label(text: str, more: frozenset[str], glued: bool) -> bool:
    words = _words(text)
    if not words or len(text) > _LONGEST or _FAX_WORDS.intersection(words) or _FAX_LETTER in words:
        return False
    if set(text) - set(_EDGE) - set("".join(_LETTER_RUN.findall(text))) - set("\u0300\u0301\u0307\u0308’`°º"):
        return False
    if glued and max(map(len, words)) < 3:
        return False
    return all(word in _KINDS or word in more for word in words)


@lru_cache(maxsize=4096)
def _words(text: str) -> tuple[str, ...]:
    """The words of a text no longer than a label, in lower case and without accents."""
    if len(text) > _LONGEST:
        return ()
    lowered = text.replace("I", "ı").casefold()
    apart = unicodedata.normalize("NFKD", lowered.translate(_TURKISH))
    plain = "".join(letter for letter in apart if unicodedata.category(letter) != "Mn")
    return tuple(_LETTER_RUN.findall(plain))


def _vocabulary(*texts: str) -> frozenset[str]:
    """The single words of some kinds, as `_words` gives them."""
    found = [_words(word) for text in texts for word in text.split() if "_" not in word]
    return frozenset(words[0] for words in found if len(words) == 1)


_FAX_WORDS = _vocabulary(WORDS["fax"])
_KINDS = _vocabulary(PHONE, *(words for kind, words in WORDS.items() if kind not in NOT_FOR_VOICE)) - _vocabulary(NAMES_TOO)
