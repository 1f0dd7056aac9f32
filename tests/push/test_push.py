"""Whole imports against a real server on a socket: what the ledger of the service says, and what we say, agree."""

from campaigns.models import CampaignNumber, Lead
from imports import counters
from imports.models import ImportJob, ImportRow, JobState, OutgoingMail, RowState
from imports.push import sender
from tests.builders import phone


def counts(job: ImportJob) -> dict[str, int]:
    """The sums without zeros, which must be those of the rows."""
    assert counters.recount(job.pk), "the sums were wrong"
    return {state: n for state, n in counters.states(job.pk).items() if n}


def test_an_import_is_sent_once_and_done(job_of, sandbox, alice):
    job = sender.push_to_end(job_of(60, owner=alice).pk)
    assert job.state == JobState.DONE and job.finished_at
    assert counts(job) == {"created": 60}
    assert sandbox.ledger.accepted().keys() == {("1050", phone(n)) for n in range(60)}
    assert not sandbox.ledger.doubles()
    assert OutgoingMail.objects.get().recipient == alice
    ids = set(ImportRow.objects.values_list("remote_id", flat=True))
    assert len(ids) == 60 and ids == set(Lead.objects.values_list("remote_id", flat=True))


def test_what_is_sent_is_the_lead(job_of, sandbox):
    job = job_of(1)
    ImportRow.objects.update(
        lead={
            "variables": {"name": "Ayşe"},
            "secondary_contacts": [{"phone_number": phone(7), "variables": {"name": "Ali"}}],
        }
    )
    sender.push_to_end(job.pk)
    (lead,) = [event["lead"] for event in sandbox.ledger.events() if event["event"] == "lead"]
    assert lead["variables"] == {"name": "Ayşe"} and lead["campaign_id"] == 1050
    assert [(one["phone_number"], one["variables"]) for one in lead["secondary_contacts"]] == [(phone(7), {"name": "Ali"})]


def test_a_number_that_another_import_has_is_not_sent(job_of, campaign, sandbox):
    CampaignNumber.objects.create(campaign=campaign, phone_number=phone(1), holder=None)
    job = sender.push_to_end(job_of(3).pk)
    assert counts(job) == {"created": 2, "duplicate_in_campaign": 1}
    assert ("1050", phone(1)) not in sandbox.ledger.accepted()


def test_two_rows_with_one_number_are_sent_once(job_of, sandbox):
    job = sender.push_to_end(job_of([phone(1), phone(1), phone(2)]).pk)
    assert counts(job) == {"created": 2, "duplicate_in_campaign": 1}
    assert ImportRow.objects.get(state=RowState.DUPLICATE_IN_CAMPAIGN).row_number == 3


def test_with_duplicates_allowed_every_row_is_sent(job_of, sandbox):
    sandbox.control.add_leads(1050, [phone(1)])
    job = sender.push_to_end(job_of([phone(1), phone(1), phone(2)], allow_duplicates=True).pk)
    assert counts(job) == {"created": 3}
    assert not any(post.block for post in sandbox.ledger.posts())


def test_an_answer_lost_after_accepting_is_found_again(job_of, sandbox):
    sandbox.control.fault("reset_after", phones=[phone(1)], times=1)
    sandbox.control.fault("500_after", phones=[phone(2)], times=1)
    job = sender.push_to_end(job_of(4).pk)
    assert counts(job) == {"created": 4}
    assert not sandbox.ledger.doubles()
    recovered = ImportRow.objects.filter(detail__recovered=True)
    assert {row.phone for row in recovered} == {phone(1), phone(2)}
    assert all(row.remote_id for row in recovered)


def test_an_answer_lost_before_accepting_is_sent_again(job_of, sandbox):
    sandbox.control.fault("reset_before", phones=[phone(1)], times=1)
    job = sender.push_to_end(job_of(2).pk)
    assert counts(job) == {"created": 2}
    assert [post.phone for post in sandbox.ledger.posts()].count(phone(1)) == 2
    assert not sandbox.ledger.doubles()
