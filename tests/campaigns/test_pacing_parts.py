"""The pure parts of pacing: what was accepted when, and what a service's headers tell of its limit."""

from campaigns.pacing import headers, history
from campaigns.pacing.headers import Told

MINUTE_MS = 60_000


def test_a_history_adds_up_seconds_and_forgets_old_ones():
    known = history.with_more((), 2, 1_000)
    known = history.with_more(known, 1, 1_900)
    assert known == ((1, 3),) == history.with_more(known, 0, 2_000)
    assert history.with_more(known, 1, 200_000) == ((200, 1),)


def test_what_is_reported_late_is_counted_when_it_was():
    known = history.with_past(((58, 2), (61, 1)), [2_500, 2_400, 900], 4, 61_000)
    assert known == ((58, 4), (60, 1), (61, 2))


def test_what_was_accepted_between_two_moments():
    known = ((10, 2), (20, 3), (30, 4))
    assert history.between(known, 15_000, 25_000) == 3
    assert history.first_after(known, 10_000) == 20_000 and history.first_after(known, 30_000) is None


def test_a_limit_without_resets_is_one_a_minute():
    assert headers.heard(Told(), 120, None, 0).per_minute == 120
    assert Told().per_minute == 0


def test_a_shorter_window_is_believed_only_when_many_resets_say_so():
    told = Told()
    for answer in range(headers.ENOUGH_RESETS):
        assert told.window in (None, 60)
        told = headers.heard(told, 10, 1.0, answer * 1_000)
    assert told.window == 1 and told.per_minute == 600
    assert headers.contradicted(told, accepted=20).window == 60
    assert headers.contradicted(told, accepted=590) == told
