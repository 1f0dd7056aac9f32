"""The do-not-call list at a terminal: listed and settled here and now by this process, without a broker or a worker."""

import time
from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any

from django.db.models import Q

from background import shutdown
from background.database_clock import now_ms
from campaigns import gateway
from campaigns.models import Account, Settlement
from imports.do_not_call import search, settling
from imports.do_not_call.removal_requests import OPEN
from imports.do_not_call.wording import settlement_sentence

GIVE_UP_SECONDS = 60.0  # in which nothing was settled
PASSING = ("", "unreachable", "rate_limited", "undecided", "in_flight")  # outcomes that another try may change
GLANCE = 0.2


def refresh_campaigns(accounts: Collection[Account]) -> None:
    """Campaigns made lately at WhatTalk may hold the number too. An account that does not answer is asked again as it is settled."""
    for account in accounts:
        try:
            gateway.refresh_campaigns(account)
        except gateway.RemoteProblem:
            continue


def settle_now(numbers: Collection[str], on_progress: Callable[[int], None] = lambda waiting: None) -> None:
    """Settle what waits at WhatTalk for these numbers, until it is done or goes no further without a person."""
    search.search_new()
    before, since = None, time.monotonic()
    while waiting := _waiting(numbers):
        on_progress(len(waiting))
        now = {(one.pk, one.state, str(one.detail)) for one in waiting}
        if now != before:
            before, since = now, time.monotonic()
        hopeless = all(one.outcome not in PASSING for one in waiting)
        if hopeless or shutdown.is_asked() or time.monotonic() - since > GIVE_UP_SECONDS:
            return
        _settle_due(waiting)
        time.sleep(GLANCE)


def _settle_due(waiting: Collection[Settlement]) -> None:
    for account_id in sorted({one.account_id for one in waiting if one.next_ms <= now_ms()}):
        settling.settle_due(account_id, only=[one.pk for one in waiting if one.account_id == account_id])


def waits(numbers: Collection[str]) -> bool:
    """Whether something is still to be done at WhatTalk for one of these numbers itself."""
    return any(one.phone_number for one in _waiting(numbers))


def _waiting(numbers: Collection[str]) -> list[Settlement]:
    """Of these numbers, and campaigns that are to be read since any lead may hold one of them."""
    return [one for one in Settlement.objects.filter(state="waiting") if not one.phone_number or one.phone_number in numbers]


def found_and_done(numbers: Collection[str], since: datetime) -> list[dict[str, Any]]:
    """What was found and done in each campaign since a moment, and what could not be settled, as JSON."""
    news = Q(opened_at__gte=since) | Q(settled_at__gte=since) | Q(state="waiting")
    rows = Settlement.objects.filter(news).select_related("campaign", "account").order_by("account_id", "pk")
    campaigns: dict[tuple[int, int | None], dict[str, Any]] = {}
    for one in rows:
        if one.phone_number and one.phone_number not in numbers or _says_nothing(one):
            continue
        campaign = one.campaign
        entry = campaigns.setdefault(
            (one.account_id, one.campaign_id),
            {
                "account": one.account.name,
                "campaign": campaign.remote_id if campaign else None,
                "name": campaign.name if campaign else None,
                "settled": True,
                "deleted": 0,
                "contacts_removed": 0,
                "ended": 0,
                "failed": 0,
                "numbers": [],
            },
        )
        _count(entry, one)
    return list(campaigns.values())


def _says_nothing(one: Settlement) -> bool:
    return one.state == "settled" and not one.detail.get("leads") and one.outcome in ("read", "searched")


def _count(entry: dict[str, Any], one: Settlement) -> None:
    stands = [lead.get("at") for lead in one.detail.get("leads", {}).values()]
    entry["settled"] = entry["settled"] and one.state == "settled"
    entry["deleted"] += sum(at in ("deleted", "deleted_whole", "not_made") for at in stands)
    entry["contacts_removed"] += sum(at == "made" for at in stands)
    entry["ended"] += sum(at in ("ended", "stopped") for at in stands)
    entry["failed"] += sum(at in OPEN or at in (None, "doubtful") for at in stands)
    entry["numbers"].append(
        {
            "number": one.phone_number or None,
            "state": one.state,
            "outcome": one.outcome,
            "said": one.detail.get("said"),
            "leads": {lead: where.get("at") or "waiting" for lead, where in one.detail.get("leads", {}).items()},
            "sentence": settlement_sentence(one),
        }
    )
