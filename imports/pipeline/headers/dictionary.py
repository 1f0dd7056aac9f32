"""The meanings of single words of a header.

A word is looked up as it is, without its ending, as a compound of known words, and last as a misspelling.
"""

from functools import cache, lru_cache

from rapidfuzz.distance import OSA

from .folding import fold
from .vocabulary import MEANINGS, SILENT_WORDS

_OUR_AND_YOUR = "imiz iniz umuz unuz miz niz muz nuz".split()  # şubemiz, adınız
_CASES = "i u in un e a de da den dan le la".split()  # şubemizden, numaranıza
_ENDINGS = tuple(
    sorted(
        {whose + case for whose in _OUR_AND_YOUR for case in ("", *_CASES)}
        | set(
            """lariniz leriniz siniz
    lari leri lar ler larin lerin nin nun in un si su i u ni nu yi yu le la yle yla a e ye ya da de dan den im um m
    sini sinin ini inin s es n en er ern""".split()
        ),
        key=lambda ending: (-len(ending), ending),
    )
)
_HARD = {"g": "k", "d": "t", "b": "p"}  # Turkish softens before an ending: meslek, mesleği
_LINKS = ("", "s", "es", "n", "en", "i", "si", "u", "su", "e", "iniz", "niz", "unuz")


def without_article(words: list[str]) -> list[str]:
    """Arabic's article, which is written to its word."""
    return [word[2:] if word.startswith("ال") and len(word) > 4 else word for word in words]


@cache
def _dictionary() -> dict[str, str]:
    """Folded word or phrase (words joined by a space) → meaning; '' is silent."""
    found: dict[str, str] = {}
    for name, words in MEANINGS.items():
        for word in words.split():
            found.setdefault(" ".join(without_article(fold(word).split())), name)
    for word in SILENT_WORDS.split():
        found.setdefault(fold(word), "")
    return found


@cache
def _long_words() -> list[str]:
    return [word for word in _dictionary() if len(word) >= 5 and " " not in word]


def phrases(words: list[str]) -> list[str]:
    """Words, with runs that the dictionary knows as one phrase joined: the longest first."""
    joined, start = [], 0
    while start < len(words):
        length = next(
            (n for n in (4, 3, 2) if start + n <= len(words) and _is_phrase(words[start : start + n])),
            1,
        )
        joined.append(" ".join(words[start : start + length]))
        start += length
    return joined


def _is_phrase(words: list[str]) -> bool:
    """Known as it stands or without its ending ("e-postası"), or as the one word that a capital or a hyphen has cut in
    two ("LandLine", "E-Posta")."""
    dictionary, phrase = _dictionary(), " ".join(words)
    cut_in_two = len(words) == 2 and "".join(words) in dictionary and min(map(len, words)) > 1
    return phrase in dictionary or cut_in_two or " " in _stem(phrase)


@lru_cache(maxsize=8192)
def look_up(word: str) -> tuple[str, ...]:
    """Meanings of one word, several for a compound; `=word` when nobody knows it."""
    dictionary = _dictionary()
    for known in (word, word.replace(" ", "")):
        if known in dictionary:
            return (dictionary[known],)
    stem = _stem(word)
    if stem:
        return (dictionary[stem],)
    parts = _compound(word)
    if parts:
        return tuple(dictionary[part] for part in parts)
    close = _misspelt(word)
    return (dictionary[close],) if close else (f"={word}",)


def _stem(word: str) -> str:
    dictionary = _dictionary()
    for ending in _ENDINGS:
        stem = word.removesuffix(ending)
        if len(stem) >= 3 and stem != word:
            for known in (stem, stem[:-1] + _HARD.get(stem[-1], stem[-1])):
                if known in dictionary:
                    return known
    return ""


def _compound(word: str) -> list[str]:
    """Known words that make up `word` whole, fewest first: 'ceptelno' → cep, tel, no. [] when there are none."""
    if not 5 <= len(word) <= 40 or " " in word:
        return []
    dictionary = _dictionary()
    best: list[list[str] | None] = [[]] + [None] * len(word)
    for end in range(2, len(word) + 1):
        for start in range(end - 1):
            before = best[start]
            shortest = best[end]
            if before is None or shortest is not None and len(shortest) <= len(before) + 1:
                continue
            part = _known_part(word[start:end], dictionary)
            if part:
                best[end] = [*before, part]
    parts = best[-1]
    return parts if parts and any(len(part) >= 3 for part in parts) else []


def _known_part(piece: str, dictionary: dict[str, str]) -> str:
    for link in _LINKS:
        if piece.endswith(link):
            stem = piece[: len(piece) - len(link)]
            if len(stem) >= (2 if not link else 3) and dictionary.get(stem):
                return stem
    return ""


def _misspelt(word: str) -> str:
    """The known word one slip away (two in a long one): 'telefn', 'adress', 'phnoe'."""
    if len(word) < 5 or not word.isalpha():
        return ""
    slips = 1 if len(word) < 9 else 2
    near = (
        (OSA.distance(word, known, score_cutoff=slips), known)
        for known in _long_words()
        if known[0] == word[0] and abs(len(known) - len(word)) <= slips
    )
    distance, known = min(near, default=(slips + 1, ""))
    return known if distance <= slips else ""
