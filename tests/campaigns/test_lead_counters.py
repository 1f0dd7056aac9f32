"""Sums of leads follow every change, so that a page need not count them."""

import pytest

from campaigns import lead_counters
from campaigns.models import Campaign, Lead, LeadCount
from tests.builders import a_campaign


@pytest.fixture
def campaign(db, monkeypatch) -> Campaign:
    monkeypatch.setattr(lead_counters, "SMALL", 0)  # what is summed up must be right, whoever reads it
    return a_campaign()


def add(campaign: Campaign, *statuses: str, first: int = 0) -> None:
    leads = {str(first + n): status for n, status in enumerate(statuses)}
    lead_counters.add([Lead(campaign=campaign, remote_id=pk, phone_number="+90", status=status) for pk, status in leads.items()])
    for pk, status in leads.items():
        with lead_counters.kept(campaign.leads.filter(remote_id=pk)) as lead:
            lead.update(status=status)


def counted(campaign: Campaign) -> dict[str, int]:
    return lead_counters.lead_counts([campaign])[campaign.pk]


def test_leads_that_come_change_and_go(campaign):
    add(campaign, "created", "created", "completed")
    assert counted(campaign) == {"created": 2, "completed": 1}
    add(campaign, "completed", "created", "completed", "created")
    assert counted(campaign) == {"created": 2, "completed": 2}
    with lead_counters.kept(campaign.leads.filter(status="completed")) as completed:
        completed.delete()
    assert counted(campaign) == {"created": 2} and lead_counters.recount(campaign.pk)


def test_what_fails_leaves_the_sums_as_they_were(campaign):
    add(campaign, "created")
    with pytest.raises(ZeroDivisionError), lead_counters.kept(campaign.leads.all()):
        campaign.leads.update(status="completed")
        1 / 0
    assert counted(campaign) == {"created": 1}


def test_a_wrong_sum_is_mended_by_counting(campaign):
    add(campaign, "created", "created", "completed")
    LeadCount.objects.filter(status="created").update(n=7)
    LeadCount.objects.create(campaign=campaign, status="gone", n=3)
    assert not lead_counters.recount(campaign.pk)
    assert counted(campaign) == {"created": 2, "completed": 1} and lead_counters.recount(campaign.pk)


def test_only_large_campaigns_are_read_from_their_sums(campaign, monkeypatch, django_assert_num_queries):
    add(campaign, "created", "created")
    other = a_campaign(campaign.account, remote_id="2")
    Lead.objects.create(campaign=other, remote_id="1", phone_number="+90")
    monkeypatch.setattr(lead_counters, "SMALL", 1)
    with django_assert_num_queries(2):
        assert lead_counters.lead_counts([campaign, other]) == {campaign.pk: {"created": 2}, other.pk: {"created": 1}}
    with django_assert_num_queries(1):
        lead_counters.lead_counts([campaign])


def test_sums_stay_apart(campaign):
    other = a_campaign(campaign.account, remote_id="2")
    add(campaign, "created")
    add(other, "completed", "completed")
    assert counted(campaign) == {"created": 1} and counted(other) == {"completed": 2}
