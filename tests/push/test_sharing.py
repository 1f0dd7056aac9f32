"""Of a service's limit, imports of one account get the same from the first minute on, and hardly a request is refused."""

import random
from functools import partial

import pytest

from tests.campaigns.limited_services import MINUTE, FixedWindow, TokenBucket
from tests.push.sharing import TwoImports

SERVICES = {
    "a window that begins with the first request": partial(FixedWindow, offset=None),
    "a window of the clock": FixedWindow,
    "a bucket": lambda limit: TokenBucket(limit, limit),
}
UNEVEN = 0.2


def two_imports(kind: str, limit: int, seed: int, **says: bool) -> TwoImports:
    """They begin up to three seconds apart, at any second of the minute but its last."""
    draw = random.Random(seed)
    starts = (0, int(draw.uniform(0, 3_000)))
    return TwoImports(SERVICES[kind](limit), starts, seed, into=int(draw.uniform(0, MINUTE * 3 / 4)), **says).run(3)


@pytest.mark.parametrize("kind", SERVICES)
def test_s11_two_imports_get_the_same_from_the_first_minute_on(kind):
    sent = two_imports(kind, 60, seed=1)
    for shares in (sent.within(0, 1), sent.within(1, 3)):
        assert max(shares) <= (1 + UNEVEN) * min(shares), shares
    assert sum(sent.within(1, 3)) >= 0.95 * 2 * 60


@pytest.mark.parametrize("second", [10, 45, 54])
def test_s11_a_silent_clock_refuses_two_imports_hardly_anything_whenever_they_begin(second):
    sent = TwoImports(FixedWindow(60), (0, 300), seed=1, into=1_000 * second, says_wait=False).run(3)
    assert sum(sent.within(1, 3)) >= 0.95 * 2 * 60 and sent.refused_share <= 0.02


def test_s11_the_limit_of_a_bucket_is_learnt_from_few_refusals():
    """Answers that one import had before the other was refused, and reports later, do not speak against the refusal."""
    assert two_imports("a bucket", 60, seed=1, says_wait=False).refused_share <= 0.025
