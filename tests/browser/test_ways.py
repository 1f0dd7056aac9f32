"""Other ways of looking and acting: zoomed in, in Excel, watching from elsewhere."""

import openpyxl
from playwright.sync_api import expect

from imports.models import ImportRow
from tests.browser.test_road import accepted, upload


def test_at_twice_the_size_nothing_is_cut(watched, campaign, alice, spreadsheets):
    """200 % at 1280 pixels is a window of 640."""
    page = watched(viewport={"width": 640, "height": 450}, device_scale_factor=2).sign_in(alice)
    upload(page, campaign, spreadsheets.mixed())
    for button in ("The columns are right", "Check all rows"):
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), page.url
        page.get_by_role("button", name=button).click()


def test_fix_in_excel_and_give_it_back(watched, worker, sandbox, campaign, alice, spreadsheets, tmp_path):
    page = watched(accept_downloads=True).sign_in(alice)
    upload(page, campaign, spreadsheets.mixed())
    page.get_by_role("button", name="The columns are right").click()
    page.get_by_role("button", name="Check all rows").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Fix in Excel").click(timeout=20_000)
    path = tmp_path / "corrected.xlsx"
    download.value.save_as(path)
    _type_into(path, "Cep Telefonu", "0532 111 22 37")
    page.get_by_label("Corrected workbook").set_input_files(path)
    page.get_by_role("button", name="Take corrections").click()
    expect(page.get_by_text("1 row was put right.")).to_be_visible()
    page.get_by_role("button", name="Send 4 leads").click()
    expect(page.get_by_role("heading", name="4 leads were sent")).to_be_visible(timeout=20_000)
    assert accepted(sandbox) == ["+905321112233", "+905321112234", "+905321112235", "+905321112237"]


def test_a_row_corrected_after_sending_goes_out_alone(watched, worker, sandbox, campaign, alice, spreadsheets):
    page = watched().sign_in(alice)
    upload(page, campaign, spreadsheets.mixed())
    for button in ("The columns are right", "Check all rows", "Send 3 leads"):
        page.get_by_role("button", name=button).click(timeout=20_000)
    expect(page.get_by_role("heading", name="3 leads were sent")).to_be_visible(timeout=20_000)
    page.get_by_role("link", name="Correct rows").click()
    page.get_by_label("Phone number, row 5").fill("0532 111 22 38")
    page.get_by_label("Phone number, row 5").press("Enter")
    expect(page.locator("#row-5")).to_contain_text("+905321112238")
    for _ in range(60):
        if ImportRow.objects.filter(row_number=5, state="created").exists():
            break
        page.wait_for_timeout(200)
    assert accepted(sandbox) == ["+905321112233", "+905321112234", "+905321112235", "+905321112238"]


def test_pause_resume_and_cancel(watched, worker, sandbox, campaign, alice, spreadsheets):
    sandbox.control.settings(latency_ms=300)
    page = watched().sign_in(alice)
    upload(page, campaign, spreadsheets.clean(400))
    for button in ("The columns are right", "Check all rows", "Send 400 leads"):
        page.get_by_role("button", name=button).click(timeout=20_000)
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_text("Paused by Alice.")).to_be_visible()
    page.get_by_role("button", name="Resume").click()
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    page.get_by_text("Cancel import").click()
    page.get_by_role("button", name="Yes, cancel").click()
    expect(page.get_by_role("heading", name="Cancelled;")).to_be_visible(timeout=20_000)
    assert 0 < len(accepted(sandbox)) < 400


def test_progress_ends_by_itself_without_a_reload(watched, worker, sandbox, campaign, alice, spreadsheets):
    window = watched()
    page = window.sign_in(alice)
    upload(page, campaign, spreadsheets.clean(2))
    for button in ("The columns are right", "Check all rows", "Send 2 leads"):
        page.get_by_role("button", name=button).click(timeout=20_000)
    expect(page.get_by_role("heading", name="2 leads were sent")).to_be_visible(timeout=20_000)
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.wait_for_timeout(4_000)
    assert not asked


def _type_into(path, header: str, text: str) -> None:
    """As a person would: find the column by its header, type into the first row, save."""
    book = openpyxl.load_workbook(path)
    sheet = book.active
    column = next(cell.column for cell in sheet[1] if cell.value == header)
    sheet.cell(2, column).value = text
    book.save(path)
