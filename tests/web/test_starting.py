"""Start, discard and create: the page says what will happen and asks; after a lost answer it does not pretend to know."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from campaigns import gateway
from campaigns.models import Campaign, Lead
from imports.check.corrections import correct_row
from imports.workflow import steps as workflow
from tests.builders import an_account


@pytest.fixture
def there(db, sandbox) -> Campaign:
    """A campaign of the sandbox, with two leads that wait."""
    account = an_account(sandbox.base_url, sandbox.api_key)
    gateway.refresh_assistants(account)
    campaign = Campaign.objects.create(
        account=account,
        remote_id=str(sandbox.control.add_campaign("Test")),
        name="Test",
        timezone="Europe/Istanbul",
        settings={"allowed_hours_start_time": "09:00:00", "allowed_hours_end_time": "18:00:00", "max_calls_in_parallel": 4},
    )
    sandbox.control.add_leads(int(campaign.remote_id), ["+905550000001", "+905550000002"])
    return campaign


@pytest.fixture
def bobs(bob, as_):
    return as_(bob)


def text(answer) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def url(name: str, *args) -> str:
    return reverse(f"campaigns:{name}", args=args)


def test_a3_starting_is_asked_about_first(bobs, there, sandbox):
    assert f'method="get" action="{url("start", there.pk)}"' in text(bobs.get(url("campaign", there.pk)))
    page = text(bobs.get(url("start", there.pk)))
    for said in (
        "2 leads that wait now",
        "counted by WhatTalk just now",
        "Europe/Istanbul",
        "09:00–18:00",
        "<dd>4</dd>",
        "100.00",
        "Start and call 2 leads",
    ):
        assert said in page
    there.refresh_from_db()
    assert not there.is_running
    for _click in range(2):
        assert "The campaign is started." in text(bobs.post(url("start", there.pk), follow=True))
    assert sandbox.control.state()["campaigns"][there.remote_id] == "in-progress"


def test_a3_what_whattalk_does_not_tell_is_said_to_be_so(bobs, campaign):
    page = text(bobs.get(url("start", campaign.pk)))
    assert "WhatTalk does not tell us now" in page and "not known" in page


def test_a3_where_leads_are_not_counted_it_is_said_that_some_may_be_missing(bobs, there, sandbox):
    sandbox.control.settings(bare_lists=True)
    Lead.objects.create(campaign=there, remote_id="1", phone_number="+905550000001")
    Campaign.objects.filter(pk=there.pk).update(leads_wanted_at=timezone.now())
    for name in ("start", "campaign"):
        page = text(bobs.get(url(name, there.pk)))
        assert "Leads that were sent lately are not counted yet." in page and "counted by WhatTalk" not in page
    assert "1 lead that waits now" in text(bobs.get(url("start", there.pk)))


def test_a3_a_campaign_that_calls_is_not_asked_to_be_started(bobs, there):
    Campaign.objects.filter(pk=there.pk).update(status="in-progress")
    assert bobs.get(url("start", there.pk)).url == url("campaign", there.pk)


def test_a1_corrections_that_nobody_has_sent_are_on_the_first_page(alice, as_, checked):
    type(checked).objects.filter(pk=checked.pk).update(state="done")
    checked.refresh_from_db()
    correct_row(checked, 4, ["Mehmet Kaya", "0534 123 45 69", "C"], alice)
    assert "1 corrected lead is not sent yet" in text(as_(alice).get("/"))


def test_a3_an_uploader_neither_sees_nor_presses_it(alice, as_, there):
    for answer in (as_(alice).get(url("start", there.pk)), as_(alice).post(url("start", there.pk))):
        assert answer.status_code == 403


def test_l1_a_page_does_not_say_not_started_of_a_campaign_that_may_call(bobs, there, sandbox):
    sandbox.control.faults(
        {"fault": "500_after", "on": "update_status", "times": 1}, {"fault": "500", "on": "list_campaigns", "times": 1}
    )
    page = text(bobs.post(url("start", there.pk), follow=True))
    assert "not known" in page and "not started" not in page and "Start campaign" not in page
    for name in ("campaigns", "new_import"):
        address = reverse("imports:new") if name == "new_import" else url(name)
        assert "not known" in text(bobs.get(address)) and "Test (not started)" not in text(bobs.get(address))
    page = text(bobs.post(url("refresh"), {"campaign": there.pk}, follow=True))
    assert "calling" in page and "not known" not in page


def form(account, **fields) -> dict:
    return {
        "name": "June",
        "assistant": account.assistants.first().pk,
        "allowed_hours_start_time": "09:30",
        "allowed_hours_end_time": "17:00",
        "allowed_days": ["monday"],
        "max_calls_in_parallel": 5,
        "max_retries": 2,
        "retry_interval": 90,
        **fields,
    }


def token_of(page: str) -> str:
    return re.search(r'name="form_token" value="([^"]+)"', page)[1]


def test_l2_a_form_sent_again_after_a_lost_answer_makes_no_second_campaign(bobs, there, sandbox):
    token = token_of(text(bobs.get(url("new_campaign"))))
    sandbox.control.faults(
        {"fault": "500_after", "on": "create_campaign", "times": 1}, {"fault": "500", "on": "list_campaigns", "at": 2, "times": 1}
    )
    answer = bobs.post(url("new_campaign"), form(there.account, form_token=token))
    assert (
        answer.status_code == 422
        and "has not confirmed whether this was done" in text(answer)
        and token_of(text(answer)) == token
    )
    for _click in range(2):
        assert "“June” is created." in text(
            bobs.post(url("new_campaign"), form(there.account, form_token=f"{token}\0"), follow=True)
        )
    assert sum(one["name"] == "June" for one in names(there)) == 1


def names(campaign) -> list[dict]:
    return [{"name": one.name} for one in gateway.ask(campaign.account, lambda client: client.list_campaigns())]


def test_l2_a_second_campaign_of_the_same_name_is_made_for_who_wants_it(bobs, there):
    bobs.post(url("new_campaign"), form(there.account))
    answer = bobs.post(url("new_campaign"), form(there.account))
    assert answer.status_code == 422 and "There is a campaign of this name already" in text(answer)
    assert "Create another campaign with this name" in text(answer)
    assert bobs.post(url("new_campaign"), form(there.account, same_name="yes")).status_code == 302
    assert sum(one["name"] == "June" for one in names(there)) == 2


def test_a3_discarding_says_what_is_lost(alice, as_, checked):
    alices = as_(alice)
    alices.post(reverse("imports:correct", args=[checked.pk, 4]), {"cell-1": "0534 123 45 69"})
    discard = reverse("imports:cancel", args=[checked.pk])
    assert f'href="{discard}"' in text(alices.get(reverse("imports:check", args=[checked.pk])))
    page = text(alices.get(discard))
    assert "3 leads that are ready are not sent" in page and "1 correction is lost" in page
    checked.refresh_from_db()
    assert checked.state == "ready"
    for _click in range(2):
        alices.post(discard)
    checked.refresh_from_db()
    assert checked.state == "cancelled"
    assert alices.get(discard).status_code == 302


def test_a3_cancelling_says_how_many_corrected_leads_stay_unsent(alice, as_, checked):
    workflow.confirm(checked, alice)
    workflow.pause(checked, alice)
    as_(alice).post(reverse("imports:correct", args=[checked.pk, 4]), {"cell-1": "0534 123 45 69"})
    page = text(as_(alice).get(reverse("imports:cancel", args=[checked.pk])))
    assert "2 leads that were not sent yet stay unsent" in page and "1 corrected lead stays unsent" in page
