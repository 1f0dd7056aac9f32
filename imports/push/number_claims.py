"""Which row may use a number of a campaign: claimed with the row, released when it ends unsent; and the leads they became.

Every function runs inside the caller's transaction.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from campaigns import lead_counters
from campaigns.do_not_call import HeldLead, enforce_on_leads, forbidden
from campaigns.models import CampaignNumber, Lead
from campaigns.whattalk import resources
from imports import counters
from imports.check.bulk_insert import numbers_in_campaign
from imports.check.contacts_left_out import leave_out, numbers_of
from imports.check.judge import Obstacles, Verdict
from imports.models import ImportRow, RowState
from imports.push.row_claims import ENOUGH_MISSES, Claimed, Ending

NUMBERS = CampaignNumber._meta.db_table
WAITS = Verdict(RowState.PENDING, "")


def refused_numbers(campaign_id: int, rows: Sequence[Claimed]) -> dict[str, str]:
    """Numbers of claimed rows, of secondary contacts too, that may not be called, with the reason: the last question before they go."""
    return forbidden(numbers_of([row.phone for row in rows], [row.lead for row in rows]), campaign_id)


def must_not_go(
    campaign_id: int,
    rows: Sequence[Claimed],
    allow_duplicates: bool,
    refused: Mapping[str, str] | None = None,
) -> dict[int, Verdict]:
    """Row id → verdict, of claimed rows that must not be sent now; the numbers of all others are theirs from here on.

    `WAITS` stands for a number that another row may have brought there: it waits until that is known. `refused`: what
    `refused_numbers` says of these rows, if the caller has asked already.
    """
    obstacles = Obstacles(refused_numbers(campaign_id, rows) if refused is None else refused)
    held = {row.id: verdict for row in rows if (verdict := obstacles.judge(row.phone))}
    release(campaign_id, {row.id: row.phone for row in rows if row.id in held and not row.unknowns})
    if allow_duplicates:
        return held
    wanting = [row for row in rows if row.id not in held]
    return held | _taken(campaign_id, wanting)


def without_contacts(job_id: int, row: Claimed, refused: Mapping[str, str]) -> Claimed:
    """The row without secondary contacts that may not be called; it says so."""
    remaining = leave_out(row.lead, row.detail, refused)
    if remaining is None:
        return row
    ImportRow.objects.filter(pk=row.id).update(lead=remaining.lead, detail=remaining.detail)
    counters.add(job_id, {("warning", code): 1 for code in remaining.codes})
    return row._replace(lead=remaining.lead, detail=remaining.detail)


def _hold(campaign_id: int, wanted: Sequence[tuple[str, int]]) -> set[int]:
    """Claim (number, row id) in a campaign; the ids of the rows that have got theirs."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {NUMBERS} (campaign_id, phone_number, holder) VALUES {_tuples(3, len(wanted))} "
            "ON CONFLICT (campaign_id, phone_number) DO NOTHING RETURNING holder",
            [value for phone, row_id in wanted for value in (campaign_id, phone, row_id)],
        )
        return {row_id for (row_id,) in cursor.fetchall()}


def _taken(campaign_id: int, rows: Sequence[Claimed]) -> dict[int, Verdict]:
    """Claim the rows' numbers; row id → verdict of the rows whose number is not theirs."""
    if not rows:
        return {}
    # Sorted, so that two transactions that want the same numbers wait for each other in one direction only.
    wanted = sorted((row.phone, row.id) for row in rows)
    got = _hold(campaign_id, wanted)
    without = {row_id: phone for phone, row_id in wanted if row_id not in got}
    return _not_free(campaign_id, without) if without else {}


def _not_free(campaign_id: int, phone_of: dict[int, str]) -> dict[int, Verdict]:
    """As `_taken`, of numbers that have a holder; those whose holder will never bring them there are taken over."""
    numbers = CampaignNumber.objects.filter(campaign_id=campaign_id, phone_number__in=list(phone_of.values()))
    # Locked before the holders are read: their rows are claimed before their numbers, so none can be claimed unseen.
    holder_of = dict(numbers.select_for_update().order_by("phone_number").values_list("phone_number", "holder"))
    obstacles = Obstacles(in_campaign=numbers_in_campaign(campaign_id, list(holder_of)))
    in_doubt = _in_doubt({holder for holder in holder_of.values() if holder})
    held = {}
    for row_id, phone in phone_of.items():
        holder = holder_of.get(phone)
        if holder == row_id and phone in holder_of:
            continue
        if verdict := obstacles.judge(phone):
            held[row_id] = verdict
        elif phone not in holder_of or holder in in_doubt or holder in phone_of:
            held[row_id] = WAITS
        else:
            numbers.filter(phone_number=phone).update(holder=row_id)
            holder_of[phone] = row_id
    return held


def _in_doubt(holders: Collection[int]) -> set[int]:
    """Those of these rows that are on their way, or may have arrived without our knowing yet."""
    maybe_there = Q(state=RowState.PENDING, unknowns__gt=0, misses__lt=ENOUGH_MISSES)
    on_their_way = Q(state__in=(RowState.SENDING, RowState.UNKNOWN))
    return set(ImportRow.objects.filter(maybe_there | on_their_way, pk__in=holders).values_list("pk", flat=True))


def release(campaign_id: int, phone_of: dict[int, str]) -> None:
    """The numbers that these rows (id → phone) hold are free again: the rows ended without a lead."""
    for held in _held(campaign_id, phone_of):
        held.delete()


def leave_to_service(campaign_id: int, phone_of: dict[int, str]) -> None:
    """The service has the numbers of these rows (id → phone), but not from them."""
    for held in _held(campaign_id, phone_of):
        held.update(holder=None)


def _held(campaign_id: int, phone_of: dict[int, str], size: int = 500) -> Iterator[QuerySet[CampaignNumber]]:
    rows = list(phone_of.items())
    for start in range(0, len(rows), size):
        some = dict(rows[start : start + size])
        yield CampaignNumber.objects.filter(campaign_id=campaign_id, phone_number__in=list(some.values()), holder__in=list(some))


def save_leads(campaign_id: int, endings: Iterable[Ending], rows: dict[int, Claimed], job_id: int | None = None) -> None:
    """The leads that were just created (by the import `job_id`), so that the campaign's pages know them before the next reading
    of it."""
    created = [(ending.remote_id, rows[ending.id]) for ending in endings if ending.remote_id]
    _save(campaign_id, [_created_lead(campaign_id, remote_id, row, job_id) for remote_id, row in created])


def _created_lead(campaign_id: int, remote_id: str, row: Claimed, job_id: int | None) -> Lead:
    return Lead(
        campaign_id=campaign_id,
        remote_id=remote_id,
        origin=job_id,
        phone_number=row.phone,
        variables=row.lead.get("variables") or {},
        secondary_contacts=row.lead.get("secondary_contacts") or [],
    )


def save_other_leads(campaign_id: int, phone: str, leads: Iterable[resources.Lead]) -> None:
    """Leads that a look-up met: the campaign had this number from elsewhere."""
    _save(campaign_id, [_met_lead(campaign_id, phone, lead) for lead in leads])


def _met_lead(campaign_id: int, phone: str, lead: resources.Lead) -> Lead:
    return Lead(
        campaign_id=campaign_id,
        remote_id=lead.id,
        phone_number=phone,
        status=lead.status,
        variables=lead.variables,
        secondary_contacts=resources.objects(lead.raw.get("secondary_contacts")),
    )


def _save(campaign_id: int, leads: Sequence[Lead]) -> None:
    lead_counters.add(leads)
    enforce_on_leads(
        campaign_id, [HeldLead(one.remote_id, one.phone_number, one.status, one.secondary_contacts) for one in leads]
    )


def known_elsewhere(campaign_id: int, row_id: int, phone: str) -> bool:
    """Whether the campaign has a lead with this number that is not this row's own."""
    own = ImportRow.objects.filter(pk=row_id, remote_id=OuterRef("remote_id"))
    return Lead.objects.filter(~Exists(own), campaign_id=campaign_id, phone_number=phone).exists()


def is_being_sent(campaign_id: int, row_id: int, phone: str, *more: str) -> bool:
    """Whether another row with this number is on its way into the campaign at this moment (or in one of `more` states)."""
    return _other_rows(campaign_id, row_id).filter(phone=phone, state__in=(RowState.SENDING, *more)).exists()


def maybe_from_another_row(campaign_id: int, row_id: int, phone: str) -> bool:
    """Whether another row may have put this number into the campaign, without our knowing the lead's id."""
    if is_being_sent(campaign_id, row_id, phone, RowState.UNKNOWN, RowState.UNCONFIRMED):
        return True
    return _other_rows(campaign_id, row_id).filter(phone=phone, remote_id="").exists()


def ids_of_other_rows(campaign_id: int, row_id: int, remote_ids: Sequence[str]) -> set[str]:
    """Those of `remote_ids` that belong to other rows of this campaign's imports."""
    ids = _other_rows(campaign_id, row_id).filter(remote_id__in=remote_ids).values_list("remote_id", flat=True)
    return {remote_id for remote_id in ids if remote_id}


def ids_of_created_rows(campaign_id: int, remote_ids: Sequence[str]) -> set[str]:
    """Those of `remote_ids` that are leads of rows of this campaign's imports already."""
    rows = ImportRow.objects.filter(remote_id__in=remote_ids, state=RowState.CREATED, job__campaign_id=campaign_id)
    return {remote_id for remote_id in rows.values_list("remote_id", flat=True) if remote_id}


def _other_rows(campaign_id: int, row_id: int) -> QuerySet[ImportRow]:
    return ImportRow.objects.filter(job__campaign_id=campaign_id).exclude(pk=row_id)


def _marks(n: int) -> str:
    return ", ".join(["%s"] * n)


def _tuples(width: int, n: int) -> str:
    return ", ".join([f"({_marks(width)})"] * n)
