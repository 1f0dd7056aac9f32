"""How far the service's clock is from ours, estimated from the times in its replies. Pure."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import NamedTuple


class Offset(NamedTuple):
    """Another clock is ahead of ours by `low` to `high` milliseconds. `is_spread`: its times did not fit one clock (several
    servers, or one that was set), so that every reply widens the span and none narrows it."""

    low: float
    high: float
    is_spread: bool = False

    def shifted(self, ms: float) -> Offset:
        return self._replace(low=self.low + ms, high=self.high + ms)

    def widened(self, ms: float) -> Offset:
        return self._replace(low=self.low - ms, high=self.high + ms)


def narrowed(known: Offset | None, new: Offset) -> Offset:
    """What is known after one more reply."""
    if known is None:
        return new
    low, high = max(known.low, new.low), min(known.high, new.high)
    if known.is_spread or low > high:
        return Offset(min(known.low, new.low), max(known.high, new.high), is_spread=True)
    return Offset(low, high)


def of_date(header: str, begun: float, ended: float) -> Offset | None:
    """What a `Date` header says, of an answer asked for and had at these seconds of ours; None where it says nothing."""
    try:
        return of_moment(parsedate_to_datetime(header), 1000 * begun, 1000 * ended)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def of_moment(moment: datetime, begun_ms: float, ended_ms: float) -> Offset:
    """What a moment of the service says that lay between these two of ours. One without a zone counts as UTC: the zone is then
    part of the offset."""
    first, last = span_ms(moment)
    return Offset(first - ended_ms, last - begun_ms)


def span_ms(moment: datetime) -> tuple[float, float]:
    """The milliseconds since the epoch that a moment may stand for: whole seconds may have been cut off."""
    ms = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1000
    return ms, ms + (1 if moment.microsecond else 1000)
