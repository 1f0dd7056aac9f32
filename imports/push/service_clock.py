"""The service's clock, as far as its answers tell it: kept with the account, since a process that has just begun knows nothing.

Times are in milliseconds; `monotonic` seconds are those of this machine.
"""
from datetime import datetime

from campaigns.models import Account
from campaigns.whattalk.clock import Offset, narrowed, of_moment
from imports.push.evidence import ServiceClock

KEPT_FOR_MS = 600_000  # what is kept is written anew so often, or when it has changed by CHANGED_MS
CHANGED_MS = 500
GUESSED_MS = 1_000  # by which a clock may have moved since it was kept


class ClockKeeper:
    def __init__(self, account: Account) -> None:
        self._account_id, self._kept = account.pk, dict(account.service_clock)
        self._leads: Offset | None = None
        self._answers: Offset | None = None
        self._since_monotonic: Offset | None = None

    def note_date(self, since_monotonic: Offset | None) -> None:
        """How far the service is ahead of `time.monotonic`, as far as this process has heard."""
        self._since_monotonic = since_monotonic

    def take_time(self, now_ms: int, read: float, took: float) -> None:
        """`now_ms` of the database's clock were somewhere in the `took` seconds after `read` of `time.monotonic`."""
        if self._since_monotonic:
            offset = self._since_monotonic.shifted(1000 * read - now_ms)
            self._answers = offset._replace(high=offset.high + 1000 * took)

    def note_lead(self, created_at: datetime, begun_ms: float, ended_ms: float) -> None:
        """A lead of ours was made between these two moments of the database's clock."""
        self._leads = narrowed(self._leads, of_moment(created_at, begun_ms, ended_ms))

    @property
    def clock(self) -> ServiceClock:
        return ServiceClock(self._leads or self._before("leads"), self._answers or self._before("answers"))

    def _before(self, which: str) -> Offset | None:
        kept = self._kept.get(which)
        return Offset(*kept).widened(GUESSED_MS) if kept else None

    def keep(self, now_ms: int) -> None:
        """In the caller's transaction."""
        seen = {name: list(offset) for name, offset in (("leads", self._leads), ("answers", self._answers)) if offset}
        if not seen or not self._is_news(seen, now_ms):
            return
        self._kept = {**self._kept, **seen, "at": now_ms}
        Account.objects.filter(pk=self._account_id).update(service_clock=self._kept)

    def _is_news(self, seen: dict[str, list], now_ms: int) -> bool:
        if not abs(now_ms - self._kept.get("at", 0)) < KEPT_FOR_MS or seen.keys() - self._kept.keys():
            return True
        return any(abs(new - old) > CHANGED_MS for name, offset in seen.items()
                   for new, old in zip(offset[:2], self._kept[name][:2], strict=True))
