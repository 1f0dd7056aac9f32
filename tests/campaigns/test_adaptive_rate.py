"""How fast an account may be used: the pure part, against services made of a few lines."""

import pytest

from imports.push.pace import (
    BREAKER_OPENS_AT,
    FLOOR,
    Ceilings,
    Pace,
    Seen,
    adapt,
    depth,
    probing,
    rate_now,
    refill,
    room_now,
    wait_now,
)

CEILINGS = Ceilings(in_flight=32)
SECOND = 1000


class FixedWindow:
    """Takes `limit` requests a window and asks the others to come back when the next begins."""

    def __init__(self, limit: int, window_ms: int):
        self.limit, self.window_ms, self.counted = limit, window_ms, {}

    def ask(self, now_ms: int) -> int:
        """0: taken, else for how long it asks to wait."""
        window = now_ms // self.window_ms
        self.counted[window] = self.counted.get(window, 0) + 1
        return 0 if self.counted[window] <= self.limit else self.window_ms - now_ms % self.window_ms


def live(service, minutes: float, ceilings: Ceilings = CEILINGS, latency_ms: int = 100) -> tuple[list[int], list[int]]:
    """Moments at which requests were taken and refused, of one sender with more rows than time."""
    pace, taken, refused, flying, seen = Pace(), [], [], [], Seen()
    for now in range(1, int(minutes * 60 * SECOND), 20):
        back = [one for one in flying if one[0] <= now]
        flying = [one for one in flying if one[0] > now]
        for _moment, asked in back:
            seen.fine += not asked
            seen.limited += bool(asked)
            seen.asked_ms = max(seen.asked_ms, asked)
            seen.marks += "" if asked else "."
            seen.seconds, seen.timed = seen.seconds + latency_ms / 1000, seen.timed + 1
        seen.wanted_more = True
        if now % SECOND == 1 or seen.is_urgent:
            pace, seen = adapt(pace, seen, ceilings, now), Seen()
        pace = refill(pace, ceilings, now)
        room = room_now(pace, ceilings, now) - len(flying)
        if rate_now(pace, ceilings):
            room = min(room, int(pace.tokens))
            pace = Pace(**{**pace.__dict__, "tokens": pace.tokens - max(0, room)})
        for _ in range(max(0, room)):
            asked = service.ask(now)
            (refused if asked else taken).append(now)
            flying.append((now + latency_ms, asked))
    return taken, refused


def within(moments: list[int], begin: float, end: float) -> int:
    return sum(begin * 60 * SECOND <= moment < end * 60 * SECOND for moment in moments)


def test_it_begins_slowly_and_doubles_while_all_is_well():
    pace, rooms = Pace(), []
    for second in range(1, 12):
        pace = adapt(pace, Seen(fine=10, marks="." * 10), CEILINGS, second * 2 * SECOND)
        rooms.append(room_now(pace, CEILINGS, second * 2 * SECOND))
    assert rooms[:4] == [8, 16, 32, 32] and rate_now(pace, CEILINGS) == 0


@pytest.mark.parametrize(("limit", "window_ms"), [(60, 60_000), (600, 60_000), (10, 1_000)])
def test_f22_it_finds_the_rate_that_a_service_takes(limit, window_ms):
    allowed = limit * 60_000 / window_ms
    taken, refused = live(FixedWindow(limit, window_ms), minutes=16)
    asked_later = within(taken, 8, 16) + within(refused, 8, 16)
    assert asked_later <= 1.1 * allowed * 8
    assert within(taken, 8, 16) >= 0.8 * allowed * 8
    assert within(refused, 8, 16) <= 0.03 * asked_later


@pytest.mark.parametrize("ceiling", [6, 10, 60, 600, 5000])
def test_no_minute_holds_more_than_the_ceiling(ceiling):
    taken, _refused = live(FixedWindow(10**9, 1000), 4, Ceilings(in_flight=32, per_minute=ceiling))
    worst = max(sum(start <= moment < start + 60_000 for moment in taken) for start in taken[:: max(1, len(taken) // 50)])
    assert worst <= ceiling
    assert within(taken, 1, 4) >= 0.9 * ceiling * 3


def test_a_429_halves_and_the_wait_is_kept_but_never_longer_than_an_hour():
    pace = Pace(rate=600, good=620, fine_ms=1)
    halved = adapt(pace, Seen(limited=3, asked_ms=2000), CEILINGS, 10 * SECOND)
    assert halved.rate == 300 and wait_now(halved, 10 * SECOND) == 2000 and room_now(halved, CEILINGS, 11 * SECOND) == 0
    ten_years = adapt(pace, Seen(limited=1, asked_ms=10 * 365 * 86_400_000), CEILINGS, 10 * SECOND)
    assert wait_now(ten_years, 10 * SECOND) == 3_600_000


def test_many_429s_at_once_are_one_complaint():
    pace = Pace(rate=600, good=620)
    for moment in range(0, 1500, 100):
        pace = adapt(pace, Seen(limited=1), CEILINGS, 10 * SECOND + moment)
    assert pace.rate == 300


def test_never_below_the_floor():
    pace = Pace(rate=8, good=8)
    for moment in range(10):
        pace = adapt(pace, Seen(limited=1), CEILINGS, (1 + moment) * 10 * SECOND)
    assert rate_now(pace, CEILINGS) == FLOOR


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
    pace = adapt(Pace(in_flight=32), Seen(marks="x" * BREAKER_OPENS_AT), CEILINGS, 10 * SECOND)
    assert room_now(pace, CEILINGS, 11 * SECOND) == 0 and wait_now(pace, 10 * SECOND) == 30_000
    assert room_now(pace, CEILINGS, 41 * SECOND) == 1
    assert room_now(probing(pace, 41 * SECOND), CEILINGS, 42 * SECOND) == 0
    still_ill = adapt(probing(pace, 41 * SECOND), Seen(marks="x"), CEILINGS, 42 * SECOND)
    assert wait_now(still_ill, 42 * SECOND) == 60_000
    well = adapt(probing(still_ill, 103 * SECOND), Seen(fine=1, marks="."), CEILINGS, 104 * SECOND)
    assert room_now(well, CEILINGS, 104 * SECOND) >= 32 // 2


def test_the_breaker_waits_no_longer_than_ten_minutes():
    pace, now = Pace(), 10 * SECOND
    for _ in range(10):
        pace = adapt(pace, Seen(marks="x" * BREAKER_OPENS_AT), CEILINGS, now)
        now += wait_now(pace, now) + 1
    assert pace.breaker.open_ms == 600_000


def test_one_failure_in_ten_does_not_open_the_breaker():
    pace = Pace()
    for moment in range(200):
        pace = adapt(pace, Seen(fine=9, marks=".....x...."), CEILINGS, (moment + 1) * 200)
    assert pace.breaker.is_closed


def test_what_is_learnt_survives_the_database():
    pace = Pace(rate=12.5, taken=((1, 2), (3, 4)), breaker=Pace().breaker)
    assert Pace.from_json(pace.to_json()) == pace


def test_the_bucket_is_shallow():
    assert depth(60) < 2 and depth(6000) < 60
