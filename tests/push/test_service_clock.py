"""What is kept of the service's clock from one process to the next."""

from datetime import UTC, datetime

import pytest

from campaigns.whattalk.clock import Offset
from imports.push.service_clock import SET_FOR_MS, ClockKeeper
from tests.builders import an_account

NOW_MS = 1_800_000_000_000
HOUR_MS = 3600 * 1000
pytestmark = pytest.mark.django_db


def heard(account, ahead_ms: int, now_ms: int = NOW_MS) -> ClockKeeper:
    """A process that has heard of one lead of ours, made at this moment."""
    account.refresh_from_db()
    keeper = ClockKeeper(account)
    moment = datetime.fromtimestamp((now_ms + ahead_ms) / 1000, UTC).replace(microsecond=1)
    keeper.note_lead(moment, now_ms - 100, now_ms)
    keeper.save(now_ms)
    return keeper


def test_the_next_process_knows_it_within_a_second():
    account = an_account()
    heard(account, -400_000)
    account.refresh_from_db()
    low, high, is_spread = ClockKeeper(account).clock.leads
    assert -402_000 < low < -400_000 < high < -398_500 and not is_spread and ClockKeeper(account).clock.answers is None


def test_after_a_clock_was_set_both_count_for_a_day():
    """Ours was set back an hour: what was sent before seems to have been sent later than its leads were made."""
    account = an_account()
    heard(account, 0)
    for later in (1, 2):
        keeper = heard(account, HOUR_MS, NOW_MS + later * 60_000)
        for _ in range(5):
            keeper.save(NOW_MS + later * 60_000)
        clock = keeper.clock.leads
        assert clock.is_spread and -3_000 < clock.low <= 0 and HOUR_MS <= clock.high < HOUR_MS + 3_000
    for _ in range(2):
        clock = heard(account, HOUR_MS, NOW_MS + SET_FOR_MS + 120_000).clock.leads
    assert not clock.is_spread and HOUR_MS - 2_000 < clock.low <= clock.high < HOUR_MS + 2_000


def test_little_is_written(django_assert_num_queries):
    account = an_account()
    keeper = heard(account, 0)
    with django_assert_num_queries(0):
        keeper.save(NOW_MS + 1_000)
    keeper.note_date(Offset(-5, 5))
    keeper.note_time(NOW_MS, 0.0, 0.0)
    with django_assert_num_queries(1):
        keeper.save(NOW_MS + 1_000)
