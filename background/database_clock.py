"""One clock for leases and waits: the database's own, made steady. It neither jumps ahead nor falls back when somebody, or NTP,
sets the machine's clock.

Steady time is the database's wall clock plus an offset that is kept in the database. Every process compares it with the
clock of its own machine that nobody sets (time since boot): where both disagree, the wall clock has been set, and
whoever notices first takes the difference into the offset, for all. So a lease lasts as long as it was given, a wait as
long as it was meant, whatever the wall says. For processes that were not there, the steady time at which the dispatcher last ran is
kept (`note_seen`): it never falls behind that.

What stays of a step: a process that begins after it takes the wrong time for the true one until another makes up for it (one
interval of the dispatcher at most), and where nothing ran at all while the clock was set ahead, that cannot be told from time
that has passed. Tokens keep every outcome safe even then.
"""

import logging
import time
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from django.db import connection
from django.utils import timezone

log = logging.getLogger(__name__)
NOW_MS = {
    # not unixepoch('subsec'): SQLite has it only from 3.42
    "sqlite": "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)",
    "postgresql": "CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT)",
}
CLOCK = "config_clock"
SMALLEST_STEP_MS = 3_000  # a smaller difference is a slow answer of the database
LONGEST_COUNTED_MS = 10_000  # two clocks run apart by less than a ms in so long
SLEWED = 100  # a clock may be brought right slowly: by up to a hundredth of the time that has passed


class _Look(NamedTuple):
    """What was read together: steady time, this machine's time since boot right before and right after, and the offset in it."""

    steady_ms: int
    before_ms: int
    after_ms: int
    offset_ms: int = 0


_last: _Look | None = None
_has_made_up = False  # by this process, and perhaps not committed yet


def now_ms() -> int:
    """Steady milliseconds, about those since the epoch. A clock that was set is noticed here, and made up for."""
    global _last, _has_made_up
    look, offset, seen = _read()
    while _last and look.before_ms < _last.before_ms:
        look, offset, seen = _read()  # another thread has looked since
    # An offset that this process has changed in a transaction may be taken back with it: it tells nothing of others.
    last = _last._replace(offset_ms=offset) if _last and _has_made_up else _last
    if step := step_ms(last, look, seen):
        log.warning("the database's clock was set by %.1f s; leases and waits go on as if it had not been", step / 1000)
        _make_up_for(step, offset)
        _has_made_up = True
        return _read()[0].steady_ms
    _last, _has_made_up = look, _has_made_up and connection.in_atomic_block
    return look.steady_ms


def statement_now_ms() -> int:
    """What statements take for now: a few ms ago at most. It is counted by this machine's own clock since the last look, so that
    no wait, lease or intent is written by a wall clock that was set a moment ago and that nobody has noticed yet."""
    last = _last
    gone_ms = _since_boot_ms() - last.after_ms if last else LONGEST_COUNTED_MS
    return last.steady_ms + gone_ms if last and gone_ms < LONGEST_COUNTED_MS else now_ms()


def step_ms(last: _Look | None, now: _Look, seen_ms: int) -> int:
    """By how much the clock was set since `last`, 0 when it was not. It was also set back if it is behind `seen_ms`."""
    step = 0
    if last is not None:
        went = now.steady_ms - last.steady_ms
        least, most = now.before_ms - last.after_ms, now.after_ms - last.before_ms
        allowed = SMALLEST_STEP_MS + most // SLEWED
        wall_went = went - (now.offset_ms - last.offset_ms)
        if least - allowed <= wall_went <= most + allowed:
            step = 0  # only the offset was changed, by a process that has known the time for longer than this one
        elif went > most + allowed:
            step = went - most
        elif went < least - allowed:
            step = went - least
    behind = now.steady_ms - step - seen_ms
    return step + behind if behind < -SMALLEST_STEP_MS else step


def note_seen(steady_ms: int) -> None:
    """Remember that it has been so late: for processes that begin after the clock was set back."""
    _upsert(0, steady_ms, "seen_ms = excluded.seen_ms")


def last(span: timedelta) -> tuple[datetime, datetime]:
    """The time from `span` ago until now, for `…__range`. What was written at a later hour was written before the clock was set
    back, nobody knows how long ago: it must not count as new until the clock gets there."""
    now = timezone.now()
    return now - span, now + timedelta(milliseconds=SMALLEST_STEP_MS)


def surely_before(span: timedelta) -> datetime:
    """So long ago by both clocks, the wall's and the steady one: what cannot be had back is not given up for a clock set far ahead."""
    return min(timezone.now(), datetime.fromtimestamp(now_ms() / 1000, UTC)) - span


def _read() -> tuple[_Look, int, int]:
    """The time, the offset in it, and the latest time that was noted."""
    before = _since_boot_ms()
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {NOW_MS[connection.vendor]}, offset_ms, seen_ms FROM (SELECT 1 AS one) AS always LEFT JOIN {CLOCK} ON id = 1"
        )
        wall, offset, seen = cursor.fetchone()
    return _Look(wall + (offset or 0), before, _since_boot_ms(), offset or 0), offset or 0, seen or 0


def _make_up_for(step: int, offset: int) -> None:
    """Once, however many notice: only while the offset is the one that the step was measured with."""
    _upsert(-step, 0, f"offset_ms = {CLOCK}.offset_ms + excluded.offset_ms WHERE {CLOCK}.offset_ms = {int(offset)}")


def _upsert(offset: int, seen: int, change: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {CLOCK} (id, offset_ms, seen_ms) VALUES (1, %s, %s) ON CONFLICT (id) DO UPDATE SET {change}",
            [offset, seen],
        )


def _since_boot_ms() -> int:
    """This machine's time since boot, sleep included where the system tells it (Linux): nobody can set it."""
    boot = getattr(time, "CLOCK_BOOTTIME", None)
    return int(1000 * (time.monotonic() if boot is None else time.clock_gettime(boot)))
