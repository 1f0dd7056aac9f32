"""Finding out what became of a row whose answer was lost: by asking for the lead, never by guessing."""
from collections.abc import Collection
from datetime import UTC, datetime

from django.conf import settings

from campaigns.whattalk.client import WhatTalkClient
from campaigns.whattalk.errors import KeyRejected, RateLimited, Unreachable, WhatTalkError
from campaigns.whattalk.shapes import Lead, with_number
from imports.models import RowState
from imports.push.answers import has_tried_enough
from imports.push.rows import ENOUGH_MISSES, Claimed, Ending

MOST_PAGES = 5  # of a service that ignores the number asked for; then the look-up tells nothing
CLOCK_SKEW_MS = 5 * 60 * 1000
FURTHEST_ZONE_MS = 12 * 3600 * 1000  # a time without a zone may be so much behind ours
ENOUGH_FAILURES = 3
WAIT_AFTER_FAILURE_MS = 60_000


class LookupImpossible(Exception):
    """The service does not let us find one number among its leads."""


async def look_up(client: WhatTalkClient, campaign: str, phone: str) -> list[Lead]:
    """The leads of this campaign with exactly this number; WhatTalkError or LookupImpossible when that cannot be told."""
    found, pages = [], 0
    async for page in client.lead_pages(campaign_id=campaign, phone_number=phone):
        found += [lead for lead in with_number(page.leads, phone) if lead.campaign_id in ("", campaign)]
        pages += 1
        if pages == MOST_PAGES and not found:
            raise LookupImpossible
    return [lead for lead in found if lead.id]


def settle(row: Claimed, leads: list[Lead], of_other_rows: Collection[str], allow_duplicates: bool, now_ms: int) -> Ending:
    """What the row becomes, now that we know which leads with its number there are."""
    ours = [lead for lead in leads if could_be_of(lead, row, of_other_rows, is_alone=not allow_duplicates)]
    if ours:
        detail = {**(row.detail or {}), "recovered": True}
        return Ending(row.id, row.token, RowState.CREATED, detail=detail, remote_id=ours[0].id)
    if leads and not allow_duplicates:
        # It was there before us, so our own request cannot have been accepted.
        return Ending(row.id, row.token, RowState.DUPLICATE_IN_CAMPAIGN, reason="duplicate_in_campaign")
    return _missed(row, now_ms)


def could_be_of(lead: Lead, row: Claimed, of_other_rows: Collection[str], is_alone: bool) -> bool:
    """Whether this lead may be the row's own. `is_alone`: no other can have its number."""
    return (lead.id not in of_other_rows and _can_be_ours(lead, row.first_intent_ms)
            and (is_alone or _says_the_same(lead, row)))


def _missed(row: Claimed, now_ms: int) -> Ending:
    """Only the second miss counts: a list may lag behind what was just written."""
    if row.misses + 1 < ENOUGH_MISSES:
        return Ending(row.id, row.token, RowState.UNKNOWN, wait_ms=settings.LOOKUP_GAP_SECONDS * 1000, missed=True)
    if has_tried_enough(row.attempts, now_ms - row.first_intent_ms):
        return Ending(row.id, row.token, RowState.FAILED, reason="failed", missed=True)
    return Ending(row.id, row.token, RowState.PENDING, missed=True)


def look_again(row: Claimed) -> Ending:
    """What was found cannot be judged just now, and says nothing of the row."""
    return Ending(row.id, row.token, RowState.UNKNOWN, wait_ms=settings.LOOKUP_GAP_SECONDS * 1000)


def not_looked_up(row: Claimed, error: Exception) -> Ending:
    """What the row becomes when the look-up itself went wrong."""
    if isinstance(error, WhatTalkError) and not isinstance(error, Unreachable) and error.retryable:
        asked = error.retry_after if isinstance(error, RateLimited) else None
        return Ending(row.id, row.token, RowState.UNKNOWN, wait_ms=int(1000 * (asked or 10)))
    if isinstance(error, KeyRejected):
        return Ending(row.id, row.token, RowState.UNKNOWN, wait_ms=WAIT_AFTER_FAILURE_MS)  # a new key can tell
    if row.lookup_failures + 1 < ENOUGH_FAILURES:
        wait_ms = min(WAIT_AFTER_FAILURE_MS, settings.LOOKUP_GAP_SECONDS * 1000)
        return Ending(row.id, row.token, RowState.UNKNOWN, wait_ms=wait_ms, lookup_failed=True)
    if has_tried_enough(row.attempts, 0):
        return Ending(row.id, row.token, RowState.UNCONFIRMED, reason="unconfirmed", lookup_failed=True)
    # Sent once more with the duplicate block on: the service itself then tells whether it was there.
    return Ending(row.id, row.token, RowState.PENDING, lookup_failed=True)


def _can_be_ours(lead: Lead, first_intent_ms: int) -> bool:
    if lead.created_at is None:
        return True
    skew_ms = CLOCK_SKEW_MS + (FURTHEST_ZONE_MS if lead.created_at.tzinfo is None else 0)
    return _ms(lead.created_at) >= first_intent_ms - skew_ms


def _says_the_same(lead: Lead, row: Claimed) -> bool:
    """Where several leads may have one number, only one that says what this row says can be this row's."""
    return all(str(lead.variables.get(name)) == str(value) for name, value in (row.lead.get("variables") or {}).items())


def _ms(moment: datetime) -> int:
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1000)
