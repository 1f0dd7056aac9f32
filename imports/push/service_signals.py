"""What an answer says of the service, whatever it says of the row (`conclusions`): how it is, and when to ask it again. Pure."""

import random
from collections.abc import Callable
from enum import StrEnum
from typing import NamedTuple

from campaigns.whattalk.replies import NotAccepted, Outcome, RetryReason, Unknown, UnknownReason
from imports.push.deferrals import WAIT

BACKOFF_BASE_MS = 2_000
BACKOFF_CAP_MS = 300_000
TOO_LATE = "too late to send"  # in the client's words: we were too slow, and the service is not to blame
PAUSES = {RetryReason.KEY: "key", RetryReason.BALANCE: "balance", RetryReason.CAMPAIGN: "campaign_missing"}


class ServiceState(StrEnum):
    OK = "ok"
    THROTTLED = "throttled"  # asked to slow down
    ERROR = "error"  # cannot be reached, or does not know what it is doing
    BLOCKED = "blocked"  # a person must mend something first
    NOT_SENT = "not sent"  # it was not asked


class Signal(NamedTuple):
    """`wait_ms`: the row is not sent again before so long from now. `asked_ms`: how long the service asked everybody to wait,
    None when it did not. `pause`: why the whole import must wait for a person, '' when it need not."""

    service: ServiceState = ServiceState.OK
    wait_ms: int = 0
    asked_ms: int | None = None
    pause: str = ""


def kind_of(outcome: Outcome) -> str:
    """Which kind of putting off an answer is (`deferrals`); '' for one that is none."""
    match outcome:
        case NotAccepted(reason=RetryReason.NOT_SENT, message=message) if message == TOO_LATE:
            return ""
        case NotAccepted(reason=reason):
            return PAUSES.get(reason, WAIT)
    return ""


def signal_of(outcome: Outcome, attempts: int, draw: Callable[[], float] = random.random, is_of_the_row: bool = False) -> Signal:
    """`is_of_the_row`: others are taken meanwhile, so that the account need not be left alone."""
    match outcome:
        case NotAccepted(reason=RetryReason.RATE_LIMITED):
            asked_ms = _asked_ms(outcome)
            if is_of_the_row:
                return Signal(ServiceState.NOT_SENT, max(asked_ms or 0, backoff_ms(attempts, draw)))
            return Signal(ServiceState.THROTTLED, max(asked_ms or 0, backoff_ms(attempts, draw)), asked_ms)
        case NotAccepted(reason=RetryReason.NOT_SENT, message=message) if message == TOO_LATE:
            return Signal(ServiceState.NOT_SENT)
        case NotAccepted(reason=RetryReason.NOT_SENT):
            return Signal(ServiceState.ERROR, backoff_ms(attempts, draw))
        case NotAccepted(reason=reason):
            return Signal(ServiceState.BLOCKED, pause=PAUSES[reason])
        case Unknown():
            return Signal(ServiceState.ERROR, asked_ms=_asked_ms(outcome))
    return Signal()


def _asked_ms(outcome: NotAccepted | Unknown) -> int | None:
    return None if outcome.retry_after is None else int(outcome.retry_after * 1000)


def backoff_ms(attempts: int, draw: Callable[[], float] = random.random) -> int:
    """Full jitter: anything between nothing and a ceiling that doubles with each try."""
    return int(draw() * min(BACKOFF_CAP_MS, BACKOFF_BASE_MS * 2 ** max(0, attempts - 1)))


def is_redirect(outcome: Outcome | None) -> bool:
    return isinstance(outcome, Unknown) and outcome.reason is UnknownReason.REDIRECT
