"""Steady time by itself; what happens when somebody sets the clock is in `tests/push/test_clock_steps.py`."""

from background.database_clock import note_seen, now_ms
from background.models import Clock


def test_time_goes_on_and_what_was_noted_is_kept(db):
    first = now_ms()
    assert 0 <= now_ms() - first < 60_000
    note_seen(first)
    assert Clock.objects.get().seen_ms == first
