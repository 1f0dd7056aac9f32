"""The journey once, disturbed at every step: a reload, back and forward, a session that ends at the press, a press that is made twice."""

import re
from collections.abc import Callable

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Locator, Page, expect

from campaigns.models import Campaign
from imports.models import ImportJob
from people.models import User
from tests.browser.test_turns import accepted
from tests.processes import wait_until

pytestmark = pytest.mark.any_database
PASSWORD = "correct horse battery"
LIST = "Ad Soyad;Cep Telefonu;Kampanya\nAyşe;0532 111 22 33;Bahar\nCan;0532 11;Bahar\nElif;0532 111 22 35;Bahar\n"
NUMBERS = ["+905321112233", "+905321112234", "+905321112235"]


class Visitor:
    """Somebody whose every step is disturbed."""

    def __init__(self, window, person: User):
        person.set_password(PASSWORD)
        person.save()
        self.page, self.person = window.sign_in(person), person

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    def come_again(self, *stands: Locator) -> None:
        """By a reload, and by back and forward."""
        self._stands(stands)
        self.page.reload()
        self._stands(stands)
        self.page.go_back()
        self.page.go_forward()
        self._stands(stands)

    def sign_in_again(self, press: Callable[[], None], *stands: Locator) -> None:
        """`press` comes after the session has ended; then the page stands where it stood, and nothing was done."""
        place = _path(self.page)
        Session.objects.all().delete()
        press()
        self.page.wait_for_url("**/sign-in/**")
        self.page.get_by_label("User name").fill(self.person.username)
        self.page.get_by_label("Password", exact=True).fill(PASSWORD)
        self.page.get_by_role("button", name="Sign in").click()
        self.page.wait_for_url(lambda address: "/sign-in/" not in address)
        assert _path(self.page) == place
        self._stands(stands)

    def press_again_after_back(self, name: str, *leads_to: Locator) -> None:
        """A double click; then, from the history of the browser, the same button once more where it is still there."""
        self.button(name).dblclick()
        self._stands(leads_to)
        self.page.go_back()
        self.page.wait_for_load_state()
        if self.button(name).is_visible():
            self.button(name).click()
        else:
            self.page.go_forward()
        self._stands(leads_to)

    def _stands(self, places: tuple[Locator, ...]) -> None:
        for place in places:
            expect(place).to_be_visible()


def _path(page: Page) -> str:
    return re.sub(r"[?#].*", "", page.url)


def test_nothing_breaks_and_nothing_is_lost_or_sent_twice(watched, worker, sandbox, known_campaign, bob, spreadsheets):
    window = watched()
    visitor = Visitor(window, bob)
    _upload(visitor, known_campaign, spreadsheets.csv(LIST))
    _columns(visitor)
    _phones(visitor)
    _check(visitor)
    _send(visitor, sandbox)
    _start(visitor, known_campaign)
    _undo(visitor, sandbox)
    window.wrong = [one for one in window.wrong if "status of 403" not in one]


def _upload(visitor: Visitor, campaign: Campaign, path) -> None:
    page = visitor.page
    page.goto("/imports/new/")
    chosen = page.get_by_label("Into which campaign?")
    visitor.come_again(chosen)
    chosen.select_option(str(campaign.pk))
    with page.expect_response("**/imports/new/beginning/**"):
        page.get_by_label("Which spreadsheet?").set_input_files(path)
    visitor.sign_in_again(
        visitor.button("Upload and go on").click, page.get_by_text("leads.csv was taken. Please choose it once more")
    )
    expect(chosen).to_have_value(str(campaign.pk))
    visitor.sign_in_again(
        lambda: page.get_by_label("Which spreadsheet?").set_input_files(path), page.get_by_text("choose it once more")
    )
    page.get_by_label("Which spreadsheet?").set_input_files(path)
    visitor.button("Upload and go on").dblclick()
    expect(page.get_by_role("heading", name="Which column is what?")).to_be_visible()
    assert ImportJob.objects.count() == 1


def _columns(visitor: Visitor) -> None:
    page = visitor.page
    heading, offer = page.get_by_role("heading", name="Which column is what?"), page.get_by_label("Offer", exact=True)
    visitor.come_again(heading)
    offer.select_option(label="Kampanya")
    expect(page.locator("#left-over")).not_to_contain_text("No column for")
    page.reload()
    expect(offer).to_have_value("2")
    expect(page.locator("#left-over")).not_to_contain_text("No column for")
    visitor.sign_in_again(visitor.button("The columns are right").click, heading)
    expect(offer).to_have_value("2")
    expect(page.locator("#left-over")).not_to_contain_text("No column for")
    visitor.sign_in_again(lambda: offer.select_option(value=""), heading)
    expect(page.locator("#left-over")).to_contain_text("No column for")
    offer.select_option(label="Kampanya")
    visitor.press_again_after_back(
        "The columns are right", page.get_by_role("heading", name="How are the phone numbers written?")
    )


def _phones(visitor: Visitor) -> None:
    page = visitor.page
    kind, region = page.get_by_label("International"), page.get_by_label("Country of national numbers")
    visitor.come_again(visitor.button("Check all rows"))
    region.select_option("DE")
    expect(page.locator("#phone-table")).to_contain_text("+49")
    visitor.sign_in_again(visitor.button("Check all rows").click, kind)
    expect(region).to_have_value("DE")
    expect(page.locator("#phone-table")).to_contain_text("+49")
    region.select_option("TR")
    expect(page.locator("#phone-table")).to_contain_text("+90")
    visitor.press_again_after_back("Check all rows", page.locator("#send"))


def _check(visitor: Visitor) -> None:
    page = visitor.page
    visitor.come_again(page.locator("#send"))
    cell = page.get_by_label("Phone number, row 3")
    cell.fill("0532 111 22 34")
    visitor.sign_in_again(lambda: cell.press("Enter"), cell)
    expect(cell).to_have_value("0532 111 22 34")
    cell.press("Enter")
    expect(page.locator("#row-3.row-fixed")).to_be_visible()
    page.go_back()
    page.go_forward()
    expect(visitor.button("Undo: row 3 corrected")).to_be_visible()


def _send(visitor: Visitor, sandbox) -> None:
    page = visitor.page
    visitor.sign_in_again(visitor.button("Send 3 leads").click, visitor.button("Send 3 leads"))
    assert accepted(sandbox) == []
    visitor.press_again_after_back("Send 3 leads", page.get_by_role("heading", name="3 leads were sent"))
    visitor.come_again(page.get_by_role("heading", name="3 leads were sent"))
    assert page.locator("[hx-get$='/progress/']").count() == 0, "what is done is not asked about again"
    assert accepted(sandbox) == NUMBERS


def _start(visitor: Visitor, campaign: Campaign) -> None:
    page = visitor.page
    done = page.url
    page.goto(f"/campaigns/{campaign.pk}/")
    visitor.come_again(page.get_by_role("button", name="Start campaign"))
    page.get_by_role("button", name="Start campaign").click()
    visitor.come_again(page.get_by_role("button", name="Start and call"))
    visitor.sign_in_again(
        page.get_by_role("button", name="Start and call").click, page.get_by_role("button", name="Start and call")
    )
    page.get_by_role("button", name="Start and call").dblclick()
    expect(page.get_by_text("The campaign is started.")).to_be_visible()
    assert Campaign.objects.get(pk=campaign.pk).status == "in-progress"
    page.go_back()
    page.go_forward()
    expect(visitor.button("Stop campaign")).to_be_visible()
    visitor.sign_in_again(visitor.button("Stop campaign").click, visitor.button("Stop campaign"))
    visitor.button("Stop campaign").dblclick()
    expect(page.get_by_text("The campaign is stopped.")).to_be_visible()
    assert Campaign.objects.get(pk=campaign.pk).status == "stopped"
    page.goto(done)


def _undo(visitor: Visitor, sandbox) -> None:
    page = visitor.page
    page.locator("details:has(form[action$='/undo/']) > summary").click()
    visitor.sign_in_again(visitor.button("Yes, undo").click, page.get_by_role("heading", name="3 leads were sent"))
    page.locator("details:has(form[action$='/undo/']) > summary").click()
    visitor.button("Yes, undo").dblclick()
    wait_until(lambda: ImportJob.objects.get().rows.filter(state="cancelled").count() == 3)
    assert accepted(sandbox) == NUMBERS, "nothing was sent again"
    assert len(list(sandbox.ledger.events("delete"))) == 3
