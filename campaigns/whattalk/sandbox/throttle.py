"""A real rate limit, counted in one of several ways: the service's own is not documented.

    fixed    so many requests in a window that begins with the first of them, as Laravel counts
    clock    so many in each window of the clock: from minute to minute
    sliding  so many in the window that ends now
    bucket   a bucket of `rate_burst` tokens (0: of `rate_limit`) that is filled at the rate of the limit

Settings: `rate_limit`, `rate_window`, `rate_kind`, `rate_burst`; `rate_headers` sends X-RateLimit-*, `rate_retry_after`
Retry-After; `rate_counts_refused`: a refused request counts like one that is taken.
"""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Callable
from dataclasses import replace

from .messages import Answer, message
from .settings import Settings

Header = tuple[str, str]


class Throttle:
    """`clock` gives seconds, and must count from the epoch for the kind `clock` to keep to its minutes."""

    def __init__(self, settings: Settings, clock: Callable[[], float] = time.time) -> None:
        self.settings = settings
        self.clock = clock
        self.start_over()

    def start_over(self) -> None:
        self.taken: deque[float] = deque()  # moments, of the window
        self.ends = 0.0  # of the window
        self.tokens: float | None = None  # None: the bucket is full
        self.filled = 0.0

    def refuse(self) -> Answer | None:
        """A 429 when this request is one too many."""
        settings = self.settings
        if not settings.rate_limit:
            return None
        now = self.clock()
        self._expire(now)
        if self.left >= 1:
            self._count(now)
            return None
        wait = max(1, math.ceil(self._more_at(now) - now))
        if settings.rate_counts_refused:
            self._count(now)
        retry = (("Retry-After", str(wait)),) if settings.rate_retry_after else ()
        reset = (("X-RateLimit-Reset", str(int(now) + wait)),) if settings.rate_headers else ()
        return replace(message(429, "Too Many Attempts."), headers=retry + reset)

    def mark(self, answer: Answer) -> Answer:
        """The answer with the headers that tell how much is left."""
        settings = self.settings
        if not settings.rate_limit or not settings.rate_headers:
            return answer
        limit = (("X-RateLimit-Limit", str(settings.rate_limit)), ("X-RateLimit-Remaining", str(max(0, int(self.left)))))
        return replace(answer, headers=(*answer.headers, *limit))

    @property
    def left(self) -> float:
        if self.settings.rate_kind == "bucket":
            return self._depth if self.tokens is None else self.tokens
        return self.settings.rate_limit - len(self.taken)

    @property
    def _depth(self) -> float:
        return self.settings.rate_burst or self.settings.rate_limit

    def _expire(self, now: float) -> None:
        """Drop what does not count any more."""
        settings = self.settings
        match settings.rate_kind:
            case "bucket":
                earned = (now - self.filled) * settings.rate_limit / settings.rate_window
                self.tokens = self._depth if self.tokens is None else min(self._depth, self.tokens + earned)
                self.filled = now
            case "sliding":
                while self.taken and self.taken[0] <= now - settings.rate_window:
                    self.taken.popleft()
            case kind if now >= self.ends:
                self.taken.clear()
                self.ends = now + settings.rate_window - (now % settings.rate_window if kind == "clock" else 0)

    def _count(self, now: float) -> None:
        if self.settings.rate_kind == "bucket":
            self.tokens = max(0.0, self.left - 1)
        else:
            self.taken.append(now)

    def _more_at(self, now: float) -> float:
        """When a request will be taken again."""
        settings = self.settings
        match settings.rate_kind:
            case "bucket":
                return now + (1 - self.left) * settings.rate_window / settings.rate_limit
            case "sliding":
                return self.taken[-settings.rate_limit] + settings.rate_window
        return self.ends
