"""How long sending takes, said only where something is known: what an import did lately, or what its account may do."""
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from campaigns.models import AccountBudget
from campaigns.pacing import history
from campaigns.pacing.adaptive_rate import Pace, limit_now, wait_now
from campaigns.pacing.budget import ceilings_of
from config.clock import now_ms
from imports.models import ImportJob

KNOWN_MS = 25_000  # of steady sending, before a time left is said
SHORTEST_MS, LONGEST_MS, ENOUGH = 10_000, 60_000, 60  # measured over so long, or until so many rows
LEAST_MS = 8_000
RUNNING_MS = 15_000  # an import that reported so lately is being sent
RECENT_MS = 7 * 24 * 3_600_000
NEARLY = 1.1
MINUTE_MS = 60_000


@dataclass(frozen=True)
class Movement:
    """How an import moves: rows a minute, 0 when nothing is known; `wait_ms`: nothing goes out for so long."""

    rate: float = 0.0
    wait_ms: int = 0

    def seconds_for(self, rows: int) -> float | None:
        """None: not known yet."""
        return self.wait_ms / 1000 + rows * 60 / self.rate if self.rate else None


@dataclass(frozen=True)
class Estimate:
    """How long a push will take, and what that rests on.

    `basis`: `measured` (what the account did lately), `limit` (of the service), `ceiling` (of ours), '' when nothing is
    known. `rate`: leads a minute.
    """

    seconds: float | None = None
    basis: str = ""
    rate: float = 0.0


def movements(jobs: Iterable[ImportJob]) -> dict[int, Movement]:
    """Of imports that are being sent, by their id."""
    jobs = list(jobs)
    if not jobs:
        return {}
    accounts = {job.campaign.account_id for job in jobs}
    budgets = {one.account_id: one for one in AccountBudget.objects.filter(account__in=accounts).select_related("account")}
    now = now_ms()
    return {job.pk: _movement(budgets.get(job.campaign.account_id), job.pk, now) for job in jobs}


def estimate(job: ImportJob, rows: int) -> Estimate:
    """For an import that has not begun."""
    account = job.campaign.account
    learnt = AccountBudget.objects.filter(account=account).values_list("learnt", flat=True).first() or {}
    now = now_ms()
    limit = limit_now(Pace.from_json(learnt.get("pace", {})), ceilings_of(account))
    speed = learnt.get("speed", {})
    measured = speed["per_minute"] if speed and now - speed["at"] < RECENT_MS else 0.0
    among = 1 + _running(learnt, now)
    if measured and not (limit and limit < NEARLY * measured):
        return Estimate(rows * 60 * among / measured, "measured", measured / among)
    if limit:
        is_ours = account.max_per_minute and account.max_per_minute <= limit * NEARLY
        return Estimate(rows * 60 * among / limit, "ceiling" if is_ours else "limit", limit / among)
    return Estimate()


def _movement(budget: AccountBudget | None, job_id: int, now: int) -> Movement:
    sent = budget.learnt.get("sent", {}).get(str(job_id)) if budget else None
    if not sent or now - sent["since"] < KNOWN_MS:
        return Movement()
    pace = Pace.from_json(budget.learnt["pace"])
    measured = _measured(sent, max(sent["since"], pace.held_ms), now)
    if measured and not pace.closed.is_closed:
        return Movement(measured)
    limit = limit_now(pace, ceilings_of(budget.account))
    return Movement(limit / max(1, _running(budget.learnt, now)), wait_now(pace, now))


def _measured(sent: dict[str, Any], since: int, now: int) -> float:
    """Rows a minute: of the last seconds, and of more of them while these are few rows. 0 when they tell nothing."""
    ended = tuple(map(tuple, sent["ended"]))
    for span in (SHORTEST_MS, 2 * SHORTEST_MS, LONGEST_MS):
        begin = max(now - span, since)
        n = history.between(ended, begin - 999, now - 1_000)  # the second under way has not been reported
        if n >= ENOUGH or begin == since or span == LONGEST_MS:
            break
    return n * MINUTE_MS / (now - begin) if now - begin >= LEAST_MS else 0.0


def _running(learnt: dict[str, Any], now: int) -> int:
    return sum(now - sent["at"] < RUNNING_MS for sent in learnt.get("sent", {}).values())
