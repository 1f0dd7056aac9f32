"""The page of what became of an import's calls: for whoever may see the import, with its age, fresh while somebody looks."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from campaigns import lead_counters
from campaigns.models import Campaign, Lead
from imports.models import ImportJob, JobState, RowState
from imports.pages.results import ONE_BY_ONE, ImportResults
from tests.builders import a_campaign, a_job, add_rows, phone
from tests.people.test_roles import signed_in


@pytest.fixture
def job(alice) -> ImportJob:
    """The first two of Alice's rows are sent; the campaign calls."""
    campaign = a_campaign(status="in-progress", name="Spring offer")
    now = timezone.now()
    job = a_job(campaign, [], owner=alice, state=JobState.PAUSED, reason="first_sent", reason_detail={"count": 2})
    ImportJob.objects.filter(pk=job.pk).update(push_started_at=now - timedelta(minutes=5))
    for n, (status, tries) in enumerate([("completed", 2), ("created", 0)]):
        add_rows(job, [phone(n)], RowState.CREATED, first_row=2 + n, remote_id=f"9{n}")
        called = {"tries": tries, "updated_at": now if tries else None, "call": {"duration": 42} if tries else None}
        lead = Lead(campaign=campaign, remote_id=f"9{n}", phone_number=phone(n), status=status, origin=job.pk, **called)
        lead_counters.add([lead])
        Lead.objects.filter(remote_id=lead.remote_id).update(call=called["call"])
    add_rows(job, [phone(5)], first_row=9)
    lead_counters.add([Lead(campaign=campaign, remote_id="77", phone_number=phone(7))])  # of somebody else
    job.refresh_from_db()
    return job


def page(person, name: str, pk: int) -> str:
    return signed_in(person).get(reverse(name, args=[pk])).content.decode()


def test_the_first_rows_lead_their_uploader_to_how_their_calls_go(job, alice):
    address = reverse("imports:results", args=[job.pk])
    for place in ("imports:show", "imports:poll"):
        assert address in page(alice, place, job.pk)
    assert address in signed_in(alice).get("/").content.decode()
    shown = page(alice, "imports:results", job.pk)
    assert phone(0) in shown and phone(1) in shown and phone(7) not in shown
    assert "<code" in shown and "completed" in shown and "(42 s)" in shown and "Europe/Istanbul" in shown
    [reached, waiting] = ImportResults(job).one_by_one
    assert (reached.row.row_number, reached.seconds, waiting.called_at) == (2, 42, None)


def test_it_says_how_old_it_is_and_is_read_again_while_somebody_looks(job, alice):
    assert "have not been read" in page(alice, "imports:results", job.pk)
    read_at = timezone.now() - timedelta(minutes=6)
    Campaign.objects.update(leads_sync={"full_at": read_at.timestamp()}, looked_at=None)
    now = page(alice, "imports:results_now", job.pk)
    assert "6\xa0minutes ago" in now and f'hx-get="{reverse("imports:results_now", args=[job.pk])}"' in now
    assert Campaign.objects.get().looked_at is not None
    Lead.objects.update(status="completed")
    Campaign.objects.update(looked_at=None)
    assert "hx-get" not in page(alice, "campaigns:results_now", job.campaign_id)
    assert Campaign.objects.get().looked_at is None  # nothing of it can change any more


def test_a_campaign_and_a_large_import_are_told_in_figures_alone(job, alice, bob, monkeypatch):
    monkeypatch.setattr("imports.pages.results.ONE_BY_ONE", 1)
    assert ONE_BY_ONE == 50 and phone(0) not in page(alice, "imports:results", job.pk)
    whole = page(alice, "campaigns:results", job.campaign_id)
    assert "3 leads" in whole and phone(0) not in whole and "<svg" in whole and "style=" not in whole
    assert reverse("campaigns:results", args=[job.campaign_id]) in page(alice, "campaigns:campaign", job.campaign_id)
    Lead.objects.all().delete()
    assert "No leads yet" in page(bob, "campaigns:results", job.campaign_id)
