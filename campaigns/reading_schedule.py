"""When the leads of which campaigns are read again: until a campaign is over and every lead has ended.

The service lists the leads that were added since a day, never those whose status has changed since. So leads that have
not ended are seen again only by reading all of them, or by looking each of them up where they are few. Both happen
more rarely the longer nothing changes.
"""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet, Sum
from django.utils import timezone

from campaigns.do_not_call import ENDED
from campaigns.lead_counters import lead_counts
from campaigns.models import Campaign, Lead, LeadCount
from campaigns.whattalk.client import PAGE_SIZE

MOST_LOOKED_UP = 50  # leads, one request each
SECONDS_A_PAGE = 6.0  # so that large campaigns are read in full more rarely
SHORTEST, UNFINISHED = 600.0, 60.0  # seconds between two readings; of one that was cut short
LONGEST_CALLING, LONGEST_IDLE = 6 * 3600.0, 24 * 3600.0  # seconds between two full readings
MOST_DOUBLINGS = 8
LOOKED_AT = 20.0  # seconds between two readings of a campaign whose results somebody has on the screen
SECONDS_A_REQUEST = 1.0  # and so many more for each request that such a reading takes
NOTED_EVERY, LOOKED_FOR = timedelta(seconds=10), timedelta(seconds=60)
SURELY_READ = timedelta(days=1)  # leads younger than that are met by every reading, whatever zone the service's days have


def open_leads(campaign: Campaign) -> QuerySet[Lead]:
    """Leads that have not ended."""
    return campaign.leads.exclude(status__in=ENDED)


def due_for_reading(live: QuerySet[Campaign]) -> Iterator[tuple[Campaign, float]]:
    """Campaigns to be read, with the seconds between two readings: `live` ones, and those with leads that have not ended."""
    unended = LeadCount.objects.filter(n__gt=0).exclude(status__in=ENDED)
    listed = Campaign.objects.filter(missing_since=None).exclude(account__problem="key")
    live_ids = set(live.values_list("pk", flat=True))
    for campaign in listed.filter(pk__in=live_ids.union(unended.values_list("campaign", flat=True))).order_by("pk"):
        if campaign.leads_sync.get("page"):
            seconds = UNFINISHED
        else:
            seconds = SHORTEST if campaign.pk in live_ids else _gap(campaign)
        yield campaign, min(seconds, _gap_while_looked_at(campaign)) if _is_looked_at(campaign) else seconds


def note_look(campaign: Campaign) -> None:
    """Somebody has the results of its calls on the screen: for a while it is read as often as its size allows."""
    now = timezone.now()
    is_noted = Q(looked_at__gt=now - NOTED_EVERY, looked_at__lte=now)
    Campaign.objects.filter(pk=campaign.pk).exclude(is_noted).update(looked_at=now)


def _is_looked_at(campaign: Campaign) -> bool:
    return campaign.looked_at is not None and abs(timezone.now() - campaign.looked_at) < LOOKED_FOR


def _gap_while_looked_at(campaign: Campaign) -> float:
    if is_looked_up_singly(campaign):
        requests: float = open_leads(campaign).count()
    else:
        requests = campaign.leads_sync.get("pages") or _total(campaign) / PAGE_SIZE
    return LOOKED_AT + SECONDS_A_REQUEST * requests


def is_looked_up_singly(campaign: Campaign) -> bool:
    """Whether its open leads are so few that looking each up costs less than reading all pages."""
    if campaign.leads_sync.get("page") or not campaign.leads_sync.get("full_at"):
        return False
    pages = _total(campaign) / PAGE_SIZE
    return pages > 1 and 0 < open_leads(campaign)[: MOST_LOOKED_UP + 1].count() <= min(MOST_LOOKED_UP, pages)


def record_looked_up(campaign: Campaign, began_at: float) -> None:
    campaign.leads_sync = {**campaign.leads_sync, "open_at": began_at}
    campaign.save(update_fields=["leads_sync"])


def is_full_reading_due(campaign: Campaign) -> bool:
    """Whether the next reading goes through all leads. A campaign of few pages is always read in full."""
    state = campaign.leads_sync
    since = time.time() - state.get("full_at", 0)
    is_recent = 0 <= since <= _longest(campaign)  # not at an hour that has not come yet: the clock was set back
    if not is_recent or _total(campaign) < 20 * PAGE_SIZE:
        return True
    known = max(state.get("full_at", 0), state.get("open_at", 0))
    return open_leads(campaign).exists() and time.time() - known > _gap(campaign)


def state_after_full_reading(campaign: Campaign, began_at: float) -> dict[str, Any]:
    """What `Campaign.leads_sync` holds after a full reading that began at `began_at` (seconds since the epoch)."""
    counts = lead_counts([campaign])[campaign.pk]
    is_quiet = counts == campaign.leads_sync.get("counts")
    return {"full_at": began_at, "counts": counts, "quiet": campaign.leads_sync.get("quiet", 0) + 1 if is_quiet else 0}


def statuses_known_at(campaign: Campaign) -> datetime | None:
    """When the statuses of its leads were last known to be right; None when they were never read."""
    state = campaign.leads_sync
    known = max(state.get("full_at", 0), state.get("open_at", 0))
    return datetime.fromtimestamp(known, UTC) if known else None


def statuses_known_of(campaign: Campaign, sent_since: datetime | None) -> datetime | None:
    """The same of leads that were added since then: those that are young are met by each reading."""
    read_at = campaign.leads_sync.get("read_at")
    read = datetime.fromtimestamp(read_at, UTC) if read_at else None
    known = statuses_known_at(campaign)
    if read is None or sent_since is None or sent_since < read - SURELY_READ:
        return known
    return max(read, known) if known else read


def _gap(campaign: Campaign) -> float:
    """Seconds between two looks at all leads that have not ended."""
    base = max(SHORTEST, _total(campaign) / PAGE_SIZE * SECONDS_A_PAGE)
    doubled: float = base * 2 ** min(MOST_DOUBLINGS, campaign.leads_sync.get("quiet", 0))
    return min(doubled, _longest(campaign))


def _longest(campaign: Campaign) -> float:
    return LONGEST_CALLING if campaign.is_running else LONGEST_IDLE


def _total(campaign: Campaign) -> int:
    return LeadCount.objects.filter(campaign=campaign).aggregate(n=Sum("n"))["n"] or 0
