"""What a header means: "MÜŞTERİ_ADI", "customerName" and "Kunden-Name" say the same.

A header is folded, split into words, and each word looked up as it is, without its ending, as a compound
of known words, and last as a misspelling.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache

from rapidfuzz.distance import OSA

from .vocabulary import COMPANY_WORDS, FAINT, GIVEN_NAMES, KIN, MEANINGS, NAMED_THINGS, SILENT_WORDS, SORTS

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
        "ة": "ه",
        "ى": "ي",
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
PHONE_WORDS = frozenset({"phone", "mobile", "whatsapp", "landline"})
# Beside a word for phone, these make the cells something else: "Phone Type", "Telefon Onayı".
SORTS_BESIDE_PHONE = frozenset(
    """fax type label consent status date count verified extension note url area_code dialing_code email score duration code id
    language currency photo day time amount price username ip nationality""".split()
)
_HARD = {"g": "k", "d": "t", "b": "p"}  # Turkish softens before an ending: meslek, mesleği
_LINKS = ("", "s", "es", "n", "en", "i", "si", "u", "su", "e", "iniz", "niz", "unuz")


@dataclass(frozen=True)
class Meaning:
    """What a header says. `parts` are meanings of column_words with their weights; unknown words stand
    for themselves as `=word`. `ordinal` is the number in it ("Telefon 2" → 2), 0 without one."""

    text: str
    parts: tuple[tuple[str, float], ...]
    ordinal: int = 0

    @property
    def names(self) -> frozenset[str]:
        return frozenset(name for name, _ in self.parts)

    @property
    def sort(self) -> str:
        """The one thing a cell is ('date', 'money', 'name' …), '' when the header does not say."""
        sorts = [SORTS[name] for name, _ in self.parts if name in SORTS]
        said = [sort for sort in sorts if sort not in ("number", "name", "address")] or sorts
        return said[-1] if said else ""

    @property
    def known(self) -> bool:
        return any(not name.startswith("=") for name, _ in self.parts)

    @property
    def understood(self) -> bool:
        """Whether every word of it is known."""
        return self.known and not any(name.startswith("=") for name, _ in self.parts)


def fold(text: str) -> str:
    """Lower case words of plain letters, one space between: 'İŞ Tel.No' → 'is tel no'."""
    text = _INVISIBLE.sub("", text[:LONGEST_HEADER]).translate(_LETTERS)
    text = unicodedata.normalize("NFKD", text)
    text = "".join(char for char in text if not unicodedata.combining(char))
    text = _CAMEL.sub(" ", text.translate(_LETTERS))
    return " ".join(_SEPARATORS.sub(" ", text).lower().split())


@lru_cache(maxsize=4096)
def meaning(header: str) -> Meaning:
    words = _without_article(_without_ordinals(fold(header).split()))
    ordinals = [int(word) for word in fold(header).split() if word.isascii() and word.isdigit() and len(word) <= 2]
    names: list[str] = []
    for word in _phrases(words):
        names += _look_up(word)
    return Meaning(
        text=fold(header),
        parts=_weighed(_combined(names)),
        ordinal=ordinals[-1] if ordinals else 0,
    )


def _without_ordinals(words: list[str]) -> list[str]:
    return [word for word in words if not (word.isascii() and word.isdigit())]


def _without_article(words: list[str]) -> list[str]:
    """Arabic's article, which is written to its word."""
    return [word[2:] if word.startswith("ال") and len(word) > 4 else word for word in words]


@cache
def _dictionary() -> dict[str, str]:
    """Folded word or phrase (words joined by a space) → meaning; '' is silent."""
    found: dict[str, str] = {}
    for name, words in MEANINGS.items():
        for word in words.split():
            found.setdefault(" ".join(_without_article(fold(word).split())), name)
    for word in SILENT_WORDS.split():
        found.setdefault(fold(word), "")
    return found


@cache
def _long_words() -> list[str]:
    return [word for word in _dictionary() if len(word) >= 5 and " " not in word]


def _phrases(words: list[str]) -> list[str]:
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
def _look_up(word: str) -> tuple[str, ...]:
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


def _weighed(names: list[str]) -> tuple[tuple[str, float], ...]:
    """A word nobody knows counts for less than one that is known, and many of them (a whole question) hardly more."""
    unknown = sum(name.startswith("=") for name in names)
    return tuple((name, min(0.6, 0.9 / unknown) if name.startswith("=") else FAINT.get(name, 1.0)) for name in names)


def _combined(names: list[str]) -> list[str]:
    """Meanings that belong together made one: name + surname → full name, company + name → company."""
    found = [_beside_others(name, set(names)) for name in dict.fromkeys(name for name in names if name)]
    have = set(found)
    drop: set[str] = set()
    add: list[str] = []
    if len(have & {"name", "first_name", "last_name"}) > 1 or "name" in have and have & {"full", "full_name"}:
        add, drop = ["full_name"], {"name", "first_name", "last_name", "full"}
    elif have & {"first_name", "last_name"}:
        drop = {"name"}
    elif "name" in have and have & NAMED_THINGS:
        drop = {"name"}
    if "email" in have:
        drop |= {"address"}
    if have & {"phone", "mobile", "whatsapp", "fax", "area_code", "dialing_code"}:
        drop |= {"number"}
    return [name for name in found if name not in drop] + [name for name in add if name not in found or name in drop]


def _beside_others(name: str, names: set[str]) -> str:
    """Words that mean something else beside others: a contact's owner is our colleague, a car's owner the customer."""
    if name in ("first", "last"):
        alone = names - {"first", "last"} <= {
            "customer",
            "patient",
            "student",
            "parent",
            "mother",
            "father",
            "owner",
            "holder",
            "name",
            "",
        }
        return f"{name}_name" if alone else "last_time" if name == "last" else "=first"
    if name in ("owner", "holder"):
        return "agent" if "customer" in names or name == "owner" and len(names) == 1 else "holder"
    return name


def likeness(wanted: Meaning, header: Meaning) -> float:
    """0..1: how well `header` says what `wanted` asks for. Symmetric but for the sort of cell."""
    if not wanted.parts or not header.parts:
        return 0.0
    shared = _covered(wanted, header) + _covered(header, wanted)
    whole = sum(weight for _, weight in wanted.parts) + sum(weight for _, weight in header.parts)
    return shared / whole * _sort_agreement(wanted, header)


def says_phone(said: Meaning) -> bool:
    """The header promises a number that can be called, not the kind, the code or the consent of one."""
    return bool(said.names & PHONE_WORDS) and not said.names & SORTS_BESIDE_PHONE


def _covered(one: Meaning, other: Meaning) -> float:
    return sum(weight * max(_kinship(name, second) for second in other.names) for name, weight in one.parts)


def _kinship(one: str, other: str) -> float:
    return 1.0 if one == other else KIN.get((one, other), KIN.get((other, one), 0.0))


def _sort_agreement(wanted: Meaning, header: Meaning) -> float:
    if wanted.sort == header.sort:
        return 1.0
    if wanted.sort and wanted.sort in {SORTS.get(name) for name in header.names}:
        return 0.95
    return 0.85 if not wanted.sort else 0.8 if not header.sort else 0.45


@lru_cache(maxsize=8192)
def is_given_name(word: str) -> bool:
    return fold(word) in GIVEN_NAMES


@lru_cache(maxsize=8192)
def is_company(text: str) -> bool:
    """It has a word in it that firms have in their names and people do not."""
    words = fold(text.replace(".", "")).split()
    return len(words) > 1 and not COMPANY_WORDS.isdisjoint(words)
