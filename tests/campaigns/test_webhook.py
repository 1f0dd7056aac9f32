"""WhatTalk tells of a finished call."""
import json

import pytest
from django.urls import reverse

from campaigns.models import Lead
from campaigns.webhook import secret_of, webhook_url
from tests.builders import a_campaign, an_account

CALL = {
    "id": 9, "status": "completed", "duration": 31, "extracted_variables": {"interested": True}, "transcript": "…",
    "lead": {"id": 77, "phone_number": "+905550000001", "status": "completed", "call_tries": 2},
}


@pytest.fixture
def lead(db) -> Lead:
    return Lead.objects.create(campaign=a_campaign(), remote_id="77", phone_number="+905550000001")


def tell(client, url: str, call) -> int:
    return client.post(url, call if isinstance(call, str) else json.dumps(call), content_type="application/json").status_code


def test_the_lead_s_status_and_call_are_noted(client, lead):
    assert tell(client, webhook_url(lead.campaign.account), CALL) == 204
    lead.refresh_from_db()
    assert (lead.status, lead.call["duration"], lead.call["tries"]) == ("completed", 31, 2)
    assert "transcript" not in lead.call


def test_a_wrong_secret_is_told_nothing(client, lead):
    account = lead.campaign.account
    for secret in ("x", secret_of(account.pk + 1), secret_of(account.pk)[:-1] + "ü"):
        assert tell(client, reverse("campaigns:webhook", args=[account.pk, secret]), CALL) == 404
    lead.refresh_from_db()
    assert lead.status == "created"


@pytest.mark.parametrize("call, answer", [
    ("nonsense", 400), ("[]", 400), ({"lead": None}, 204), ({"lead": {"id": 1}}, 204), ({"lead": "x"}, 204), ("[" * 100_000, 400),
])
def test_odd_calls_are_answered_without_harm(client, lead, call, answer):
    assert tell(client, webhook_url(lead.campaign.account), call) == answer
    lead.refresh_from_db()
    assert lead.call is None


def test_another_account_s_lead_is_out_of_reach(client, lead):
    stranger = an_account("http://127.0.0.1:8/api", is_default=False)
    assert tell(client, webhook_url(stranger), CALL) == 204
    lead.refresh_from_db()
    assert lead.call is None
