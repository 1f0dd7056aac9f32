"""Undoing an import, as the service sees it."""

import pytest
from django.utils import timezone

from background.database_clock import now_ms
from campaigns import gateway, lead_counters
from campaigns.models import Account, AccountBudget, CampaignNumber, Lead
from campaigns.sync import sync_leads
from campaigns.whattalk.errors import Unreachable
from imports import counters
from imports.errors import WorkflowError
from imports.models import ImportJob, ImportRow, JobState, RowState
from imports.push import deferrals, sender, undo
from imports.workflow import steps as workflow
from tests.builders import a_job, add_rows, phone


def sent(job_of, rows: int) -> ImportJob:
    job = sender.push_to_end(job_of(rows).pk)
    ImportJob.objects.filter(pk=job.pk).update(undo_requested_at=timezone.now())
    return job


def test_leads_not_called_are_deleted_and_their_numbers_free_again(job_of, sandbox):
    job = sent(job_of, 12)
    sync_leads(job.campaign)
    assert Lead.objects.count() == 12 and undo.run_slice(job.pk) is False
    assert sandbox.control.state()["leads"]["1050"] == 0
    job.refresh_from_db()
    assert job.undone_at and counters.recount(job.pk)
    assert counters.of(job.pk)["undo"] == {"deleted": 12}
    assert counters.states(job.pk)["cancelled"] == 12
    assert not CampaignNumber.objects.exists() and not Lead.objects.exists() and lead_counters.recount(job.campaign_id)


def test_leads_that_were_called_are_kept_and_say_why(job_of, sandbox):
    job = sent(job_of, 3)
    called = ImportRow.objects.get(phone=phone(1))
    set_status(sandbox, called.remote_id, "completed")
    undo.run_slice(job.pk)
    called.refresh_from_db()
    assert (called.state, called.reason, called.detail["params"]) == (RowState.CREATED, "kept_called", {"status": "completed"})
    assert counters.of(job.pk)["undo"] == {"deleted": 2, "kept": 1}
    assert sandbox.control.state()["leads"]["1050"] == 1
    assert CampaignNumber.objects.get().phone_number == phone(1)


def undo_again(job: ImportJob, slices: int = 1) -> ImportJob:
    """The wait before the next look is over."""
    for _ in range(slices):
        ImportRow.objects.update(next_ms=0)
        undo.run_slice(job.pk)
    job.refresh_from_db()
    return job


def test_an_answer_lost_while_deleting_is_found_out(job_of, sandbox):
    job = sent(job_of, 3)
    sandbox.control.fault("500_after", on="delete_lead", times=1)
    undo.run_slice(job.pk)
    assert undo_again(job).undone_at and counters.states(job.pk)["cancelled"] == 3
    assert sandbox.control.state()["requests"]["delete_lead"] == {"500": 1, "200": 2, "404": 1}


def test_a_lead_that_is_not_listed_yet_is_deleted_by_its_id(job_of, sandbox):
    """A list that lags proves nothing: only the answer to the deletion does."""
    job = sent(job_of, 3)
    sandbox.control.settings(lookup_lag=3600)
    undo.run_slice(job.pk)
    assert undo_again(job).undone_at and sandbox.control.state()["leads"]["1050"] == 0


@pytest.mark.parametrize("text", ["The route api/user/leads/1 could not be found.", "<html>Not Found</html>"])
def test_a_service_that_cannot_delete_is_not_believed_to_have_deleted(text, job_of, sandbox):
    job = sent(job_of, 2)
    sandbox.control.settings(lookup_lag=3600)
    sandbox.control.fault("answer", status=404, on="delete_lead", body={"message": text})
    assert undo_again(job, undo.ENOUGH_FAILURES).undone_at
    assert set(ImportRow.objects.values_list("state", "reason")) == {(RowState.CREATED, "kept_unclear")}


def test_a_lead_that_is_listed_and_yet_not_found_is_not_called_deleted(job_of, sandbox):
    job = sent(job_of, 1)
    sandbox.control.fault("answer", status=404, on="delete_lead", body={"message": "Lead not found"})
    assert undo_again(job, 2).undone_at and sandbox.control.state()["leads"]["1050"] == 1
    assert ImportRow.objects.get().reason == "kept_unclear"


def test_a_lead_known_to_be_called_is_kept_though_it_is_not_listed(job_of, sandbox):
    job = sent(job_of, 1)
    Lead.objects.update(status="completed")
    lead_counters.recount(job.campaign_id)
    sandbox.control.settings(lookup_lag=3600)
    assert undo_again(job).undone_at and ImportRow.objects.get().reason == "kept_called"
    assert "delete_lead" not in sandbox.control.state()["requests"]


def test_a_lead_of_whose_call_only_the_webhook_has_told_is_kept(job_of, sandbox):
    job = sent(job_of, 1)
    Lead.objects.update(call={"status": "no-answer", "tries": 1})
    sandbox.control.settings(lists_leave_out="call_tries")
    assert undo_again(job).undone_at and ImportRow.objects.get().reason == "kept_called"
    assert sandbox.control.state()["leads"]["1050"] == 1


def test_rows_that_were_held_back_for_an_undone_lead_may_be_sent(job_of, campaign, sandbox):
    first, waiting = sender.push_to_end(job_of(3).pk), a_job(campaign, 0, state=JobState.READY)
    add_rows(waiting, [phone(0)], RowState.DUPLICATE_IN_CAMPAIGN, reason="duplicate_in_campaign")
    second = sender.push_to_end(a_job(campaign, [phone(1), phone(2), phone(9)]).pk)
    assert counters.states(second.pk)["duplicate_in_campaign"] == 2
    sandbox.control.add_leads(1050, [phone(2)])  # from elsewhere, and still there afterwards
    sync_leads(campaign)
    workflow.undo(first, None)
    assert undo_again(first).undone_at
    freed, held, sent_before = ImportRow.objects.filter(job=second).order_by("row_number")
    assert [freed.state, freed.reason, held.state, sent_before.state] == [
        "failed",
        "holder_gone",
        "duplicate_in_campaign",
        "created",
    ]
    assert ImportRow.objects.get(job=waiting).state == RowState.PENDING
    assert all(counters.recount(job.pk) for job in (first, second, waiting))
    workflow.retry_failed(second, None, in_background=False)
    second = sender.push_to_end(second.pk)
    assert counters.states(second.pk)["created"] == 2


def test_a_lead_whose_answer_was_lost_is_undone_too(job_of, sandbox):
    job = job_of(3)
    sandbox.control.fault("reset_after", times=1, phones=[phone(1)])
    sender.run_slice(job.pk, 0.01)
    assert counters.states(job.pk)["unknown"] == 1
    workflow.pause(job, None)
    workflow.undo(job, None)
    assert job.state == JobState.CANCELLED and not undo_again(job).undone_at
    ImportRow.objects.update(next_ms=0)
    sender.run_slice(job.pk)
    assert undo_again(job).undone_at and counters.states(job.pk)["cancelled"] == 3
    assert sandbox.control.state()["leads"]["1050"] == 0


def test_a_lead_that_was_there_before_is_not_ours_to_delete(job_of, sandbox):
    """The service said "duplicate" after a lost answer, and told no id."""
    sandbox.control.add_leads(1050, [phone(1)])
    job = sent(job_of, 1)
    add_rows(job, [phone(1)], RowState.CREATED, 9, remote_id="", first_intent_ms=now_ms() + 24 * 3_600_000)
    assert undo_again(job).undone_at
    assert ImportRow.objects.get(row_number=9).reason == "kept_not_ours"
    assert sandbox.control.state()["leads"]["1050"] == 1


def test_a_service_that_cannot_be_asked_about_a_lead_keeps_it_and_undoing_ends(job_of, sandbox):
    job = sent(job_of, 2)
    sandbox.control.fault("answer", status=404, on="find_leads")
    assert undo_again(job, undo.ENOUGH_FAILURES).undone_at
    assert set(ImportRow.objects.values_list("reason", flat=True)) == {"kept_unclear"}
    assert counters.of(job.pk)["undo"] == {"kept": 2}


def test_being_asked_to_wait_slows_undoing_down(job_of, sandbox):
    job = sent(job_of, 12)
    sandbox.control.fault("429", on="any", retry_after=1, times=1)
    undo.run_slice(job.pk)
    learnt = AccountBudget.objects.get().learnt["pace"]
    assert (learnt["closed"]["refusals"] or learnt["rate"]) and not learnt["breaker"]["marks"].count("x")
    assert undo_again(job).undone_at and not ImportRow.objects.exclude(state=RowState.CANCELLED).exists()


def test_a_key_that_dies_in_the_middle_of_undoing(job_of, sandbox):
    job = sent(job_of, 8)
    sandbox.control.settings(api_key="another|key")
    undo.run_slice(job.pk)
    assert Account.objects.get().problem == "key" and undo.run_slice(job.pk) is False
    sandbox.control.settings(api_key=sandbox.api_key)
    Account.objects.update(problem="")
    assert undo_again(job).undone_at and counters.of(job.pk)["undo"] == {"deleted": 8}


def test_pressed_twice_and_pressed_again_when_more_has_been_sent(job_of, sandbox):
    job = sender.push_to_end(job_of(3).pk)
    add_rows(job, [phone(7)], RowState.FAILED, 9)
    for _ in range(2):
        workflow.undo(job, None)
    with pytest.raises(WorkflowError, match="undone"):
        workflow.retry_failed(job, None)  # what it sends would be deleted at once
    assert undo_again(job, 2).undone_at
    workflow.retry_failed(job, None, in_background=False)
    job = sender.push_to_end(job.pk)
    assert counters.states(job.pk)["created"] == 1
    workflow.undo(job, None)
    assert not job.undone_at and undo_again(job).undone_at
    assert sandbox.control.state()["leads"]["1050"] == 0 and counters.recount(job.pk)


def set_status(sandbox, lead_id: str, status: str) -> None:
    from campaigns.whattalk.client import call

    call(sandbox.base_url, sandbox.api_key, lambda client: client.update_lead(lead_id, status=status), allow_local=True)


@pytest.mark.parametrize(
    ("status", "body", "reason"),
    [
        (200, {"message": "Lead deleted"}, "kept_still_there"),
        (409, {"message": "Lead is locked."}, "kept_refused"),
        (403, {"message": "Forbidden."}, "kept_refused"),
        (429, {"message": "Slow down."}, "kept_refused"),
    ],
)
def test_a_lead_that_is_never_deleted_is_kept_by_name_and_undoing_ends(status, body, reason, job_of, sandbox, monkeypatch):
    monkeypatch.setattr(deferrals, "ALONE_MS", 0)
    job = sent(job_of, 2)
    gone, kept = ImportRow.objects.order_by("row_number")
    undo_only(gone, job)
    sandbox.control.fault("answer", on="delete_lead", status=status, body=body, headers={"Retry-After": "0"})
    for _ in range(18):
        AccountBudget.objects.update(not_before_ms=0, learnt={"pace": {"in_flight": 4}})
        if undo_again(job).undone_at:
            break
    job.refresh_from_db()
    kept.refresh_from_db()
    assert job.undone_at and (kept.state, kept.reason) == (RowState.CREATED, reason) and kept.detail.keys() == {"params"}
    assert sandbox.control.state()["leads"]["1050"] == 1 and Account.objects.get().problem == ""
    if reason == "kept_refused":
        assert kept.detail["params"]["message"] == body["message"]


def undo_only(row: ImportRow, job: ImportJob) -> None:
    """The other rows of the import are not looked at yet."""
    others = ImportRow.objects.filter(job=job).exclude(pk=row.pk)
    others.update(next_ms=2**60)
    undo.run_slice(job.pk)
    assert ImportRow.objects.get(pk=row.pk).state == RowState.CANCELLED


def test_a_lead_that_was_moved_and_called_there_is_kept(job_of, sandbox, campaign):
    job = sender.push_to_end(job_of(2).pk)
    moved, called = ImportRow.objects.order_by("row_number").values_list("remote_id", flat=True)
    for lead, changes in ((moved, {}), (called, {"status": "completed"})):
        gateway.ask(campaign.account, lambda client: client.update_lead(lead, campaign_id=1051, **changes))
    workflow.undo(job, None)
    assert undo_again(job).undone_at
    assert set(ImportRow.objects.values_list("remote_id", "reason")) == {(moved, "undone"), (called, "kept_called")}


def test_a_deletion_that_cannot_be_looked_at_just_now_is_looked_at_again(job_of, sandbox, monkeypatch):
    job, looks, look_up = sent(job_of, 1), [], undo.look_up

    async def fails_once(*about):
        looks.append(about)
        if len(looks) == 2:  # the look whether it is gone
            raise Unreachable("503", sent=True)
        return await look_up(*about)

    monkeypatch.setattr(undo, "look_up", fails_once)
    undo.run_slice(job.pk)
    assert len(looks) == 2 and not counters.of(job.pk).get("undo")
    undo_again(job)
    assert counters.of(job.pk)["undo"] == {"deleted": 1} and sandbox.control.state()["leads"]["1050"] == 0
