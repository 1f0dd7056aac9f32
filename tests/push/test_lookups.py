"""What a look-up says of a row whose answer was lost."""

from datetime import UTC, datetime, timedelta

import pytest

from campaigns.whattalk.errors import NotFound, RateLimited, Unreachable
from campaigns.whattalk.shapes import Lead
from config import settings as shipped
from imports.models import RowState as S
from imports.push.answers import MOST_TRIES
from imports.push.lookups import ENOUGH_FAILURES, WAIT_AFTER_FAILURE_MS, not_looked_up, settle
from imports.push.rows import ENOUGH_MISSES, Claimed

SENT = datetime(2026, 5, 1, 12, tzinfo=UTC)
NOW_MS = int(SENT.timestamp() * 1000) + 60_000


def row(**fields) -> Claimed:
    fields = {"attempts": 1, "unknowns": 1, "misses": 0, "lookup_failures": 0, **fields}
    return Claimed(1, 99, "+905550000001", {"variables": {"name": "Ayşe"}}, None, **fields,
                   first_intent_ms=int(SENT.timestamp() * 1000))


def lead(id: str = "7", created_at=SENT, **variables) -> Lead:
    return Lead(id, "+905550000001", "1050", "created", created_at, variables or {"name": "Ayşe"}, {})


@pytest.mark.parametrize(("leads", "of_others", "doubling", "state"), [
    ([lead()], (), False, S.CREATED),
    ([lead()], (), True, S.CREATED),
    ([lead(created_at=None)], (), False, S.CREATED),
    ([lead(created_at=SENT - timedelta(minutes=4))], (), False, S.CREATED),  # their clock may be behind
    ([lead(created_at=SENT - timedelta(minutes=6))], (), False, S.DUPLICATE_IN_CAMPAIGN),
    ([lead(created_at=SENT - timedelta(minutes=6))], (), True, S.UNKNOWN),
    ([lead(created_at=(SENT - timedelta(hours=11)).replace(tzinfo=None))], (), False, S.CREATED),  # zone unknown
    ([lead()], {"7"}, False, S.DUPLICATE_IN_CAMPAIGN),
    ([lead()], {"7"}, True, S.UNKNOWN),
    ([lead(), lead("8")], {"7"}, True, S.CREATED),
    ([lead(name="Somebody else")], (), True, S.UNKNOWN),  # there before, from elsewhere
    ([lead(name="Somebody else")], (), False, S.CREATED),  # with the block on there is only one
    ([], (), False, S.UNKNOWN),
])
def test_first_look(leads, of_others, doubling, state):
    ending = settle(row(), leads, of_others, doubling, NOW_MS)
    assert (ending.state, ending.remote_id) == (state, leads[-1].id if state == S.CREATED else None)
    assert ending.missed == (state == S.UNKNOWN)


def test_only_the_second_miss_sends_it_again():
    assert settle(row(misses=1), [], (), False, NOW_MS).state == S.PENDING


def test_after_eight_tries_it_has_failed():
    assert settle(row(misses=1, attempts=MOST_TRIES), [], (), False, NOW_MS).state == S.FAILED
    assert settle(row(misses=1), [], (), False, NOW_MS + 25 * 3600 * 1000).state == S.FAILED


@pytest.mark.parametrize("error", [NotFound("no such page"), Unreachable("HTTP 500", sent=True)])
def test_a_look_up_that_cannot_be_made_is_tried_three_times_then_the_row_is_sent_with_the_block_on(error):
    for failures in range(ENOUGH_FAILURES - 1):
        again = not_looked_up(row(lookup_failures=failures), error)
        assert again.state == S.UNKNOWN and again.lookup_failed
    given_up = not_looked_up(row(lookup_failures=ENOUGH_FAILURES - 1), error)
    assert given_up.state == S.PENDING and not given_up.missed


def test_being_asked_to_wait_says_nothing_of_the_row():
    ending = not_looked_up(row(lookup_failures=2), RateLimited("slow down", 30))
    assert (ending.state, ending.wait_ms, ending.lookup_failed) == (S.UNKNOWN, 30_000, False)


def test_after_eight_tries_without_a_look_up_nobody_knows():
    ending = not_looked_up(row(lookup_failures=2, attempts=MOST_TRIES), NotFound("no such page"))
    assert ending.state == S.UNCONFIRMED


@pytest.mark.parametrize(("settle_seconds", "minutes"), [
    (shipped.SETTLE_SECONDS, 15), (shipped.SETTLE_SECONDS_WITH_DUPLICATES, 30),
])
def test_what_a_kill_leaves_in_doubt_is_settled_in_time(settle_seconds, minutes):
    """As Rowcall is shipped: the lease, the wait, the look-ups (found at the last, or impossible), a tick before each."""
    looks = max(ENOUGH_MISSES * shipped.LOOKUP_GAP_SECONDS, ENOUGH_FAILURES * WAIT_AFTER_FAILURE_MS / 1000)
    ticks = (1 + max(ENOUGH_MISSES, ENOUGH_FAILURES)) * 2 * shipped.TICK_SECONDS
    assert shipped.SEND_LEASE_SECONDS + settle_seconds + looks + ticks < minutes * 60
