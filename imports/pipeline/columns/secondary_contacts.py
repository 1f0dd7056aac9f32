"""The secondary contacts of a lead: phone columns that are left over, and the columns about the same person."""

from collections.abc import Sequence

from imports.pipeline.evidence import Support
from imports.pipeline.headers.meaning import Meaning, likeness, meaning, promises_phone
from imports.pipeline.reasons import Reason

from .choices import Choice, Draft
from .column import Column
from .column_numbers import names_things, same_numbers
from .fields import Field
from .phone_column import Candidate
from .phone_evidence import supports_of

CALLABLE = 0.5  # of the cells
SAME_PERSON = 0.8  # likeness of a header to the variable of a contact
OTHER_PEOPLE = frozenset({"emergency", "parent", "mother", "father", "secondary"})


def add_secondary_contacts(draft: Draft, fields: Sequence[Field], ranking: Sequence[Candidate]) -> None:
    """Chooses phone columns that are left over, in their order on the sheet, and the columns about the same person."""
    keys = {f.position: f.key for f in fields if f.kind == "secondary_phone"}
    positions = [position for position in sorted(keys) if keys[position] not in draft.choices]
    called = [column for column in draft.columns if column.index == draft.column_of("phone_number")]
    spare = sorted((c for c in ranking if _worth_calling(c, draft.home)), key=lambda candidate: candidate.column.index)
    for candidate in spare:
        column = candidate.column
        is_copy = any(same_numbers(column, other) for other in called)
        if is_copy or not positions or column.index in draft.used:
            continue
        position = positions.pop(0)
        reason = Reason("column_next_phone", candidate.reason.params)
        draft.choices[keys[position]] = Choice(column.index, candidate.confidence, reason)
        called.append(column)
        _add_variables_of(column, draft, [f for f in fields if f.position == position and f.kind == "secondary_variable"])


def _worth_calling(candidate: Candidate, region: str) -> bool:
    """Not one number beside several leads, which is the sender's own or a colleague's. Without a header that says phone, the
    cells must prove it."""
    header = candidate.column.meaning
    if (
        candidate.valid < CALLABLE
        or header.names & {"agent", "supplier"}
        or names_things(candidate.column)
        or candidate.column.cells.same
    ):
        return False
    return promises_phone(header) or not header.known and Support.CELLS in supports_of(candidate, region)


def _add_variables_of(phone: Column, draft: Draft, fields: Sequence[Field]) -> None:
    """ "Veli Adı" belongs to "Veli Telefonu"."""
    whose = phone.meaning.names & OTHER_PEOPLE
    for f in fields if whose else ():
        for column in draft.free():
            about = Meaning(column.meaning.text, tuple(part for part in column.meaning.parts if part[0] not in whose))
            is_alike = whose <= column.meaning.names and likeness(meaning(f.variable), about) >= SAME_PERSON
            if is_alike and f.key not in draft.choices:
                draft.choices[f.key] = Choice(column.index, 0.65, Reason("column_header", {"header": column.header}))
