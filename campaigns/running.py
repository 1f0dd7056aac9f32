"""Start and stop a campaign, and know afterwards whether it calls.

That somebody has asked is written down before the request leaves. A definite answer settles it. After a lost or malformed one the
campaign is read again, here and then by `refresh_campaigns` until `upsert_campaign` finds it settled; meanwhile pages say "not
known".
"""

from contextlib import suppress
from datetime import datetime

from django.utils import timezone

from campaigns import do_not_call
from campaigns.gateway import RemoteProblem, ask, refresh_campaigns
from campaigns.models import Campaign
from people import audit
from people.models import User

ASKED_FOR = {"start": "in-progress", "stop": "stopped"}


def start(campaign: Campaign, user: User) -> None:
    """Let the campaign call. RemoteProblem `doubtful` where it is not known whether it does; `do_not_call` while a number that
    may not be called may still be in it."""
    if not do_not_call.is_settled(campaign):
        raise RemoteProblem("do_not_call")
    _change(campaign, "start", user)


def stop(campaign: Campaign, user: User) -> None:
    """Stop the campaign's calls; WhatTalk shows it as paused. RemoteProblem `doubtful` where it is not known whether it does."""
    _change(campaign, "stop", user)


def _change(campaign: Campaign, action: str, user: User) -> None:
    before, wanted, asked_at = campaign.status, ASKED_FOR[action], timezone.now()
    Campaign.objects.filter(pk=campaign.pk).update(status_asked=wanted, status_asked_at=asked_at)
    try:
        status = _requested(campaign, action)
    except RemoteProblem as problem:
        status = _read_again(campaign, problem, wanted, asked_at)
    else:
        _save_answer(campaign, status)
    audit.record(
        user, f"{action}_campaign", f"campaign {campaign.pk}", before={"status": before}, after={"status": status or "not known"}
    )
    if not status:
        raise RemoteProblem("doubtful")


def _requested(campaign: Campaign, action: str) -> str:
    """The campaign's status as the answer tells it."""
    if action == "start":
        return ask(campaign.account, lambda client: client.start_campaign(campaign.remote_id))
    return ask(campaign.account, lambda client: client.stop_campaign(campaign.remote_id))


def _save_answer(campaign: Campaign, status: str) -> None:
    """The service has said so: nothing is asked for any more."""
    campaign.status, campaign.synced_at, campaign.status_asked = status[:40], timezone.now(), ""
    campaign.save(update_fields=["status", "synced_at", "status_asked"])


def _read_again(campaign: Campaign, problem: RemoteProblem, wanted: str, asked_at: datetime) -> str:
    """The status that is wanted, when a reading shows it; '' while it is not known. Raises `problem` when the request was
    refused."""
    if problem.is_doubtful or problem.code == "refused":  # it may be refused because it calls, or has stopped, already
        with suppress(RemoteProblem):
            refresh_campaigns(campaign.account)
    campaign.refresh_from_db()
    if campaign.is_status_known and campaign.status == wanted:
        return wanted
    if problem.is_doubtful:
        return ""
    # Nothing about this request is open; a later one may be.
    Campaign.objects.filter(pk=campaign.pk, status_asked_at=asked_at).update(status_asked="")
    campaign.refresh_from_db()
    raise problem
