"""Rows left out and taken back, edits undone and redone: by the one judge, with sums that follow, and nothing sent by it."""

import pytest

from campaigns.models import DoNotCall
from imports import counters
from imports.check import bulk_fixes, corrections, edits
from imports.check.changes import Correction
from imports.check.corrections import correct_row
from imports.errors import WorkflowError
from imports.models import Edit, ImportJob, JobState, RowEdit
from imports.operations import runner
from imports.push.completion import cancel_rest
from imports.retention import retention
from imports.workflow import requests
from imports.workflow import steps as workflow
from people.models import AuditEntry
from tests.imports.conftest import csv_of


@pytest.fixture
def job(checked, alice) -> ImportJob:
    """Rows 2 and 3 can be sent, 4 and 5 cannot, 6 repeats 2."""
    return checked(csv_of("05550000001", "05550000002", "12", "13", "05550000001"), owner=alice)


def facts(job) -> dict[int, tuple]:
    """All of a row that is sent or shown."""
    return {row.row_number: (row.state, row.reason, row.phone, row.corrected, row.lead, row.detail) for row in job.rows.all()}


def states(job) -> list[str]:
    return list(job.rows.order_by("row_number").values_list("state", flat=True))


def rows(job, *numbers):
    return list(job.rows.filter(row_number__in=numbers).order_by("row_number"))


def correct(job, number, phone, user):
    return correct_row(job, number, [phone, *job.rows.get(row_number=number).cells[1:]], user)


def undo(job, user):
    edit = edits.last_done(job, user)
    return edits.undo(edit)


def in_state(job, state):
    ImportJob.objects.filter(pk=job.pk).update(state=state)
    job.refresh_from_db()


def test_a_row_left_out_is_not_sent_and_its_duplicate_takes_its_place_until_it_is_taken_back(job, alice):
    before = facts(job)
    assert edits.leave_out(job, rows(job, 2, 4), alice) == 2
    assert states(job) == ["left_out", "pending", "left_out", "invalid", "pending"]
    assert not rows(job, 2)[0].lead and counters.recount(job.pk)
    assert AuditEntry.objects.get(action="leave_out").after == {"rows": 2}
    with pytest.raises(WorkflowError) as error:
        correct(job, 4, "05550000003", alice)
    assert error.value.reason.code == "row_left_out"
    assert edits.take_back(job, rows(job, 2, 4), alice) == 2  # another row has the number by now
    assert states(job) == ["duplicate_in_file", "pending", "invalid", "invalid", "pending"] and counters.recount(job.pk)
    undo(job, alice)
    undo(job, alice)
    assert facts(job) == before and counters.recount(job.pk)


def test_all_rows_of_a_reason_are_left_out_at_once_by_a_worker_too(job, alice, settings):
    settings.ROWS_IN_A_REQUEST = 1
    before, reason = facts(job), rows(job, 4)[0].reason
    assert bulk_fixes.rows_at_most(job, f"leave_out:{reason}") == 2
    for kind in (f"leave_out:{reason}", "undo", "redo"):
        edit = Edit.objects.filter(job=job).first()
        what = f"{kind}:{edit.pk}" if edit else kind
        operation = requests.ask(job, "fix_all", what, alice)
        runner.run(operation.pk)
        operation.refresh_from_db()
        assert (operation.state, operation.result) == ("done", {"n": 2})
        assert states(job)[2:4] == (["invalid"] * 2 if kind == "undo" else ["left_out"] * 2) and counters.recount(job.pk)
        assert kind != "undo" or facts(job) == before


def test_of_an_import_that_was_sent_what_is_taken_back_is_collected_and_what_was_sent_stays(job, alice):
    edits.leave_out(job, rows(job, 4), alice)
    correct(job, 5, "05550000004", alice)
    job.rows.filter(row_number=2).update(state="created", remote_id="1")
    counters.recount(job.pk)
    in_state(job, JobState.PAUSED)
    assert edits.leave_out(job, rows(job, 2, 3), alice) == 0, "one was sent, the other may be any moment"
    assert undo(job, alice).kept == 1, "the corrected row waits to be sent"
    undo(job, alice)
    correct(job, 4, "05550000001", alice)
    correct(job, 4, "05550000003", alice)
    assert states(job)[:3] == ["created", "pending", "corrected"]
    edits.leave_out(job, rows(job, 4), alice)
    edits.take_back(job, rows(job, 4), alice)
    assert states(job)[2] == "corrected"
    edits.leave_out(job, rows(job, 4), alice)
    workflow.cancel(job, alice)
    while cancel_rest(job.pk):
        pass
    assert states(job)[2] == "left_out" and counters.recount(job.pk)
    with pytest.raises(WorkflowError):
        undo(job, alice)


def test_each_person_undoes_and_redoes_their_own_edits_in_order(job, alice, bob):
    before = facts(job)
    correct(job, 4, "05550000003", alice)
    after_first = facts(job)
    correct(job, 3, "05550000001", alice)  # valid, and yet another number: it is the second row of it now
    assert states(job) == ["pending", "duplicate_in_file", "pending", "invalid", "duplicate_in_file"]
    after_both = facts(job)
    assert edits.last_done(job, bob) is None
    undo(job, alice)
    assert facts(job) == after_first
    undo(job, alice)
    assert facts(job) == before and counters.recount(job.pk)
    for expected in (after_first, after_both):
        edits.redo(edits.last_undone(job, alice))
        assert facts(job) == expected
    undo(job, alice)
    correct(job, 5, "05550000007", alice)
    assert edits.last_undone(job, alice) is None, "what was undone is over once something else was done"
    assert list(AuditEntry.objects.values_list("action", flat=True)).count("redo_edit") == 2


def test_a_row_that_cannot_be_changed_any_more_holds_its_number_against_those_changed_with_it(job, alice):
    in_state(job, JobState.PUSHING)
    wanted = {3: "05550000008", 4: "05550000002"}
    changes = [Correction(row, [wanted[row.row_number], *row.cells[1:]]) for row in rows(job, 3, 4)]
    assert corrections.correct(job, changes, alice) == [changes[1].row.pk]
    assert states(job)[1:3] == ["pending", "duplicate_in_file"] and counters.recount(job.pk)


def test_what_somebody_else_has_changed_since_is_not_undone(job, alice, bob):
    correct(job, 4, "05550000003", alice)
    correct(job, 4, "05550000004", bob)
    assert undo(job, alice) == (0, 1)
    assert rows(job, 4)[0].phone == "+905550000004"


def test_one_fix_of_many_rows_is_one_step_to_undo(checked, alice):
    job = checked(csv_of("05550000001", *(f"030 2345 {n}" for n in range(10, 14))), owner=alice)
    before = facts(job)
    bulk_fixes.run(job, "region:DE", alice)
    assert edits.last_done(job, alice).rows == 4
    undo(job, alice)
    assert facts(job) == before


def test_a_no_holds_though_its_row_is_left_out_and_one_that_is_typed_holds_for_every_row(checked, alice):
    job = checked(
        "Telefon,Ad Soyad,consent\n05550000001,Ece,no\n05550000001,Can,yes\n05550000002,Su,yes\n12,Su,no\n", owner=alice
    )
    assert states(job) == ["no_consent", "no_consent", "pending", "no_consent"]
    edits.leave_out(job, rows(job, 2), alice)
    edits.leave_out(job, rows(job, 3), alice)
    edits.take_back(job, rows(job, 3), alice)
    assert states(job)[:2] == ["left_out", "no_consent"]
    before = facts(job)
    correct_row(job, 5, ["05550000002", "Su", "no"], alice)
    assert states(job)[2:] == ["no_consent", "no_consent"] and counters.recount(job.pk)
    undo(job, alice)
    assert facts(job) == before


def test_a_row_taken_back_is_judged_by_what_holds_now(job, alice):
    edits.leave_out(job, rows(job, 3), alice)
    DoNotCall.objects.create(phone_number="+905550000002")
    edits.take_back(job, rows(job, 3), alice)
    assert states(job)[1] == "do_not_call"


def test_what_was_typed_over_is_forgotten_with_its_number(job, alice):
    correct(job, 4, "0555 000 00 03", alice)
    correct(job, 4, "14", alice)
    edits.leave_out(job, rows(job, 4), alice)
    in_state(job, JobState.DONE)
    retention.forget("+905550000003")
    assert not RowEdit.objects.exclude(cells={}).exists()
