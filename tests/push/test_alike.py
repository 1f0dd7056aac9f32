"""Duplicates allowed, and one number in two rows: whose lead is it that the service has?"""

from datetime import UTC, datetime

import pytest

from campaigns.whattalk.errors import NotFound
from campaigns.whattalk.replies import Created, Duplicate, Unknown, UnknownReason
from campaigns.whattalk.resources import Lead
from imports import counters
from imports.models import ImportRow, RowState
from imports.push.batches import LookingUp, Sending
from imports.push.ledger import Ledger
from imports.push.request_pool import Answer
from tests.builders import a_job, phone
from tests.push.test_machine import Room

pytestmark = pytest.mark.django_db


@pytest.fixture
def ledger(db, monkeypatch) -> Ledger:
    monkeypatch.setattr("imports.push.ledger.LOOK_FOR_LOST_EVERY", 0)
    return Ledger(a_job(rows=[phone(0), phone(0)], allow_duplicates=True), Room(2))


def turn(ledger: Ledger, *results: object) -> list[Sending | LookingUp]:
    """What leaves after these answers to what left before; whatever waits is due at once."""
    answers = [
        Answer(key, None, result, 0.1) if isinstance(result, Exception) else Answer(key, result, None, 0.1)
        for key, result in zip(ledger.under_way, results, strict=True)
    ]
    ledger.commit_batch(answers, 0, may_begin=False)
    ImportRow.objects.update(next_ms=0, lease_ms=0)
    planned = ledger.commit_batch([], 0, may_begin=True)
    ledger.under_way = [*planned.send, *planned.look_up]
    return ledger.under_way


def begin(ledger: Ledger) -> None:
    ledger.under_way = []
    turn(ledger)


def lead(id: str) -> Lead:
    told = {"variables": {"name": "Ayşe"}, "secondary_contacts": []}
    return Lead(id, phone(0), "1050", "created", datetime.now(UTC), told["variables"], told)


def states(ledger: Ledger) -> list[str]:
    assert counters.recount(ledger.job.pk)
    return list(ImportRow.objects.order_by("row_number").values_list("state", flat=True))


LOST = Unknown(UnknownReason.RESET)


def test_a_duplicate_answer_is_not_taken_for_ones_own_lead_while_the_other_row_is_on_its_way(ledger):
    begin(ledger)
    turn(ledger, LOST, LOST)
    turn(ledger, [], [])
    assert all(not sending.lead.get("allow_dupplicate") for sending in turn(ledger, [], []))
    (looking,) = turn(ledger, Created("1"), Duplicate("already there"))
    assert isinstance(looking, LookingUp) and states(ledger) == [RowState.CREATED, RowState.UNKNOWN]
    (again,) = turn(ledger, [lead("1")])
    assert again.lead["allow_dupplicate"]  # known not to be there, and the block cannot help
    turn(ledger, Created("2"))
    assert states(ledger) == [RowState.CREATED] * 2


def test_a_lead_that_is_found_while_the_other_row_is_on_its_way_is_nobodys_yet(ledger):
    begin(ledger)
    ImportRow.objects.filter(row_number=3).update(state=RowState.PENDING, token=None)
    counters.recount(ledger.job.pk)
    first = ledger.under_way[0]
    ledger.commit_batch([Answer(first, LOST, None, 0.1)], 0, may_begin=False)
    ImportRow.objects.update(next_ms=0)
    planned = ledger.commit_batch([], 0, may_begin=True)
    (other,), (looking,) = planned.send, planned.look_up
    ledger.commit_batch([Answer(looking, [lead("1")], None, 0.1)], 1, may_begin=False)
    assert states(ledger) == [RowState.UNKNOWN, RowState.SENDING]
    ledger.commit_batch([Answer(other, Created("1"), None, 0.1)], 0, may_begin=False)
    ledger.under_way = []
    turn(ledger)
    turn(ledger, [lead("1")])
    (again,) = turn(ledger, [lead("1")])
    turn(ledger, Created("2"))
    assert states(ledger) == [RowState.CREATED] * 2


def test_where_leads_cannot_be_looked_up_nobody_knows(ledger):
    begin(ledger)
    turn(ledger, Created("1"), LOST)
    turn(ledger, NotFound("no such page"))
    turn(ledger, NotFound("no such page"))
    (again,) = turn(ledger, NotFound("no such page"))
    assert isinstance(again, Sending) and not again.lead.get("allow_dupplicate")
    turn(ledger, Duplicate("already there"))
    assert states(ledger) == [RowState.CREATED, RowState.UNCONFIRMED]
