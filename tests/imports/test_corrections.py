"""Rows put right, one by one and all at once."""

import pytest

from campaigns import erasure
from campaigns.models import CampaignNumber, DoNotCall
from imports import counters
from imports.check import bulk_fixes
from imports.check.corrections import correct_row, possible_fixes
from imports.errors import WorkflowError
from imports.models import ImportJob, JobState
from imports.operations import runner
from imports.push.completion import cancel_rest
from imports.workflow import steps as workflow
from people.models import AuditEntry
from tests.imports.conftest import csv_of, person


def state_of(job, number: int) -> str:
    return job.rows.get(row_number=number).state


def correct(job, number: int, phone: str, user=None):
    return correct_row(job, number, [phone, *job.rows.get(row_number=number).cells[1:]], user)


@pytest.fixture
def job(checked, alice) -> ImportJob:
    """Rows 2 and 3 can be sent, 4 and 5 cannot, 6 repeats 2."""
    return checked(csv_of("05550000001", "05550000002", "12", "13", "05550000001"), owner=alice)


def test_a_corrected_row_can_be_sent_and_the_sums_follow(job, alice):
    row = correct(job, 4, "0555 000 00 03", alice)
    assert (row.state, row.phone, row.reason) == ("pending", "+905550000003", "")
    assert row.cells[0] == "12" and row.corrected[0] == "0555 000 00 03"
    assert row.lead["variables"] == {"name": person(4)}
    assert counters.recount(job.pk)
    assert AuditEntry.objects.filter(action="correct", actor=alice).count() == 1


def test_a_correction_is_checked_by_the_same_rules(job, campaign):
    CampaignNumber.objects.create(campaign=campaign, phone_number="+905550000008")
    DoNotCall.objects.create(phone_number="+905550000009")
    for phone, state in (
        ("14", "invalid"),
        ("05550000002", "duplicate_in_file"),
        ("05550000008", "duplicate_in_campaign"),
        ("05550000009", "do_not_call"),
        ("05550000010", "pending"),
    ):
        assert correct(job, 4, phone).state == state
        assert counters.recount(job.pk)
    assert not possible_fixes(job, ["DE"])


def test_a_duplicate_made_by_a_correction_names_the_row_that_has_the_number(job):
    assert correct(job, 4, "05550000002").detail["params"] == {"row": 3}


def test_what_was_sent_or_waits_in_an_import_that_is_being_sent_cannot_be_changed(job):
    assert correct(job, 3, "05550000007").state == "pending"  # right, and yet the wrong number: nobody has sent it
    job.rows.filter(row_number=2).update(state="created", remote_id="1")
    in_state(job, JobState.PUSHING)
    for number in (2, 3):
        with pytest.raises(WorkflowError) as error:
            correct(job, number, "05550000005")
        assert error.value.reason.code == "row_already_sent"
    with pytest.raises(WorkflowError) as error:
        correct_row(job, 99, ["x"], None)
    assert error.value.reason.code == "row_missing"


def test_a_cell_that_no_spreadsheet_could_hold_is_refused_with_a_sentence(job):
    before = job.rows.get(row_number=4).corrected
    with pytest.raises(WorkflowError, match="9000000|9,000,000"):
        correct(job, 4, "5" * 9_000_000)
    assert job.rows.get(row_number=4).corrected == before


def test_text_no_database_takes_is_cleaned(job):
    assert correct(job, 4, "0555\x00 000 00 03\ud800").state == "pending"


@pytest.fixture
def ended(job) -> ImportJob:
    """The same, sent: rows 2 and 3 are at WhatTalk."""
    job.rows.filter(row_number__in=(2, 3)).update(state="created", remote_id="1")
    counters.recount(job.pk)
    return in_state(job, JobState.DONE)


def in_state(job, state, **fields) -> ImportJob:
    ImportJob.objects.filter(pk=job.pk).update(state=state, **fields)
    job.refresh_from_db()
    return job


def waiting(job) -> list[int]:
    return list(job.rows.filter(state="pending").order_by("row_number").values_list("row_number", flat=True))


def test_a1_a_correction_of_an_import_that_was_sent_sends_nothing(ended):
    for state in (JobState.DONE, JobState.PUSHING, JobState.PAUSED):
        in_state(ended, state)
        assert correct(ended, 4, "05550000003").state == "corrected"
        assert (ended.state, waiting(ended)) == (state, [])
    assert correct(ended, 4, "14").state == "invalid"  # who sees the mistake takes it back
    assert counters.recount(ended.pk)


def test_a1_corrected_rows_are_sent_when_somebody_says_so_and_only_they(ended, alice):
    correct(ended, 4, "05550000003")
    correct(ended, 5, "05550000004")
    assert correct(ended, 6, "05550000004").state == "duplicate_in_file"  # a corrected row holds its number
    workflow.send_corrected(ended, alice, 2)
    assert (ended.state, waiting(ended), ended.send_limit) == (JobState.PUSHING, [4, 5], None)
    assert AuditEntry.objects.get(action="send_corrected").after == {"rows": 2}
    workflow.send_corrected(ended, alice, 2)  # a double click
    assert AuditEntry.objects.filter(action="send_corrected").count() == 1
    assert counters.recount(ended.pk)


def test_a1_more_corrections_than_the_person_was_told_of_are_not_sent(ended, alice):
    correct(ended, 4, "05550000003")
    correct(ended, 5, "05550000004")
    with pytest.raises(WorkflowError) as error:
        workflow.send_corrected(ended, alice, 1)
    assert error.value.reason.code == "corrections_changed"
    assert (ended.state, waiting(ended)) == (JobState.DONE, [])


def test_a1_trying_again_sends_no_corrected_row(ended, alice):
    correct(ended, 4, "05550000003")
    ended.rows.filter(row_number=5).update(state="failed")
    counters.recount(ended.pk)
    workflow.retry_failed(ended, alice)
    assert waiting(ended) == [5]
    assert state_of(ended, 4) == "corrected"


def test_a1_many_corrected_rows_are_lined_up_by_a_worker(ended, alice, settings):
    settings.ROWS_IN_A_REQUEST = 1
    correct(ended, 4, "05550000003")
    correct(ended, 5, "05550000004")
    workflow.send_corrected(ended, alice, 2)
    for operation_id in runner.due_ids():
        runner.run(operation_id)
    assert waiting(ended) == [4, 5]


def test_a1_a_cancelled_import_leaves_no_corrected_row_behind(ended, alice):
    in_state(ended, JobState.PAUSED)
    correct(ended, 4, "05550000003")
    workflow.cancel(ended, alice)
    while cancel_rest(ended.pk):
        pass
    assert state_of(ended, 4) == "cancelled"
    with pytest.raises(WorkflowError):
        workflow.send_corrected(ended, alice, 1)


def test_what_is_wrong_in_the_same_way_is_put_right_at_once(checked):
    job = checked(csv_of("05550000001", *(f"030 2345 {n}" for n in range(10, 40)), "x"))
    assert counters.states(job.pk)["invalid"] == 31
    [fix] = possible_fixes(job, ["DE", "TR"])
    assert (fix.kind, fix.n) == ("region:DE", 30)
    assert bulk_fixes.run(job, fix.kind, None) == 30
    assert counters.states(job.pk) | {"pending": 31, "invalid": 1} == counters.states(job.pk)
    assert job.rows.get(row_number=3).phone == "+4930234510"
    assert counters.recount(job.pk)
    with pytest.raises(WorkflowError):
        bulk_fixes.run(job, "region:ZZ", None)


def test_while_an_import_is_being_undone_nothing_of_it_is_sent_again(job):
    ImportJob.objects.filter(pk=job.pk).update(state=JobState.DONE, undo_requested_at="2026-05-01T12:00Z")
    job.refresh_from_db()
    with pytest.raises(WorkflowError) as error:
        correct(job, 4, "05550000005")
    assert error.value.reason.code == "undo_under_way"


def test_a_correction_leaves_out_contacts_that_must_not_be_called(checked):
    job = checked("Telefon,Ad Soyad,secondary_phone_1\n12,Ece,0555 000 00 09\n")
    DoNotCall.objects.create(phone_number="+905550000009")
    row = correct_row(job, 2, ["0555 000 00 01", "Ece", "0555 000 00 09"], None)
    assert row.state == "pending" and row.lead["secondary_contacts"] == []
    assert [code for code, _params in row.detail["warnings"]] == ["secondary_do_not_call"]
    assert counters.of(job.pk)["warning"] == {"secondary_do_not_call": 1} and counters.recount(job.pk)


def test_a_correction_to_a_forgotten_number_is_not_sent(job):
    erasure.record_forgotten("+905550000009")
    row = correct(job, 4, "05550000009")
    assert (row.state, row.reason) == ("do_not_call", "forgotten")
