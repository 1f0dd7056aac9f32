"""A few hostile requests, and each kind that once broke something. `python -m tests.fuzz` sends many more."""

import random

import pytest
from django.test import Client
from django.urls import reverse

from campaigns.models import Campaign
from imports.models import ImportJob
from tests.fuzz.instance import Instance, furnished
from tests.fuzz.requests import addresses, parameter_names
from tests.fuzz.run import run
from tests.fuzz.service import hostile

DIGITS = "9" * 5_000


def test_hostile_requests_break_nothing_hang_nothing_and_change_nothing_that_they_should_not(db, sandbox):
    with hostile(sandbox, random.Random(5)) as base_url:
        report = run(base_url, requests=100, seed=5)
    assert report.faults == {}
    assert report.requests == 100 and len(report.reached) > 50


def test_requests_are_made_for_every_address_and_every_parameter():
    assert {name for name, _pattern, _route in addresses()} >= {"home", "metrics", "campaigns:webhook", "imports:correct"}
    assert {"form_token", "campaign", "allow_duplicates", "next", "base_url", "token", "cell-0"} <= set(parameter_names())


@pytest.fixture
def there(db) -> Instance:
    return furnished("http://127.0.0.1:9/api")


def test_odd_values_and_addresses_get_a_page(there, settings):
    campaign = [there.things["campaign"][1]]
    for role, name, args, query, status in (
        ("admin", "campaigns:start", campaign, {}, 200),  # a time zone that is none, days that are no list
        ("manager", "campaigns:export_leads", campaign, {}, 200),  # an id with a line end, in the name of the file
        ("manager", "campaigns:leads", campaign, {"below": DIGITS}, 200),
        ("uploader", "imports:new", [], {"campaign": DIGITS}, 200),
        ("uploader", "imports:campaign_facts", [], {"campaign": "²"}, 200),
        ("uploader", "imports:history", [], {"page": DIGITS}, 200),
        ("uploader", "people:sign_in", [], {"next": "no-path"}, 302),
    ):
        assert there.clients[role].get(reverse(name, args=args), query).status_code == status, name
    for zone in ("America", "", "x" * 64, "../UTC"):
        Campaign.objects.update(timezone=zone)
        assert there.clients["manager"].get(reverse("campaigns:start", args=campaign)).status_code == 200, zone
    for address in ("unix:", "1.2.3.4, nowhere", "::ffff:1.2.3.4%eth0", "999.1.1.1", DIGITS):
        for settings.TRUSTED_PROXIES in (0, 1):
            at = {"REMOTE_ADDR": address, "HTTP_X_FORWARDED_FOR": address}
            assert Client().get("/metrics", **at).status_code in (200, 403), address
            assert Client().post("/sign-out/", **at).status_code == 302, address
    for charset in ("rot13", "no-such", "hex", "utf-16"):
        form = f"application/x-www-form-urlencoded; charset={charset}"
        answer = there.clients["uploader"].generic("POST", "/language/", b"x", content_type=form)
        assert answer.status_code == 400 and b"<main" in answer.content, charset


def test_what_was_asked_of_whattalk_gets_a_page_whatever_came_of_it(there):
    for role, own in (("uploader", 18), ("other", 0), ("admin", 18)):
        pages = [there.clients[role].get(reverse("campaigns:waiting", args=[n])) for n in there.things["remote request"]]
        assert sum(page.status_code in (200, 302, 422) for page in pages) == own, role
        assert sum(page.status_code == 404 for page in pages) == 36 - own, role


def test_somebody_elses_form_token_is_a_token_of_ones_own(there):
    form = {"campaign": there.things["campaign"][0], "pasted": "phone\n+905550000009", "form_token": "uploaded"}
    for role in ("other", "manager"):
        assert there.clients[role].post(reverse("imports:new"), form).status_code == 302
        assert ImportJob.objects.filter(owner__username=role, form_token="uploaded").count() == 1


def test_a_key_that_no_header_can_hold_gets_a_sentence(there):
    form = {"name": "A", "base_url": "https://app.whattalk.ai/api", "key": "kü", "max_in_flight": 1, "max_per_minute": 0}
    answer = there.clients["admin"].post(reverse("campaigns:new_account"), form)
    assert answer.status_code == 422 and "Copy it from WhatTalk again" in answer.content.decode()
    stored = there.clients["admin"].post(reverse("campaigns:check_account", args=[there.things["account"][1]]), follow=True)
    assert "does not accept the key" in stored.content.decode()
