"""Which column says what kind of phone stands beside it: `Phone 1 - Type`, `Telefon Tipi`, or cells like `Cep` and `İş`."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from imports.pipeline.evidence import Support
from imports.pipeline.headers.meaning import PHONE_WORDS
from imports.pipeline.phones.labels import phone_label
from imports.pipeline.reasons import Reason

from .column import Column
from .source import Source, columns_of

KNOWN = 0.6  # of the filled cells are labels, under a header that says so
ALL_KNOWN = 0.9  # under any other header
TELLING = frozenset({"mobile", "fax", "pager"})  # labels that only phones have: an address is "home" and "work" too
_SAYS_LABEL = frozenset({"type", "label"})
_OF_OTHERS = frozenset(
    """fax email address default_address street url social date note company branch department customer order product event
    deal status relation group website city job""".split()
)


class FoundLabel(NamedTuple):
    """The label column of the phone at `position` (0: the lead's own)."""

    position: int
    column: int
    supports: frozenset[Support]
    reason: Reason


def suggest_labels(columns: Sequence[Column], phones: Mapping[int, Source], taken: set[int]) -> list[FoundLabel]:
    """`phones` is position → where that phone stands; a column in `taken` is used for something else."""
    by_index = {column.index: column for column in columns}
    found: list[FoundLabel] = []
    used = set(taken)
    for position, source in sorted(phones.items()):
        phone = by_index[columns_of(source)[-1]]
        label = _label_of(phone, [column for column in columns if column.index not in used], by_index, phones)
        if label is not None:
            used.add(label.index)
            supports = frozenset({Support.CELLS, Support.HEADER} if label.meaning.parts else {Support.CELLS})
            reason = Reason("phone_label_column", {"header": label.header, "phone": phone.header})
            found.append(FoundLabel(position, label.index, supports, reason))
    return found


def _label_of(
    phone: Column, free: Sequence[Column], by_index: Mapping[int, Column], phones: Mapping[int, Source]
) -> Column | None:
    """The paired header first, then the column before or after the phone."""
    paired = [column for column in free if _is_paired(column, phone) and _known_share(column) >= KNOWN]
    beside = [
        column
        for column in free
        if abs(column.index - phone.index) == 1 and _speaks_of_phones(column) and not _belongs_to_another(column, phone, by_index)
    ]
    anywhere = [column for column in free if len(phones) == 1 and _names_faxes(column)]
    return next(iter([*paired, *beside, *anywhere]), None)


def _names_faxes(column: Column) -> bool:
    """Nothing but kinds of phones, fax or pager among them: in a file with one column of numbers these are its labels."""
    labels = {phone_label(text) for text in column.texts if text}
    return bool(labels & {"fax", "pager"}) and _known_share(column) >= ALL_KNOWN


def _is_paired(column: Column, phone: Column) -> bool:
    """`Phone 1 - Type` and `Phone 1 - Value`: the same words but for the type, and the same number."""
    header = column.meaning
    if not header.names & _SAYS_LABEL or not header.names & PHONE_WORDS or header.names & _OF_OTHERS:
        return False
    return header.ordinal == phone.meaning.ordinal and (header.names & PHONE_WORDS) == (phone.meaning.names & PHONE_WORDS)


def _speaks_of_phones(column: Column) -> bool:
    names = column.meaning.names
    if names & _OF_OTHERS or not column.cells.filled:
        return False
    labels = {phone_label(text) for text in column.texts if text}
    if names & _SAYS_LABEL:
        return _known_share(column) >= KNOWN
    return not column.meaning.known and _known_share(column) >= ALL_KNOWN and bool(labels & TELLING)


def _belongs_to_another(column: Column, phone: Column, by_index: Mapping[int, Column]) -> bool:
    """A label with a number of its own belongs to that number; in a row of label, phone, label, phone to the next one."""
    if column.meaning.ordinal and phone.meaning.ordinal:
        return column.meaning.ordinal != phone.meaning.ordinal
    before, first = by_index.get(column.index - 1), by_index.get(phone.index - 1)
    stands_after = column.index > phone.index
    return stands_after and before is phone and first is not None and _speaks_of_phones(first)


def _known_share(column: Column) -> float:
    """1.0 for a column without cells: it labels nothing."""
    filled = [text for text in column.texts if text]
    return sum(bool(phone_label(text)) for text in filled) / len(filled) if filled else 1.0
