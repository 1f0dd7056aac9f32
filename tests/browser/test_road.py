"""The whole road in a real browser: by mouse, by keyboard alone, without JavaScript, on a phone."""

import pytest
from playwright.sync_api import Page, expect

from imports.models import ImportJob, ImportRow


def upload(page: Page, campaign, path) -> None:
    page.goto(f"/imports/new/?campaign={campaign.pk}")
    page.get_by_label("Which spreadsheet?").set_input_files(path)
    page.get_by_role("button", name="Upload and go on").click()


def accepted(sandbox) -> list[str]:
    """Numbers the service has taken, each as often as it took it."""
    return sorted(phone for (_campaign, phone), ids in sandbox.ledger.accepted().items() for _id in ids)


def test_the_first_lead_goes_out_within_eight_clicks(watched, worker, sandbox, campaign, alice, spreadsheets):
    window, clicks = watched(), 0
    page = window.sign_in(alice)
    clicks += 1
    expect(page.get_by_role("heading", name="Hello, Alice")).to_be_visible()
    page.get_by_role("link", name=f"Import into {campaign.name}").click()
    clicks += 1
    page.get_by_label("Which spreadsheet?").set_input_files(spreadsheets.clean(3))
    clicks += 2  # the button of the field, and the file in the system's own window
    for button in ("Upload and go on", "The columns are right", "Check all rows", "Send 3 leads"):
        page.get_by_role("button", name=button).click()
        clicks += 1
    expect(page.get_by_role("heading", name="3 leads were sent")).to_be_visible(timeout=20_000)
    assert clicks <= 8
    assert len(accepted(sandbox)) == 3


def test_a_mixed_file_adds_up_and_only_what_is_right_goes_out(watched, worker, sandbox, campaign, alice, spreadsheets):
    page = watched().sign_in(alice)
    upload(page, campaign, spreadsheets.mixed())
    expect(page.locator(".value", has_text="0532 111 22 33").first).to_be_visible()
    page.get_by_role("button", name="The columns are right").click()
    expect(page.get_by_text("+905321112235")).to_be_visible()
    page.get_by_role("button", name="Check all rows").click()
    expect(page.get_by_role("heading", name="3 leads are ready to be sent")).to_be_visible(timeout=20_000)
    expect(page.get_by_text("Together 5 rows: all of your file.")).to_be_visible()
    page.get_by_role("button", name="Send 3 leads").click()
    expect(page.get_by_role("heading", name="3 leads were sent")).to_be_visible(timeout=20_000)
    assert accepted(sandbox) == ["+905321112233", "+905321112234", "+905321112235"]


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
    expect(page.locator("#read ~ *, table").first).to_contain_text("A")
    page.get_by_label("Headers are in").select_option("2")
    expect(page.get_by_role("columnheader", name="Cep Telefonu")).to_be_visible()


def test_without_javascript(watched, worker, sandbox, campaign, alice, spreadsheets):
    page = watched(java_script_enabled=False).sign_in(alice)
    upload(page, campaign, spreadsheets.clean(2))
    page.get_by_role("button", name="The columns are right").click()
    page.get_by_role("button", name="Check all rows").click()
    for _ in range(40):
        if page.get_by_role("button", name="Send 2 leads").count():
            break
        page.wait_for_timeout(250)
        page.reload()
    page.get_by_role("button", name="Send 2 leads").click()
    for _ in range(40):
        if page.get_by_role("heading", name="2 leads were sent").count():
            break
        page.wait_for_timeout(250)
        page.reload()
    assert len(accepted(sandbox)) == 2


def test_by_keyboard_alone(watched, worker, sandbox, campaign, alice, spreadsheets):
    page = watched().sign_in(alice)
    page.goto(f"/imports/new/?campaign={campaign.pk}")
    _tab_to(page, "input[type=file]")
    page.locator("input[type=file]").set_input_files(spreadsheets.clean(2))  # the system's own window is not ours
    _press(page, "Upload and go on")
    expect(page.get_by_role("heading", name="Which column is what?")).to_be_visible()
    _press(page, "The columns are right")
    expect(page.get_by_role("heading", name="How are the phone numbers written?")).to_be_visible()
    _press(page, "Check all rows")
    expect(page.get_by_role("heading", name="2 leads are ready to be sent")).to_be_visible(timeout=20_000)
    _press(page, "Send 2 leads")
    expect(page.get_by_role("heading", name="2 leads were sent")).to_be_visible(timeout=20_000)
    assert len(accepted(sandbox)) == 2


def test_on_a_phone_nothing_is_wider_than_the_screen(watched, worker, campaign, alice, spreadsheets):
    page = watched(viewport={"width": 390, "height": 844}).sign_in(alice)
    page.get_by_role("button", name="Menu").click()
    page.get_by_role("link", name="New import").first.click()
    page.get_by_label("Into which campaign?").select_option(str(campaign.pk))
    page.get_by_label("Which spreadsheet?").set_input_files(spreadsheets.mixed())
    _fits(page)
    for button in ("Upload and go on", "The columns are right", "Check all rows"):
        page.get_by_role("button", name=button).click()
        _fits(page)
    expect(page.get_by_role("button", name="Send 3 leads")).to_be_visible(timeout=20_000)
    _fits(page)


def test_pasted_cells(watched, worker, sandbox, campaign, alice):
    page = watched().sign_in(alice)
    page.goto(f"/imports/new/?campaign={campaign.pk}")
    page.get_by_text("Or paste cells instead").click()
    page.get_by_label("Cells of your spreadsheet").fill("Telefon\tAd\n0532 111 22 33\tAyşe\n0532 111 22 34\tCan\n")
    page.get_by_role("button", name="Upload and go on").click()
    page.get_by_role("button", name="The columns are right").click()
    page.get_by_role("button", name="Check all rows").click()
    page.get_by_role("button", name="Send 2 leads").click(timeout=20_000)
    expect(page.get_by_role("heading", name="2 leads were sent")).to_be_visible(timeout=20_000)


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
    page.get_by_role("link", name="Campaign: This field is required.").click()
    expect(page.get_by_label("Into which campaign?")).to_be_focused()


def test_a_running_campaign_asks_how_many_first(watched, worker, sandbox, running_campaign, alice, spreadsheets):
    page = watched().sign_in(alice)
    upload(page, running_campaign, spreadsheets.clean(25))
    page.get_by_role("button", name="The columns are right").click()
    page.get_by_role("button", name="Check all rows").click()
    expect(page.get_by_text("This campaign is calling now.")).to_be_visible(timeout=20_000)
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator(".errors")).to_contain_text("Choose whether to send a few leads first")
    assert accepted(sandbox) == []
    page.get_by_label("Send 20 first, then ask me").check()
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_text("The first 20 rows have been sent, as you asked.")).to_be_visible(timeout=20_000)
    assert len(accepted(sandbox)) == 20
    page.get_by_role("button", name="Send the other 5").click()
    expect(page.get_by_role("heading", name="25 leads were sent")).to_be_visible(timeout=20_000)
    assert len(accepted(sandbox)) == 25


def test_a_row_is_put_right_in_its_table(watched, worker, sandbox, campaign, alice, spreadsheets):
    page = watched().sign_in(alice)
    upload(page, campaign, spreadsheets.mixed())
    page.get_by_role("button", name="The columns are right").click()
    page.get_by_role("button", name="Check all rows").click()
    cell = page.get_by_label("Phone number, row 5")
    cell.fill("0532 111 22 36", timeout=20_000)
    cell.press("Enter")
    expect(page.locator("#row-5")).to_contain_text("+905321112236")
    expect(page.locator("#sums")).to_contain_text("4")
    page.reload()
    page.get_by_role("button", name="Send 4 leads").click()
    expect(page.get_by_role("heading", name="4 leads were sent")).to_be_visible(timeout=20_000)
    assert "+905321112236" in accepted(sandbox)
    assert ImportRow.objects.get(row_number=5).cells == ["Can", "0532 11"]


def test_undo_takes_back_what_was_not_called(watched, worker, sandbox, campaign, bob, spreadsheets):
    page = watched().sign_in(bob)
    upload(page, campaign, spreadsheets.clean(3))
    for button in ("The columns are right", "Check all rows", "Send 3 leads"):
        page.get_by_role("button", name=button).click(timeout=20_000)
    expect(page.get_by_role("heading", name="3 leads were sent")).to_be_visible(timeout=20_000)
    page.get_by_text("Undo this import").click()
    page.get_by_role("button", name="Yes, undo").click()
    expect(page.get_by_text("Undo has begun")).to_be_visible()
    for _ in range(40):
        if ImportJob.objects.get().undone_at:
            break
        page.wait_for_timeout(250)
    page.reload()
    expect(page.get_by_text("This import was undone.")).to_be_visible()
    assert ImportJob.objects.get().rows.filter(state="cancelled").count() == 3


@pytest.mark.parametrize("action", ["start", "stop"])
def test_campaigns_are_started_and_stopped(watched, sandbox, campaign, running_campaign, bob, action):
    page = watched().sign_in(bob)
    one = campaign if action == "start" else running_campaign
    page.goto(f"/campaigns/{one.pk}/")
    page.get_by_role("button", name=f"{action.capitalize()} campaign").click()
    expect(
        page.get_by_text("The campaign is started." if action == "start" else "The campaign is stopped.")
    ).to_be_visible()
    one.refresh_from_db()
    assert one.status == ("in-progress" if action == "start" else "stopped")


def _fits(page: Page) -> None:
    page.wait_for_load_state("load")
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), page.url


def _press(page: Page, button: str) -> None:
    """Go to a button by Tab, see that it shows the focus, and press it."""
    found = page.get_by_role("button", name=button)
    for _ in range(80):
        if found.evaluate("element => element === document.activeElement"):
            break
        page.keyboard.press("Tab")
    expect(found).to_be_focused()
    assert found.evaluate("element => getComputedStyle(element).outlineStyle") == "solid"
    page.keyboard.press("Enter")


def _tab_to(page: Page, selector: str) -> None:
    for _ in range(40):
        if page.locator(selector).evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{selector} cannot be reached by Tab")
