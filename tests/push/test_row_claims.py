"""Each transition of a row, on the database that the tests run on: claim, outcome, fence, lease, sweep."""

from collections.abc import Callable

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from background.database_clock import now_ms
from campaigns.models import CampaignNumber
from imports import counters
from imports.models import ImportJob, ImportRow, RowState
from imports.push import number_claims, row_claims
from imports.push.row_claims import MOST_TRIES, Ending
from tests.builders import a_job, add_rows, phone

pytestmark = pytest.mark.django_db


@pytest.fixture
def job(db):
    return a_job(rows=5)


def row(number: int = 2) -> ImportRow:
    return ImportRow.objects.get(row_number=number)


def sums(job) -> dict[str, int]:
    assert counters.recount(job.pk)
    return {state: n for state, n in counters.states(job.pk).items() if n}


def pass_time() -> None:
    """Every lease is over."""
    ImportRow.objects.update(lease_ms=1)


def test_a_claim_takes_rows_in_the_order_of_the_file_with_token_lease_and_attempt(job):
    before = now_ms()
    first, second = row_claims.claim(job.pk, 2), row_claims.claim(job.pk, 10)
    after = now_ms()
    assert [one.phone for one in first] == [phone(0), phone(1)] and [one.phone for one in second] == [phone(n) for n in (2, 3, 4)]
    assert len({one.token for one in first}) == 1 and first[0].token != second[0].token
    taken = row()
    assert (taken.state, taken.token, taken.attempts) == (RowState.SENDING, first[0].token, 1)
    assert before <= taken.lease_ms - 24_000 <= after and before <= taken.first_intent_ms <= after
    assert sums(job) == {"sending": 5} and row_claims.claim(job.pk, 10) == []


def test_rows_that_wait_are_not_claimed_before_their_time(job):
    ImportRow.objects.filter(row_number__lt=6).update(next_ms=now_ms() + 60_000)
    assert [one.phone for one in row_claims.claim(job.pk, 10)] == [phone(4)]
    assert 0 < row_claims.next_due_ms(job.pk, [RowState.PENDING]) <= 60_000
    assert row_claims.next_due_ms(job.pk, [RowState.UNKNOWN]) is None


def test_an_outcome_is_written_once_and_only_by_who_holds_the_token(job):
    mine = row_claims.claim(job.pk, 1)[0]
    stale = Ending(mine.id, mine.token + 1, RowState.REFUSED, reason="refused")
    assert row_claims.record(job.pk, [stale]) == []
    created = Ending(mine.id, mine.token, RowState.CREATED, remote_id="77")
    assert row_claims.record(job.pk, [created]) == [created]
    assert row_claims.record(job.pk, [created._replace(state=RowState.PENDING)]) == []
    assert (row().state, row().remote_id, row().token) == (RowState.CREATED, "77", None)
    assert sums(job) == {"created": 1, "pending": 4}


def test_f9_a_frozen_sender_comes_back_to_nothing(job):
    frozen = row_claims.claim(job.pk, 1)[0]
    pass_time()
    assert row_claims.reap(job.pk) == 1
    assert row_claims.record(job.pk, [Ending(frozen.id, frozen.token, RowState.PENDING)]) == []
    assert row().state == RowState.UNKNOWN and sums(job) == {"unknown": 1, "pending": 4}


def test_an_expired_lease_makes_the_row_unknown_and_leaves_it_alone_for_a_while(job, settings):
    settings.SETTLE_SECONDS, settings.SETTLE_SECONDS_WITH_DUPLICATES = 60, 600
    row_claims.claim(job.pk, 1)
    assert row_claims.reap(job.pk) == 0
    pass_time()
    before = now_ms()
    row_claims.reap(job.pk)
    assert row().unknowns == 1 and before <= row().next_ms - 60_000 <= now_ms()
    assert row_claims.claim_unknown(job.pk, 5) == []


def test_with_duplicates_allowed_it_is_left_alone_for_longer(job, settings):
    settings.SETTLE_SECONDS_WITH_DUPLICATES = 600
    ImportJob.objects.update(allow_duplicates=True)
    row_claims.claim(job.pk, 1)
    pass_time()
    before = now_ms()
    row_claims.reap(job.pk)
    assert before <= row().next_ms - 600_000 <= now_ms()


def test_a_row_to_be_looked_up_stays_unknown_and_is_leased(job):
    claimed = row_claims.claim(job.pk, 1)[0]
    row_claims.record(job.pk, [Ending(claimed.id, claimed.token, RowState.UNKNOWN, lost=True)])
    looking = row_claims.claim_unknown(job.pk, 5)
    assert [one.id for one in looking] == [claimed.id] and row_claims.claim_unknown(job.pk, 5) == []
    miss = Ending(claimed.id, looking[0].token, RowState.UNKNOWN, missed=True)
    assert row_claims.record(job.pk, [miss], before=RowState.UNKNOWN) == [miss]
    assert (row().misses, row().unknowns, row().lease_ms) == (1, 1, 0)
    assert sums(job) == {"unknown": 1, "pending": 4}


def test_what_was_not_accepted_gives_the_attempt_back(job):
    claimed, before = row_claims.claim(job.pk, 1)[0], now_ms()
    row_claims.record(job.pk, [Ending(claimed.id, claimed.token, RowState.PENDING, refunds_attempt=True, wait_ms=5_000)])
    assert (row().attempts, row().first_intent_ms) == (0, None) and before <= row().next_ms - 5_000 <= now_ms()


def test_what_the_check_said_of_a_row_is_kept(job):
    ImportRow.objects.update(detail={"repairs": ["trunk_zero_removed"]})
    claimed = row_claims.claim(job.pk, 1)[0]
    assert claimed.detail == {"repairs": ["trunk_zero_removed"]}
    row_claims.record(job.pk, [Ending(claimed.id, claimed.token, RowState.CREATED, remote_id="1")])
    assert row().detail == {"repairs": ["trunk_zero_removed"]}


def test_cancelled_and_revived_rows_are_swept_in_parts(job):
    assert len(row_claims.cancel_waiting(job.pk, most=3)) == 3 and len(row_claims.cancel_waiting(job.pk, most=3)) == 2
    assert sums(job) == {"cancelled": 5} and not row_claims.open_rows(job.pk)
    ImportRow.objects.filter(row_number__lt=4).update(state=RowState.FAILED, attempts=3)
    counters.recount(job.pk)
    assert len(row_claims.revive(job.pk)) == 2
    assert row().attempts == MOST_TRIES  # from here on it may be tried as often as at first
    assert sums(job) == {"pending": 2, "cancelled": 3}


def test_a_row_that_may_have_arrived_is_neither_cancelled_nor_sent_again_unseen(job):
    ImportRow.objects.filter(row_number=2).update(unknowns=1, misses=1)
    ImportRow.objects.filter(row_number=3).update(unknowns=1, misses=2)
    assert len(row_claims.cancel_waiting(job.pk)) == 4 and len(row_claims.leave_unconfirmed(job.pk)) == 1
    assert (row().state, row().reason) == (RowState.UNCONFIRMED, "unconfirmed")
    row_claims.revive(job.pk)
    assert (row().state, row().misses, row().attempts % MOST_TRIES) == (RowState.UNKNOWN, 0, 1)  # so it may be tried again
    assert sums(job) == {"unknown": 1, "cancelled": 4}


def test_a_number_goes_to_the_first_row_and_back_when_it_ends_unsent(job):
    other = a_job(job.campaign, rows=2, sha256="other")
    mine, theirs = row_claims.claim(job.pk, 2), row_claims.claim(other.pk, 2)
    assert number_claims.must_not_go(job.campaign_id, mine, False) == {}
    assert number_claims.must_not_go(job.campaign_id, mine, False) == {}  # claiming one's own again is no conflict
    assert set(number_claims.must_not_go(job.campaign_id, theirs, False).values()) == {number_claims.WAITS}
    number_claims.release(job.campaign_id, {one.id: one.phone for one in theirs})
    assert CampaignNumber.objects.count() == 2  # nobody gives back what is not his
    number_claims.release(job.campaign_id, {mine[0].id: mine[0].phone})
    assert list(CampaignNumber.objects.values_list("phone_number", flat=True)) == [phone(1)]


def test_the_database_itself_refuses_what_must_not_be(job):
    for wrong in ({"state": "sent"}, {"state": RowState.CREATED, "remote_id": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ImportRow.objects.filter(row_number=2).update(**wrong)
    with pytest.raises(IntegrityError), transaction.atomic():
        ImportRow.objects.filter(row_number=2).update(row_number=3)
    CampaignNumber.objects.create(campaign=job.campaign, phone_number=phone(1))
    with pytest.raises(IntegrityError), transaction.atomic():
        CampaignNumber.objects.create(campaign=job.campaign, phone_number=phone(1))


def test_the_claim_uses_the_index_on_open_rows(job):
    """Its rows come out of the index in their order: however many have ended or wait, no others are visited."""
    add_rows(job, [phone(n) for n in range(10_000, 12_000)], RowState.CREATED, first_row=10_000, remote_id="1")
    add_rows(job, [phone(n) for n in range(20_000, 22_000)], first_row=20_000)
    plan, visited = plan_of(lambda: row_claims.claim(job.pk, 5))
    assert "row_open" in plan and "TEMP B-TREE" not in plan and "Sort" not in plan and "Seq Scan" not in plan
    assert visited <= 2 * 5  # once to pick them, once to take them


def plan_of(claim: Callable[[], list]) -> tuple[str, int]:
    """How the database carries out the UPDATE of `claim`, and how many rows it visits (0 where it does not say).

    PostgreSQL chooses by what it believes of the table: it is told what is really in it, and every other way is switched
    off, so that it sorts or scans only where the index cannot do it.
    """
    with CaptureQueriesContext(connection) as captured:
        claim()
    sql = next(query["sql"] for query in captured if query["sql"].startswith(f"UPDATE {row_claims.ROWS}"))
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
            return str(cursor.fetchall()), 0
        cursor.execute(f"ANALYZE {row_claims.ROWS}")
        for way in ("seqscan", "bitmapscan", "sort"):
            cursor.execute(f"SET LOCAL enable_{way} = off")
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}")
        ((plan,),) = cursor.fetchall()
    return str(plan), visited_by(plan[0]["Plan"])


def visited_by(node: dict) -> int:
    """Rows that this part of a plan and all below it read from the table, or from an index of it."""
    own = (
        (node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) * node["Actual Loops"] if "Scan" in node["Node Type"] else 0
    )
    return own + sum(map(visited_by, node.get("Plans", ())))
