"""The request pool: an event loop in a thread of its own, on which many requests to WhatTalk are in flight at once.

The sender (`sender`) works in the caller's thread, where the database is; it hands requests over with `start` and
collects what came back with `answers`. Nothing here touches the database.
"""

import asyncio
import queue
import threading
import time
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, TypeVar

from django.conf import settings

from campaigns.gateway import connection_of
from campaigns.models import Account
from campaigns.whattalk.client import WhatTalkClient
from campaigns.whattalk.clock import Offset
from campaigns.whattalk.resources import RateLimit
from campaigns.whattalk.transport import Limits

T = TypeVar("T")
Request = Callable[[WhatTalkClient], Awaitable[Any]]
STOPS_WITHIN = 5.0  # seconds


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a request: `result`, or the `error` it ended with. `seconds`: how long it took; `ended`: when, in seconds of
    `time.monotonic` (0 where nobody looked).

    `key` is whatever `start` was given.
    """

    key: Any
    result: Any
    error: Exception | None
    seconds: float
    ended: float = 0.0


class RequestPool:
    """`with RequestPool(account) as pool:` opens the connections; leaving it waits for nothing (call `answers` until idle)."""

    def __init__(self, account: Account) -> None:
        self._base_url, self._key, self._options = connection_of(account)
        self._came_back: queue.SimpleQueue[Answer] = queue.SimpleQueue()
        # Not uvloop: it costs as much, and writes only at the end of a round of the loop, long after the last look at the clock.
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="request pool", daemon=True)
        self._under_way: dict[object, float] = {}  # when each unanswered request began
        self.in_flight = 0

    def __enter__(self) -> "RequestPool":
        self._thread.start()
        try:
            self._client = self._in_loop(self._open()).result()
        except BaseException:
            self._end_loop()
            raise
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._in_loop(self._close()).result()
        self._end_loop()

    @property
    def rate_limit(self) -> RateLimit | None:
        """What the latest answer said of the service's limits."""
        return self._client.rate_limit

    @property
    def clock(self) -> Offset | None:
        """How far the service's clock is ahead of `time.monotonic`."""
        return self._client.clock

    @property
    def longest_wait(self) -> float:
        """For how many seconds the oldest unanswered request is under way; 0 when there is none."""
        begun = list(self._under_way.values())  # one step for the interpreter: the loop's thread changes it meanwhile
        return time.monotonic() - min(begun) if begun else 0.0

    def start(self, requests: list[tuple[Any, Request]]) -> None:
        """Send all of these now; `(key, request)` each."""
        self.in_flight += len(requests)
        self._loop.call_soon_threadsafe(self._begin, requests)

    def answers(self, within: float, gather: float = 0.0, enough: int = 1) -> list[Answer]:
        """What has come back, at least one if one comes `within` seconds; waits up to `gather` until it is `enough`."""
        came = self._next(within)
        until = time.monotonic() + gather
        while came and len(came) < enough and (left := until - time.monotonic()) > 0:
            came += self._next(left)
        while not self._came_back.empty():
            came.append(self._came_back.get())
        self.in_flight -= len(came)
        return came

    def _next(self, within: float) -> list[Answer]:
        try:
            return [self._came_back.get(timeout=within)] if within > 0 else []
        except queue.Empty:
            return []

    def _begin(self, requests: list[tuple[Any, Request]]) -> None:
        for key, request in requests:
            task = self._loop.create_task(self._carry_out(key, request))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _carry_out(self, key: Any, request: Request) -> None:
        begun, result, error = time.monotonic(), None, None
        this = object()
        self._under_way[this] = begun
        try:
            result = await request(self._client)
        except Exception as problem:
            error = problem
        finally:
            self._under_way.pop(this, None)
        ended = time.monotonic()
        self._came_back.put(Answer(key, result, error, ended - begun, ended))

    async def _open(self) -> WhatTalkClient:
        self._tasks: set[asyncio.Task[None]] = set()
        return await WhatTalkClient(self._base_url, self._key, limits=_limits(), **self._options).__aenter__()

    async def _close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._client.__aexit__(None, None, None)

    def _in_loop(self, work: Coroutine[Any, Any, T]) -> Future[T]:
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    def _end_loop(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


def _limits() -> Limits:
    """Every request is over well before the lease of its row."""
    lease = settings.SEND_LEASE_SECONDS
    return Limits(connections=2 * settings.MOST_IN_FLIGHT, connect=min(5.0, lease / 12), read=lease / 4, total=longest_request())


def latest_begin() -> float:
    """Seconds after its claim: a request that has not begun then does not begin, since somebody may have pressed pause."""
    return min(STOPS_WITHIN, settings.SEND_LEASE_SECONDS / 2)


def longest_request() -> float:
    """Seconds from its beginning."""
    return settings.SEND_LEASE_SECONDS * 3 / 8
