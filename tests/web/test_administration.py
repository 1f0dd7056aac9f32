"""Accounts, people, campaigns and the do-not-call list as those in charge change them."""

from urllib.parse import urlsplit

import pytest
from django.urls import reverse

from campaigns import creating, do_not_call_list, gateway, running
from campaigns.accounts import key_of
from campaigns.models import Account, DoNotCall
from imports.do_not_call import numbers
from people.models import AuditEntry, User
from people.roles import Role, role_of
from people.sign_in import one_time_link

KEY = "12|canary-key-of-the-account"


@pytest.fixture
def adams(adam, as_):
    return as_(adam)


@pytest.fixture
def own_account(db) -> Account:
    from tests.builders import an_account

    return an_account("https://app.whattalk.ai/api", KEY, from_environment=False)


def form_of(account: Account, **changes) -> dict:
    return {
        "name": account.name,
        "base_url": account.base_url,
        "key": "",
        "max_in_flight": 32,
        "max_per_minute": 0,
        "duplicate_words": "",
    } | changes


def test_a_key_can_be_written_but_never_read(adams, own_account):
    url = reverse("campaigns:account", args=[own_account.pk])
    pages = [adams.get(url), adams.get(reverse("campaigns:accounts")), adams.post(url, form_of(own_account, name=""))]
    assert all("canary" not in page.content.decode() for page in pages)
    assert "••••ount" in pages[0].content.decode()


def test_an_empty_key_keeps_the_old_one(adams, own_account):
    adams.post(reverse("campaigns:account", args=[own_account.pk]), form_of(own_account, name="Renamed"))
    own_account.refresh_from_db()
    assert (own_account.name, key_of(own_account)) == ("Renamed", KEY)


def test_a_new_address_clears_the_key(adams, own_account):
    adams.post(
        reverse("campaigns:account", args=[own_account.pk]),
        form_of(own_account, base_url="https://collector.example/api"),
    )
    own_account.refresh_from_db()
    assert (own_account.base_url, key_of(own_account)) == ("https://collector.example/api", "")


@pytest.mark.parametrize(
    "address",
    [
        "http://app.whattalk.ai/api",
        "https://127.0.0.1/api",
        "https://localhost/api",
        "https://user:pw@app.whattalk.ai/api",
        "https://169.254.169.254/latest",
        "https://[::1]/",
        "https://10.0.0.5/api",
        "ftp://app.whattalk.ai",
        "https://0x7f.1/",
        "nonsense",
    ],
)
def test_addresses_into_our_own_network_are_refused(adams, own_account, address):
    answer = adams.post(reverse("campaigns:account", args=[own_account.pk]), form_of(own_account, base_url=address))
    own_account.refresh_from_db()
    assert answer.status_code == 422 and own_account.base_url == "https://app.whattalk.ai/api"


def test_the_address_of_an_account_from_the_environment_stays(adams, account):
    adams.post(
        reverse("campaigns:account", args=[account.pk]),
        form_of(account, base_url="https://collector.example/api", key="stolen"),
    )
    account.refresh_from_db()
    assert (account.base_url, key_of(account)) == ("http://127.0.0.1:9/api", "key|of-a-test-account")


def test_a_user_is_made_with_one_role_and_a_link(adams):
    adams.post(
        reverse("people:new_user"),
        {
            "username": "dora",
            "first_name": "Dora",
            "last_name": "",
            "email": "dora@example.com",
            "language": "tr",
            "role": "Manager",
        },
    )
    dora = User.objects.get(username="dora")
    assert role_of(dora) == Role.MANAGER and not dora.has_usable_password() and not dora.is_staff and not dora.is_superuser
    page = adams.post(reverse("people:sign_in_link_for", args=[dora.pk])).content.decode()
    assert "/sign-in/link/?token=" in page


def test_an_admin_cannot_lock_himself_out(adams, adam):
    adams.post(reverse("people:set_active", args=[adam.pk]), {"active": "no"})
    facts = {"username": "adam", "first_name": "A", "last_name": "", "email": "", "language": "en", "role": "Uploader"}
    assert adams.post(reverse("people:user", args=[adam.pk]), facts).status_code == 422
    adam = User.objects.get(pk=adam.pk)
    assert adam.is_active and role_of(adam) == Role.ADMIN


def test_somebody_locked_out_is_out_at_once(adams, alice, as_):
    hers = as_(alice)
    assert hers.get("/").status_code == 200
    adams.post(reverse("people:set_active", args=[alice.pk]), {"active": "no"})
    assert hers.get("/").status_code == 302
    assert AuditEntry.objects.filter(action="lock_user_out", target="user alice").exists()


def test_what_was_open_before_somebody_was_locked_out_stays_closed(adams, alice, client):
    alice.set_password("correct horse battery")
    alice.save()
    client.force_login(alice, backend="django.contrib.auth.backends.ModelBackend")
    link = urlsplit(one_time_link(User.objects.get(pk=alice.pk)))
    assert client.get("/").status_code == 200
    for active in ("no", "yes"):
        adams.post(reverse("people:set_active", args=[alice.pk]), {"active": active})
    assert client.get("/").status_code == 302
    assert client.post(link.path, {"token": link.query.removeprefix("token=")}).status_code == 410
    again = urlsplit(one_time_link(User.objects.get(pk=alice.pk)))
    assert client.post(again.path, {"token": again.query.removeprefix("token=")}).status_code == 302
    assert client.get("/").status_code == 200


def test_what_the_service_says_no_to_is_told_in_words(bob, as_, campaign, monkeypatch):
    def refuse(*_):
        raise gateway.RemoteProblem("balance")

    monkeypatch.setattr(running, "start", refuse)
    page = as_(bob).post(reverse("campaigns:start", args=[campaign.pk]), follow=True).content.decode()
    assert "The WhatTalk account has no balance left. Top it up at WhatTalk." in page


def test_a_campaign_is_made_with_all_parameters(bob, as_, campaign, assistant, monkeypatch):
    asked = {}
    monkeypatch.setattr(creating, "create_campaign", lambda account, params, *_, **_more: asked.update(params) or campaign)
    as_(bob).post(
        reverse("campaigns:new_campaign"),
        {
            "name": "June",
            "assistant": assistant.pk,
            "allowed_hours_start_time": "09:30",
            "allowed_hours_end_time": "17:00",
            "allowed_days": ["monday", "friday"],
            "timezone": "Europe/Berlin",
            "max_calls_in_parallel": 5,
            "max_retries": 2,
            "retry_interval": 90,
            "retry_on_voicemail": "on",
            "mark_complete_when_no_leads": "on",
        },
    )
    assert asked == {
        "name": "June",
        "assistant_id": "7",
        "allowed_hours_start_time": "09:30",
        "allowed_hours_end_time": "17:00",
        "allowed_days": ["monday", "friday"],
        "timezone": "Europe/Berlin",
        "max_calls_in_parallel": 5,
        "max_retries": 2,
        "retry_interval": 90,
        "retry_on_voicemail": True,
        "retry_on_goal_incomplete": False,
        "mark_complete_when_no_leads": True,
    }


@pytest.mark.parametrize(
    "field, value",
    [
        ("max_calls_in_parallel", 11),
        ("max_retries", 0),
        ("retry_interval", 9),
        ("allowed_days", []),
        ("name", "x" * 256),
    ],
)
def test_limits_of_a_campaign_are_told_before_anybody_is_asked(bob, as_, account, assistant, field, value):
    good = {
        "name": "June",
        "assistant": assistant.pk,
        "allowed_hours_start_time": "09:30",
        "allowed_hours_end_time": "17:00",
        "allowed_days": ["monday"],
        "max_calls_in_parallel": 5,
        "max_retries": 2,
        "retry_interval": 90,
    }
    assert as_(bob).post(reverse("campaigns:new_campaign"), good | {field: value}).status_code == 422


def test_numbers_are_taken_onto_the_list_as_people_write_them(bob, as_):
    as_(bob).post(reverse("imports:do_not_call"), {"numbers": "0532 111 22 33\n+49 30 901820\n0532 111 22 33\n", "note": "asked"})
    assert set(DoNotCall.objects.values_list("phone_number", flat=True)) == {"+905321112233", "+4930901820"}


def test_what_is_no_number_is_named_and_the_rest_is_kept(bob, as_):
    page = as_(bob).post(reverse("imports:do_not_call"), {"numbers": "0532 111 22 33\nnobody\n"}).content.decode()
    assert "These are not phone numbers: nobody." in page and DoNotCall.objects.count() == 1


def test_a_number_may_be_taken_off_the_list(bob, as_):
    do_not_call_list.add(numbers.of_texts(["0532 111 22 33"]).numbers, user=bob)
    address = reverse("imports:remove_do_not_call", args=[DoNotCall.objects.get().pk])
    assert "+905321112233" in as_(bob).get(address).content.decode() and DoNotCall.objects.exists()  # it asks first
    as_(bob).post(address)
    assert not DoNotCall.objects.exists()
    assert AuditEntry.objects.filter(action="remove_do_not_call").exists()
