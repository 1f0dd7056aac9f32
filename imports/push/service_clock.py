"""The service's clock, as far as its answers tell it: kept with the account, since a process that has just begun knows nothing.

Should what is heard now not fit what was kept, one of the two clocks has been set: for a day both count, since requests made
before may still be in doubt. Times are in milliseconds.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from campaigns.models import Account
from campaigns.whattalk.clock import Offset, narrowed, of_moment
from imports.push.lead_ownership import ServiceClock

KEPT_FOR_MS = 600_000  # what is kept is written anew so often, or when it has changed by CHANGED_MS
CHANGED_MS = 500
GUESSED_MS = 1_000  # by which a clock may have moved since it was kept
SET_FOR_MS = 24 * 3600 * 1000
NAMES = ("leads", "answers")


class ClockKeeper:
    """`Account.service_clock` is `{"leads": Offset, "answers": Offset, "at": when it was written, "set_at": since when one of the
    clocks was set}`."""

    def __init__(self, account: Account) -> None:
        self._account_id, self._kept = account.pk, dict(account.service_clock)
        kept = {name: Offset(*self._kept[name]) for name in NAMES if name in self._kept}
        self._before = {name: offset if offset.is_spread else offset.widened(GUESSED_MS) for name, offset in kept.items()}
        self._heard: dict[str, Offset] = {}
        self._since_monotonic: Offset | None = None

    def note_date(self, since_monotonic: Offset | None) -> None:
        """How far the service is ahead of `time.monotonic`, as far as this process has heard."""
        self._since_monotonic = since_monotonic

    def note_time(self, now_ms: int, read: float, took: float) -> None:
        """`now_ms` of the database's clock were somewhere in the `took` seconds after `read` of `time.monotonic`."""
        if self._since_monotonic:
            offset = self._since_monotonic.shifted(1000 * read - now_ms)
            self._heard["answers"] = offset._replace(high=offset.high + 1000 * took)

    def note_lead(self, created_at: datetime, begun_ms: float, ended_ms: float) -> None:
        """A lead of ours was made between these two moments of the database's clock."""
        self._heard["leads"] = narrowed(self._heard.get("leads"), of_moment(created_at, begun_ms, ended_ms))

    @property
    def clock(self) -> ServiceClock:
        return ServiceClock(self._offset("leads"), self._offset("answers"))

    def _offset(self, which: str) -> Offset | None:
        heard, before = self._heard.get(which), self._before.get(which)
        return narrowed(before, heard) if heard else before

    def save(self, now_ms: int) -> None:
        """In the caller's transaction."""
        set_at = self._kept.get("set_at")
        if set_at and not abs(now_ms - set_at) < SET_FOR_MS:
            self._kept, self._before, set_at = {}, {}, None
        seen = {name: list(offset) for name in self._heard if (offset := self._offset(name))}
        if not seen or not self._is_news(seen, now_ms):
            return
        is_set = any(offset[2] for offset in seen.values())
        times = {"at": now_ms, "set_at": (set_at or now_ms) if is_set else None}
        self._kept = {**self._kept, **seen, **times}
        Account.objects.filter(pk=self._account_id).update(service_clock=self._kept)

    def _is_news(self, seen: Mapping[str, list[Any]], now_ms: int) -> bool:
        if not abs(now_ms - self._kept.get("at", 0)) < KEPT_FOR_MS or seen.keys() - self._kept.keys():
            return True
        return any(
            abs(new - old) > CHANGED_MS
            for name, offset in seen.items()
            for new, old in zip(offset[:2], self._kept[name][:2], strict=True)
        )
