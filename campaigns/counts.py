"""How many leads a campaign has in which status (`words.status_class`): a sum kept in the transaction that changes the leads, so that no page
counts a million of them. Campaigns with few leads are simply counted.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

from django.db import transaction
from django.db.models import Count, F, QuerySet

from campaigns.models import Lead, LeadCount
from campaigns.words import status_class
from config.sums import add_to_sums

SMALL = 20_000  # leads; up to here counting takes a few milliseconds
Sums = Mapping[tuple[int, str], int]  # (campaign id, status) → leads


def lead_counts(campaigns: Iterable) -> dict[int, dict[str, int]]:
    """{campaign id: {class of status: how many}}."""
    ids = [campaign.pk for campaign in campaigns]
    kept = _by_campaign(ids, LeadCount.objects.filter(campaign__in=ids).values_list("campaign", "status", "n"))
    small = [pk for pk in ids if sum(kept[pk].values()) <= SMALL]
    return kept | _by_campaign(small, _counted(small)) if small else kept


def _by_campaign(ids: list[int], sums: Iterable[tuple[int, str, int]]) -> dict[int, dict[str, int]]:
    counts: dict[int, dict[str, int]] = {pk: {} for pk in ids}
    for pk, status, n in sums:
        counts[pk][status_class(status)] = counts[pk].get(status_class(status), 0) + n
    return {pk: {status: n for status, n in of_one.items() if n} for pk, of_one in counts.items()}


def _counted(ids: list[int]) -> QuerySet:
    """(campaign id, status, how many) of the leads that are there."""
    # The rows, not their ids: that is a third quicker.
    return Lead.objects.filter(campaign__in=ids).order_by().values_list("campaign_id", "status").annotate(n=Count("*"))


@contextmanager
def kept(leads: QuerySet[Lead]) -> Iterator[None]:
    """A transaction in whose end the sums follow what the block has added to `leads`, changed or deleted."""
    with transaction.atomic():
        before = Counter(leads.select_for_update().order_by("pk").values_list("campaign_id", "status"))
        yield
        after = Counter(leads.values_list("campaign_id", "status"))
        after.subtract(before)
        _add(after)


def recount(campaign_id: int) -> bool:
    """Count anew and mend what differs; whether everything was right. One statement, so one moment, for both numbers."""
    sums = LeadCount.objects.filter(campaign=campaign_id).values_list("campaign_id", "status", -F("n"))
    with transaction.atomic():
        differences: Counter = Counter()
        for pk, status, n in _counted([campaign_id]).union(sums, all=True):
            differences[pk, status_class(status)] += n
        _add(differences)
    return not any(differences.values())


def _add(deltas: Sums) -> None:
    by_class: Counter = Counter()
    for (pk, status), n in deltas.items():
        by_class[pk, status_class(status)] += n
    add_to_sums(LeadCount, ("campaign_id", "status"), ((pk, status, n) for (pk, status), n in by_class.items()))
