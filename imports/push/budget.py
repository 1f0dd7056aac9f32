"""The budget of an account: who may send how much at this moment, shared by all workers and imports.

One row (`AccountBudget`) holds what has been learnt of the service (`pace`); each sender holds a place (`SendSlot`)
with its part of the requests in flight. The parts never add up to more than the whole: a newcomer gets what is free,
and the others give up what is above their fair part at their next report. Of a limited rate, each import in turn.

Every function runs in the caller's transaction and locks the account's row first of all.
"""
import math
import time
from dataclasses import dataclass, field, replace
from typing import Any

from django.conf import settings
from django.db import transaction

from campaigns.models import Account, AccountBudget
from campaigns.whattalk.client import RateLimit
from config.clock import now_ms
from imports.models import ImportJob, SendSlot
from imports.push import places as push_places
from imports.push.answers import Weather
from imports.push.pace import Ceilings, Pace, Seen, adapt, depth, probing, rate_now, refill, room_now, wait_now
from imports.push.places import Place

REPORT_EVERY = 1.0  # seconds
ASKING_MS = 3_000  # who has not asked for so long does not want any
DEBT = 10  # requests that may be taken in advance


@dataclass
class Share:
    """One process's right to send rows of one import, and its part of what the account may send."""

    slot_id: int
    token: int
    job_id: int
    account: Account
    part: int = 0
    wait_ms: int = 0  # nothing may be sent for so long
    is_limited: bool = False  # by a rate, so that tokens must be taken
    is_lost: bool = False  # somebody else has the place now
    is_open: bool = False  # the breaker: the service is left alone
    _seen: Seen = field(default_factory=Seen)
    _reported: float = 0.0
    _budget: "_Budget | None" = None

    @property
    def ceilings(self) -> Ceilings:
        account = self.account
        return Ceilings(max(1, account.max_in_flight), account.max_per_minute, settings.SEND_LEASE_SECONDS * 250)

    def note(self, weather: Weather, seconds: float, asked_ms: int | None = None) -> None:
        """What one answer says of the service."""
        seen = self._seen
        seen.fine += weather in (Weather.FINE, Weather.CLOSED)
        seen.limited += weather is Weather.LIMITED
        seen.marks += {Weather.TROUBLE: "x", Weather.FINE: "."}.get(weather, "")
        seen.asked_ms = max(seen.asked_ms, asked_ms or 0)
        if weather is Weather.FINE:
            seen.seconds += seconds
            seen.timed += 1

    def note_limits(self, told: RateLimit | None) -> None:
        """What the service's own headers say."""
        if told is not None:
            self._seen.limit, self._seen.remaining, self._seen.reset = told.limit, told.remaining, _seconds(told.reset)

    def renew(self, in_flight: int) -> None:
        """Report what was seen and learn what may be sent; at most once a second unless something is wrong."""
        self._budget = None
        is_early = time.monotonic() - self._reported < REPORT_EVERY
        if is_early and not self._seen.is_urgent and not self.is_open:
            return
        self._budget = budget = _Budget.locked(self)
        budget.pace = adapt(budget.pace, self._seen, self.ceilings, budget.now_ms)
        self._take_part(budget, in_flight)
        budget.save()
        self._seen, self._reported = Seen(), time.monotonic()

    def _take_part(self, budget: "_Budget", in_flight: int) -> None:
        whole = room_now(budget.pace, self.ceilings, budget.now_ms)
        part = _part(self, whole, in_flight, budget.now_ms)
        self.part, self.is_lost = part or 0, part is None
        self.wait_ms = wait_now(budget.pace, budget.now_ms)
        self.is_limited = rate_now(budget.pace, self.ceilings) > 0
        self.is_open = not budget.pace.breaker.is_closed
        if self.is_open and self.part > in_flight:
            budget.pace = probing(budget.pace, budget.now_ms)

    def room(self, in_flight: int, requests_each: int = 1) -> int:
        """How many more requests may begin now. Tokens are only looked at: `spend` takes them."""
        free = self.part - in_flight
        if free <= 0 or not self.is_limited:
            return max(0, free)
        self._budget = self._budget or _Budget.locked(self)
        return min(free, int(self._budget.tokens_for(self.job_id)) // requests_each)

    def spend(self, requests: int, of: int) -> None:
        """So many requests begin, `of` those that might have: fewer means that there are no rows for more."""
        self._seen.wanted_more = self._seen.wanted_more or 0 < of == requests
        if self.is_limited and self._budget:
            self._budget.take(self.job_id, requests, is_satisfied=requests < of)
            self._budget.save()

    def release(self) -> None:
        """Give the place and its part back, and report the last of what was seen."""
        with transaction.atomic():
            self._reported = 0.0
            self.renew(0)
            SendSlot.objects.filter(pk=self.slot_id, token=self.token).update(holder="", lease_ms=0, in_flight=0)


class _Budget:
    """The account's row, locked until the transaction ends."""

    def __init__(self, row: AccountBudget, ceilings: Ceilings, now: int) -> None:
        self._row, self.ceilings, self.now_ms = row, ceilings, now
        self.pace = refill(Pace.from_json(row.learnt.get("pace", {})), ceilings, now)
        self._asking: dict[str, Any] = {
            job: asked for job, asked in row.learnt.get("asking", {}).items() if now - asked["at"] < ASKING_MS
        }

    @classmethod
    def locked(cls, share: Share) -> "_Budget":
        AccountBudget.objects.get_or_create(account_id=share.account.pk)
        row = AccountBudget.objects.select_for_update().get(account_id=share.account.pk)
        return cls(row, share.ceilings, now_ms())

    def tokens_for(self, job_id: int) -> float:
        """Tokens this import may take now: the one that has had least comes first, nobody gets far ahead."""
        mine = self._asking.setdefault(str(job_id), {"at": 0, "had": self._least()})
        mine["at"] = self.now_ms
        ahead = mine["had"] - min(asked["had"] for asked in self._asking.values())
        return max(0.0, min(self.pace.tokens, depth(rate_now(self.pace, self.ceilings)) - ahead))

    def _least(self) -> int:
        return min((asked["had"] for asked in self._asking.values()), default=0)

    def take(self, job_id: int, n: int, is_satisfied: bool) -> None:
        """`is_satisfied`: it wants no more, and nobody need wait for it."""
        mine = self._asking.get(str(job_id))
        if mine and is_satisfied:
            del self._asking[str(job_id)]
        elif mine:
            mine["had"] += n
        self.pace = replace(self.pace, tokens=self.pace.tokens - n)

    def save(self) -> None:
        row, pace = self._row, self.pace
        row.rate_per_minute, row.in_flight, row.tokens = rate_now(pace, self.ceilings), pace.in_flight, pace.tokens
        row.not_before_ms, row.breaker = pace.not_before_ms, pace.to_json()["breaker"]
        row.learnt = {"pace": pace.to_json(), "asking": self._asking}
        row.save()


def take_share(job: ImportJob, place: Place | None = None) -> Share | None:
    """This place among the senders of an import, or any that is free; None when it is, or all are, taken."""
    for wanted in [place] if place else push_places.free(job):
        slot_id = push_places.take(job.pk, wanted)
        if slot_id is not None:
            return Share(slot_id, wanted.token + 1, job.pk, job.campaign.account)
    return None


def _part(share: Share, whole: int, in_flight: int, now: int) -> int | None:
    """This sender's part of the requests in flight, noted in its place. It shrinks only as its requests come back.

    None when the place has been taken over: this process was away for too long.
    """
    live = list(SendSlot.objects.filter(job__campaign__account_id=share.account.pk, lease_ms__gte=now).order_by("pk")
                .values_list("pk", "job_id", "in_flight"))
    others = sum(held for pk, _job, held in live if pk != share.slot_id)
    fair = min(_fair(share, whole, [(pk, job) for pk, job, _held in live]), settings.MOST_IN_FLIGHT)
    part = max(min(fair, whole - others), 0)
    is_ours = SendSlot.objects.filter(pk=share.slot_id, token=share.token).update(
        in_flight=max(part, in_flight), lease_ms=now + push_places.lease_ms(),
    )
    return part if is_ours else None


def _fair(share: Share, whole: int, live: list[tuple[int, int]]) -> int:
    """Each import the same, whatever the number of its senders; what does not divide goes round with time."""
    jobs = sorted({job for _pk, job in live} | {share.job_id})
    places = sorted({pk for pk, job in live if job == share.job_id} | {share.slot_id})
    turn = int(time.time()) // 2
    of_job = _portion(whole, len(jobs), (jobs.index(share.job_id) + turn) % len(jobs))
    return _portion(of_job, len(places), (places.index(share.slot_id) + turn) % len(places))


def _portion(whole: int, n: int, place: int) -> int:
    return whole // n + (1 if place < whole % n else 0)


def _seconds(reset: str | None) -> float | None:
    """A reset header in seconds from now: some services send a moment, some a span."""
    try:
        value = float(reset)
    except (TypeError, ValueError):
        return None
    if not math.isfinite(value):
        return None
    return max(0.0, value - time.time()) if value > 1e9 else max(0.0, value)


def take_requests(account: Account, n: int) -> int:
    """Take `n` requests for work that belongs to no import and that should not wait behind one: 0, or milliseconds to wait.

    Of a limited rate they may be taken in advance, up to DEBT of them: the senders then wait that much longer.
    """
    with transaction.atomic():
        budget = _Budget.locked(Share(0, 0, 0, account))
        wait_ms, rate = max(0, budget.pace.not_before_ms - budget.now_ms), rate_now(budget.pace, budget.ceilings)
        if not wait_ms and rate and budget.pace.tokens < -DEBT:
            wait_ms = int(60_000 * (-DEBT - budget.pace.tokens) / rate) + 1
        if not wait_ms and rate:
            budget.pace = replace(budget.pace, tokens=budget.pace.tokens - n)
            budget.save()
    return wait_ms
