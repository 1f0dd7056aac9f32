"""How fast an account may be used: the pure part, against services made of a few lines."""

from functools import partial

import pytest

from campaigns.pacing import breaker
from campaigns.pacing.adaptive_rate import FLOOR, Ceilings, Pace, adapt, rate_now, room_now, tried, wait_now
from campaigns.pacing.breaker import OPENS_AT
from campaigns.pacing.refusals import Closed
from campaigns.pacing.seen import Seen
from campaigns.pacing.tokens import available, refill, take
from tests.campaigns.limited_services import FixedWindow, SlidingWindow, TokenBucket, send

CEILINGS = Ceilings(in_flight=32)
SECOND = 1000
SERVICES = {
    "a window that begins with the first request": partial(FixedWindow, offset=None),
    "a window of the clock": FixedWindow,
    "a window of the clock, soon over": FixedWindow,
    "a sliding window": SlidingWindow,
    "a bucket as deep as the limit": lambda limit: TokenBucket(limit, limit),
    "a shallow bucket": lambda limit: TokenBucket(limit, 10),
    "a deep bucket": lambda limit: TokenBucket(limit, 2 * limit),
}


BEGINS = {"a window of the clock": 0.5, "a window of the clock, soon over": 0.95}  # of a minute of the clock


@pytest.mark.parametrize(("limit", "latency"), [(60, 100), (100, 20), (600, 100)])
@pytest.mark.parametrize("says_wait", [True, False], ids=["Retry-After", "no Retry-After"])
@pytest.mark.parametrize("kind", SERVICES)
def test_s11_the_limit_is_used_and_kept_from_the_second_minute_on(kind, limit, says_wait, latency):
    sent = send(SERVICES[kind](limit), 7, says_wait=says_wait, latency=latency, after=BEGINS.get(kind, 0))
    taken, refused = sent.within(1, 7)
    assert taken >= 0.95 * 6 * limit
    assert refused <= 0.02 * (taken + refused)
    assert len(sent.refused) <= 0.025 * (len(sent.taken) + len(sent.refused))


@pytest.mark.parametrize("says_wait", [True, False], ids=["Retry-After", "no Retry-After"])
@pytest.mark.parametrize(("limit", "second"), [(60, 45), (60, 50), (100, 50), (600, 40)])
def test_s11_it_does_not_matter_at_which_second_of_the_clock_s_minute_sending_begins(limit, second, says_wait):
    sent = send(FixedWindow(limit), 3, says_wait=says_wait, after=second / 60)
    taken, _refused = sent.within(1, 3)
    assert taken >= 0.95 * 2 * limit
    assert len(sent.refused) <= 0.02 * (len(sent.taken) + len(sent.refused))


@pytest.mark.parametrize(("second", "minutes"), [(51, 1), (57, 4)], ids=["seen before the turn", "presumed to be a clock"])
def test_s11_a_bucket_that_takes_more_as_the_clock_s_minute_turns_is_no_clock_for_long(second, minutes):
    sent = send(TokenBucket(60, 10), 6, says_wait=False, after=second / 60)
    assert sent.within(minutes, 6)[0] >= 0.95 * (6 - minutes) * 60


@pytest.mark.parametrize("limit", [60, 100, 600])
@pytest.mark.parametrize("kind", SERVICES)
def test_s11_what_the_headers_say_is_kept_from_the_beginning(kind, limit):
    sent = send(SERVICES[kind](limit), 4, says_limit=True, after=BEGINS.get(kind, 0))
    taken, _refused = sent.within(1, 4)
    assert taken >= 0.95 * 3 * limit
    assert not sent.refused


@pytest.mark.parametrize("kind", [partial(FixedWindow, window=10 * SECOND), partial(SlidingWindow, window=10 * SECOND)])
def test_s11_a_limit_of_ten_seconds_is_found_too(kind):
    taken, refused = send(kind(100), 6).within(2, 6)
    assert taken >= 0.9 * 4 * 600 and refused <= 0.02 * (taken + refused)


@pytest.mark.parametrize("limit", [60, 600])
def test_s11_a_silent_window_that_is_not_the_clock_s_is_found_within_minutes(limit):
    sent = send(FixedWindow(limit, offset=23_000), 10, says_wait=False)
    taken, refused = sent.within(4, 10)
    assert taken >= 0.95 * 6 * limit and refused <= 0.02 * (taken + refused)


def test_s11_a_limit_that_is_raised_is_found_and_one_that_is_lowered_is_kept():
    service = FixedWindow(100)
    pace = send(service, 4).pace
    service.limit = 200
    raised = send(service, 30, pace=pace, after=4)
    assert raised.within(25, 30)[0] >= 0.95 * 5 * 200
    service.limit = 50
    taken, refused = send(service, 6, pace=raised.pace, after=34).within(2, 6)
    assert taken >= 0.95 * 4 * 50 and refused <= 0.02 * (taken + refused)


def test_s11_a_service_that_refuses_everything_is_hardly_asked():
    sent = send(FixedWindow(0), 30, says_wait=False)
    assert len(sent.refused) <= 15


@pytest.mark.parametrize(("one_in", "least"), [(20, 40), (200, 500)])
@pytest.mark.parametrize("says_wait", [True, False])
def test_s11_refusals_at_random_do_not_end_at_the_floor(says_wait, one_in, least):
    class AtRandom:
        n = 0

        def ask(self, _now):
            self.n += 1
            return 0 if self.n * 7919 % one_in else SECOND

    sent = send(AtRandom(), 10, says_wait=says_wait)
    assert sent.within(5, 10)[0] >= 5 * least


def test_s11_who_was_asked_late_was_not_seen_closed_for_long():
    """A worker that was killed asks again late; that teaches nothing of how the service counts."""
    pace = adapt(Pace(grown_ms=1), Seen(fine=27, wanted_more=True), CEILINGS, 8 * SECOND)
    pace = adapt(pace, Seen(limited=1), CEILINGS, 9 * SECOND)
    pace = adapt(tried(pace, 40 * SECOND), Seen(fine=1, marks="."), CEILINGS, 40 * SECOND)
    assert not pace.closed.is_closed and not pace.by_minute
    begun = pace.rate
    for second in range(41, 71):
        pace = adapt(pace, Seen(fine=1, wanted_more=True), CEILINGS, second * SECOND)
    assert rate_now(pace, CEILINGS) > 4 * begun


def test_s11_a_wait_that_is_too_short_is_not_believed_for_ever():
    """It always says one second, and counts by the minute."""

    class Hasty(FixedWindow):
        def ask(self, now):
            return min(super().ask(now), SECOND)

    sent = send(Hasty(60, offset=None), 5)
    assert len(sent.refused) <= 0.03 * len(sent.taken) and sent.within(1, 5)[0] >= 0.95 * 4 * 60


def test_it_begins_slowly_and_doubles_while_all_is_well():
    sent = send(FixedWindow(10**9), 0.5, latency=100)
    seconds = [sum(second * SECOND <= moment < (second + 1) * SECOND for moment in sent.taken) for second in range(30)]
    assert seconds[0] <= 8 and all(later <= 2.5 * max(4, now) for now, later in zip(seconds, seconds[1:]))
    assert min(seconds[24:]) >= 0.9 * 32 / 0.12 and rate_now(sent.pace, CEILINGS) == 0


def test_answers_that_were_slow_once_do_not_keep_it_slow():
    """Where no limit is known, requests in flight grow again while the rate goes on doubling; neither grows for ever."""
    pace = adapt(Pace(usual_ms=50, in_flight=4, halved_ms=1, fine_ms=1), Seen(timed=1, fine=1, seconds=9), CEILINGS, 10 * SECOND)
    pace = adapt(pace, Seen(timed=1, fine=1, seconds=9), CEILINGS, 15 * SECOND)
    assert pace.in_flight == 1
    for second in range(16, 3616):
        pace = adapt(pace, Seen(fine=1, timed=1, seconds=0.05, wanted_more=True), CEILINGS, second * SECOND)
        if second == 116:
            assert pace.in_flight == CEILINGS.in_flight
    assert rate_now(pace, CEILINGS) == 0
    never_full = Ceilings(in_flight=10**6)
    for second in range(3616, 9616):
        pace = adapt(pace, Seen(fine=1, wanted_more=True), never_full, second * SECOND)
    assert pace.ramp < 10**7


def test_it_begins_slowly_where_answers_are_slow_and_is_fast_after_half_a_minute():
    sent = send(FixedWindow(10**9), 0.6, latency=1000)
    seconds = [sum(second * SECOND <= moment < (second + 1) * SECOND for moment in sent.taken) for second in range(36)]
    assert max(seconds[:5]) <= 8 and min(seconds[30:]) >= 28


@pytest.mark.parametrize("ceiling", [6, 10, 60, 600, 5000])
def test_no_minute_holds_more_than_the_ceiling(ceiling):
    sent = send(FixedWindow(10**9), 4, ceilings=Ceilings(in_flight=32, per_minute=ceiling))
    taken = sent.taken
    worst = max(sum(start <= moment < start + 60_000 for moment in taken) for start in taken[:: max(1, len(taken) // 50)])
    assert worst <= ceiling
    assert sent.within(1, 4)[0] >= 0.95 * ceiling * 3


def test_a_429_closes_and_the_wait_is_kept_but_never_longer_than_an_hour():
    closed = adapt(Pace(ramp=0, rate=600, good=620, fine_ms=1), Seen(limited=3, asked_ms=2000), CEILINGS, 10 * SECOND)
    assert wait_now(closed, 10 * SECOND) == 2300 and room_now(closed, CEILINGS, 11 * SECOND) == 0
    assert room_now(closed, CEILINGS, 13 * SECOND) == 1  # then one alone
    assert room_now(tried(closed, 13 * SECOND), CEILINGS, 14 * SECOND) == 0
    ten_years = adapt(Pace(), Seen(limited=1, asked_ms=10 * 365 * 86_400_000), CEILINGS, 10 * SECOND)
    assert wait_now(ten_years, 10 * SECOND) == 3_600_300


def test_many_429s_at_once_are_one_complaint():
    pace = Pace(ramp=0, rate=600, good=620)
    for moment in range(0, 1500, 100):
        pace = adapt(pace, Seen(limited=1), CEILINGS, 10 * SECOND + moment)
    assert pace.closed == Closed(1, since_ms=10 * SECOND, refused_ms=10 * SECOND, late=14)


def test_a_refusal_among_many_that_are_taken_tells_no_limit():
    """Who has a limit refuses what comes after it; who refuses at random takes most of what was under way."""
    pace = adapt(Pace(ramp=0), Seen(fine=26, limited=2, fine_after=20, asked_ms=1_000), CEILINGS, 10 * SECOND)
    pace = adapt(tried(pace, 12 * SECOND), Seen(fine=1, marks="."), CEILINGS, 12 * SECOND)
    assert not pace.closed.is_closed and rate_now(pace, CEILINGS) == 0
    pace = adapt(Pace(ramp=0), Seen(fine=26, limited=20, fine_after=2, asked_ms=1_000), CEILINGS, 10 * SECOND)
    pace = adapt(tried(pace, 12 * SECOND), Seen(fine=1, marks="."), CEILINGS, 12 * SECOND)
    assert rate_now(pace, CEILINGS) > 0


def test_never_below_the_floor():
    pace = Pace(ramp=0, rate=8, good=8)
    for moment in range(1, 11):
        pace = adapt(pace, Seen(limited=1), CEILINGS, moment * 100 * SECOND)
        pace = adapt(tried(pace, moment * 100 * SECOND + 50), Seen(fine=1, marks="."), CEILINGS, moment * 100 * SECOND + 99)
    assert FLOOR <= rate_now(pace, CEILINGS) < 9


def test_headers_are_obeyed():
    told = adapt(Pace(), Seen(fine=1, marks=".", limit=60, remaining=59), CEILINGS, SECOND)
    assert rate_now(told, CEILINGS) == pytest.approx(58.8)
    used_up = adapt(Pace(), Seen(fine=1, marks=".", limit=60, remaining=0, reset=12), CEILINGS, SECOND)
    assert wait_now(used_up, SECOND) == 12_000


def test_answers_that_grow_slow_halve_what_is_in_flight():
    pace = adapt(Pace(in_flight=32, grown_ms=1), Seen(fine=10, marks=".", seconds=1.0, timed=10), CEILINGS, 10 * SECOND)
    slow = adapt(pace, Seen(fine=10, marks=".", seconds=20.0, timed=10), CEILINGS, 20 * SECOND)
    assert (pace.in_flight, slow.in_flight) == (32, 16)


def test_the_breaker_opens_after_ten_failures_lets_one_through_and_closes():
    pace = adapt(Pace(in_flight=32), Seen(marks="x" * OPENS_AT), CEILINGS, 10 * SECOND)
    assert room_now(pace, CEILINGS, 11 * SECOND) == 0 and wait_now(pace, 10 * SECOND) == 30_000
    assert room_now(pace, CEILINGS, 41 * SECOND) == 1
    assert room_now(tried(pace, 41 * SECOND), CEILINGS, 42 * SECOND) == 0
    still_ill = adapt(tried(pace, 41 * SECOND), Seen(marks="x"), CEILINGS, 42 * SECOND)
    assert wait_now(still_ill, 42 * SECOND) == 60_000
    well = adapt(tried(still_ill, 103 * SECOND), Seen(fine=1, marks="."), CEILINGS, 104 * SECOND)
    assert room_now(well, CEILINGS, 104 * SECOND) >= 32 // 2 and well.breaker == breaker.Breaker()


def test_the_breaker_waits_no_longer_than_ten_minutes():
    pace, now = Pace(), 10 * SECOND
    for _ in range(10):
        pace = adapt(pace, Seen(marks="x" * OPENS_AT), CEILINGS, now)
        now += wait_now(pace, now) + 1
    assert pace.breaker.open_ms == 600_000


def test_one_failure_in_ten_does_not_open_the_breaker():
    pace = Pace()
    for moment in range(200):
        pace = adapt(pace, Seen(fine=9, marks=".....x...."), CEILINGS, (moment + 1) * 200)
    assert pace.breaker.is_closed


def test_what_is_learnt_survives_the_database():
    pace = Pace(rate=12.5, accepted=((1, 2), (3, 4)), marks=((5, 6),), closed=Closed(2, 3))
    assert Pace.from_json(pace.to_json()) == pace


def test_what_an_earlier_version_has_learnt_is_taken_over():
    before = {"rate": 58.8, "good": 60, "by_minute": True, "in_flight": 32, "taken": [[1, 2]], "told": 0.0}
    pace = Pace.from_json(before)
    assert rate_now(pace, CEILINGS) == 58.8 and room_now(pace, CEILINGS, SECOND) == 32


def test_no_minute_holds_more_than_its_limit_even_where_much_is_made_up_for():
    by_minute = Pace(ramp=0, rate=58.8, good=60, by_minute=True, refilled_ms=1)
    full = refill(by_minute, CEILINGS, 3_600_000)
    assert available(full, CEILINGS, 3_600_000) == full.tokens > 10
    late = take(full, 55, 3_600_000)
    assert int(available(refill(late, CEILINGS, 3_655_000), CEILINGS, 3_655_000)) == 5


def test_s11_a_machine_that_is_busy_for_seconds_makes_up_for_them():
    sent = send(FixedWindow(100), 8, glance=2_500)
    taken, refused = sent.within(4, 7)  # between two tries of a higher rate
    assert taken >= 0.95 * 3 * 100 and refused == 0
