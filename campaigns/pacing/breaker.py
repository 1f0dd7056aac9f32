"""The circuit breaker: a service that fails again and again is left alone for a while, then tried with one request. Pure."""

from dataclasses import dataclass

LOOKS_AT = 12  # the latest answers …
OPENS_AT = 10  # … of which so many were failures, all within a minute
LONGEST = 20  # times its first opening
MINUTE_MS = 60_000
PROBE_MS = 60_000  # a single request that has not come back by then is replaced by another


@dataclass(frozen=True)
class Breaker:
    marks: str = ""
    since_ms: int = 0  # when the oldest failure in `marks` was seen
    open_ms: int = 0  # for how long it was opened last; 0: it is closed
    until_ms: int = 0
    probe_ms: int = 0  # when a single request was let through

    @property
    def is_closed(self) -> bool:
        return not self.open_ms


def after(breaker: Breaker, marks: str, first_ms: int, now_ms: int) -> Breaker:
    """The breaker after these answers, `.` fine and `x` failure, in order. `first_ms`: how long it opens at first."""
    if not marks:
        return breaker
    if not breaker.is_closed:
        return Breaker() if "." in marks else _opened(breaker, first_ms, now_ms)
    latest = (breaker.marks + marks)[-LOOKS_AT:]
    if "x" not in latest:
        return Breaker() if breaker.marks else breaker
    since_ms = breaker.since_ms if "x" in breaker.marks else now_ms
    if now_ms - since_ms > MINUTE_MS:
        latest, since_ms = marks[-LOOKS_AT:], now_ms
    if latest.count("x") >= OPENS_AT:
        return _opened(breaker, first_ms, now_ms)
    return Breaker(marks=latest, since_ms=since_ms)


def _opened(breaker: Breaker, first_ms: int, now_ms: int) -> Breaker:
    if now_ms < breaker.until_ms:
        return breaker  # what was in flight when it opened
    for_ms = min(LONGEST * first_ms, 2 * breaker.open_ms) if breaker.open_ms else first_ms
    return Breaker(open_ms=for_ms, until_ms=now_ms + for_ms)
