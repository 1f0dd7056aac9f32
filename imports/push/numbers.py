"""Numbers of a campaign: claimed with the row that sends them, given back when it ends unsent; and the leads they became.

Every function runs inside the caller's transaction.
"""
from collections.abc import Iterable, Iterator, Mapping, Sequence

import orjson
from django.db import connection
from django.db.models import QuerySet

from campaigns.do_not_call import HeldLead, enforce_on_leads, forbidden
from campaigns.models import CampaignNumber, Lead
from campaigns.whattalk import shapes
from imports import tallies
from imports.contacts_left_out import leave_out, numbers_of
from imports.models import ImportRow, RowState
from imports.push.rows import Claimed, Ending

NUMBERS = CampaignNumber._meta.db_table
LEADS = Lead._meta.db_table
OTHER_ROWS = (  # of a campaign's imports: campaign, row
    "FROM imports_importrow AS r JOIN imports_importjob AS j ON j.id = r.job_id WHERE j.campaign_id = %s AND r.id <> %s"
)


def refused_numbers(campaign_id: int, rows: Sequence[Claimed]) -> dict[str, str]:
    """Numbers of claimed rows, of secondary contacts too, that may not be called, with the reason: the last question before they go."""
    return forbidden(numbers_of([row.phone for row in rows], [row.lead for row in rows]), campaign_id)


def must_not_go(
    campaign_id: int, rows: Sequence[Claimed], allow_duplicates: bool, refused: Mapping[str, str] | None = None,
) -> dict[int, str]:
    """Row id → state, of claimed rows that must not be sent after all; the numbers of all others are theirs now."""
    refused = refused_numbers(campaign_id, rows) if refused is None else refused
    held = {row.id: "do_not_call" for row in rows if row.phone in refused}
    give_back(campaign_id, {row.id: row.phone for row in rows if row.id in held and not row.unknowns})
    if allow_duplicates:
        return held
    wanting = [row for row in rows if row.id not in held]
    return held | dict.fromkeys(_too_late(campaign_id, wanting), "duplicate_in_campaign")


def without_contacts(job_id: int, row: Claimed, refused: Mapping[str, str]) -> Claimed:
    """The row without secondary contacts that may not be called; it says so."""
    remaining = leave_out(row.lead, row.detail, refused)
    if remaining is None:
        return row
    ImportRow.objects.filter(pk=row.id).update(lead=remaining.lead, detail=remaining.detail)
    tallies.add(job_id, {("warning", code): 1 for code in remaining.codes})
    return row._replace(lead=remaining.lead, detail=remaining.detail)


def _too_late(campaign_id: int, rows: Sequence[Claimed]) -> set[int]:
    """Claim the rows' numbers; returns the rows whose number somebody else has."""
    if not rows:
        return set()
    # Sorted, so that two transactions that want the same numbers wait for each other in one direction only.
    wanted = sorted((row.phone, row.id) for row in rows)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {NUMBERS} (campaign_id, phone_number, holder) VALUES {_tuples(3, len(wanted))} "
            "ON CONFLICT (campaign_id, phone_number) DO NOTHING RETURNING holder",
            [value for phone, row_id in wanted for value in (campaign_id, phone, row_id)],
        )
        got = {row_id for (row_id,) in cursor.fetchall()}
        without = {row_id: phone for phone, row_id in wanted if row_id not in got}
        return without and _held_by_others(cursor, campaign_id, without)


def _held_by_others(cursor, campaign_id: int, phone_of: dict[int, str]) -> set[int]:
    cursor.execute(
        f"SELECT phone_number, holder FROM {NUMBERS} "
        f"WHERE campaign_id = %s AND phone_number IN ({_marks(len(phone_of))})",
        [campaign_id, *phone_of.values()],
    )
    holders = dict(cursor.fetchall())
    return {row_id for row_id, phone in phone_of.items() if holders.get(phone) != row_id}


def give_back(campaign_id: int, phone_of: dict[int, str]) -> None:
    """The numbers that these rows (id → phone) hold are free again: the rows ended without a lead."""
    for held in _held(campaign_id, phone_of):
        held.delete()


def leave_to_service(campaign_id: int, phone_of: dict[int, str]) -> None:
    """The service has the numbers of these rows (id → phone), but not from them."""
    for held in _held(campaign_id, phone_of):
        held.update(holder=None)


def _held(campaign_id: int, phone_of: dict[int, str], size: int = 500) -> Iterator[QuerySet]:
    rows = list(phone_of.items())
    for start in range(0, len(rows), size):
        some = dict(rows[start:start + size])
        yield CampaignNumber.objects.filter(
            campaign_id=campaign_id, phone_number__in=list(some.values()), holder__in=list(some)
        )


def remember_leads(campaign_id: int, endings: Iterable[Ending], rows: dict[int, Claimed]) -> None:
    """The leads that were just created, so that the campaign's pages know them before the next reading of it."""
    _remember(campaign_id, [
        (ending.remote_id, row.phone, "created", row.lead.get("variables") or {}, row.lead.get("secondary_contacts") or [])
        for ending in endings if ending.remote_id and (row := rows[ending.id])
    ])


def remember_others(campaign_id: int, phone: str, leads: Iterable[shapes.Lead]) -> None:
    """Leads that a look-up met: the campaign had this number from elsewhere."""
    _remember(campaign_id, [
        (lead.id[:64], phone, lead.status[:40], lead.variables, shapes.objects(lead.raw.get("secondary_contacts"))) for lead in leads
    ])


def _remember(campaign_id: int, leads: Sequence[tuple]) -> None:
    if not leads:
        return
    values = [
        value for remote_id, phone, status, variables, secondary in leads
        for value in (campaign_id, remote_id, phone, status, _json(variables), _json(secondary))
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {LEADS} (campaign_id, remote_id, phone_number, status, variables, secondary_contacts) "
            f"VALUES {_tuples(6, len(leads))} ON CONFLICT (campaign_id, remote_id) DO NOTHING",
            values,
        )
    enforce_on_leads(campaign_id, [HeldLead(remote_id, phone, status, secondary) for remote_id, phone, status, _, secondary in leads])


def known_elsewhere(campaign_id: int, row_id: int, phone: str) -> bool:
    """Whether the campaign has a lead with this number that is not this row's own."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT 1 FROM {LEADS} AS l WHERE l.campaign_id = %s AND l.phone_number = %s AND NOT EXISTS "
            "(SELECT 1 FROM imports_importrow AS r WHERE r.id = %s AND r.remote_id = l.remote_id) LIMIT 1",
            [campaign_id, phone, row_id],
        )
        return cursor.fetchone() is not None


def is_being_sent(campaign_id: int, row_id: int, phone: str, *more: str) -> bool:
    """Whether another row with this number is on its way into the campaign at this moment (or in one of `more` states)."""
    states = (RowState.SENDING, *more)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT 1 {OTHER_ROWS} AND r.phone = %s AND r.state IN ({_marks(len(states))}) LIMIT 1",
            [campaign_id, row_id, phone, *states],
        )
        return cursor.fetchone() is not None


def maybe_from_another_row(campaign_id: int, row_id: int, phone: str) -> bool:
    """Whether another row may have put this number into the campaign, without our knowing the lead's id."""
    if is_being_sent(campaign_id, row_id, phone, RowState.UNKNOWN, RowState.UNCONFIRMED):
        return True
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT 1 {OTHER_ROWS} AND r.phone = %s AND r.remote_id = '' LIMIT 1", [campaign_id, row_id, phone])
        return cursor.fetchone() is not None


def ids_of_other_rows(campaign_id: int, row_id: int, remote_ids: Sequence[str]) -> set[str]:
    """Those of `remote_ids` that belong to other rows of this campaign's imports."""
    if not remote_ids:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT r.remote_id {OTHER_ROWS} AND r.remote_id IN ({_marks(len(remote_ids))})",
            [campaign_id, row_id, *remote_ids],
        )
        return {remote_id for (remote_id,) in cursor.fetchall()}


def _json(value) -> str:
    return orjson.dumps(value).decode()


def _marks(n: int) -> str:
    return ", ".join(["%s"] * n)


def _tuples(width: int, n: int) -> str:
    return ", ".join([f"({_marks(width)})"] * n)
