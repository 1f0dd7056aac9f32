"""Two imports of one account at a simulated service, on a virtual clock: the real shares and the real budget, no database."""

import heapq
import itertools
import math
import random
from collections.abc import Iterator
from types import SimpleNamespace
from unittest import mock

from campaigns.pacing.adaptive_rate import Ceilings
from campaigns.pacing.budget import Budget
from imports.push import account_share
from imports.push.account_share import Share
from imports.push.service_signals import ServiceState
from tests.campaigns.limited_services import BEGIN, GLANCE, MINUTE

SLICE_MS, LIMITED_SLICE_MS, LATENCY_MS, WORTH_WAITING_MS = 30_000, 5_000, 100, 5_000


class TwoImports:
    """`taken` and `refused`: moments in ms since the beginning, of each import. `starts`: when each begins."""

    def __init__(self, service, starts: tuple[int, int], seed: int, into: int = 0, says_wait: bool = True) -> None:
        self.service, self.says_wait, self.random = service, says_wait, random.Random(seed)
        self.begin = self.now = BEGIN + into
        self.row = SimpleNamespace(learnt={}, save=lambda: None)
        self.held: dict[int, int] = {}  # requests in flight that each import may have
        self.flying: list[list[tuple[float, int]]] = [[], []]
        self.taken: list[list[float]] = [[], []]
        self.refused: list[list[float]] = [[], []]
        self._order = itertools.count()
        self._waiting = [(self.begin + start, next(self._order), self._slices(n)) for n, start in enumerate(starts)]

    def run(self, minutes: float) -> "TwoImports":
        clock = SimpleNamespace(monotonic=lambda: self.now / 1000, time=lambda: self.now / 1000)
        with (
            mock.patch.object(Budget, "locked", lambda _account: Budget(self.row, Ceilings(32), int(self.now))),
            mock.patch.object(account_share, "_part", self._part),
            mock.patch.object(account_share, "time", clock),
        ):
            while self._waiting[0][0] < self.begin + minutes * MINUTE:
                self.now, _n, slices = heapq.heappop(self._waiting)
                heapq.heappush(self._waiting, (max(self.now, next(slices)), next(self._order), slices))
        return self

    def within(self, first: float, last: float) -> list[int]:
        """Accepted requests of each import, from one minute to another."""
        return [sum(first * MINUTE <= moment < last * MINUTE for moment in moments) for moments in self.taken]

    @property
    def refused_share(self) -> float:
        refused = sum(map(len, self.refused))
        return refused / (refused + sum(map(len, self.taken)))

    def _part(self, share: Share, whole: int, in_flight: int, _now: int) -> int:
        fair = account_share._fair(share, whole, {account_share._Sender(0, n, n) for n in {*self.held, share.job_id}})
        part = max(0, min(fair, whole - sum(held for n, held in self.held.items() if n != share.slot_id)))
        self.held[share.slot_id] = max(part, in_flight)
        return part

    def _slices(self, n: int) -> Iterator[float]:
        while True:
            share = Share(n, 1, n, None)
            yield from self._slice(n, share)
            self.held.pop(n, None)
            share._reported = -math.inf
            self.held[n] = 0
            share.renew(0)
            share._budget.leave(n)
            share._budget.save()
            self.held.pop(n)
            yield self.now + (share.wait_ms if share.wait_ms > WORTH_WAITING_MS else 1) + self.random.uniform(1, 5)

    def _slice(self, n: int, share: Share) -> Iterator[float]:
        began, may_begin = self.now, True
        while may_begin or self.flying[n]:
            yield self.now + self.random.uniform(1, 6)  # the transaction
            begun = self._turn(n, share, may_begin)
            may_wait = begun or self.flying[n] or share.wait_ms <= WORTH_WAITING_MS
            may_begin = may_begin and may_wait and self.now < began + (LIMITED_SLICE_MS if share.is_steady else SLICE_MS)
            first = min((back for back, _wait in self.flying[n]), default=math.inf)
            yield min(self.now + min(GLANCE, 1000 * share.pause), max(self.now, first + 4))

    def _turn(self, n: int, share: Share, may_begin: bool) -> int:
        came = [one for one in self.flying[n] if one[0] <= self.now]
        self.flying[n] = [one for one in self.flying[n] if one[0] > self.now]
        for back, wait in came:
            asked_ms = 1000 * math.ceil(wait / 1000) if wait and self.says_wait else None
            share.note(ServiceState.THROTTLED if wait else ServiceState.OK, LATENCY_MS / 1000, asked_ms, back / 1000)
        share.renew(len(self.flying[n]))
        free = share.room(len(self.flying[n])) if may_begin else 0
        share.spend(free, of=free)
        for _ in range(free):
            wait = self.service.ask(int(self.now))
            (self.refused if wait else self.taken)[n].append(self.now - self.begin)
            self.flying[n].append((self.now + LATENCY_MS * self.random.uniform(1, 1.1), wait))
        return free
