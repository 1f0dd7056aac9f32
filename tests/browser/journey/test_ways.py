"""The same journey in other ways: for the first time, by keyboard alone, without JavaScript, in Turkish, on a phone."""

import re
import subprocess
import time
from pathlib import Path

import pytest
from django.utils import translation
from playwright.sync_api import Locator, Page, expect

from tests.browser.journey import sheets
from tests.browser.journey.journey import Journey, PlainJourney
from tests.figures import record_figure

pytestmark = pytest.mark.any_database  # pages and scripts; what they ask of the database is tested on both elsewhere

MOST_CLICKS = 8
TO_THE_CHECK_PAGE = ("form:has(select[name^=column-]) button.button-main", "form:has(input[name=kind]) button.button-main")
SEND = "form[action$='/send/'] button.button-main"


def test_the_first_lead_goes_out_within_eight_clicks(deployment, visit, manage, tmp_path):
    """From the link in a newcomer's hand, by pressing what the pages offer and nothing else."""
    (campaign,) = deployment.make_campaigns({"name": "The newest"})
    page, hand = visit(None), Hand()
    page.goto(_link_for(deployment, manage, "uploader"))
    began = time.monotonic()
    hand.click(page.locator("form:has(input[name=token]) button"))
    hand.click(page.locator(f"main a[href$='/imports/new/?campaign={campaign.pk}']"))
    with page.expect_file_chooser() as chooser:
        hand.click(page.locator("input[name=file]"))
    hand.clicks += 1  # the file, in the window of the system
    chooser.value.set_files(sheets.clean(tmp_path, 3).path)
    for button in ("form[enctype] button.button-main", *TO_THE_CHECK_PAGE, SEND):
        hand.click(page.locator(button))
    Journey(page).until_done()
    record_figure("first lead from the sign-in link", f"{hand.clicks} clicks, {time.monotonic() - began:.1f} s")
    assert deployment.accepted(campaign) == sheets.clean(tmp_path, 3).numbers
    assert hand.clicks <= MOST_CLICKS


class Hand:
    """Counts what it presses."""

    def __init__(self):
        self.clicks = 0

    def click(self, target: Locator) -> None:
        target.click()
        self.clicks += 1


def test_by_keyboard_alone(deployment, visit, campaign, tmp_path):
    page, sheet = visit("uploader"), sheets.mixed(tmp_path)
    page.goto("/imports/new/")
    _tab_to(page, "select[name=campaign]")
    for _option in page.locator("select[name=campaign] option").all():
        if page.locator("select[name=campaign]").input_value() != str(campaign.pk):
            page.keyboard.press("ArrowDown")
    expect(page.locator("select[name=campaign]")).to_have_value(str(campaign.pk))
    with page.expect_file_chooser() as chooser:  # asked for early: Chromium is told in the background
        _tab_to(page, "input[name=file]")
        page.keyboard.press("Enter")
    chooser.value.set_files(sheet.path)
    for button in ("form[enctype] button.button-main", *TO_THE_CHECK_PAGE):
        _press(page, button)
    _tab_to(page, "#row-5 [aria-invalid=true]")
    page.keyboard.press("Control+A")
    page.keyboard.type("0532 111 22 36")
    page.keyboard.press("Enter")
    expect(page.locator("#row-5.row-fixed")).to_contain_text("+905321112236")
    page.keyboard.press("Control+Home")
    _press(page, SEND)
    Journey(page).until_done()
    assert deployment.accepted(campaign) == [*sheet.numbers, "+905321112236"]


def test_without_javascript(deployment, visit, campaign, tmp_path):
    page, sheet = visit("uploader", java_script_enabled=False), sheets.mixed(tmp_path)
    journey = PlainJourney(page).to_check_page(campaign.pk, sheet.path)
    page.locator("#cell-5-1").fill("0532 111 22 36")
    page.locator("button[form=fix-5]").click()
    assert journey.counts()["ready"] == 4
    journey.send().until_done()
    assert deployment.accepted(campaign) == [*sheet.numbers, "+905321112236"]


def test_in_turkish(deployment, visit, campaign, tmp_path):
    """An admin lets Ayşe in, who reads Turkish in a browser that speaks English: pages, report and mail are hers."""
    page, sheet = visit(None), sheets.mixed(tmp_path)
    page.goto(_link_for_somebody_new(visit("admin"), "ayse", "tr"))
    page.locator("form:has(input[name=token]) button").click()
    expect(page.locator("html")).to_have_attribute("lang", "tr")
    journey = Journey(page).to_check_page(campaign.pk, sheet.path)
    assert journey.counts() == {
        "ready": 3,
        "invalid": 2,
        "duplicate_in_file": 1,
        "duplicate_in_campaign": 0,
        "do_not_call": 0,
        "no_consent": 0,
    }
    journey.send().until_done()
    assert deployment.accepted(campaign) == sheet.numbers
    expect(page.locator("#reports")).to_have_text(_turkish("Reports"))
    with page.expect_download() as waiting:
        page.locator("a[href$='/errors.csv']").click()
    report = Path(waiting.value.path()).read_text("utf-8-sig")
    assert report.startswith(";".join(f'"{_turkish(title)}"' for title in ("Row", "Outcome", "Reason", "What to do")))
    assert _turkish("rows in the file") in deployment.mail_to("ayse", journey.number).get_body(("plain",)).get_content()


def _turkish(text: str) -> str:
    with translation.override("tr"):
        return translation.gettext(text)


def _link_for_somebody_new(page: Page, username: str, language: str) -> str:
    """As an admin adds an uploader and copies the link that is shown."""
    page.goto("/users/new/")
    for name, text in {"username": username, "email": f"{username}@example.com"}.items():
        page.locator(f"input[name={name}]").fill(text)
    page.locator("select[name=language]").select_option(language)
    page.locator("input[name=role]").first.check()
    page.locator("main form button.button-main").click()
    page.locator("form[action$='/link/'] button").click()
    return page.locator(".secret").inner_text()


def test_on_a_phone(deployment, visit, campaign, tmp_path):
    """390 pixels, by touch; no page of the journey is wider than the screen."""
    page, sheet = visit("manager", viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True), sheets.mixed(tmp_path)
    page.goto("/")
    _fits(page)
    page.locator("[popovertarget=menu]").tap()
    page.locator("#menu a[href='/imports/new/']").tap()
    page.locator("select[name=campaign]").select_option(str(campaign.pk))
    expect(page.locator("#campaign-facts a[download]")).to_have_count(2)
    page.locator("input[name=file]").set_input_files(sheet.path)
    for button in ("form[enctype] button.button-main", *TO_THE_CHECK_PAGE, SEND):
        page.locator(button).wait_for()
        _fits(page)
        page.locator(button).tap()
    Journey(page).until_done()
    assert deployment.accepted(campaign) == sheet.numbers
    for address in (
        page.url,
        f"{page.url}rows/?show=invalid",
        f"/campaigns/{campaign.pk}/",
        f"/campaigns/{campaign.pk}/leads/",
        "/campaigns/",
        "/campaigns/new/",
        "/imports/",
        "/do-not-call/",
        "/settings/",
    ):
        assert page.goto(address).ok, address
        _fits(page)


def _link_for(deployment, manage: list[str], username: str) -> str:
    asked = subprocess.run(
        [*manage, "signin_link", username], env=deployment.instance.environment, capture_output=True, text=True, check=True
    )
    return asked.stdout.strip()


def _fits(page: Page) -> None:
    widths = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert widths[0] <= widths[1], f"{page.url} is {widths[0]} px wide on a screen of {widths[1]}"


def _press(page: Page, button: str) -> None:
    """Go to a button by Tab and press it; wait for the next page."""
    before = page.url
    _tab_to(page, button)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: url != before)


def _tab_to(page: Page, selector: str) -> None:
    """With Tab alone, as far as it takes; what has the focus must be seen to have it."""
    page.locator(selector).first.wait_for()
    for _ in range(150):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            style = page.evaluate(
                "(style => style.outlineStyle + ' ' + style.boxShadow)(getComputedStyle(document.activeElement))"
            )
            assert not re.fullmatch("none none", style), f"{selector} does not show that it has the focus"
            return
    pytest.fail(f"{selector} cannot be reached by Tab on {page.url}")
