"""One number in two imports of a campaign: it counts as there only when a lead is there."""

import pytest

from campaigns.models import CampaignNumber, Lead
from imports.check import bulk_insert
from imports.models import ImportJob, ImportRow, JobState, RowState
from imports.push import sender
from imports.push.row_claims import MOST_TRIES
from imports.workflow import steps as workflow
from tests.builders import a_job, phone
from tests.push.test_push import counts

DEAD_KEY = {"fault": "answer", "status": 401, "body": {"message": "Unauthenticated."}}
TOO_MANY = {"fault": "429", "retry_after": 60}


@pytest.mark.parametrize("fault", [DEAD_KEY, TOO_MANY, {"fault": "answer", "status": 402}, {"fault": "answer", "status": 404}])
def test_a_row_that_was_put_back_holds_no_number(fault, job_of, campaign, sandbox):
    """Import A cannot send and is cancelled; import B has the same numbers, and all of them are sent."""
    sandbox.control.fault(**fault)
    first = job_of(3)
    sender.run_slice(first.pk, 0.1)
    assert counts(first) == {"pending": 3} and not CampaignNumber.objects.exists()
    assert bulk_insert.numbers_in_campaign(campaign.pk, [phone(0)]) == set()
    sandbox.control.clear_faults()
    campaign.account.budget.delete()
    campaign.account.__class__.objects.update(problem="")
    second = sender.push_to_end(a_job(campaign, 3).pk)
    assert counts(second) == {"created": 3}
    workflow.cancel(ImportJob.objects.get(pk=first.pk), None)
    sender.run_slice(first.pk)
    assert counts(first) == {"cancelled": 3} and CampaignNumber.objects.count() == 3


@pytest.mark.parametrize(
    ("state", "fields"),
    [
        (RowState.PENDING, {}),
        (RowState.CANCELLED, {}),
        (RowState.REFUSED, {}),
        (RowState.FAILED, {}),
        (RowState.INVALID, {}),
        (RowState.UNCONFIRMED, {}),
        (RowState.PENDING, {"unknowns": 1, "misses": 2}),
    ],
)
def test_a_number_is_taken_over_from_a_row_that_will_not_bring_it_there(state, fields, job_of, campaign, sandbox):
    held_by(campaign, state, **fields)
    assert bulk_insert.numbers_in_campaign(campaign.pk, [phone(0)]) == set()
    assert counts(sender.push_to_end(a_job(campaign, 1).pk)) == {"created": 1}


@pytest.mark.parametrize(
    ("state", "fields"),
    [
        (RowState.SENDING, {"lease_ms": 2**53}),
        (RowState.UNKNOWN, {"next_ms": 2**53}),
        (RowState.PENDING, {"unknowns": 1}),
    ],
)
def test_while_a_row_may_be_there_another_with_its_number_waits(state, fields, job_of, campaign, sandbox):
    holder = held_by(campaign, state, **fields)
    job = a_job(campaign, 1)
    sender.run_slice(job.pk, 0.1)
    row = ImportRow.objects.get(job=job)
    assert counts(job) == {"pending": 1} and row.attempts == 0 and row.next_ms and not sandbox.ledger.posts()
    ImportRow.objects.filter(pk=holder.pk).update(state=RowState.FAILED)
    ImportRow.objects.update(next_ms=0)
    assert counts(sender.push_to_end(job.pk)) == {"created": 1}


def test_a_number_is_there_when_the_row_that_holds_it_was_created(job_of, campaign, sandbox):
    held_by(campaign, RowState.CREATED, remote_id="7")
    assert bulk_insert.numbers_in_campaign(campaign.pk, [phone(0)]) == {phone(0)}
    assert counts(sender.push_to_end(a_job(campaign, 1).pk)) == {"duplicate_in_campaign": 1}


@pytest.mark.parametrize("is_known", [True, False])
def test_of_a_row_that_was_removed_only_its_lead_counts(is_known, job_of, campaign, sandbox):
    CampaignNumber.objects.create(campaign=campaign, phone_number=phone(0), holder=2**40)
    if is_known:
        Lead.objects.create(campaign=campaign, remote_id="7", phone_number=phone(0))
    state = RowState.DUPLICATE_IN_CAMPAIGN if is_known else RowState.CREATED
    assert counts(sender.push_to_end(a_job(campaign, 1).pk)) == {state: 1}


def held_by(campaign, state: str, **fields) -> ImportRow:
    """A row of an older import that holds the first number."""
    older = a_job(campaign, 1, state=JobState.PAUSED)
    row = ImportRow.objects.get(job=older)
    ImportRow.objects.filter(pk=row.pk).update(**{"state": state, "attempts": MOST_TRIES, **fields})
    CampaignNumber.objects.create(campaign=campaign, phone_number=phone(0), holder=row.pk)
    return row
