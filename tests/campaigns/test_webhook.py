"""WhatTalk tells of a finished call."""

import json

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from campaigns import webhook
from campaigns.lead_counters import lead_counts
from campaigns.models import Account, Campaign, Lead, LeadCount
from campaigns.webhook import secret_of, webhook_url
from people.models import AuditEntry
from tests.builders import a_campaign, an_account

CALL = {
    "id": 9,
    "status": "completed",
    "duration": 31,
    "extracted_variables": {"interested": True},
    "transcript": "…",
    "lead": {"id": 77, "phone_number": "+905550000001", "status": "completed", "call_tries": 2},
}


@pytest.fixture
def lead(db) -> Lead:
    return Lead.objects.create(campaign=a_campaign(), remote_id="77", phone_number="+905550000001")


def tell(client, url: str, call) -> int:
    answer = client.post(url, call if isinstance(call, str) else json.dumps(call), content_type="application/json")
    assert answer.status_code == 404 or answer.content.decode().strip()  # whatever was sent, a sentence
    return answer.status_code


def call_of(lead_facts: dict, **facts) -> dict:
    """A call of the lead 77."""
    return {**CALL, **facts, "lead": {**CALL["lead"], **lead_facts}}


def as_it_was(lead) -> bool:
    before = (lead.status, lead.call, lead.updated_at)
    lead.refresh_from_db()
    return (lead.status, lead.call, lead.updated_at) == before


@pytest.fixture
def tell_of(client, lead):
    """`tell_of(call)`: the answer to a call of the lead's account."""
    return lambda call: tell(client, webhook_url(lead.campaign.account), call)


def test_the_lead_s_status_and_call_are_noted(client, lead):
    assert tell(client, webhook_url(lead.campaign.account), CALL) == 200
    lead.refresh_from_db()
    assert (lead.status, lead.call["duration"], lead.call["tries"]) == ("completed", 31, 2)
    assert "transcript" not in lead.call


def test_a_wrong_secret_is_told_nothing(client, lead):
    account = lead.campaign.account
    for secret in ("x", secret_of(account.pk + 1), secret_of(account.pk)[:-1] + "ü"):
        assert tell(client, reverse("campaigns:webhook", args=[account.pk, secret]), CALL) == 404
    lead.refresh_from_db()
    assert lead.status == "created"


@pytest.mark.parametrize(
    "call, answer",
    [
        ("nonsense", 400),
        ("[]", 400),
        ({"lead": None}, 202),
        ({"lead": {"id": 1}}, 202),
        ({"lead": "x"}, 202),
        ("[" * 100_000, 400),
        ('{"lead": {"id": 77}, "duration": NaN}', 400),
        ('{"lead": {"id": 77}, "duration": 1e999}', 400),
        ('{"lead": {"id": 77}, "status": "\\ud800"}', 400),
        ({"lead": {"id": "\x00"}}, 202),
        ({"lead": {"id": True}}, 202),
        ({"lead": {"id": 10**40}}, 202),
        ({"lead": {"id": {"id": 77}}}, 202),
        ('{"lead": {"id": 77}}'.encode("utf-16").decode("latin-1"), 400),
    ],
)
def test_odd_calls_are_answered_without_harm(client, lead, call, answer):
    assert tell(client, webhook_url(lead.campaign.account), call) == answer
    lead.refresh_from_db()
    assert lead.call is None


def test_another_account_s_lead_is_out_of_reach(client, lead):
    stranger = an_account("http://127.0.0.1:8/api", is_default=False)
    assert tell(client, webhook_url(stranger), CALL) == 202
    lead.refresh_from_db()
    assert lead.call is None


@pytest.mark.parametrize(
    "wrong",
    [
        call_of({"phone_number": "+905559999999"}),
        call_of({"campaign_id": 999}),
        call_of({"campaign": {"id": 999}}),
        call_of({}, campaign_id="1051"),
        call_of({}, campaign={"id": {}}),
        call_of({}, customer_phone="+905559999999"),
        call_of({"phone_number": "12"}),
    ],
)
def test_l5_what_is_not_the_lead_s_changes_nothing(tell_of, lead, wrong):
    assert tell_of(wrong) == 422
    assert as_it_was(lead)


def test_l5_the_lead_s_own_campaign_number_and_contacts_are_its_own(tell_of, lead):
    Lead.objects.update(secondary_contacts=[{"phone_number": "+905550000002"}])
    assert (
        tell_of(
            call_of(
                {"campaign": {"id": 1050}, "campaign_id": "1050", "phone_number": "05550000001"},
                customer_phone="+90 555 000 00 02",
            )
        )
        == 200
    )
    lead.refresh_from_db()
    assert lead.status == "completed"


def test_l5_an_older_call_changes_nothing_and_the_same_one_may_come_twice(tell_of, lead):
    newer = call_of({"call_tries": 2}, finished_at="2026-05-02T10:00:00Z")
    for _twice in range(2):
        assert tell_of(newer) == 200
    lead.refresh_from_db()
    for older in (
        call_of({"status": "rescheduled", "call_tries": 1}, finished_at="2026-05-01 10:00:00"),
        call_of({"status": "rescheduled", "call_tries": 1}),
        call_of({"status": "rescheduled", "call_tries": None}),
    ):
        assert tell_of(older) == 202
        assert as_it_was(lead)


def test_l5_what_was_read_later_than_the_call_stays(tell_of, lead):
    Lead.objects.update(status="completed", updated_at="2026-05-02T10:00Z")
    assert tell_of(call_of({"status": "scheduled"}, finished_at="2026-05-02T09:00:00Z")) == 202
    lead.refresh_from_db()
    assert (lead.status, lead.call["duration"]) == ("completed", 31)  # that it was called is so all the same


@pytest.mark.parametrize("moment", ["9999-12-31 23:59:59", "0001-01-01T00:00:00+14:00", "yesterday", 12, None])
def test_l5_a_time_that_cannot_be_shuts_out_no_later_call(tell_of, lead, moment):
    assert tell_of(call_of({"call_tries": 1}, finished_at=moment)) == 200
    assert tell_of(call_of({"status": "reached-max-retries", "call_tries": 3}, finished_at="2026-05-02 10:00:00")) == 200
    lead.refresh_from_db()
    assert lead.status == "reached-max-retries"


def test_l5_invented_statuses_are_shown_as_they_are_and_counted_as_one(tell_of, lead, django_assert_num_queries):
    for n in range(100):
        tell_of(call_of({"status": f"invented\x00 {n}", "call_tries": n}))
    lead.refresh_from_db()
    assert lead.status == "invented 99"
    assert set(LeadCount.objects.exclude(n=0).values_list("status", "n")) == {
        ("other", 1),
        ("created", -1),
    }  # never counted before
    assert lead_counts([lead.campaign])[lead.campaign_id] == {"other": 1}


def test_l5_a_call_of_an_unknown_lead_has_the_leads_read_and_invents_none(tell_of, lead):
    from imports.scheduling import dispatcher

    assert tell_of(call_of({"id": 78, "campaign": {"id": 1050}})) == 202
    assert Lead.objects.count() == 1 and Campaign.objects.get().leads_wanted_at
    enqueued = []
    for _twice in range(2):
        dispatcher._enqueue_lead_syncs(lambda name, *ids: enqueued.append(name))
    assert enqueued.count("sync_leads") == 1


def test_l5_too_large_and_of_no_length(client, lead):
    url = webhook_url(lead.campaign.account)
    assert client.post(url, b"x" * (1024 * 1024 + 1), content_type="application/json").status_code in (400, 413)
    assert client.generic("POST", url, b"{}", CONTENT_LENGTH="many").status_code == 400
    assert client.get(url).status_code == 405


def test_l5_what_a_call_says_is_kept_as_both_databases_can(tell_of, lead):
    odd = {"name\x00": "a\x00b", "deep": [[[[[[[[[[1]]]]]]]]]], "n": 1e300, "yes": True}
    assert tell_of(call_of({}, extracted_variables=odd, duration=10**30)) == 200
    lead.refresh_from_db()
    assert lead.call["extracted_variables"]["name"] == "ab" and lead.call["duration"] is None


def test_the_secret_is_changed_by_button_and_command_and_the_old_one_counts_for_a_while(client, lead, adam, capsys):
    account = lead.campaign.account
    old = webhook_url(account)
    client.force_login(adam, backend="django.contrib.auth.backends.ModelBackend")
    page = client.post(reverse("campaigns:change_account_webhook", args=[account.pk]), follow=True).content.decode()
    new = webhook_url(account)
    assert new != old and new in page and "The previous address works until" in page
    assert [tell(client, url, CALL) for url in (old, new)] == [200, 200]
    call_command("change_webhook", "--at-once")
    newest = capsys.readouterr().out.split()[0]
    assert [tell(client, url, CALL) for url in (old, new, newest)] == [404, 404, 200]
    assert webhook.old_one_counts_until(Account.objects.get()) is None
    call_command("change_webhook", str(account.pk))
    Account.objects.update(webhook_changed_at=timezone.now() - webhook.OLD_ONE_COUNTS)
    assert tell(client, newest, CALL) == 404 and tell(client, webhook_url(account), CALL) == 200
    assert AuditEntry.objects.filter(action="change_webhook").count() == 3
