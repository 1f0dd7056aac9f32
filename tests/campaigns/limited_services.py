"""Services that take only so many requests a minute, each a few lines, and an account that learns them by a clock of its own."""

import math
from dataclasses import dataclass
from typing import NamedTuple

from campaigns.pacing.adaptive_rate import Ceilings, Pace, adapt, rate_now, room_now, tried
from campaigns.pacing.seen import Seen
from campaigns.pacing.tokens import available, refill, take

SECOND = 1_000
MINUTE = 60 * SECOND
BEGIN = 28_333_333 * MINUTE  # a full minute of the clock
GLANCE = 250


@dataclass
class FixedWindow:
    """Counts from zero in every window: of the clock (`offset` ms beside it), or from the first request."""

    limit: int
    window: int = MINUTE
    offset: int | None = 0
    ends: int = 0
    n: int = 0

    def ask(self, now: int) -> int:
        """0: taken, else how many ms until more is taken."""
        if now >= self.ends:
            into = (now + self.offset) % self.window if self.offset is not None else 0
            self.ends, self.n = now - into + self.window, 0
        if self.n < self.limit:
            self.n += 1
            return 0
        return self.ends - now

    @property
    def left(self) -> int:
        return self.limit - self.n


class SlidingWindow:
    """Takes a request when the window that ends now holds less than the limit."""

    def __init__(self, limit: int, window: int = MINUTE):
        self.limit, self.window, self.taken = limit, window, []

    def ask(self, now: int) -> int:
        self.taken = [moment for moment in self.taken if moment > now - self.window]
        if len(self.taken) < self.limit:
            self.taken.append(now)
            return 0
        return self.taken[0] + self.window - now

    @property
    def left(self) -> int:
        return self.limit - len(self.taken)


class TokenBucket:
    """Holds `depth` tokens and gets `limit` a minute."""

    def __init__(self, limit: int, depth: int):
        self.limit, self.depth, self.tokens, self.at = limit, depth, float(depth), BEGIN

    def ask(self, now: int) -> int:
        self.tokens = min(self.depth, self.tokens + (now - self.at) * self.limit / MINUTE)
        self.at = now
        if self.tokens >= 1:
            self.tokens -= 1
            return 0
        return math.ceil((1 - self.tokens) * MINUTE / self.limit)

    @property
    def left(self) -> int:
        return int(self.tokens)


class Sent(NamedTuple):
    """Moments, in ms since the beginning, at which requests were taken and refused; what was learnt."""

    taken: list[int]
    refused: list[int]
    pace: Pace

    def within(self, first: float, last: float) -> tuple[int, int]:
        """Taken and refused from one minute to another."""
        return tuple(
            sum(first * MINUTE <= moment < last * MINUTE for moment in moments) for moments in (self.taken, self.refused)
        )


def send(
    service,
    minutes: float,
    *,
    ceilings: Ceilings = Ceilings(),
    latency: int = 100,
    pace: Pace | None = None,
    says_wait: bool = True,
    says_limit: bool = False,
    after: float = 0,
    glance: int = GLANCE,
) -> Sent:
    """One sender with more rows than time. `after`: so many minutes later than usual; `glance`: ms between two looks at most."""
    sender = _Sender(service, ceilings, latency, pace or Pace(), says_wait, says_limit, glance)
    return sender.run(BEGIN + int(after * MINUTE), int(minutes * MINUTE))


class _Sender:
    def __init__(self, service, ceilings, latency, pace, says_wait, says_limit, glance):
        self.glance = glance
        self.service, self.ceilings, self.latency, self.pace = service, ceilings, latency, pace
        self.says_wait, self.says_limit = says_wait, says_limit
        self.flying: list[tuple[int, int]] = []
        self.seen, self.reported, self.looked = Seen(), 0, 0
        self.begun: list[int] = []
        self.taken: list[int] = []
        self.refused: list[int] = []

    def run(self, begin: int, ms: int) -> Sent:
        self.begin = begin
        for now in range(begin, begin + ms, 20):
            came = [wait for back, wait in self.flying if back <= now]
            pause = min(GLANCE, max(20, MINUTE / (rate_now(self.pace, self.ceilings) or 3_000)))
            if self.glance > GLANCE:
                pause, came = self.glance, came if now - self.looked >= self.glance else []
            if came or now - self.looked >= pause:
                self.looked = now
                self.flying = [one for one in self.flying if one[0] > now]
                self._note(came, now)
                self._report(now)
                self._begin(now)
        return Sent(self.taken, self.refused, self.pace)

    def _note(self, came: list[int], now: int) -> None:
        fine, seen = sum(not wait for wait in came), self.seen
        seen.fine, seen.limited, seen.marks = seen.fine + fine, seen.limited + len(came) - fine, seen.marks + "." * fine
        self.begun += [now - self.latency] * fine
        seen.seconds, seen.timed = seen.seconds + fine * self.latency / 1000, seen.timed + fine
        if self.says_wait:
            seen.asked_ms = max([seen.asked_ms, *(math.ceil(wait / 1000) * 1000 for wait in came)])
        if self.says_limit and came:
            seen.limit, seen.remaining = self.service.limit, self.service.left

    def _report(self, now: int) -> None:
        self.seen.ago_ms = [now - moment for moment in self.begun]
        if now - self.reported >= SECOND or self.seen.is_urgent or self.pace.is_tried:
            self.pace, self.seen, self.reported = adapt(self.pace, self.seen, self.ceilings, now), Seen(), now
            self.begun = []
        self.pace = refill(self.pace, self.ceilings, now)

    def _begin(self, now: int) -> None:
        free = room_now(self.pace, self.ceilings, now) - len(self.flying)
        if self.pace.is_tried:
            free = min(free, 1)
        elif rate_now(self.pace, self.ceilings):
            free = min(free, int(available(self.pace, self.ceilings, now)))
        if free <= 0:
            return
        self.seen.wanted_more = True
        self.pace = take(self.pace, free, now)
        if self.pace.is_tried:
            self.pace = tried(self.pace, now)
        for _ in range(free):
            wait = self.service.ask(now)
            (self.refused if wait else self.taken).append(now - self.begin)
            self.flying.append((now + self.latency, wait))
