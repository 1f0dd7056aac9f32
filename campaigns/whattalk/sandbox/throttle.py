"""A real rate limit, as Laravel counts it: so many requests in a window that begins with the first of them."""
from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import replace

from .messages import Answer, message
from .settings import Settings

Header = tuple[str, str]


class Throttle:
    def __init__(self, settings: Settings, clock: Callable[[], float] = time.monotonic):
        self.settings = settings
        self.clock = clock
        self.start_over()

    def start_over(self) -> None:
        self.passed = 0
        self.ends = 0.0

    def refuse(self) -> Answer | None:
        """A 429 when this request is one too many."""
        limit = self.settings.rate_limit
        if not limit:
            return None
        now = self.clock()
        if now >= self.ends:
            self.passed, self.ends = 0, now + self.settings.rate_window
        if self.passed < limit:
            self.passed += 1
            return None
        wait = str(max(1, math.ceil(self.ends - now)))
        refusal = message(429, "Too Many Attempts.")
        return replace(refusal, headers=(("Retry-After", wait), ("X-RateLimit-Reset", str(int(time.time()) + int(wait)))))

    def mark(self, answer: Answer) -> Answer:
        """The answer with the headers that tell how much is left."""
        limit = self.settings.rate_limit
        if not limit:
            return answer
        told = (("X-RateLimit-Limit", str(limit)), ("X-RateLimit-Remaining", str(max(0, limit - self.passed))))
        return replace(answer, headers=(*answer.headers, *told))
