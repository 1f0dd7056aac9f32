"""The do-not-call list as a manager uses it: on a phone, in both themes, without scripts, in Turkish."""

import os

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import expect

from campaigns.models import DoNotCall, Settlement
from imports.models import NumberList
from tests.browser.test_accessibility import CUT, THEMES

pytestmark = pytest.mark.any_database

LISTED = "+905321112233"


@pytest.fixture
def busy(campaign, bob) -> None:
    """A list that was read, something that waits at WhatTalk, something that was done there."""
    done = {
        "parts": 1,
        "new": 299_998,
        "known": 1,
        "doubtful": 1,
        "named": [[7, "12", "phone_too_short", {"region": "TR", "digits": 2}]],
    }
    NumberList.objects.create(file_key="0" * 32, file_name="arama-engeli.xlsx", state="done", added_by=bob, progress=done)
    DoNotCall.objects.create(
        phone_number="+905321112244", campaign=campaign, note="asked by mail", added_by=bob, searched_at=timezone.now()
    )
    Settlement.objects.create(phone_number="+905321112244", account=campaign.account, campaign=campaign, outcome="unreachable")
    Settlement.objects.create(
        phone_number=LISTED,
        account=campaign.account,
        campaign=campaign,
        outcome="made",
        state="settled",
        settled_at=timezone.now(),
        detail={"leads": {"9": {"at": "made"}}},
    )


def test_a_number_is_listed_and_taken_off_after_a_question(watched, busy, campaign, bob):
    page = watched(java_script_enabled=False).sign_in(bob)
    page.goto("/do-not-call/")
    page.get_by_label("Numbers").fill("0532 111 22 33\n")
    page.get_by_label("Note").fill("asked by phone")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("1 number was added.")).to_be_visible()
    expect(page.get_by_text("the lead was made anew without it")).to_be_visible()
    expect(page.get_by_text("WhatTalk cannot be reached. It is tried again by itself.")).to_be_visible()
    page.get_by_role("link", name=f"Remove {LISTED}").click()
    expect(page.get_by_role("heading", name="Remove from the do-not-call list?")).to_be_visible()
    page.get_by_role("link", name="Keep it on the list").click()
    page.get_by_role("link", name=f"Remove {LISTED}").click()
    page.get_by_role("button", name="Remove from the list").click()
    expect(page.get_by_text("The number may be called again.")).to_be_visible()
    assert not DoNotCall.objects.filter(phone_number=LISTED).exists()


@pytest.mark.parametrize("language", ["en", "tr"])
def test_it_fits_a_phone_in_both_themes(watched, busy, bob, language):
    bob.language = language
    bob.save()
    DoNotCall.objects.create(phone_number=LISTED, added_by=bob)
    page = watched(viewport={"width": 390, "height": 844}).sign_in(bob)
    for path in ("/do-not-call/", f"/do-not-call/{DoNotCall.objects.get(phone_number=LISTED).pk}/remove/"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        assert not page.evaluate(CUT)
        for theme, rules in THEMES.items():
            page.emulate_media(color_scheme=theme)
            page.wait_for_timeout(500)
            found = Axe().run(page, options=rules).response["violations"]
            assert not found, str(found)[:2000]
            if folder := os.environ.get("SHOTS"):
                page.screenshot(path=f"{folder}/{language}-{theme}-{path.strip('/').replace('/', '-')}.png", full_page=True)
