"""The grid by keyboard alone, over the end of a session and a reload; and the same without JavaScript."""

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from campaigns.models import Assistant
from imports.check.run import run_check
from imports.intake import steps as intake
from imports.models import ImportJob, RowState
from imports.pipeline.phones.normalise import PhoneFormat
from imports.workflow import steps as workflow
from tests.browser.conftest import elsewhere

pytestmark = pytest.mark.any_database

LIST = "Telefon,Ad Soyad\n0532 111 00 01,Ayşe\n12,Can\n13,Ece\n0532 111 00 04,Su\n14,Nur\n"


@pytest.fixture
def job(campaign, alice) -> ImportJob:
    """Rows 2 and 5 can be sent, 3, 4 and 6 cannot."""
    made: list[ImportJob] = []
    elsewhere(lambda: made.append(_checked(campaign, alice)))
    return made[0]


def _checked(campaign, alice) -> ImportJob:
    campaign.assistant = Assistant.objects.filter(account=campaign.account).earliest("pk")
    campaign.assistant.variables = {"name": ""}
    campaign.assistant.save()
    campaign.save()
    job = intake.receive_upload([LIST.encode()], "leads.csv", campaign, alice)
    intake.set_mapping(job, {"phone_number": 0, "name": 1}, alice)
    intake.set_phone_format(job, PhoneFormat("national", "TR"), alice)
    workflow.start_check(job, in_background=False)
    run_check(job.pk)
    return ImportJob.objects.get(pk=job.pk)


def test_from_right_to_left_arrows_move_as_they_point(watched, job, alice):
    """The first column is on the right; at the end of a cell an arrow goes on into the cell on that side."""
    alice.language = "ar"
    alice.save()
    page = watched().sign_in(alice)
    page.goto(f"/imports/{job.pk}/check/")
    phone, name = page.locator("tr[data-row='3'] input[type=text]").all()
    assert phone.bounding_box()["x"] > name.bounding_box()["x"]
    phone.focus()
    phone.select_text()
    page.keyboard.press("ArrowLeft")
    expect(name).to_be_focused()
    name.fill("جان")  # its end is on the left
    page.keyboard.press("ArrowRight")
    expect(name).to_be_focused()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    expect(phone).to_be_focused()
    assert page.locator("#why-3").evaluate("one => getComputedStyle(one).textAlign") == "start"


def focused(page) -> str:
    return page.evaluate("document.activeElement.id")


def test_by_keyboard_with_undo_after_a_reload_paste_and_a_session_that_ends(watched, job, alice, monkeypatch):
    alice.set_password("correct horse battery")
    alice.save()
    window = watched()
    page = window.sign_in(alice)
    page.goto(f"/imports/{job.pk}/check/")
    _move_and_correct(page)
    _come_back_after_the_session_has_ended(page, job)
    _send_with_tokens_that_are_too_old(window, page)
    _undo_and_redo_after_a_reload(page, job)
    _paste_a_block_that_is_too_large(page, job)
    monkeypatch.setattr("imports.pages.row_search.LOOKED_AT", 1)
    monkeypatch.setattr("imports.pages.row_search.AT_ONCE", 1)
    _search_and_leave_out(page)


def _move_and_correct(page) -> None:
    page.locator("#cell-3-0").focus()
    page.keyboard.press("ArrowDown")
    assert focused(page) == "cell-4-0"
    page.keyboard.press("ArrowRight")
    assert focused(page) == "cell-4-1"
    page.keyboard.press("ArrowLeft")
    page.keyboard.type("nonsense")
    page.keyboard.press("Escape")
    expect(page.locator("#cell-4-0")).to_have_value("13")
    page.keyboard.press("ArrowUp")
    page.keyboard.type("0532 111 00 02")
    page.keyboard.press("Enter")
    expect(page.locator("#row-3.row-fixed")).to_contain_text("+905321110002")
    expect(page.locator("#said")).to_contain_text("Row 3 will be sent to +905321110002. 2 rows cannot be called.")
    expect(page.locator("#ready-title")).to_contain_text("3 leads")
    expect(page.locator("#cell-4-0")).to_be_focused()


def _come_back_after_the_session_has_ended(page, job) -> None:
    Session.objects.all().delete()
    page.keyboard.type("0532 111 00 03")
    page.keyboard.press("Enter")
    page.wait_for_url("**/sign-in/**")
    assert page.url.endswith(f"next=/imports/{job.pk}/check/%23row-4")
    page.locator("[name=username]").fill("alice")
    page.locator("[name=password]").fill("correct horse battery")
    page.locator("[name=password]").press("Enter")
    expect(page.locator("#cell-4-0")).to_have_value("0532 111 00 03")
    expect(page.locator("#cell-4-0")).to_be_focused()
    assert job.rows.get(row_number=4).state == RowState.INVALID, "nothing is sent by itself"


def _send_with_tokens_that_are_too_old(window, page) -> None:
    page.context.clear_cookies(name="rowcall-csrf")  # as signing in again in another tab does: the forms of this one are too old
    with page.expect_event("load"):
        page.keyboard.press("Enter")
    expect(page.locator("#cell-4-0")).to_be_focused()
    expect(page.locator("#cell-4-0")).to_have_value("0532 111 00 03")
    window.wrong = [one for one in window.wrong if "status of 403" not in one]  # that is what was staged
    page.keyboard.press("Enter")
    expect(page.locator("#row-4.row-fixed")).to_be_visible()


def _undo_and_redo_after_a_reload(page, job) -> None:
    page.goto(f"/imports/{job.pk}/check/?show=all")
    page.locator("#cell-5-1").focus()
    page.keyboard.press("Control+z")
    expect(page.get_by_role("button", name="Redo: row 4 corrected")).to_be_visible()
    page.locator("#cell-4-0").focus()
    page.keyboard.press("Control+y")
    expect(page.get_by_role("button", name="Undo: row 4 corrected")).to_be_visible()


def _paste_a_block_that_is_too_large(page, job) -> None:
    page.locator("#cell-5-0").focus()
    page.evaluate(
        """() => { const data = new DataTransfer(); data.setData("text/plain", "0532 111 00 05\\tNew\\n0532 111 00 06\\tNew\\n0532 111 00 07\\tNew\\n");
        document.activeElement.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true})); }"""
    )
    expect(page.get_by_role("button", name="Undo: cells pasted into 2 rows")).to_be_visible()
    expect(page.get_by_text("2 pasted cells were left out")).to_be_visible()
    assert [row.phone[-2:] for row in job.rows.order_by("row_number")] == ["01", "02", "03", "05", "06"]


def _search_and_leave_out(page) -> None:
    page.locator("#id_q").fill("new 06")
    page.locator("#id_q").press("Enter")
    expect(page.locator("tr[id^=row-]")).to_have_count(1)
    assert page.url.endswith("q=new+06&after=5"), "a reload finds the same row"
    page.get_by_role("button", name="Leave row 6 out").press("Enter")
    expect(page.get_by_role("button", name="Take row 6 back")).to_be_focused()
    expect(page.locator("#ready-title")).to_contain_text("4 leads")


def test_without_javascript_and_on_a_small_screen(watched, job, alice):
    page = watched(java_script_enabled=False, viewport={"width": 390, "height": 844}).sign_in(alice)
    page.goto(f"/imports/{job.pk}/check/")
    page.locator("#cell-3-0").fill("0532 111 00 02")
    page.locator("button[form=fix-3]").click()
    page.get_by_role("button", name="Leave row 4 out").click()
    page.get_by_role("button", name="Undo: row 4 left out").click()
    page.get_by_role("button", name="Undo: row 3 corrected").click()
    page.get_by_role("button", name="Redo: row 3 corrected").click()
    page.locator("#id_show").select_option("all")
    page.locator("#id_q").fill("CAN")
    page.get_by_role("button", name="Search").click()
    expect(page.locator("tr[id^=row-]")).to_have_count(1)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert sorted(job.rows.values_list("state", flat=True)).count(RowState.PENDING) == 3
