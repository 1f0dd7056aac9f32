"""Each kind of rate limit lets through what it says."""

import pytest

from campaigns.whattalk.sandbox.messages import Answer
from campaigns.whattalk.sandbox.settings import Settings
from campaigns.whattalk.sandbox.throttle import Throttle


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def taken(throttle: Throttle, requests: int) -> int:
    return sum(throttle.refuse() is None for _ in range(requests))


@pytest.mark.parametrize(
    ("kind", "after_half", "after_whole"), [("fixed", 0, 4), ("clock", 4, 0), ("sliding", 0, 4), ("bucket", 2, 2)]
)
def test_so_many_in_a_window(kind, after_half, after_whole):
    clock = Clock()  # 1000 s: a window of the clock ends at 1020
    throttle = Throttle(Settings(rate_limit=4, rate_window=60, rate_kind=kind), clock)
    assert taken(throttle, 9) == 4
    clock.now += 30
    assert taken(throttle, 9) == after_half
    clock.now += 30
    assert taken(throttle, 9) == after_whole


def taken_at(moments: list[float], **settings) -> list[bool]:
    """Which requests of these moments a limit of two in ten seconds takes."""
    clock = iter(moments)
    throttle = Throttle(Settings(rate_limit=2, rate_window=10, **settings), clock=lambda: next(clock))
    return [throttle.refuse() is None for _ in moments]


def test_limits_are_counted_in_every_usual_way():
    moments = [8.0, 8.1, 9.0, 10.5, 18.05, 18.2]
    assert taken_at(moments, rate_kind="fixed") == [True, True, False, False, True, True]
    assert taken_at(moments, rate_kind="clock") == [True, True, False, True, True, False]
    assert taken_at(moments, rate_kind="sliding") == [True, True, False, False, True, True]
    assert taken_at(moments, rate_kind="bucket") == [True, True, False, False, True, True]
    assert taken_at(moments, rate_kind="bucket", rate_burst=1) == [True, False, False, False, True, False]
    assert taken_at(moments, rate_kind="sliding", rate_counts_refused=True) == [True, True, False, False, False, False]


def test_a_bucket_that_was_never_asked_is_full():
    throttle = Throttle(Settings(rate_limit=60, rate_kind="bucket", rate_burst=5), Clock())
    assert throttle.left == 5 and taken(throttle, 9) == 5


def test_headers_say_how_much_is_left():
    clock = Clock()
    throttle = Throttle(Settings(rate_limit=2), clock)
    assert throttle.refuse() is None
    assert dict(throttle.mark(Answer(200)).headers) == {"X-RateLimit-Limit": "2", "X-RateLimit-Remaining": "1"}
    assert throttle.refuse() is None
    refusal = throttle.refuse()
    assert refusal is not None and dict(refusal.headers) == {"Retry-After": "60", "X-RateLimit-Reset": "1060"}
    silent = Throttle(Settings(rate_limit=1, rate_headers=False, rate_retry_after=False), clock)
    assert silent.refuse() is None
    refusal = silent.refuse()
    assert refusal is not None and refusal.headers == ()
