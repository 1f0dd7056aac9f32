"""Single turns of the journey, each on a database of its own; the whole of it is walked in `journey/`."""

import pytest
from playwright.sync_api import Page, expect

from imports.models import ImportRow
from tests.processes import wait_until

pytestmark = pytest.mark.any_database


def upload(page: Page, campaign, path) -> None:
    page.goto(f"/imports/new/?campaign={campaign.pk}")
    page.get_by_label("Which spreadsheet?").set_input_files(path)
    page.get_by_role("button", name="Upload and go on").click()


def accepted(sandbox) -> list[str]:
    """Numbers the service has taken, each as often as it took it."""
    return sorted(phone for (_campaign, phone), ids in sandbox.ledger.accepted().items() for _id in ids)


def test_the_phone_preview_follows_the_choice(watched, campaign, alice, spreadsheets):
    page = watched().sign_in(alice)
    upload(page, campaign, spreadsheets.mixed())
    page.get_by_role("button", name="The columns are right").click()
    page.get_by_label("Country of national numbers").select_option("DE")
    expect(page.locator("#phone-table")).to_contain_text("+49")
    page.get_by_label("International").check()
    expect(page.locator("#phone-table")).to_contain_text("cannot be called")


def test_another_header_row_is_read_on_the_spot(watched, campaign, alice, spreadsheets):
    path = spreadsheets.csv("List of May;\nAd;Cep Telefonu\nAyşe;0532 111 22 33\nCan;0532 111 22 34\n")
    page = watched().sign_in(alice)
    upload(page, campaign, path)
    page.get_by_label("Headers are in").select_option("0")
    expect(page.get_by_role("columnheader", name="A Name")).to_be_visible()
    page.get_by_label("Headers are in").select_option("2")
    expect(page.get_by_role("columnheader", name="Cep Telefonu")).to_be_visible()


def test_pasted_cells(watched, worker, sandbox, campaign, alice):
    page = watched().sign_in(alice)
    page.goto(f"/imports/new/?campaign={campaign.pk}")
    page.get_by_text("Or paste cells instead").click()
    page.get_by_label("Cells of your spreadsheet").fill("Telefon\tAd\n0532 111 22 33\tAyşe\n0532 111 22 34\tCan\n")
    page.get_by_role("button", name="Upload and go on").click()
    page.get_by_role("button", name="The columns are right").click()
    page.get_by_role("button", name="Check all rows").click()
    page.get_by_role("button", name="Send 2 leads").click()
    expect(page.get_by_role("heading", name="2 leads were sent")).to_be_visible()
    assert accepted(sandbox) == ["+905321112233", "+905321112234"]


def test_a_file_that_is_no_spreadsheet_says_what_it_is(watched, campaign, alice, spreadsheets):
    path = spreadsheets.folder / "list.xlsx"
    path.write_bytes(b"%PDF-1.7\n" + b"x" * 400)
    page = watched().sign_in(alice)
    upload(page, campaign, path)
    expect(page.get_by_text("This is a PDF, not a spreadsheet.")).to_be_visible()


def test_an_empty_form_puts_the_focus_on_what_is_missing(watched, campaign, alice):
    page = watched().sign_in(alice)
    page.goto("/imports/new/")
    page.get_by_role("button", name="Upload and go on").click()
    expect(page.locator(".errors")).to_be_focused()
    page.get_by_role("link", name="Campaign: Choose the campaign that is to call these people.").click()
    expect(page.get_by_label("Into which campaign?")).to_be_focused()


def test_a_row_corrected_after_sending_goes_out_alone(watched, worker, sandbox, campaign, alice, spreadsheets):
    page = watched().sign_in(alice)
    upload(page, campaign, spreadsheets.mixed())
    for button in ("The columns are right", "Check all rows", "Send 3 leads"):
        page.get_by_role("button", name=button).click()
    expect(page.get_by_role("heading", name="3 leads were sent")).to_be_visible()
    page.get_by_role("link", name="Correct rows").click()
    page.get_by_label("Phone number, row 5").fill("0532 111 22 38")
    page.get_by_label("Phone number, row 5").press("Enter")
    expect(page.locator("#row-5")).to_contain_text("+905321112238")
    page.get_by_role("button", name="Send 1 corrected lead").click()
    wait_until(ImportRow.objects.filter(row_number=5, state="created").exists)
    assert accepted(sandbox) == ["+905321112233", "+905321112234", "+905321112235", "+905321112238"]


ASKS_BY_ITSELF = """() => {
  document.querySelector("#main").insertAdjacentHTML("afterbegin", `<div id="part" hx-get="/part/" hx-trigger="every 900s">
    <button type="button">Old</button>
    <select hx-get="/part/" hx-trigger="change" hx-target="#part"><option>1<option>2</select></div>`);
  htmx.process(document.querySelector("#part"));
}"""
ASK_NOW = "() => htmx.ajax('GET', '/part/', {source: '#part', target: '#part'})"


def test_only_what_asks_by_itself_waits_for_a_press_and_only_for_one_of_the_main_button(watched, alice):
    page = watched().sign_in(alice)
    page.goto("/")
    page.route("**/part/", lambda route: route.fulfill(body="<p>New</p>", content_type="text/html"))
    part = page.locator("#part")
    page.evaluate(ASKS_BY_ITSELF)
    part.get_by_role("button").hover()
    page.mouse.down()
    page.evaluate(ASK_NOW)
    expect(part.get_by_role("button")).to_be_visible()
    page.mouse.up()
    page.mouse.down(button="right")
    page.evaluate(ASK_NOW)
    expect(part).to_have_text("New")
    page.mouse.up(button="right")
    part.evaluate("part => part.remove()")
    page.evaluate(ASKS_BY_ITSELF)
    part.locator("select").dispatch_event("pointerdown", {"button": 0, "bubbles": True})  # its list is open: no pointer is let go
    part.locator("select").select_option("2")
    expect(part).to_have_text("New")


def test_at_twice_the_size_nothing_is_cut(watched, campaign, alice, spreadsheets):
    """200 % at 1280 pixels is a window of 640."""
    page = watched(viewport={"width": 640, "height": 450}, device_scale_factor=2).sign_in(alice)
    upload(page, campaign, spreadsheets.mixed())
    for name in ("The columns are right", "Check all rows"):
        button = page.get_by_role("button", name=name)
        expect(button).to_be_visible()  # before that another page may still be on its way
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), page.url
        button.click()
