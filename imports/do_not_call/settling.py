"""Each settlement until WhatTalk has confirmed it: looked up, intended, asked for, recorded.

A settlement is leased like a row: whoever draws its token may write. What is about to be asked is committed before it
leaves (`removal_requests` names the steps), so a process that dies in between leaves nothing in doubt that a look cannot tell.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import cache
from typing import Generic, NamedTuple, TypeVar

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from background import shutdown
from background.database_clock import now_ms
from background.leases import Leases
from campaigns import do_not_call, gateway
from campaigns.models import Account, Campaign, DoNotCall, Lead, Settlement
from campaigns.pacing import budget
from campaigns.sync import sync_leads
from campaigns.whattalk.client import WhatTalkClient
from campaigns.whattalk.errors import KeyRejected, WhatTalkError
from imports.do_not_call import effects, removal_requests
from imports.do_not_call.removal_requests import OPEN, Acted, Known, Looked, Task
from imports.do_not_call.search import on_their_way, search_new
from people import audit
from people.models import User

Result = TypeVar("Result", Looked, Acted)
log = logging.getLogger(__name__)
AT_ONCE = 8  # settlements whose requests are under way together
LEASES = Leases(Settlement, "waiting", 120_000, related=("campaign__account",))
READ_SECONDS = 20.0
IN_FLIGHT_MS = 3_000  # until a row that is on its way is looked at again
FIRST_WAIT_MS, LONGEST_WAIT_MS = 2_000, 600_000
NEEDS_A_PERSON_MS = 60_000  # for what does not pass by itself, such as a key that is refused
# what was done, the gravest first; the first of these that a lead has is the outcome
OUTCOMES = ("not_made", "deleted_whole", "made", "stopped", "deleted", "ended", "gone")


def due_accounts() -> list[int]:
    """Accounts in which something can be settled now."""
    due = LEASES.free().filter(next_ms__lte=now_ms())
    return list(due.order_by("account_id").values_list("account_id", flat=True).distinct())


def search_and_enqueue(enqueue: Callable[[int], None]) -> None:
    """Search for new entries, and have every account settled in which something is due; `enqueue` is given its id."""
    search_new()
    for account_id in due_accounts():
        enqueue(account_id)


def settle_due(account_id: int, seconds: float = 20.0, only: Sequence[int] | None = None) -> bool:
    """Settle what is due in an account for about so long (`only`: these settlements); whether more is due now."""
    account = Account.objects.get(pk=account_id)
    until = time.monotonic() + seconds
    while time.monotonic() < until and not shutdown.is_asked():
        taken = _claim(account_id, only)
        if not taken:
            return False
        _settle(account, taken)
    return _due(account_id, only).exists()


def _due(account_id: int, only: Sequence[int] | None) -> QuerySet[Settlement]:
    due = LEASES.free().filter(account_id=account_id, next_ms__lte=now_ms())
    return due if only is None else due.filter(pk__in=only)


def _claim(account_id: int, only: Sequence[int] | None) -> list[Settlement]:
    """Some that are due, numbers before whole campaigns."""
    ids = list(_due(account_id, only).order_by(F("phone_number").desc(), "pk").values_list("pk", flat=True)[:AT_ONCE])
    return [one for pk in ids if (one := LEASES.claim(pk, _due(account_id, only)))]


def _settle(account: Account, taken: Sequence[Settlement]) -> None:
    country_of = cache(do_not_call.country_of)  # the numbers of a campaign may be many
    numbers = [one for one in taken if one.phone_number]
    for one in taken:
        if one.campaign and not one.phone_number:
            _read(one, one.campaign)
    wanted = [one for one in numbers if _is_wanted(one)]
    tasks = {one.pk: _task(one, country_of) for one in wanted}
    looked = _ask(account, wanted, tasks, LOOK)
    going = [one for one in wanted if one.pk in looked and _looked(one, tasks[one.pk], looked[one.pk])]
    while going:
        tasks = {one.pk: _task(one, country_of) for one in going}
        acted = _ask(account, going, tasks, ACT)
        going = [one for one in going if one.pk in acted and _acted(one, tasks[one.pk], acted[one.pk])]


# -- reading whole campaigns -----------------------------------------------------------------------------------------
def _read(one: Settlement, campaign: Campaign) -> None:
    try:
        is_complete = sync_leads(campaign, READ_SECONDS).complete
    except gateway.RemoteProblem as problem:
        _wait(one, problem.code, problem.message, problem.retry_after)
        return
    if is_complete:
        _end(one, "read")
    else:
        LEASES.release(one, next_ms=0)


# -- numbers ---------------------------------------------------------------------------------------------------------
def _is_wanted(one: Settlement) -> bool:
    """A number that was taken off the list meanwhile is left alone, but for what is half done."""
    campaign_id = one.campaign_id
    refused = do_not_call.forbidden([one.phone_number], campaign_id)
    if refused or removal_requests.is_half_done(one.detail.get("leads", {})):
        return True
    _end(one, "delisted")
    return False


def _task(one: Settlement, country_of: Callable[[int], str]) -> Task:
    leads = one.detail.get("leads", {})
    if one.campaign is None:
        return Task(one.phone_number, None, leads, {}, frozenset([one.phone_number]))
    of_people = Lead.objects.filter(campaign=one.campaign, remote_id__in=leads).exclude(phone_number="")
    known = {lead.remote_id: _known(lead) for lead in of_people}
    numbers = {
        number for lead in known.values() for number in (lead.phone_number, *do_not_call.contact_numbers(lead.secondary_contacts))
    } | {one.phone_number}
    refused = do_not_call.forbidden(sorted(numbers - {""}), one.campaign_id)
    everyone = frozenset([*refused, one.phone_number])
    return Task(one.phone_number, one.campaign.remote_id, leads, known, everyone, country_of(one.campaign.pk))


def _known(lead: Lead) -> Known:
    return Known(lead.phone_number, lead.status, bool(lead.call), lead.variables, lead.secondary_contacts)


class AccountProblem(WhatTalkError):
    """The account lets nothing through: a settlement waits for what the gateway says of it."""

    def __init__(self, problem: gateway.RemoteProblem) -> None:
        super().__init__(problem.message)
        self.problem = problem


class Step(NamedTuple, Generic[Result]):
    """`requests`: how many a task costs. `unasked`: its answer when none of them has left."""

    requests: Callable[[Task], int]
    question: Callable[[WhatTalkClient, Task], Awaitable[Result]]
    unasked: Callable[[Task, AccountProblem | None], Result]


LOOK = Step(removal_requests.requests_of_look, removal_requests.look, lambda task, error: Looked(task.leads, {}, error))
ACT = Step(
    lambda task: removal_requests.requests_of_act(task.leads),
    removal_requests.act,
    lambda task, error: Acted(removal_requests.unasked(task.leads), error),
)


def _ask(account: Account, ones: Sequence[Settlement], tasks: Mapping[int, Task], step: Step[Result]) -> dict[int, Result]:
    """The answer for each settlement; none where the account's budget does not let it through yet."""
    if not ones:
        return {}
    requests = sum(step.requests(tasks[one.pk]) for one in ones)
    if wait_ms := budget.take_ahead(account, requests):
        for one in ones:
            detail = {**one.detail, "leads": step.unasked(tasks[one.pk], None).leads}
            LEASES.release(one, detail=detail, next_ms=now_ms() + wait_ms)
        return {}
    answers: list[Result] = []

    async def all_of_them(client: WhatTalkClient) -> None:
        answers.extend(await asyncio.gather(*(step.question(client, tasks[one.pk]) for one in ones)))
        for refused in [answer.error for answer in answers if isinstance(answer.error, KeyRejected)]:
            raise refused  # the account is refused, and that is noted there

    try:
        gateway.ask(account, all_of_them, permitted=requests)
    except gateway.RemoteProblem as problem:
        error = AccountProblem(problem)
        answers = [answer._replace(error=error) if isinstance(answer.error, KeyRejected) else answer for answer in answers]
        answers = answers or [step.unasked(tasks[one.pk], error) for one in ones]
    return dict(zip((one.pk for one in ones), answers, strict=True))


def _looked(one: Settlement, task: Task, looked: Looked) -> bool:
    """Record what was found, and what is about to be asked for; whether anything is."""
    if looked.error:
        _failed(one, looked.error)
        return False
    with transaction.atomic():
        for remote_id, leads in looked.elsewhere.items():
            campaign, _made = Campaign.objects.get_or_create(
                account_id=one.account_id, remote_id=remote_id, defaults={"name": remote_id, "status": ""}
            )
            do_not_call.enforce_on_leads(campaign.pk, leads)
            maybe = [
                lead.remote_id for lead in leads if one.phone_number not in lead.numbers and lead.status not in do_not_call.ENDED
            ]
            do_not_call.open_settlements(campaign, {one.phone_number: maybe} if maybe else {})
        if not _intend(one, looked.leads):
            return False
        if one.campaign:
            effects.note(one.campaign, task.leads, looked.leads, one.phone_number)
    if any(stands.get("at") in OPEN for stands in one.detail["leads"].values()):
        return True
    _finish(one)
    return False


def _intend(one: Settlement, leads: removal_requests.Leads) -> bool:
    one.detail = {**one.detail, "leads": removal_requests.begun(leads)}
    return LEASES.renew(one, detail=one.detail)


def _acted(one: Settlement, task: Task, acted: Acted) -> bool:
    """Record what was done; whether there is a next request."""
    is_open = any(stands.get("at") in OPEN for stands in acted.leads.values())
    leads = removal_requests.begun(acted.leads) if is_open and not acted.error else acted.leads
    with transaction.atomic():
        one.detail = {**one.detail, "leads": leads}
        if not LEASES.renew(one, detail=one.detail):
            return False
        if one.campaign:
            effects.note(one.campaign, task.leads, leads, one.phone_number)
    if acted.error:
        _failed(one, acted.error)
    elif not is_open:
        _finish(one)
    return is_open and not acted.error


def _finish(one: Settlement) -> None:
    if one.campaign and one.phone_number in on_their_way(one.campaign.pk):
        LEASES.release(one, outcome="in_flight", next_ms=now_ms() + IN_FLIGHT_MS)
        return
    words = {stands.get("at") for stands in one.detail.get("leads", {}).values()}
    if "doubtful" in words:
        doubtful = (lead for lead, stands in one.detail["leads"].items() if stands.get("at") == "doubtful")
        _wait(one, "doubtful", ", ".join(sorted(doubtful)), None)
        return
    _end(one, next((word for word in OUTCOMES if word in words), "searched" if one.campaign is None else "nothing"))


# -- how it ends, or waits -------------------------------------------------------------------------------------------
def _end(one: Settlement, outcome: str) -> None:
    with transaction.atomic():
        detail = {key: value for key, value in one.detail.items() if key != "said"}
        ended = LEASES.release(one, state="settled", outcome=outcome, detail=detail, settled_at=timezone.now(), token=0)
        done = [stands.get("at") for stands in one.detail.get("leads", {}).values()]
        if ended and set(done) - {"ended", "gone"}:
            target = f"campaign {one.campaign_id}" if one.campaign_id else f"account {one.account_id}"
            audit.record(
                _who(one), "settle_do_not_call", target, after={word: done.count(word) for word in OUTCOMES if word in done}
            )
        if ended and one.phone_number and do_not_call.digest_of(one.phone_number) in _forgotten(one):
            Settlement.objects.filter(pk=one.pk).delete()


def _forgotten(one: Settlement) -> set[str]:
    refused = do_not_call.forbidden([one.phone_number], one.campaign_id)
    return {do_not_call.digest_of(number) for number, why in refused.items() if why == do_not_call.FORGOTTEN}


def _who(one: Settlement) -> User | None:
    listed = DoNotCall.objects.filter(phone_number=one.phone_number).select_related("added_by").first()
    return listed.added_by if listed else None


def _failed(one: Settlement, error: WhatTalkError) -> None:
    if isinstance(error, removal_requests.Undecided):
        _wait(one, "undecided", str(error), getattr(error.outcome, "retry_after", None))
        return
    problem = error.problem if isinstance(error, AccountProblem) else gateway.problem_of(error)
    _wait(one, problem.code, problem.message, problem.retry_after)


def _wait(one: Settlement, code: str, message: str, retry_after: float | None) -> None:
    """Not done yet, and why; tried again by itself, ever more slowly."""
    passes = code in ("unreachable", "rate_limited", "undecided")
    wait_ms = min(FIRST_WAIT_MS * 2 ** min(one.tries, 12), LONGEST_WAIT_MS)
    wait_ms = int(1000 * retry_after) if retry_after is not None else wait_ms if passes else max(wait_ms, NEEDS_A_PERSON_MS)
    detail = {**one.detail, "said": message[:300]}
    LEASES.release(one, outcome=code, detail=detail, tries=one.tries + 1, next_ms=now_ms() + wait_ms)
