"""What an answer means for the row that was sent: the table of docs/reliability.md."""

import pytest

from campaigns.whattalk.answers import Created, Doubt, Duplicate, NotAccepted, Refused, Unknown, Why
from imports.models import RowState as S
from imports.push.answers import (
    BACKOFF_CAP_MS,
    MOST_TRIES,
    Circumstances,
    Weather,
    backoff_ms,
    has_tried_enough,
    verdict,
)

FIRST = Circumstances()
AFTER_LOST = Circumstances(attempts=2, after_lost=True)
DOUBLING = Circumstances(attempts=2, after_lost=True, allow_duplicates=True)
LOOKED_UP = Circumstances(attempts=2, after_lost=True, allow_duplicates=True, was_looked_up=True)
NEW_HERE = Circumstances(attempts=2, after_lost=True, allow_duplicates=True, never_before=True)


@pytest.mark.parametrize(("outcome", "row", "state", "burns", "weather", "pause"), [
    (Created("7"), FIRST, S.CREATED, True, Weather.FINE, ""),
    (Created("7"), AFTER_LOST, S.CREATED, True, Weather.FINE, ""),
    (Duplicate("there"), FIRST, S.DUPLICATE_IN_CAMPAIGN, True, Weather.FINE, ""),
    (Duplicate("there"), AFTER_LOST, S.CREATED, True, Weather.FINE, ""),
    (Duplicate("there"), DOUBLING, S.UNCONFIRMED, True, Weather.FINE, ""),
    (Duplicate("there"), NEW_HERE, S.CREATED, True, Weather.FINE, ""),
    (Duplicate("there"), LOOKED_UP, S.UNKNOWN, True, Weather.FINE, ""),
    (Refused("validation", "no"), FIRST, S.REFUSED, True, Weather.FINE, ""),
    (NotAccepted(Why.KEY), FIRST, S.PENDING, False, Weather.CLOSED, "key"),
    (NotAccepted(Why.BALANCE), FIRST, S.PENDING, False, Weather.CLOSED, "balance"),
    (NotAccepted(Why.CAMPAIGN), FIRST, S.PENDING, False, Weather.CLOSED, "campaign_missing"),
    (NotAccepted(Why.RATE_LIMITED, retry_after=7), FIRST, S.PENDING, False, Weather.LIMITED, ""),
    (NotAccepted(Why.NOT_SENT), FIRST, S.PENDING, False, Weather.TROUBLE, ""),
    (NotAccepted(Why.NOT_SENT, "too late to send"), FIRST, S.PENDING, False, Weather.UNSEEN, ""),
    (Unknown(Doubt.SERVER_ERROR), FIRST, S.UNKNOWN, True, Weather.TROUBLE, ""),
    (Unknown(Doubt.MALFORMED), FIRST, S.UNKNOWN, True, Weather.TROUBLE, ""),
    (Unknown(Doubt.REDIRECT), FIRST, S.UNKNOWN, True, Weather.TROUBLE, ""),
    (Unknown(Doubt.RESET), FIRST, S.UNKNOWN, True, Weather.TROUBLE, ""),
    (Unknown(Doubt.TIMEOUT), FIRST, S.UNKNOWN, True, Weather.TROUBLE, ""),
])
def test_the_table(outcome, row, state, burns, weather, pause):
    found = verdict(outcome, row)
    assert (found.state, found.burns, found.weather, found.pause) == (state, burns, weather, pause)


def test_only_a_lead_that_was_told_of_late_is_called_recovered():
    assert verdict(Duplicate(), AFTER_LOST).recovered and not verdict(Created("7"), AFTER_LOST).recovered


def test_a_lost_answer_is_left_alone_for_a_while():
    assert verdict(Unknown(Doubt.TIMEOUT), Circumstances(settle_ms=600_000)).wait_ms == 600_000


def test_retry_after_is_the_least_that_is_waited():
    found = verdict(NotAccepted(Why.RATE_LIMITED, retry_after=7), FIRST, draw=lambda: 0)
    assert (found.wait_ms, found.asked_ms) == (7000, 7000)


def test_backoff_doubles_with_full_jitter_up_to_a_cap():
    assert [backoff_ms(n, lambda: 1) for n in (1, 2, 3, 9)] == [2_000, 4_000, 8_000, BACKOFF_CAP_MS]
    assert backoff_ms(5, lambda: 0) == 0


def test_tries_end_after_eight_or_a_day_and_trying_again_allows_eight_more():
    assert not has_tried_enough(MOST_TRIES - 1, 0) and has_tried_enough(MOST_TRIES, 0)
    assert not has_tried_enough(MOST_TRIES + 1, 0) and has_tried_enough(2 * MOST_TRIES, 0)
    assert has_tried_enough(1, 25 * 3600 * 1000) and not has_tried_enough(MOST_TRIES + 1, 25 * 3600 * 1000)
