"""What an answer means for the row that was sent: the table of docs/reliability.md, as a pure function.

    outcome                       the row becomes                       burns a try
    ----------------------------  ------------------------------------  -----------
    Created                       created                               -
    Duplicate, first try          duplicate_in_campaign                 -
    Duplicate after a lost answer created (recovered); with duplicates  -
                                  allowed only if the number was never
                                  here before, else unknown where leads
                                  can be looked up, else unconfirmed
    Refused                       refused                               -
    NotAccepted                   pending, later                        no
    Unknown                       unknown, looked up later              yes
"""
import random
from dataclasses import dataclass, replace
from enum import StrEnum

from campaigns.whattalk.answers import Created, Doubt, Duplicate, NotAccepted, Outcome, Refused, Unknown, Why
from imports.models import RowState
from imports.push.rows import MOST_TRIES

BACKOFF_BASE_MS = 2_000
BACKOFF_CAP_MS = 300_000
LONGEST_TRYING_MS = 24 * 3600 * 1000
TOO_LATE = "too late to send"  # in the client's words: we were too slow, and the service is not to blame
PAUSES = {Why.KEY: "key", Why.BALANCE: "balance", Why.CAMPAIGN: "campaign_missing"}


class Weather(StrEnum):
    """What an answer says about the service, whatever it says about the row."""

    FINE = "fine"
    LIMITED = "limited"  # asked to slow down
    TROUBLE = "trouble"  # cannot be reached, or does not know what it is doing
    CLOSED = "closed"  # a person must mend something first
    UNSEEN = "unseen"  # it was not asked


@dataclass(frozen=True, slots=True)
class Verdict:
    """`message`: the service's words, to be kept with the row. `wait_ms`: not before so long from now.

    `asked_ms`: how long the service asked everybody to wait, None when it did not. `pause`: why the whole import
    must wait for a person, '' when it need not.
    """

    state: str
    reason: str = ""
    message: str = ""
    remote_id: str | None = None
    recovered: bool = False
    wait_ms: int = 0
    burns: bool = True
    weather: Weather = Weather.FINE
    asked_ms: int | None = None
    pause: str = ""


@dataclass(frozen=True, slots=True)
class Circumstances:
    """`after_lost`: the answer to an earlier try of this row was lost.

    Only asked for with duplicates allowed: `never_before`: nothing we know of put this number into the campaign.
    `was_looked_up`: two look-ups have said that the row's lead was not there, so that another one can tell more.
    """

    attempts: int = 1
    after_lost: bool = False
    allow_duplicates: bool = False
    never_before: bool = False
    was_looked_up: bool = False
    settle_ms: int = 60_000


def backoff_ms(attempts: int, draw=random.random) -> int:
    """Full jitter: anything between nothing and a ceiling that doubles with each try."""
    return int(draw() * min(BACKOFF_CAP_MS, BACKOFF_BASE_MS * 2 ** max(0, attempts - 1)))


def verdict(outcome: Outcome, row: Circumstances, draw=random.random) -> Verdict:
    match outcome:
        case Created(remote_id=remote_id):
            return Verdict(RowState.CREATED, remote_id=remote_id)
        case Duplicate(message=message):
            return _duplicate(message, row)
        case Refused(code=code, message=message):
            return Verdict(RowState.REFUSED, reason="refused", message=message or code)
        case NotAccepted():
            return _not_accepted(outcome, row, draw)
        case Unknown():
            return _lost(outcome, row)


def _duplicate(message: str, row: Circumstances) -> Verdict:
    if not row.after_lost:
        return Verdict(RowState.DUPLICATE_IN_CAMPAIGN, reason="duplicate_in_campaign", message=message)
    if row.allow_duplicates and not row.never_before:
        if row.was_looked_up:
            # Another row's lead, or our own after all? A look-up tells them apart.
            return Verdict(RowState.UNKNOWN, message=message)
        return Verdict(RowState.UNCONFIRMED, reason="unconfirmed", message=message)
    # The id is not told; it is found with the campaign's leads, or by number when somebody undoes the import.
    return Verdict(RowState.CREATED, remote_id="", recovered=True)


def _not_accepted(outcome: NotAccepted, row: Circumstances, draw) -> Verdict:
    back = Verdict(RowState.PENDING, message=outcome.message, burns=False)
    asked_ms = None if outcome.retry_after is None else int(outcome.retry_after * 1000)
    match outcome.why:
        case Why.RATE_LIMITED:
            wait_ms = max(asked_ms or 0, backoff_ms(row.attempts, draw))
            return replace(back, weather=Weather.LIMITED, asked_ms=asked_ms, wait_ms=wait_ms)
        case Why.NOT_SENT if outcome.message == TOO_LATE:
            return replace(back, weather=Weather.UNSEEN)
        case Why.NOT_SENT:
            return replace(back, weather=Weather.TROUBLE, wait_ms=backoff_ms(row.attempts, draw))
        case why:
            return replace(back, weather=Weather.CLOSED, pause=PAUSES[why])


def _lost(outcome: Unknown, row: Circumstances) -> Verdict:
    asked_ms = None if outcome.retry_after is None else int(outcome.retry_after * 1000)
    return Verdict(
        RowState.UNKNOWN, message=outcome.message, wait_ms=row.settle_ms, weather=Weather.TROUBLE, asked_ms=asked_ms,
    )


def is_redirect(outcome: Outcome) -> bool:
    return isinstance(outcome, Unknown) and outcome.why is Doubt.REDIRECT


def has_tried_enough(attempts: int, trying_ms: int) -> bool:
    """Whether a row that is known not to have been added has had its tries."""
    if attempts < MOST_TRIES:
        return attempts > 0 and trying_ms > LONGEST_TRYING_MS
    return attempts % MOST_TRIES == 0
