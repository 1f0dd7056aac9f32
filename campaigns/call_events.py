"""Calls that WhatTalk reports, applied to their leads.

An event names its lead. It changes nothing when its campaign or its phone number is not the lead's, or when the lead is known to
be in a later state. For a lead that is not known here, the leads of its campaign are marked to be read.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils import timezone

from campaigns import lead_counters
from campaigns.call_facts import tries_of
from campaigns.do_not_call import BLACKLISTED
from campaigns.do_not_call_list import list_blacklisted
from campaigns.models import Account, Campaign, Lead
from campaigns.search_text import storable
from campaigns.whattalk import resources
from campaigns.whattalk.replies import moment, remote_id

APPLIED, OLDER, UNKNOWN, CONTRADICTS, NAMELESS = "applied", "older", "unknown", "contradicts", "nameless"
KEPT = ("status", "duration", "extracted_variables", "created_at", "finished_at", "recording_url")
ENOUGH_DIGITS = 8  # of a number that is written without its country
DEEPEST = 8  # levels of a call's variables
EARLIEST_YEAR = 2000
ZONES = timedelta(days=1)  # a time without a zone may be that of any
LARGEST_NUMBER = 2**63


def apply(account_id: int, call: dict[str, Any]) -> str:
    """APPLIED, or why nothing was changed."""
    reported = resources.object_of(call.get("lead"))
    lead_id = storable(remote_id(reported.get("id")))
    if not lead_id:
        return NAMELESS
    campaigns = _campaign_ids(call, reported)
    leads = Lead.objects.filter(campaign__account_id=account_id, remote_id=lead_id)
    with lead_counters.kept(leads):
        found = list(leads.select_related("campaign")[:2])
        if len(found) == 2:
            found = [lead for lead in found if lead.campaign.remote_id in campaigns]
        if len(found) != 1:
            _mark_for_reading(account_id, campaigns)
            return UNKNOWN
        outcome = _applied(found[0], call, reported, campaigns)
    if outcome != APPLIED:
        _mark_for_reading(account_id, {found[0].campaign.remote_id})
    return outcome


def _applied(lead: Lead, call: dict[str, Any], reported: dict[str, Any], campaigns: set[str]) -> str:
    if campaigns - {lead.campaign.remote_id} or not _is_called_number(lead, call, reported):
        return CONTRADICTS
    at, before = _moment_of(call, reported), resources.object_of(lead.call)
    if before and not _is_later((at, reported.get("call_tries")), (_moment_of(before, {}), before.get("tries"))):
        return OLDER
    lead.call = {"tries": _plain(reported.get("call_tries")), **{key: _plain(call.get(key)) for key in KEPT}}
    changed = ["call", "tries", "last_call"]
    lead.tries = tries_of(reported.get("call_tries")) or lead.tries
    status = (
        " ".join(storable(resources.text_of(reported.get("status"))).split())[:40]
        if isinstance(reported.get("status"), str)
        else ""
    )
    is_current = lead.updated_at is None or at is not None and at >= lead.updated_at
    if status and is_current:
        if status == BLACKLISTED != lead.status:
            list_blacklisted([lead.phone_number])
        lead.status, lead.updated_at = status, at or lead.updated_at
        changed += ["status", "updated_at"]
    lead.save(update_fields=changed)
    return APPLIED if is_current or not status or status == lead.status else OLDER


def _is_later(this: tuple[datetime | None, Any], that: tuple[datetime | None, Any]) -> bool:
    """Whether a call came after another one, judged by their times, else by how often the lead had been called. The same call
    reported twice does no harm."""
    (at, tries), (at_before, tries_before) = this, that
    if at and at_before and at != at_before:
        return at > at_before
    tries, tries_before = resources.int_of(tries), resources.int_of(tries_before)
    if tries is not None and tries_before is not None:
        return tries >= tries_before
    return bool(at and at_before)


def _moment_of(call: dict[str, Any], reported: dict[str, Any]) -> datetime | None:
    """When what an event reports was so; None where it does not say. Times without a zone are compared with others like them."""
    times = (reported.get("updated_at"), call.get("finished_at"), call.get("created_at"))
    at = next(filter(None, map(moment, times)), None)
    at = at.replace(tzinfo=UTC) if at and at.tzinfo is None else at
    # Of a time that lies ahead every later call would be an older one.
    return at if at and at.year >= EARLIEST_YEAR and at < timezone.now() + ZONES else None


def _campaign_ids(call: dict[str, Any], reported: dict[str, Any]) -> set[str]:
    """Every campaign that the event names; one should be all there is."""
    named = [place.get("campaign_id") for place in (call, reported)]
    named += [resources.object_of(place.get("campaign")).get("id") for place in (call, reported)]
    return {storable(remote_id(one)) or "?" for one in named if one is not None}


def _is_called_number(lead: Lead, call: dict[str, Any], reported: dict[str, Any]) -> bool:
    """Whether the lead's number is the one that the event names, and the called one that or one of its other contacts."""
    numbers = [
        lead.phone_number,
        *(resources.text_of(one.get("phone_number")) for one in resources.objects(lead.secondary_contacts)),
    ]
    lead_s, called = reported.get("phone_number"), call.get("customer_phone")
    return (lead_s in (None, "") or _is_among(lead_s, numbers[:1])) and (called in (None, "") or _is_among(called, numbers))


def _is_among(number: Any, numbers: list[str]) -> bool:
    wanted = resources.digits(resources.text_of(number)).lstrip("0")
    return len(wanted) >= ENOUGH_DIGITS and any(resources.digits(known).endswith(wanted) for known in numbers)


def _mark_for_reading(account_id: int, campaigns: set[str]) -> None:
    """Mark the campaigns that are named and known here; where none is named, those that call."""
    known = Campaign.objects.filter(account_id=account_id, missing_since=None)
    wanted = known.filter(remote_id__in=campaigns) if campaigns else known.filter(status="in-progress")
    if Account.objects.filter(pk=account_id).exists():
        wanted.update(leads_wanted_at=timezone.now())


def _plain(value: Any, depth: int = 0) -> Any:
    """The value as both databases can store it."""
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, dict):
        return {storable(str(key)): _plain(inner, depth + 1) for key, inner in value.items()} if depth < DEEPEST else None
    if isinstance(value, list):
        return [_plain(inner, depth + 1) for inner in value] if depth < DEEPEST else None
    if isinstance(value, float) and not -LARGEST_NUMBER < value < LARGEST_NUMBER:
        return None
    return value
