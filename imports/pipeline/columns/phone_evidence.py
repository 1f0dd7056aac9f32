"""The evidence of the cells for the column that is called, and against the other columns that could be called instead."""

from collections.abc import Sequence

from imports.pipeline.evidence import Reading, Support
from imports.pipeline.headers.meaning import promises_phone

from .cell_profile import share_written_to_call
from .column import Column
from .column_numbers import MOST, begin_alike, mobile_share, names_things, same_numbers
from .phone_column import FEW_VALID, ONLY_CELLS, Candidate

AS_FULL = 0.5  # of the best column's numbers make another column one that could be meant
FEW = 0.2
OF_THE_LEAD = frozenset({"customer", "holder", "primary", "patient", "student", "parent", "number"})  # whose numbers they are
CONTACTS = frozenset({"customer", "number"})  # names of a column that may be one of phones
OF_OTHERS = frozenset({"agent", "supplier", "fax", "old", "emergency", "company", "address"})


def supports_of(candidate: Candidate, region: str) -> set[Support]:
    """What supports a column as one of numbers to call: its own name, its cells, or its header alone."""
    column, supports = candidate.column, set()
    if candidate.promise is not None:
        supports.add(Support.HEADER)
    if is_own_name(column.header, "phone_number"):
        supports.add(Support.OWN_NAME)
    # Whole numbers of which Excel has left the beginning.
    shortened = promises_phone(column.meaning) and column.cells.shortened >= MOST
    if shortened or candidate.valid > FEW_VALID and _are_phones(candidate, region):
        supports.add(Support.CELLS)
    return supports or ({Support.HEADER} if candidate.valid else set())


def is_own_name(header: str, name: str) -> bool:
    """Whether the header is the name that WhatTalk itself gives the field: `phone_number`, not "Phone Number"."""
    return header.strip().lower() == name


def _are_phones(candidate: Candidate, region: str) -> bool:
    """The cells are written as people write phones; or are, beside a header that says phone, or all through, mobiles."""
    column = candidate.column
    if names_things(column) or column.cells.same:
        return False
    if promises_phone(column.meaning) or share_written_to_call(column.texts) >= MOST:
        return True
    return mobile_share(column, region) >= ONLY_CELLS and not begin_alike(column)


def readings_beside(best: Candidate, others: Sequence[Candidate], columns: Sequence[Column], region: str) -> list[Reading]:
    """The other columns that could be called instead, each with what rules it out; '' where nobody should be called."""
    readings = [Reading(other.column.header, _refuted(best, other, region)) for other in others]
    known = {candidate.column.index for candidate in (best, *others)}
    unnamed = [
        Candidate(column, column.cells.phone, 0.0, None)
        for column in columns
        if column.index not in known and column.cells.phone >= ONLY_CELLS
    ]
    readings += [Reading(other.column.header, _refuted(best, other, region)) for other in unnamed]
    names_another_thing = best.column.meaning.known and not best.column.meaning.names <= OF_THE_LEAD
    if best.column.meaning.names & OF_OTHERS or names_another_thing and best.promise is None:
        readings.append(Reading(""))
    return readings


def _refuted(best: Candidate, other: Candidate, region: str) -> str:
    """The code of what rules `other` out beside `best`, '' if nothing does."""
    column = other.column
    if same_numbers(best.column, column):
        return "same_numbers"
    if column.meaning.sort == "fax" and promises_phone(best.column.meaning):
        return "fax"
    # `Tel. opiekuna` beside `Komórka`: the unknown word may say whose phone it is, and no cell shows it.
    is_named = promises_phone(column.meaning)
    if best.column.header and not best.column.meaning.understood and (is_named or not column.meaning.known):
        return ""
    if other.valid * column.cells.fill < AS_FULL * best.valid * best.column.cells.fill:
        return "fewer"
    if names_things(column) or column.cells.same:
        return "counts_upwards"
    if not best.promise and (not column.meaning.known or column.meaning.names <= CONTACTS):
        return ""  # `No` over 0532…, beside `İletişim` over bare digits: no header says which is the phone
    if not is_named and share_written_to_call(best.column.texts) >= MOST and share_written_to_call(column.texts) < FEW:
        return "not_written"
    if mobile_share(best.column, region) >= ONLY_CELLS and mobile_share(column, region) < FEW:
        return "fixed_lines"
    return ""
