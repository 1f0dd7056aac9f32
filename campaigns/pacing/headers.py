"""What a service's own headers tell of its limit. Pure.

`X-RateLimit-Limit` names no window. A minute is assumed, as in every framework that sends it; a window is believed to be
shorter or longer only when the reset times seen say so, and a refusal at a lower speed than that takes the belief back.
"""

from dataclasses import dataclass, replace

WINDOWS = (1, 10, 60, 600, 3600)  # seconds
MINUTE = 60
ENOUGH_RESETS = 10  # answers, …
ENOUGH_MS = 3_000  # … so far apart, that agree on a window shorter than a minute


@dataclass(frozen=True)
class Told:
    """`limit` 0: nothing was told. `longest`: the longest reset seen, in seconds; `at_least`: the window is no shorter."""

    limit: int = 0
    longest: float = 0
    resets: int = 0
    since_ms: int = 0
    seen_ms: int = 0
    at_least: int = 0

    @property
    def window(self) -> int | None:
        """Seconds; None: longer than anything that is worth spreading requests over."""
        short = self.resets >= ENOUGH_RESETS and self.seen_ms - self.since_ms >= ENOUGH_MS
        least = max(self.at_least, self.longest if short else max(self.longest, MINUTE))
        return next((window for window in WINDOWS if window >= least - 0.5), None)

    @property
    def per_minute(self) -> float:
        """0 when nothing is known."""
        window = self.window
        return self.limit * 60 / window if self.limit and window else 0.0


def heard(told: Told, limit: int, reset: float | None, now_ms: int) -> Told:
    """After one more answer. `reset`: seconds, None when it is not said."""
    if limit != told.limit:
        told = Told(limit, since_ms=now_ms, at_least=told.at_least)
    if not reset:
        return told
    return replace(told, longest=max(told.longest, reset), resets=told.resets + 1, seen_ms=now_ms)


def contradicted(told: Told, accepted: int) -> Told:
    """After a refusal, when only `accepted` were taken in the last minute: the window cannot be so short."""
    if told.limit and told.window and told.window < MINUTE and accepted < told.per_minute / 2:
        return replace(told, at_least=MINUTE)
    return told
