"""Where people turn on the journey: rows put right, a running campaign, pause, cancel, undo, trying again."""

from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from tests.browser.journey import sheets
from tests.browser.journey.journey import Journey
from tests.processes import wait_until

pytestmark = pytest.mark.any_database  # pages and scripts; what they ask of the database is tested on both elsewhere


def test_rows_are_put_right_in_the_table(deployment, visit, campaign, tmp_path):
    """One to a good number, one to a number that the file has already."""
    page, sheet = visit("uploader"), sheets.mixed(tmp_path)
    journey = Journey(page).to_check_page(campaign.pk, sheet.path)
    _correct(page, 5, "(0532) 111-22-36")
    expect(page.locator("#row-5")).to_contain_text("+905321112236")
    _correct(page, 7, "0532 111 22 34")
    expect(page.locator("#row-7 .why")).to_contain_text("3")
    expect(page.locator("a.count[href*='duplicate_in_file'] .count-number")).to_have_text("2")
    assert journey.counts() == {
        "ready": 4,
        "invalid": 0,
        "duplicate_in_file": 2,
        "duplicate_in_campaign": 0,
        "do_not_call": 0,
        "no_consent": 0,
    }
    journey.send_button.dblclick()  # as people do who double-click everything
    journey.until_done()
    assert deployment.accepted(campaign) == [*sheet.numbers, "+905321112236"]


def test_rows_are_put_right_in_excel_before_and_after_sending(deployment, visit, campaign, tmp_path):
    """Only what was corrected is taken, and only that is sent; an untouched row stays as it was."""
    page, sheet = visit("uploader"), sheets.mixed(tmp_path)
    journey = Journey(page).to_check_page(campaign.pk, sheet.path)
    workbook = _take_along(page, tmp_path)
    _type_into(workbook, "0532 11", "0532 111 22 36")
    _give_back(page, workbook)
    expect(page.locator("a.count[href*='show=ready'] .count-number")).to_have_text("4")
    assert journey.counts() == {
        "ready": 4,
        "invalid": 1,
        "duplicate_in_file": 1,
        "duplicate_in_campaign": 0,
        "do_not_call": 0,
        "no_consent": 0,
    }
    journey.send().until_done()
    assert deployment.accepted(campaign) == [*sheet.numbers, "+905321112236"]
    page.locator("a[href*='show=invalid']").first.click()
    later = _take_along(page, tmp_path)
    _type_into(later, "yok", "0532 111 22 37")
    _give_back(page, later)
    page.goto(f"/imports/{journey.number}/")
    assert len(deployment.accepted(campaign)) == 4  # nothing goes out before somebody sends it
    journey.press("send-corrected")
    wait_until(lambda: len(deployment.accepted(campaign)) == 5)
    assert deployment.accepted(campaign) == [*sheet.numbers, "+905321112236", "+905321112237"]


def test_a_running_campaign_is_guarded_and_takes_twenty_first(deployment, visit, tmp_path):
    (campaign,) = deployment.make_campaigns({"name": "Running already", "status": "in-progress"})
    page, sheet = visit("uploader"), sheets.clean(tmp_path, 25)
    journey = Journey(page).to_check_page(campaign.pk, sheet.path)
    journey.send_button.click()
    expect(page.locator(".errors")).to_be_focused()
    assert deployment.accepted(campaign) == []
    page.locator("input[name=how][value=first]").check()
    journey.send().wait_for("form[action$='/send-rest/']")
    assert deployment.accepted(campaign) == sheet.numbers[:20]
    journey.press("send-rest").until_done()
    assert deployment.accepted(campaign) == sheet.numbers


def test_pause_resume_and_cancel(deployment, visit, campaign, tmp_path):
    """While it is paused nothing arrives; what was cancelled never does; the rest is told exactly."""
    page, sheet = visit("uploader"), sheets.clean(tmp_path, 900)
    journey = Journey(page).to_check_page(campaign.pk, sheet.path)
    deployment.sandbox.settings(latency_ms=1000)  # 900 rows take half a minute: time enough to press buttons
    journey.send()
    wait_until(lambda: deployment.accepted(campaign))
    journey.press("pause").wait_for("form[action$='/resume/']")
    sent = _settled(deployment, campaign)
    assert 0 < sent < 900
    page.wait_for_timeout(1500)
    assert len(deployment.accepted(campaign)) == sent
    journey.press("resume")
    wait_until(lambda: len(deployment.accepted(campaign)) > sent)
    _what_is_asked_outlasts_news(page)
    journey.press("cancel").until_done()
    sent = _settled(deployment, campaign)
    journey.until_counts(created=sent, cancelled=900 - sent)
    arrived = deployment.accepted(campaign)
    assert len(set(arrived)) == len(arrived) == sent < 900 and set(arrived) < set(sheet.numbers)


def _what_is_asked_outlasts_news(page) -> None:
    """*Cancel import* is opened and not confirmed yet while the page asks how far it is: it stays open, the focus where it was."""
    page.locator("#cancel > summary").click()
    page.keyboard.press("Tab")
    page.locator("#cancel").evaluate("details => { details.isOld = true }")
    wait_until(lambda: not page.locator("#cancel").evaluate("details => details.isOld"))
    expect(page.locator("#cancel-confirms")).to_be_focused()
    expect(page.locator("#cancel-confirms")).to_be_visible()


def test_undo_takes_back_what_was_not_called_yet(deployment, visit, campaign, tmp_path):
    """Six of twelve have been called when the campaign is stopped: they are kept, and listed."""
    page, sheet = visit("manager"), sheets.clean(tmp_path, 12)
    journey = Journey(page).to_check_page(campaign.pk, sheet.path).send().until_done()
    deployment.sandbox.settings(lead_pace=0)
    _press_in_campaign(page, campaign.pk, "start")
    deployment.sandbox.step(3)
    _press_in_campaign(page, campaign.pk, "stop")
    called = _called(deployment, campaign)
    page.goto(f"/imports/{journey.number}/")
    journey.confirm("undo")
    journey.until_counts(created=6, cancelled=6)
    assert {str(event["id"]) for event in deployment.ledger.events("delete")} & called == set()
    assert deployment.sandbox.state()["leads"][campaign.remote] == len(called) == 6
    page.locator("a[href*='kept_called']").click()
    expect(page.locator("tr[id^=row-]")).to_have_count(6)


def test_failed_rows_are_tried_again(deployment, visit, campaign, tmp_path):
    """A number that WhatTalk cannot take today is failed, told, and sent when somebody tries again."""
    page, sheet = visit("uploader"), sheets.clean(tmp_path, 5)
    deployment.sandbox.fault("500_before", phones=[sheet.numbers[2]])
    journey = Journey(page).to_check_page(campaign.pk, sheet.path).send().until_done()
    assert journey.counts() == {"created": 4, "failed": 1}
    assert deployment.accepted(campaign) == [number for number in sheet.numbers if number != sheet.numbers[2]]
    deployment.sandbox.clear_faults()
    journey.press("retry")
    expect(page.locator("a.count[href*='show=created'] .count-number")).to_have_text("5")
    assert deployment.accepted(campaign) == sheet.numbers


def _correct(page: Page, row: int, phone: str) -> None:
    cell = page.locator(f"#row-{row} [aria-invalid=true]")
    cell.fill(phone)
    cell.press("Enter")


def _take_along(page: Page, folder: Path) -> Path:
    with page.expect_download() as waiting:
        page.locator("a[href$='/workbook/']").first.click()
    path = folder / waiting.value.suggested_filename
    waiting.value.save_as(path)
    return path


def _type_into(path: Path, before: str, after: str) -> None:
    """As a person does: find the cell that is wrong, type over it, save."""
    book = openpyxl.load_workbook(path)
    cell = next(cell for row in book.worksheets[0].iter_rows() for cell in row if cell.value == before)
    cell.value = after
    book.save(path)


def _give_back(page: Page, path: Path) -> None:
    form = page.locator("form[action$='/workbook/take/']")
    form.locator("input[type=file]").set_input_files(path)
    form.locator("button").click()
    expect(page.locator(".messages")).to_be_visible()


def _settled(deployment, campaign) -> int:
    """How many have arrived, once no more can."""
    wait_until(deployment.is_still)
    return len(deployment.accepted(campaign))


def _press_in_campaign(page: Page, campaign: int, action: str) -> None:
    page.goto(f"/campaigns/{campaign}/{'start/' if action == 'start' else ''}")
    page.locator(f"form[action$='/{action}/'] button").click()
    expect(page.locator(".messages .notice-good")).to_be_visible()


def _called(deployment, campaign) -> set[str]:
    """Ids of the campaign's leads that were ever called (`moved` tells the number of calls)."""
    ours = {lead for (remote, _phone), ids in deployment.ledger.accepted().items() if remote == campaign.remote for lead in ids}
    moves = [move for event in deployment.ledger.events("moved") for move in event["leads"]]
    return ours & {str(lead) for lead, _status, calls in moves if calls}
