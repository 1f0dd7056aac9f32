"""What a fix of many rows puts into the cells of one: a proposal, or None where it has none. Whether the row may be sent then is judged
as always; nothing is sent by a fix."""

import re
from collections.abc import Callable, Mapping, Sequence
from itertools import dropwhile
from typing import NamedTuple

from imports.pipeline.columns.fields import Field
from imports.pipeline.columns.source import Source

Cells = list[str]
CellFix = Callable[[Cells], Cells | None]
AREA_CODE = re.compile(r"\+?[( ]*\d[\d() -]{0,7}")
SHORTEST = 7  # digits of a number that may stand alone
# What stands between two numbers in one cell, the surest first: a slash or dash alone also stands inside numbers.
SEPARATORS = [
    re.compile(pattern)
    for pattern in (r"[\n;|]", r"\s[/,–-]\s", r"(?<=\d)\s*(?=\+)", r"\s+(?:veya|ve|ya da|or|and|oder|und)\s+", r"[/,]", r"-")
]


class Places(NamedTuple):
    """Where an import has its phone number, its secondary contacts (the first one first), and its values: columns, 0-based."""

    phone: int | None
    secondary: tuple[int, ...]
    values: dict[int, str]  # column → field key

    @classmethod
    def of(cls, fields: Sequence[Field], mapping: Mapping[str, Source]) -> "Places":
        alone = {key: source for key, source in mapping.items() if isinstance(source, int)}
        contacts = sorted((f.position, alone[f.key]) for f in fields if f.kind == "secondary_phone" and f.key in alone)
        values = {alone[f.key]: f.key for f in fields if f.kind == "variable" and f.key in alone}
        return cls(alone.get("phone_number"), tuple(column for _position, column in contacts), values)


def text_at(cells: Sequence[str], column: int) -> str:
    return cells[column] if column < len(cells) else ""


def with_text(cells: Sequence[str], column: int, text: str) -> Cells:
    changed = [*cells, *[""] * (column + 1 - len(cells))]
    changed[column] = text
    return changed


def two_numbers(text: str) -> tuple[str, str] | None:
    """The two numbers of a cell as they are written there; None where they cannot be told apart, or are more."""
    for separator in SEPARATORS:
        pieces = [piece.strip() for piece in separator.split(text) if piece.strip()]
        if len(pieces) == 2 and all(_digits(piece) >= SHORTEST for piece in pieces):
            return pieces[0], pieces[1]
    return None


def _digits(text: str) -> int:
    return sum(map(str.isdigit, text))


def keep_number(places: Places, kept: int) -> CellFix:
    """The first (0) or second (1) number of the cell; the other becomes the first secondary contact that the row does not have."""

    def fix(cells: Cells) -> Cells | None:
        pair = None if places.phone is None else two_numbers(text_at(cells, places.phone))
        if pair is None or places.phone is None:
            return None
        changed = with_text(cells, places.phone, pair[kept])
        free = [column for column in places.secondary if not text_at(cells, column).strip()]
        return with_text(changed, free[0], pair[1 - kept]) if free else changed

    return fix


def drop_word(places: Places) -> CellFix:
    """What stands behind the last digit of the number: `0532 123 45 67 Ayşe`."""

    def fix(cells: Cells) -> Cells | None:
        if places.phone is None:
            return None
        text = text_at(cells, places.phone)
        kept = "".join(reversed(list(dropwhile(lambda char: not char.isdigit(), reversed(text)))))
        return with_text(cells, places.phone, kept) if kept and any(map(str.isalpha, text[len(kept) :])) else None

    return fix


def put_before(places: Places, source: int) -> CellFix:
    """Digits of another column, an area code, before the number: `532` and `123 45 67`. None where they stand there already."""

    def fix(cells: Cells) -> Cells | None:
        if places.phone is None or source == places.phone:
            return None
        code, number = text_at(cells, source).strip(), text_at(cells, places.phone).strip()
        if not AREA_CODE.fullmatch(code) or not _digits(number) or number.startswith("+"):
            return None
        return with_text(cells, places.phone, f"{code} {number}")

    return fix


def copy(source: int, target: int) -> CellFix:
    """An empty cell takes the text of another column."""

    def fix(cells: Cells) -> Cells | None:
        text = text_at(cells, source).strip()
        return with_text(cells, target, text) if text and not text_at(cells, target).strip() else None

    return fix


def replace(column: int, find: str, by: str) -> CellFix:
    def fix(cells: Cells) -> Cells | None:
        text = text_at(cells, column)
        return with_text(cells, column, text.replace(find, by)) if find and find in text and find != by else None

    return fix
