"""What a person asks of WhatTalk is done by a worker: however slowly it answers, no page is held up by it.

A request is a row; a worker claims it, a page waits. Of a worker that was killed the lease runs out, and what only reads, or goes
on from where it was (`creating`), is done by the next one. A start is not: whoever asked for it may have changed their mind since.
"""

import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone

from background.database_clock import now_ms, surely_before
from background.leases import Leases
from background.queue import enqueue
from campaigns import creating, gateway, running
from campaigns.gateway import RemoteProblem
from campaigns.models import Account, Campaign
from campaigns.remote_request_models import RemoteRequest
from people.models import User

log = logging.getLogger(__name__)
LEASES = Leases(RemoteRequest, RemoteRequest.State.WAITING, 60_000, related=("account", "campaign__account", "asked_by"))
MOST_ATTEMPTS = 3
START_WITHIN_MS = 60_000  # a start that no worker has taken for so long is not carried out any more
KEPT = timedelta(days=1)
# Codes of `result["problem"]` beside those of RemoteProblem.
SAME_NAME, NOBODY_THERE, SUPERSEDED = "same_name", "nobody_there", "superseded"
READING = (RemoteRequest.Kind.REFRESH, RemoteRequest.Kind.CHECK_KEY, RemoteRequest.Kind.LOOK)
ONCE = (RemoteRequest.Kind.START, RemoteRequest.Kind.STOP)


def ask(
    kind: RemoteRequest.Kind,
    account: Account,
    user: User,
    campaign: Campaign | None = None,
    params: dict[str, Any] | None = None,
) -> RemoteRequest:
    """Have it done. Whoever asks again for what they are waiting for is given the same."""
    asked = RemoteRequest.objects.filter(
        kind=kind, account=account, campaign=campaign, asked_by=user, params=params or {}, state=RemoteRequest.State.WAITING
    ).last()
    if asked is None or now_ms() - asked.asked_ms > START_WITHIN_MS:
        asked = RemoteRequest.objects.create(
            kind=kind, account=account, campaign=campaign, asked_by=user, params=params or {}, asked_ms=now_ms()
        )
    enqueue("imports.tasks.ask_whattalk", asked.pk)
    return asked


def due_ids() -> list[int]:
    """Requests that nobody is at."""
    return list(LEASES.free().order_by("pk").values_list("pk", flat=True))


def run(request_id: int) -> None:
    """Do what was asked for. Harmless to call twice at once, or for a request that has ended."""
    request = LEASES.claim(request_id)
    if request is None:
        return
    if problem := _why_not(request):
        _end(request, RemoteRequest.State.FAILED, {"problem": [problem, ""]})
        return
    if not LEASES.renew(request, attempts=request.attempts + 1):
        return
    try:
        with LEASES.renewed(request, float(settings.CELERY_TASK_SOFT_TIME_LIMIT)):  # by then the task has been ended
            result = WORK[request.kind](request)
        _end(request, RemoteRequest.State.DONE, result)
    except RemoteProblem as problem_of_service:
        _end(request, RemoteRequest.State.FAILED, {"problem": [problem_of_service.code, problem_of_service.message]})
    except creating.SameName:
        _end(request, RemoteRequest.State.FAILED, {"problem": [SAME_NAME, ""]})
    except Exception:  # whatever it was, it is tried again, a few times
        log.exception("request %s (%s) failed", request_id, request.kind)
        LEASES.release(request)


def _why_not(request: RemoteRequest) -> str:
    """Why it is not done, or not done again; '' if it is."""
    if request.kind in ONCE and request.attempts:
        return "doubtful"
    if request.kind == RemoteRequest.Kind.START and _is_superseded(request):
        return SUPERSEDED
    if request.kind == RemoteRequest.Kind.START and now_ms() - request.asked_ms > START_WITHIN_MS:
        return NOBODY_THERE
    if request.attempts < MOST_ATTEMPTS:
        return ""
    return "unreachable" if request.kind in READING else "doubtful"


def _is_superseded(request: RemoteRequest) -> bool:
    return RemoteRequest.objects.filter(campaign=request.campaign, kind=RemoteRequest.Kind.STOP, pk__gt=request.pk).exists()


def _end(request: RemoteRequest, state: str, result: dict[str, Any]) -> None:
    LEASES.release(request, state=state, result=result, finished_at=timezone.now())


def sweep() -> None:
    """Forget what ended long ago."""
    ended = RemoteRequest.objects.exclude(state=RemoteRequest.State.WAITING)
    ended.filter(finished_at__lt=surely_before(KEPT)).delete()


# -- the kinds ---------------------------------------------------------------------------------------------------------
def _refresh(request: RemoteRequest) -> dict[str, Any]:
    gateway.refresh_assistants(request.account)
    gateway.refresh_campaigns(request.account)
    gateway.refresh_phone_lines(request.account)
    return {}


def _check_key(request: RemoteRequest) -> dict[str, Any]:
    me = gateway.check_key(request.account)
    return {"name": me.name or me.email}


def _look(request: RemoteRequest) -> dict[str, Any]:
    """The account's `balance` and how many leads are `waiting`, as WhatTalk tells it now; without what it does not tell."""
    facts: dict[str, Any] = {}
    campaign = _campaign_of(request)
    with suppress(RemoteProblem):
        facts["balance"] = gateway.check_key(campaign.account).total_balance
        waiting = gateway.count_waiting(campaign)
        facts |= {} if waiting is None else {"waiting": waiting, "is_counted": True}
    return facts


def _start(request: RemoteRequest) -> dict[str, Any]:
    running.start(_campaign_of(request), request.asked_by)
    return {}


def _stop(request: RemoteRequest) -> dict[str, Any]:
    running.stop(_campaign_of(request), request.asked_by)
    return {}


def _create(request: RemoteRequest) -> dict[str, Any]:
    asked = request.params
    made = creating.create_campaign(
        request.account, asked["campaign"], request.asked_by, asked["token"], may_repeat_name=asked["may_repeat_name"]
    )
    return {"campaign": made.pk}


def _campaign_of(request: RemoteRequest) -> Campaign:
    assert request.campaign is not None  # of the kinds that are about one
    return request.campaign


WORK: dict[str, Callable[[RemoteRequest], dict[str, Any]]] = {
    RemoteRequest.Kind.REFRESH: _refresh,
    RemoteRequest.Kind.CHECK_KEY: _check_key,
    RemoteRequest.Kind.LOOK: _look,
    RemoteRequest.Kind.START: _start,
    RemoteRequest.Kind.STOP: _stop,
    RemoteRequest.Kind.CREATE: _create,
}
