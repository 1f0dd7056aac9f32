"""What a reported call changes of its lead, and what it does not."""

from datetime import UTC, datetime

import pytest

from campaigns import call_events
from campaigns.models import DoNotCall, Lead, LeadCount
from tests.builders import a_campaign

NUMBER = "+905550000001"


@pytest.fixture
def lead(db) -> Lead:
    return Lead.objects.create(
        campaign=a_campaign(status="in-progress"), remote_id="90001", phone_number=NUMBER, status="processing"
    )


def call(lead: Lead, status: str = "completed", at: str = "2026-05-04 10:00:00", tries: int = 1, **fields) -> dict:
    reported = {"id": 90001, "phone_number": NUMBER, "status": status, "call_tries": tries, "updated_at": at}
    return {"lead": {**reported, **fields}, "campaign_id": lead.campaign.remote_id, "customer_phone": NUMBER, "duration": 42}


def test_a_call_is_applied_once_and_an_older_one_never(lead):
    account = lead.campaign.account_id
    assert call_events.apply(account, call(lead)) == call_events.APPLIED
    assert call_events.apply(account, call(lead)) == call_events.APPLIED  # the same one again does no harm
    assert call_events.apply(account, call(lead, "rescheduled", at="2026-05-04 09:00:00")) == call_events.OLDER
    lead.refresh_from_db()
    assert (lead.status, lead.call["duration"], lead.updated_at) == ("completed", 42, datetime(2026, 5, 4, 10, tzinfo=UTC))
    assert LeadCount.objects.get(status="completed").n == 1


@pytest.mark.parametrize(
    ("change", "outcome"),
    [
        ({"id": None}, call_events.NAMELESS),
        ({"id": 4711}, call_events.UNKNOWN),
        ({"phone_number": "+905559999999"}, call_events.CONTRADICTS),
        ({"campaign": {"id": "9"}}, call_events.CONTRADICTS),
    ],
)
def test_a_call_that_does_not_fit_changes_nothing_but_has_the_leads_read(lead, change, outcome):
    assert call_events.apply(lead.campaign.account_id, call(lead, **change)) == outcome
    lead.refresh_from_db()
    lead.campaign.refresh_from_db()
    assert (lead.status, lead.call) == ("processing", None)
    assert bool(lead.campaign.leads_wanted_at) is (outcome != call_events.NAMELESS)


def test_a_number_that_whattalk_blacklists_is_listed_here(lead):
    assert call_events.apply(lead.campaign.account_id, call(lead, "blacklisted")) == call_events.APPLIED
    assert DoNotCall.objects.get().phone_number == NUMBER
