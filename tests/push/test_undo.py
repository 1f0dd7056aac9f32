"""Undoing an import, as the service sees it."""

from django.utils import timezone

from campaigns.models import CampaignNumber, Lead
from imports import tallies
from imports.models import ImportJob, ImportRow, RowState
from imports.push import sender, undo
from tests.builders import phone


def sent(job_of, rows: int) -> ImportJob:
    job = sender.push_to_end(job_of(rows).pk)
    ImportJob.objects.filter(pk=job.pk).update(undo_requested_at=timezone.now())
    return job


def test_leads_not_called_are_deleted_and_their_numbers_free_again(job_of, sandbox):
    job = sent(job_of, 12)
    assert undo.run_slice(job.pk) is False
    assert sandbox.control.state()["leads"]["1050"] == 0
    job.refresh_from_db()
    assert job.undone_at and tallies.recount(job.pk)
    assert tallies.of(job.pk)["undo"] == {"deleted": 12}
    assert tallies.states(job.pk)["cancelled"] == 12
    assert not CampaignNumber.objects.exists() and not Lead.objects.exists()


def test_leads_that_were_called_are_kept_and_say_why(job_of, sandbox):
    job = sent(job_of, 3)
    called = ImportRow.objects.get(phone=phone(1))
    set_status(sandbox, called.remote_id, "completed")
    undo.run_slice(job.pk)
    called.refresh_from_db()
    assert (called.state, called.reason, called.detail["params"]) == (RowState.CREATED, "kept_called", {"status": "completed"})
    assert tallies.of(job.pk)["undo"] == {"deleted": 2, "kept": 1}
    assert sandbox.control.state()["leads"]["1050"] == 1
    assert CampaignNumber.objects.get().phone_number == phone(1)


def test_an_answer_lost_while_deleting_is_found_out(job_of, sandbox, settings):
    job = sent(job_of, 3)
    sandbox.control.fault("500_after", on="delete_lead", times=1)
    undo.run_slice(job.pk)
    ImportRow.objects.update(next_ms=0)  # the wait before the next try is over
    undo.run_slice(job.pk)
    job.refresh_from_db()
    assert job.undone_at and tallies.states(job.pk)["cancelled"] == 3


def set_status(sandbox, lead_id: str, status: str) -> None:
    from campaigns.whattalk.client import call

    call(sandbox.base_url, sandbox.api_key, lambda client: client.update_lead(lead_id, status=status), allow_local=True)
