"""The tokens of a limited rate: one for each request that may begin. Pure."""

from dataclasses import replace

from campaigns.pacing import history
from campaigns.pacing.adaptive_rate import MINUTE_MS, Ceilings, Pace, rate_now

MADE_UP_MS = 20_000  # what was missed in so long is made up for …
MOST_MADE_UP = 3  # … and so many requests where not minutes are counted


def refill(pace: Pace, ceilings: Ceilings, now_ms: int) -> Pace:
    """With the tokens of the time that has passed."""
    rate = rate_now(pace, ceilings)
    earned = (now_ms - pace.refilled_ms) * rate / MINUTE_MS if pace.refilled_ms else 1.0
    depth = slack(pace, rate) + (rate * MADE_UP_MS / MINUTE_MS if _is_by_minute(pace) else 0.0)
    return replace(pace, tokens=min(depth, pace.tokens + max(0.0, earned)), refilled_ms=now_ms)


def available(pace: Pace, ceilings: Ceilings, now_ms: int) -> float:
    """Requests that may begin now, where a rate limits them; after `refill`.

    Where minutes are counted, what a busy machine has missed is made up for, but no minute holds more than its limit.
    """
    if not _is_by_minute(pace):
        return pace.tokens
    rate = rate_now(pace, ceilings)
    return min(pace.tokens, rate + slack(pace, rate) - history.between(pace.begun, now_ms - MINUTE_MS, now_ms))


def take(pace: Pace, n: int, now_ms: int) -> Pace:
    """So many requests begin now."""
    return replace(pace, tokens=pace.tokens - n, begun=history.with_more(pace.begun, n, now_ms, MINUTE_MS // 1000 + 1))


def slack(pace: Pace, rate: float) -> float:
    """A little more than one, so that a token is not lost while somebody is on the way to take it.

    Where minutes are counted it is what KEEP_BELOW leaves free.
    """
    if _is_by_minute(pace):
        return 1.0 + rate / 50
    return 1.0 + rate / 250 + (min(MOST_MADE_UP, rate / 30) if pace.rate and not pace.step else 0.0)


def _is_by_minute(pace: Pace) -> bool:
    return pace.by_minute or bool(pace.told.limit) or not pace.rate and not pace.ramp  # the last: a ceiling of ours
