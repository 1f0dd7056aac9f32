"""What an answer says of the service, and when it is asked again."""

import pytest

from campaigns.whattalk.replies import Created, Duplicate, NotAccepted, Refused, RetryReason, Unknown, UnknownReason
from imports.push.outcome_rules import BACKOFF_CAP_MS, Signal, Weather, backoff_ms, signal_of


@pytest.mark.parametrize(
    ("outcome", "weather", "pause"),
    [
        (Created("7"), Weather.FINE, ""),
        (Duplicate("there"), Weather.FINE, ""),
        (Refused("validation", "no"), Weather.FINE, ""),
        (NotAccepted(RetryReason.KEY), Weather.CLOSED, "key"),
        (NotAccepted(RetryReason.BALANCE), Weather.CLOSED, "balance"),
        (NotAccepted(RetryReason.CAMPAIGN), Weather.CLOSED, "campaign_missing"),
        (NotAccepted(RetryReason.RATE_LIMITED, retry_after=7), Weather.LIMITED, ""),
        (NotAccepted(RetryReason.NOT_SENT), Weather.TROUBLE, ""),
        (NotAccepted(RetryReason.NOT_SENT, "too late to send"), Weather.UNSEEN, ""),
        *((Unknown(doubt), Weather.TROUBLE, "") for doubt in UnknownReason),
    ],
)
def test_the_table(outcome, weather, pause):
    found = signal_of(outcome, 1)
    assert (found.weather, found.pause) == (weather, pause)


def test_retry_after_is_the_least_that_is_waited():
    assert signal_of(NotAccepted(RetryReason.RATE_LIMITED, retry_after=7), 1, draw=lambda: 0) == Signal(
        Weather.LIMITED, 7000, 7000
    )


def test_backoff_doubles_with_full_jitter_up_to_a_cap():
    assert [backoff_ms(n, lambda: 1) for n in (1, 2, 3, 9)] == [2_000, 4_000, 8_000, BACKOFF_CAP_MS]
    assert backoff_ms(5, lambda: 0) == 0
