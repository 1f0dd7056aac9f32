"""Secondary contacts that may not be called are left out of a lead, and the row says so."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from imports.pipeline.rows import CheckedRow

NO_CONTACTS = '"secondary_contacts":[]'  # in a lead as the reading process writes it
WARNINGS = {"do_not_call": "secondary_do_not_call", "forgotten": "secondary_forgotten"}  # reason → warning of the row


class Remaining(NamedTuple):
    """A lead without the contacts that were left out, and its row's detail, which says so."""

    lead: dict[str, Any]
    detail: dict[str, Any]
    codes: frozenset[str]  # of warnings that the row did not have before


def contacts_of(lead: Mapping[str, Any] | None) -> list[str]:
    """The numbers (E.164) of a lead's secondary contacts."""
    return [contact["phone_number"] for contact in (lead or {}).get("secondary_contacts") or ()]


def _numbers(contacts: Sequence[Mapping[str, Any]]) -> Iterator[tuple[int, str]]:
    """(position, number) of each contact, from 1."""
    return ((position, contact["phone_number"]) for position, contact in enumerate(contacts, 1))


def leave_out(lead: Mapping[str, Any], detail: Mapping[str, Any] | None, refused: Mapping[str, str]) -> Remaining | None:
    """The lead without contacts whose number is in `refused` (number → why); None where it has none of them."""
    contacts = lead.get("secondary_contacts") or []
    left_out = [(position, phone) for position, phone in _numbers(contacts) if phone in refused]
    if not left_out:
        return None
    warnings: list[list[Any]] = [
        [WARNINGS[refused[phone]], _params(position, phone, refused[phone])] for position, phone in left_out
    ]
    before = list((detail or {}).get("warnings", ()))
    others = [contact for contact in contacts if contact["phone_number"] not in refused]
    codes = frozenset(code for code, _params_ in warnings) - {code for code, _params_ in before}
    return Remaining({**lead, "secondary_contacts": others}, {**(detail or {}), "warnings": before + warnings}, codes)


def _params(position: int, phone: str, why: str) -> dict[str, Any]:
    return {"position": position} if why == "forgotten" else {"position": position, "phone": phone}


def leave_out_checked(checked: Iterable[CheckedRow], refused: Mapping[str, str]) -> list[CheckedRow]:
    """The same for rows that a person has corrected."""
    return [_left_out(row, refused) for row in checked]


def _left_out(row: CheckedRow, refused: Mapping[str, str]) -> CheckedRow:
    remaining = leave_out({"secondary_contacts": row.secondary}, {"warnings": row.warnings}, refused) if refused else None
    if remaining is None:
        return row
    return row._replace(secondary=remaining.lead["secondary_contacts"], warnings=remaining.detail["warnings"])


def numbers_of(phones: Sequence[str], leads: Iterable[Mapping[str, Any] | None]) -> Collection[str]:
    """Every number that would be called for these rows."""
    return {*phones, *(phone for lead in leads for phone in contacts_of(lead))}
