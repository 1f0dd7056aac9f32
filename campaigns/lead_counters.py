"""How many leads a campaign has in which status (`labels.status_class`): counters kept in the transaction that changes the leads,
so that no page counts a million of them. Campaigns with few leads are simply counted.

Leads are written through `add`, `upsert` and `kept` alone. They count what they have changed: rows that this transaction
has inserted or locked, so that a lead which two processes learn of at once is counted once.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import orjson
from django.db import connection, transaction
from django.db.models import Count, F, QuerySet

from background.counters import add_to_sums
from campaigns.labels import status_class
from campaigns.models import Campaign, Lead, LeadCount
from campaigns.whattalk.resources import without_country

SMALL = 20_000  # leads; up to here counting takes a few milliseconds
Counts = Mapping[tuple[int, str], int]  # (campaign id, status) → leads


def lead_counts(campaigns: Iterable[Campaign]) -> dict[int, dict[str, int]]:
    """{campaign id: {class of status: how many}}."""
    ids = [campaign.pk for campaign in campaigns]
    kept = _by_campaign(ids, LeadCount.objects.filter(campaign__in=ids).values_list("campaign", "status", "n"))
    small = [pk for pk in ids if sum(kept[pk].values()) <= SMALL]
    return kept | _by_campaign(small, _counted(small)) if small else kept


def _by_campaign(ids: list[int], counted: Iterable[tuple[int, str, int]]) -> dict[int, dict[str, int]]:
    counts: dict[int, dict[str, int]] = {pk: {} for pk in ids}
    for pk, status, n in counted:
        counts[pk][status_class(status)] = counts[pk].get(status_class(status), 0) + n
    return {pk: {status: n for status, n in of_one.items() if n} for pk, of_one in counts.items()}


def _counted(ids: list[int]) -> QuerySet[Lead, tuple[int, str, int]]:
    """(campaign id, status, how many) of the leads that are there."""
    # The rows, not their ids: that is a third quicker.
    return Lead.objects.filter(campaign__in=ids).order_by().values_list("campaign_id", "status").annotate(n=Count("*"))


def add(leads: Sequence[Lead]) -> None:
    """Insert the leads that are not known yet; of those that a reading has met before, keep what sent them. Inside the caller's
    transaction."""
    inserted = _insert(leads)
    _note_origins(leads, {(campaign_id, remote_id) for campaign_id, remote_id, _status in inserted})
    _add(Counter((campaign_id, status) for campaign_id, _remote_id, status in inserted))


def _note_origins(leads: Sequence[Lead], inserted: Collection[tuple[int, str]]) -> None:
    known: dict[tuple[int, int], list[str]] = {}
    for lead in leads:
        if lead.origin is not None and (lead.campaign_id, lead.remote_id) not in inserted:
            known.setdefault((lead.campaign_id, lead.origin), []).append(lead.remote_id)
    for (campaign_id, origin), remote_ids in sorted(known.items()):
        of_nobody = Lead.objects.filter(campaign=campaign_id, remote_id__in=remote_ids, origin=None)
        Lead.objects.filter(pk__in=list(_locked(of_nobody).values_list("pk", flat=True))).update(origin=origin)


def upsert(campaign_id: int, leads: Mapping[str, Lead]) -> None:
    """Insert or update the leads of one campaign, by remote id; those that are as they were are not written. Counters come last: who
    waits for them holds every lead already."""
    with transaction.atomic():
        told = Lead.objects.filter(campaign=campaign_id, remote_id__in=list(leads))
        are_known = set(told.values_list("remote_id", flat=True))
        added = _insert([lead for remote_id, lead in leads.items() if remote_id not in are_known])
        known = told.exclude(remote_id__in=[remote_id for _campaign, remote_id, _status in added]) if added else told
        with kept(known) as locked:
            Lead.objects.bulk_create(
                list(_changed(locked, leads)),
                update_conflicts=True,
                unique_fields=["campaign", "remote_id"],
                update_fields=_FROM_SERVICE,
            )
        _add(Counter((campaign_id, status) for _campaign, _remote_id, status in added))


def _changed(known: QuerySet[Lead], leads: Mapping[str, Lead]) -> Iterator[Lead]:
    for remote_id, *before in known.values_list("remote_id", *_TOLD):
        if without_country(leads[remote_id].phone_number, before[0]):
            leads[remote_id].phone_number = before[0]  # as it was sent: otherwise nobody would find it by its number
        if before != [getattr(leads[remote_id], name) for name in _TOLD]:
            yield leads[remote_id]


def _insert(leads: Sequence[Lead]) -> list[tuple[int, str, str]]:
    """(campaign id, remote id, status) of those that were not there. In one order, so that no two inserters wait for each
    other."""
    if not leads:
        return []
    values = [value for lead in sorted(leads, key=lambda lead: lead.remote_id) for value in _values(lead)]
    one = f"({', '.join(['%s'] * len(_COLUMNS))})"
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {Lead._meta.db_table} ({', '.join(_COLUMNS)}) VALUES {', '.join([one] * len(leads))} "
            "ON CONFLICT (campaign_id, remote_id) DO NOTHING RETURNING campaign_id, remote_id, status",
            values,
        )
        return [(campaign_id, remote_id, status) for campaign_id, remote_id, status in cursor.fetchall()]


_TOLD = ("phone_number", "status", "tries", "variables", "secondary_contacts", "created_at", "updated_at")
_FROM_SERVICE = (*_TOLD, "search", "digits_in_values", "last_call")
_COMPUTED = [field for field in Lead._meta.fields if field.name in _FROM_SERVICE[len(_TOLD) :]]
_COLUMNS = ("campaign_id", "remote_id", "origin", *_FROM_SERVICE)


def _values(lead: Lead) -> tuple[Any, ...]:
    adapt = connection.ops.adapt_datetimefield_value
    return (
        lead.campaign_id,
        lead.remote_id,
        lead.origin,
        lead.phone_number,
        lead.status,
        lead.tries,
        orjson.dumps(lead.variables).decode(),
        orjson.dumps(lead.secondary_contacts).decode(),
        adapt(lead.created_at),
        adapt(lead.updated_at),
        *(field.pre_save(lead, add=True) for field in _COMPUTED),
    )


@contextmanager
def kept(leads: QuerySet[Lead]) -> Iterator[QuerySet[Lead]]:
    """The leads that exist, locked: the counters follow what the block changes in, or deletes from, the queryset it is given."""
    with transaction.atomic():
        before = list(_locked(leads).values_list("pk", "campaign_id", "status"))
        locked = Lead.objects.filter(pk__in=[pk for pk, _campaign_id, _status in before])
        yield locked
        after = Counter(locked.values_list("campaign_id", "status"))
        after.subtract(Counter((campaign_id, status) for _pk, campaign_id, status in before))
        _add(after)


def _locked(leads: QuerySet[Lead]) -> QuerySet[Lead]:
    """In one order, so that no two wait for each other. SQLite locks no rows, and for the order it would go through all leads of a
    campaign instead of looking up those that are named."""
    if not connection.features.has_select_for_update:
        return leads.order_by()
    return leads.select_for_update(of=("self",)).order_by("pk")


def recount(campaign_id: int) -> bool:
    """Count anew and correct what differs; whether everything was right. One statement, so one moment, for both numbers."""
    kept_counts = LeadCount.objects.filter(campaign=campaign_id).values_list("campaign_id", "status", -F("n"))
    with transaction.atomic():
        differences: Counter[tuple[int, str]] = Counter()
        for pk, status, n in _counted([campaign_id]).union(kept_counts, all=True):
            differences[pk, status_class(status)] += n
        _add(differences)
    return not any(differences.values())


def _add(deltas: Counts) -> None:
    by_class: Counter[tuple[int, str]] = Counter()
    for (pk, status), n in deltas.items():
        by_class[pk, status_class(status)] += n
    add_to_sums(LeadCount, ("campaign_id", "status"), ((pk, status, n) for (pk, status), n in by_class.items()))
