"""What an answer says of the service, and when it is asked again."""

import pytest

from campaigns.whattalk.replies import Created, Duplicate, NotAccepted, Refused, RetryReason, Unknown, UnknownReason
from imports.push.service_signals import BACKOFF_CAP_MS, ServiceState, Signal, backoff_ms, signal_of


@pytest.mark.parametrize(
    ("outcome", "service", "pause"),
    [
        (Created("7"), ServiceState.OK, ""),
        (Duplicate("there"), ServiceState.OK, ""),
        (Refused("validation", "no"), ServiceState.OK, ""),
        (NotAccepted(RetryReason.KEY), ServiceState.BLOCKED, "key"),
        (NotAccepted(RetryReason.BALANCE), ServiceState.BLOCKED, "balance"),
        (NotAccepted(RetryReason.CAMPAIGN), ServiceState.BLOCKED, "campaign_missing"),
        (NotAccepted(RetryReason.RATE_LIMITED, retry_after=7), ServiceState.THROTTLED, ""),
        (NotAccepted(RetryReason.NOT_SENT), ServiceState.ERROR, ""),
        (NotAccepted(RetryReason.NOT_SENT, "too late to send"), ServiceState.NOT_SENT, ""),
        *((Unknown(doubt), ServiceState.ERROR, "") for doubt in UnknownReason),
    ],
)
def test_the_table(outcome, service, pause):
    found = signal_of(outcome, 1)
    assert (found.service, found.pause) == (service, pause)


def test_retry_after_is_the_least_that_is_waited():
    assert signal_of(NotAccepted(RetryReason.RATE_LIMITED, retry_after=7), 1, draw=lambda: 0) == Signal(
        ServiceState.THROTTLED, 7000, 7000
    )


def test_backoff_doubles_with_full_jitter_up_to_a_cap():
    assert [backoff_ms(n, lambda: 1) for n in (1, 2, 3, 9)] == [2_000, 4_000, 8_000, BACKOFF_CAP_MS]
    assert backoff_ms(5, lambda: 0) == 0
