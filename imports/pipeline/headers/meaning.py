"""What a header means: "MÜŞTERİ_ADI", "customerName" and "Kunden-Name" say the same.

A header is folded, split into words, and each word looked up in the `dictionary`; meanings that belong together become one.
"""

from dataclasses import dataclass
from functools import lru_cache

from .dictionary import look_up, phrases, without_article
from .folding import fold
from .relations import FAINT, KIN, NAMED_THINGS, SORTS

PHONE_WORDS = frozenset({"phone", "mobile", "whatsapp", "landline"})
# Beside a word for phone, these make the cells something else: "Phone Type", "Telefon Onayı".
SORTS_BESIDE_PHONE = frozenset(
    """fax type label consent status date count verified extension note url area_code dialing_code email score duration code id
    language currency photo day time amount price username ip nationality""".split()
)


@dataclass(frozen=True)
class Meaning:
    """What a header says. `parts` are meanings of the `vocabulary` with their weights; unknown words stand
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
        telling = [sort for sort in sorts if sort not in ("number", "name", "address")] or sorts
        return telling[-1] if telling else ""

    @property
    def known(self) -> bool:
        return any(not name.startswith("=") for name, _ in self.parts)

    @property
    def understood(self) -> bool:
        """Whether every word of it is known."""
        return self.known and not any(name.startswith("=") for name, _ in self.parts)


@lru_cache(maxsize=4096)
def meaning(header: str) -> Meaning:
    """What a header says; cached, because every header is asked for many times."""
    words = without_article(_without_ordinals(fold(header).split()))
    ordinals = [int(word) for word in fold(header).split() if word.isascii() and word.isdigit() and len(word) <= 2]
    names: list[str] = []
    for word in phrases(words):
        names += look_up(word)
    return Meaning(
        text=fold(header),
        parts=_weighed(_combined(names)),
        ordinal=ordinals[-1] if ordinals else 0,
    )


def _without_ordinals(words: list[str]) -> list[str]:
    return [word for word in words if not (word.isascii() and word.isdigit())]


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


def promises_phone(header: Meaning) -> bool:
    """The header promises a number that can be called, not the kind, the code or the consent of one."""
    return bool(header.names & PHONE_WORDS) and not header.names & SORTS_BESIDE_PHONE


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
