"""Create a campaign at WhatTalk: one form, one campaign.

WhatTalk knows no idempotency key, so the request is written down before it leaves, with the campaigns that are there. When its
answer is lost, the name is looked for among those that have come since, and the request is repeated only after `SETTLE_SECONDS`
in which none has come. A second campaign with the name of another is made only for a person who has seen that there is one.
"""

import time
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from campaigns.access import show_to_teams_of
from campaigns.gateway import PATIENCE, RemoteProblem, ask, refresh_campaigns, upsert_campaign
from campaigns.models import Account, Campaign, CampaignRequest
from campaigns.whattalk import resources
from campaigns.whattalk.lead_request import number_if_one
from people import audit
from people.models import User

POLL_SECONDS = 0.2  # between two looks at what another process is doing


class SameName(Exception):
    """The account has a campaign of this name already, or somebody is creating one."""


def create_campaign(
    account: Account,
    params: dict[str, Any],
    user: User | None,
    token: str = "",
    *,
    may_repeat_name: bool = False,
) -> Campaign:
    """The campaign that this person's form with `token` stands for, as a draft. `params` are WhatTalk's own: `name`, `assistant_id` …

    RemoteProblem `doubtful` where it is not known whether WhatTalk has made it: called again, this goes on from there. SameName
    where the account has, or may soon have, another campaign of that name and `may_repeat_name` is false.
    """
    params = {key: value for key, value in params.items() if value not in (None, "")}
    params["assistant_id"] = number_if_one(params["assistant_id"])
    token = token[:64] or uuid4().hex
    request = _ended(token, user)
    if request is None:
        listed = refresh_campaigns(account)
        _settle_others(account, params["name"], token, user, listed)
        if not may_repeat_name and any(_key(campaign.name) == _key(params["name"]) for campaign in listed):
            request = _ended(token, user)  # by the other half of a double click?
            if request is None:
                raise SameName
        else:
            begun = _begun(account, params, user, token, listed, may_repeat_name)
            if begun:
                return _ask(begun, user)
            request = _ended(token, user)
            if request is None:  # the other half of a double click was refused meanwhile
                raise RemoteProblem("doubtful")
    return request.campaign or _resumed(request, params, user)


def _ended(token: str, user: User | None) -> CampaignRequest | None:
    """The request of this form, once no other process is waiting for its answer; None when there is none."""
    until = time.monotonic() + PATIENCE.total
    while True:
        request = CampaignRequest.objects.select_related("account", "campaign").filter(token=token, asked_by=user).first()
        if (
            request is None
            or request.state != CampaignRequest.State.ASKING
            or _age(request) > PATIENCE.total
            or time.monotonic() > until
        ):
            return request
        time.sleep(POLL_SECONDS)


def _begun(
    account: Account,
    params: dict[str, Any],
    user: User | None,
    token: str,
    listed: list[Campaign],
    may_repeat_name: bool,
) -> CampaignRequest | None:
    """The request, written down; None when the same form has begun one meanwhile. Of two forms that begin at once with one name,
    the second gets SameName."""
    known = [campaign.remote_id for campaign in listed]
    try:
        with transaction.atomic():
            request = CampaignRequest.objects.create(
                account=account,
                token=token,
                name_key=_key(params["name"]),
                params=params,
                known=known,
                asked_by=user,
                asked_at=timezone.now(),
            )
            made = CampaignRequest.objects.filter(account=account, name_key=request.name_key, state=CampaignRequest.State.MADE)
            if not may_repeat_name and made.exclude(campaign__remote_id__in=known).exists():
                raise SameName
    except IntegrityError:
        if CampaignRequest.objects.filter(token=token, asked_by=user).exists():
            return None
        raise SameName from None
    return request


def _resumed(request: CampaignRequest, params: dict[str, Any], user: User | None) -> Campaign:
    """Of a request whose answer was lost: the campaign if it is there by now, or the request once more."""
    if campaign := _found(request, refresh_campaigns(request.account)):
        return _made(request, campaign, user)
    if _age(request) < settings.SETTLE_SECONDS:
        raise RemoteProblem("doubtful")
    lost = CampaignRequest.objects.filter(pk=request.pk, state=request.state, asked_at=request.asked_at)
    try:
        with transaction.atomic():
            is_ours = lost.update(
                params=params, name_key=_key(params["name"]), state=CampaignRequest.State.ASKING, asked_at=timezone.now()
            )
    except IntegrityError:
        raise SameName from None
    if not is_ours:
        raise RemoteProblem("doubtful")  # somebody else repeats it now
    request.refresh_from_db()
    return _ask(request, user)


def _ask(request: CampaignRequest, user: User | None) -> Campaign:
    try:
        made = ask(request.account, lambda client: client.create_campaign(**request.params))
    except RemoteProblem as problem:
        if not problem.is_doubtful:
            request.delete()
            raise
        request.state = CampaignRequest.State.DOUBTFUL
        request.save(update_fields=["state"])
        return _looked_for(request, user)
    described = resources.Campaign(made.id, made.name or request.params["name"], made.status, {**request.params, **made.raw})
    return _made(request, upsert_campaign(request.account, described), user)


def _looked_for(request: CampaignRequest, user: User | None) -> Campaign:
    try:
        campaign = _found(request, refresh_campaigns(request.account))
    except RemoteProblem:
        campaign = None
    if campaign is None:
        raise RemoteProblem("doubtful")
    return _made(request, campaign, user)


def _found(request: CampaignRequest, listed: list[Campaign]) -> Campaign | None:
    """The campaign that this request can have made: it has the name, and was not there before."""
    taken = set(CampaignRequest.objects.exclude(campaign=None).values_list("campaign_id", flat=True))
    since = [campaign for campaign in listed if campaign.remote_id not in request.known and campaign.pk not in taken]
    return next((campaign for campaign in since if _key(campaign.name) == request.name_key), None)


def _made(request: CampaignRequest, campaign: Campaign, user: User | None) -> Campaign:
    params = request.params
    campaign.assistant = request.account.assistants.filter(remote_id=str(params["assistant_id"])).first()
    campaign.assistant_guessed = False
    campaign.settings = {**params, **campaign.settings}
    campaign.timezone = campaign.timezone or params.get("timezone", "")[:64]
    campaign.save(update_fields=["assistant", "assistant_guessed", "settings", "timezone"])
    request.state, request.campaign = CampaignRequest.State.MADE, campaign
    request.save(update_fields=["state", "campaign"])
    show_to_teams_of(user, campaign)
    audit.record(user, "create_campaign", f"campaign {campaign.pk}", after=params)
    return campaign


def _settle_others(account: Account, name: str, token: str, user: User | None, listed: list[Campaign]) -> None:
    """What became of other forms' requests for this name; SameName while one of them may still arrive."""
    others = (
        CampaignRequest.objects.select_related("account", "asked_by")
        .exclude(token=token, asked_by=user)
        .exclude(state=CampaignRequest.State.MADE)
    )
    for request in others.filter(account=account, name_key=_key(name)):
        if campaign := _found(request, listed):
            _made(request, campaign, request.asked_by)
        elif _age(request) < settings.SETTLE_SECONDS:
            raise SameName
        else:
            request.delete()


def _age(request: CampaignRequest) -> float:
    """Seconds since it left. When the clock has been set back, the wait begins anew: it may be longer, never shorter."""
    now = timezone.now()
    if now < request.asked_at:
        CampaignRequest.objects.filter(pk=request.pk).update(asked_at=now)
        request.asked_at = now
    return (now - request.asked_at).total_seconds()


def _key(name: str) -> str:
    """A name without what a service may change in it: spaces and the case of its letters."""
    return " ".join(name.split()).casefold()[:255]
