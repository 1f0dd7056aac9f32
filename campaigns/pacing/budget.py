"""The budget of an account: one row (`AccountBudget`) that everything asks before it makes a request.

Imports come first (`imports.push.account_share`): each has a share, and of a limited rate each import in turn, by its weight. Readings take
what imports leave, and a fiftieth of it while imports send. What a person asks for is counted and never waits.

    permit = budget.ask(account, most=4)     # a reading in the background
    if permit.requests: …                    # so many may begin now; else wait permit.wait_ms
    budget.report(account, Seen(fine=4))     # what came of them

`AccountBudget.learnt` holds `{"pace": Pace, "asking": {import: {"at": ms, "had": requests, "asks": whether it wants more,
"since": ms, "base": what it was taken to have had then}}, "spare": requests that readings may take while imports send, "sent": {import: {"since": ms, "at": ms, "ended": History}}, "speed": {"per_minute",
"at": ms}, "service": a record of `service_record`}`; `sent` is how fast each import moves now, `speed` how fast the account did when it last sent steadily.
"""

import math
import time
from dataclasses import replace
from typing import Any, NamedTuple

from django.conf import settings
from django.db import transaction

from background.database_clock import now_ms
from campaigns.models import Account, AccountBudget
from campaigns.pacing import history, service_record
from campaigns.pacing.adaptive_rate import Ceilings, Pace, adapt, rate_now, room_now, tried, wait_now
from campaigns.pacing.seen import Seen
from campaigns.pacing.service_record import Found
from campaigns.pacing.tokens import available, refill, take
from campaigns.whattalk.resources import RateLimit

ASKING_MS = 3_000  # who has not asked for so long does not want any
KEPT_MS = 75_000  # what an import had is remembered for so long when it asks for nothing: a service may be closed for a minute
TOGETHER_MS = 10_000  # imports that begin within so long of each other share from the beginning of the first
CATCHES_UP, LEAST_CAUGHT_UP = 6, 2  # when it asks again: this part of a minute's requests, and so many at least
SPARE_SHARE = 0.02  # of a limited rate, for readings while imports send
MOST_SPARE = 4.0
MOST_OWED = 10.0  # requests of persons beyond the rate that are made up for afterwards
RUN_ENDS_MS = 120_000  # an import that has not reported for so long begins anew
STEADY_MS, SPEED_MS = 20_000, 15_000
MINUTE_MS = 60_000
FURTHEST_AHEAD = 250  # an import may be a quarter of a second ahead of the others, and one request


class Permit(NamedTuple):
    """`requests` that may begin now; none: not before `wait_ms` from now."""

    requests: int
    wait_ms: int = 0


def ceilings_of(account: Account) -> Ceilings:
    return Ceilings(max(1, account.max_in_flight), account.max_per_minute, settings.SEND_LEASE_SECONDS * 250)


def pace_of(account: Account) -> Pace:
    """What has been learnt of this account so far; nothing is locked."""
    return Pace.from_json(learnt_of(account).get("pace", {}))


def learnt_of(account: Account) -> dict[str, Any]:
    return AccountBudget.objects.filter(account=account).values_list("learnt", flat=True).first() or {}


def ask(account: Account, most: int = 1) -> Permit:
    """Whether up to `most` requests that nobody waits for may begin now; they are counted as begun."""
    with transaction.atomic():
        budget = Budget.locked(account)
        permit = budget.permit(most)
        budget.save()
    return permit


def take_ahead(account: Account, n: int) -> int:
    """Take `n` requests for what must not wait behind an import: 0, or milliseconds to wait.

    Of a limited rate they may be taken in advance, up to MOST_OWED of them: imports then wait that much longer.
    """
    with transaction.atomic():
        budget = Budget.locked(account)
        wait_ms = budget.wait_ahead()
        if not wait_ms:
            owed = take(budget.pace, n, budget.now_ms)
            # Where nothing limits the rate nothing is owed either, should a limit be learnt later.
            budget.pace = replace(owed, tokens=max(-MOST_OWED - n, owed.tokens))
            if budget.pace.is_tried:
                budget.pace = tried(budget.pace, budget.now_ms)
            budget.save()
    return wait_ms


def report(account: Account, seen: Seen, uncounted: int = 0) -> None:
    """What came of requests outside of an import. `uncounted`: so many of them did not ask before."""
    with transaction.atomic():
        budget = Budget.locked(account)
        budget.pace = adapt(budget.pace, seen, budget.ceilings, budget.now_ms)
        budget.note(seen)
        owed = take(budget.pace, uncounted, budget.now_ms)
        budget.pace = replace(owed, tokens=max(-MOST_OWED, owed.tokens))
        budget.save()


def note_limits(seen: Seen, told: RateLimit | None) -> None:
    """What the service's own headers say, for the next report."""
    if told is not None:
        seen.limit, seen.remaining, seen.reset = told.limit, told.remaining, _seconds(told.reset)


def _seconds(reset: str | None) -> float | None:
    """A reset header in seconds from now: some services send a moment, some a span."""
    try:
        value = float(reset or "")
    except ValueError:
        return None
    if not math.isfinite(value):
        return None
    return max(0.0, value - time.time()) if value > 1e9 else max(0.0, value)


class Budget:
    """The account's row, locked until the transaction ends. `pace` may be replaced; `save` keeps it."""

    def __init__(self, row: AccountBudget, ceilings: Ceilings, now: int) -> None:
        self._row, self.ceilings, self.now_ms = row, ceilings, now
        self.weight = 1.0  # what a request of this import counts: who has three imports at once gets a third for each
        learnt = row.learnt
        before = Pace.from_json(learnt.get("pace", {}))
        self.pace = refill(before, ceilings, now)
        earned = max(0, now - before.refilled_ms) * self.rate / MINUTE_MS if before.refilled_ms else 0
        self._spare = min(MOST_SPARE, learnt.get("spare", 0.0) + SPARE_SHARE * earned)
        self._speed = learnt.get("speed", {})
        self._service = learnt.get("service", {})
        self._asking: dict[str, Any] = {
            job: {"since": 0, "base": asked["had"], **asked}  # an earlier version kept less
            for job, asked in learnt.get("asking", {}).items()
            if now - asked["at"] < KEPT_MS
        }
        self._sent: dict[str, Any] = {job: sent for job, sent in learnt.get("sent", {}).items() if now - sent["at"] < RUN_ENDS_MS}

    @classmethod
    def locked(cls, account: Account) -> "Budget":
        AccountBudget.objects.get_or_create(account_id=account.pk)
        row = AccountBudget.objects.select_for_update().get(account_id=account.pk)
        return cls(row, ceilings_of(account), now_ms())

    @property
    def rate(self) -> float:
        """Requests a minute; 0: nothing limits them."""
        return rate_now(self.pace, self.ceilings)

    @property
    def room(self) -> int:
        return room_now(self.pace, self.ceilings, self.now_ms)

    def note(self, seen: Seen, sender: str = "") -> None:
        """Keep what was found of the service for those who watch it; `sender` '': nobody that reports again."""
        answered = seen.fine + seen.limited
        found = Found(
            seen.timed,
            int(1000 * seen.seconds),
            answered,
            seen.limited,
            seen.failed,
            seen.timed_out,
            seen.oldest_ms if sender else None,
        )
        self._service = service_record.noted(self._service, sender, found, self.now_ms)

    # -- readings ------------------------------------------------------------------------------------------------------
    def permit(self, most: int) -> Permit:
        if wait_ms := wait_now(self.pace, self.now_ms):
            return Permit(0, wait_ms)
        if self.pace.is_tried:
            if self._is_asked or not self.room:
                return Permit(0, ASKING_MS)
            self.pace = tried(self.pace, self.now_ms)
            return Permit(1)
        if not self.rate:
            return Permit(most)
        there = min(self._spare, self._tokens) if self._is_asked else self._tokens
        n = min(most, int(there))
        if n <= 0:
            earns = self.rate * (SPARE_SHARE if self._is_asked else 1)
            return Permit(0, 100 + int(max(0.0, 1 - there) * MINUTE_MS / earns))
        self._spare = max(0.0, self._spare - n)
        self.pace = take(self.pace, n, self.now_ms)
        return Permit(n)

    def wait_ahead(self) -> int:
        """As `take_ahead`; nothing is taken."""
        if wait_ms := wait_now(self.pace, self.now_ms):
            return wait_ms
        if not self.room:
            return ASKING_MS
        owed = -MOST_OWED - self.pace.tokens
        return int(owed * MINUTE_MS / self.rate) + 1 if self.rate and owed > 0 else 0

    @property
    def _tokens(self) -> float:
        return available(self.pace, self.ceilings, self.now_ms)

    # -- imports ---------------------------------------------------------------------------------------------------------
    def tokens_for(self, job_id: int) -> float:
        """Requests this import may begin now: the one that has had least comes first, nobody gets far ahead."""
        others = [asked["had"] for job, asked in self._asking.items() if job != str(job_id) and self._is_asking(asked)]
        mine = self._asking.setdefault(str(job_id), self._begun())
        if not self._is_asking(mine):
            mine["had"] = max(
                mine["had"], min(others, default=0) - self.weight * max(LEAST_CAUGHT_UP, int(self.rate / CATCHES_UP))
            )
        mine.update(at=self.now_ms, asks=True)
        if self.pace.is_tried or wait_now(self.pace, self.now_ms):
            return float(self.room)
        if not others:
            return self._tokens
        ahead = max(0, mine["had"] - min(others)) / self.weight
        return max(0.0, min(self._tokens, float(1 + self.rate / FURTHEST_AHEAD - ahead)))

    def _begun(self) -> dict[str, Any]:
        """What an import that asks for the first time is taken to have had: as much as the others, when it began later."""
        had = [
            asked["base"] if self.now_ms - asked["since"] < TOGETHER_MS else asked["had"]
            for asked in self._asking.values()
            if self._is_asking(asked)
        ]
        base = min(had, default=0)
        return {"had": base, "base": base, "since": self.now_ms}

    @property
    def _is_asked(self) -> bool:
        return any(map(self._is_asking, self._asking.values()))

    def _is_asking(self, asked: dict[str, Any]) -> bool:
        return bool(asked.get("asks", False)) and bool(self.now_ms - asked["at"] < ASKING_MS)

    def take(self, job_id: int, n: int, is_satisfied: bool) -> None:
        """`is_satisfied`: it wants no more, and nobody need wait for it."""
        mine = self._asking.get(str(job_id))
        if mine:
            mine.update(had=mine["had"] + n * self.weight, asks=not is_satisfied)
        self.pace = take(self.pace, n, self.now_ms)
        if n and self.pace.is_tried:
            self.pace = tried(self.pace, self.now_ms)

    def refund(self, job_id: int, refused: int) -> None:
        """So many requests of an import were refused: they are no part of what it had."""
        if str(job_id) in self._asking:
            self._asking[str(job_id)]["had"] -= refused * self.weight

    def leave(self, job_id: int) -> None:
        """This import asks for nothing at present; nobody waits for it."""
        if str(job_id) in self._asking:
            self._asking[str(job_id)]["asks"] = False

    def moved(self, job_id: int, ended: int, is_pressing: bool) -> None:
        """So many rows of an import have their outcome. `is_pressing`: it would send more if it might."""
        sent = self._sent.setdefault(str(job_id), {"since": self.now_ms, "at": 0, "ended": ()})
        sent.update(at=self.now_ms, ended=history.with_more(tuple(map(tuple, sent["ended"])), ended, self.now_ms))
        since = max(self.now_ms - SPEED_MS, self.pace.held_ms)
        if is_pressing and self.now_ms - sent["since"] >= STEADY_MS and self.now_ms - since >= SPEED_MS // 2:
            n = history.between(self.pace.accepted, since, self.now_ms)
            self._speed = {"per_minute": round(n * MINUTE_MS / (self.now_ms - since), 1), "at": self.now_ms}

    def save(self) -> None:
        row, pace = self._row, self.pace
        row.not_before_ms = pace.not_before_ms
        row.learnt = {
            "pace": pace.to_json(),
            "asking": self._asking,
            "spare": self._spare,
            "sent": self._sent,
            "speed": self._speed,
            "service": self._service,
        }
        row.save()
