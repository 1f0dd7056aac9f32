"""What the sandbox finds wrong with a request, in the words of Laravel."""

import pytest

from campaigns.whattalk.sandbox import checks

PHONE = "+905551234567"


def test_a_lead_that_is_right():
    json = {"phone_number": PHONE, "campaign_id": 1, "variables": [], "secondary_contacts": [{"phone_number": PHONE}]}
    assert checks.new_lead(json) == {}


@pytest.mark.parametrize(
    ("json", "fields"),
    [
        ({}, {"phone_number", "campaign_id"}),
        ({"phone_number": PHONE, "campaign_id": True}, {"campaign_id"}),
        ({"phone_number": PHONE, "campaign_id": 1, "variables": "x"}, {"variables"}),
        (
            {"phone_number": PHONE, "campaign_id": 1, "secondary_contacts": [{"phone_number": "12"}]},
            {"secondary_contacts.0.phone_number"},
        ),
        ({"phone_number": PHONE, "campaign_id": 1, "secondary_contacts": "x"}, {"secondary_contacts"}),
    ],
)
def test_what_is_wrong_with_a_lead(json, fields):
    assert set(checks.new_lead(json)) == fields


def test_what_is_wrong_with_a_campaign():
    json = {"name": "x" * 256, "assistant_id": 1, "max_retries": 6, "timezone": "Nowhere", "allowed_days": ["someday"]}
    assert set(checks.new_campaign(json, parallel_limit=5)) == {"name", "max_retries", "timezone", "allowed_days"}
    assert checks.lead_changes({"status": "called"}).keys() == {"status"}


def test_the_first_text_is_the_headline_and_says_how_many_more_there_are():
    body = checks.invalid({"a": ["One."], "b": ["Two.", "Three."]}).body
    assert b"One. (and 2 more errors)" in body
