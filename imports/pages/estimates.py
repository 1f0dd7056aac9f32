"""How long sending takes, said only where something is known: what an import did lately, or what its account may do."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import log
from typing import Any

from background.database_clock import now_ms, statement_now_ms
from campaigns.models import AccountBudget
from campaigns.pacing.adaptive_rate import IN_FLIGHT_SHARE, Ceilings, Pace, limit_now, wait_now
from campaigns.pacing.budget import ceilings_of
from imports.models import ImportJob

KNOWN_MS = 25_000  # of steady sending, before a time left is said
SPANS, ENOUGH, LEAST = (10, 20, 60), 60, 8  # measured over so many seconds, the shortest that hold so many rows
GROWING, GROWS = 5, 1.25  # in so many seconds so many times as many rows as before: it still gets faster
SLOWLY_MS = 2_000  # in which the requests in flight grow by the factor e: nothing that is measured over seconds keeps up
RUNNING_MS = 15_000  # an import that reported so lately is being sent
RECENT_MS = 7 * 24 * 3_600_000
NEARLY = 1.1
MINUTE_MS = 60_000


@dataclass(frozen=True)
class Movement:
    """How an import moves: rows a minute, 0 when nothing is known; `wait_ms`: nothing goes out for so long.

    `growth`: how many times faster it will be when as much is in flight as may be, 1 when it is; `answer`: seconds that one
    takes.
    """

    rate: float = 0.0
    wait_ms: int = 0
    growth: float = 1.0
    answer: float = 0.0

    def seconds_for(self, rows: int) -> float | None:
        """None: not known yet. At first a part of what was accepted may be in flight, so that the speed grows exponentially."""
        if not self.rate:
            return None
        a_second, lasts = self.rate / 60, IN_FLIGHT_SHARE * self.answer  # in which it grows by the factor e
        while_growing = min(rows, lasts * a_second * (self.growth - 1))
        grows = lasts * log(1 + while_growing / (lasts * a_second)) if while_growing else 0.0
        return self.wait_ms / 1000 + grows + (rows - while_growing) / (a_second * self.growth)


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
    accounts = {job.campaign.account_id: job.campaign.account for job in jobs}
    learnt = dict(AccountBudget.objects.filter(account__in=accounts).values_list("account", "learnt"))
    now = statement_now_ms()  # asked every two seconds by everybody who looks: no look at the clock of its own
    return {job.pk: _movement(learnt.get(job.campaign.account_id, {}), job, now) for job in jobs}


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


def _movement(learnt: dict[str, Any], job: ImportJob, now: int) -> Movement:
    sent = learnt.get("sent", {}).get(str(job.pk))
    if not sent or now - sent["since"] < KNOWN_MS:
        return Movement()
    pace, ceilings = Pace.from_json(learnt["pace"]), ceilings_of(job.campaign.account)
    among = max(1, _running(learnt, now))
    possible = pace.in_flight / among * MINUTE_MS / pace.usual_ms if pace.usual_ms and not pace.is_tried else 0.0
    if pace.ramp and pace.is_doubling and possible and pace.in_flight < ceilings.in_flight:
        return Movement(possible, 0, ceilings.in_flight / pace.in_flight, pace.usual_ms / 1000)
    since = max(sent["since"], pace.held_ms)
    measured = _measured(sent, since, now)
    if measured and not pace.closed.is_closed:
        has_just_grown = _grows_slowly(pace, ceilings) and not _measured(sent, max(since, pace.grown_ms), now)
        return Movement(max(measured, possible) if has_just_grown else measured)
    return Movement(limit_now(pace, ceilings) / among, wait_now(pace, now))


def _grows_slowly(pace: Pace, ceilings: Ceilings) -> bool:
    """Whether the rate grew for long, to what the requests in flight yield: until then fewer rows went out."""
    is_free = not (pace.rate or pace.told.per_minute or ceilings.per_minute)
    return is_free and pace.in_flight >= ceilings.in_flight and IN_FLIGHT_SHARE * pace.usual_ms >= SLOWLY_MS


def _measured(sent: dict[str, Any], since_ms: int, now_ms: int) -> float:
    """Rows a minute: of the last seconds, and of more of them while these are few rows. 0 when they tell nothing."""
    ends = now_ms // 1000 - 1  # later seconds may not have been reported in full
    since = since_ms // 1000 + 1

    def ended(begin: int, end: int) -> int:
        return sum(n for second, n in sent["ended"] if begin <= second < end)

    latest = ended(ends - GROWING, ends)
    if latest >= ENOUGH and since <= ends - 2 * GROWING and latest > GROWS * ended(ends - 2 * GROWING, ends - GROWING):
        return latest * 60 / GROWING
    for span in SPANS:
        begin = max(ends - span, since)
        if ended(begin, ends) >= ENOUGH or begin == since:
            break
    return ended(begin, ends) * 60 / (ends - begin) if ends - begin >= LEAST else 0.0


def _running(learnt: dict[str, Any], now: int) -> int:
    return sum(now - sent["at"] < RUNNING_MS for sent in learnt.get("sent", {}).values())
