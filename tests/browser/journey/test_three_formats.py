"""The same list as csv, xlsx and xls, by mouse, from the upload to a campaign that calls."""

import csv
import io
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from tests.browser.journey.journey import Journey
from tests.browser.journey.sheets import ANSWER, LEADS, NOT_SENT, NUMBERS, ends

pytestmark = pytest.mark.any_database  # pages and scripts; what they ask of the database is tested on both elsewhere


@pytest.mark.parametrize("kind", ["csv", "xlsx", "xls"])
def test_from_the_file_to_calls(deployment, visit, campaign, kind):
    page = visit("manager")
    journey = Journey(page).to_check_page(campaign.pk, LEADS.with_suffix(f".{kind}"))
    assert _without_nothing(journey.counts()) == ends("ready")
    assert sum(journey.counts().values()) == ANSWER["rows"]
    journey.send().until_done()
    assert _without_nothing(journey.counts()) == ends("created")
    assert deployment.accepted(campaign) == NUMBERS
    assert _rows_of_csv(_download(page, "errors.csv")) == NOT_SENT
    assert _rows_of_xlsx(_download(page, "errors.xlsx")) == NOT_SENT
    assert len(_rows_of_csv(_download(page, "all.csv"))) == ANSWER["rows"]
    assert not any(number in deployment.mail_to("manager", journey.number).as_string() for number in NUMBERS)
    _start_and_stop(deployment, page, campaign)


def _without_nothing(counts: dict[str, int]) -> dict[str, int]:
    return {kind: n for kind, n in counts.items() if n}


def _download(page: Page, name: str) -> bytes:
    with page.expect_download() as waiting:
        page.locator(f"a[href$='/{name}']").click()
    return Path(waiting.value.path()).read_bytes()


def _rows_of_csv(content: bytes) -> list[int]:
    """Row numbers, as Excel on a Turkish or an English computer would open it."""
    text = content.decode("utf-8-sig")
    head, *rows = csv.reader(io.StringIO(text), csv.Sniffer().sniff(text.splitlines()[0], ",;\t"))
    assert head[-len(ANSWER["header"]) :] == ANSWER["header"]
    return [int(row[0]) for row in rows]


def _rows_of_xlsx(content: bytes) -> list[int]:
    head, *rows = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0].values
    assert list(head[-len(ANSWER["header"]) :]) == ANSWER["header"]
    return [int(row[0]) for row in rows]


def _start_and_stop(deployment, page: Page, campaign) -> None:
    for action, status in (("start", "in-progress"), ("stop", "stopped")):
        button = page.locator(f"form[action='/campaigns/{campaign.pk}/{action}/'] button")
        button.click()
        if action == "start":  # the page that asks
            expect(page.get_by_role("button", name="Start and call")).to_be_visible()
            button.click()
        expect(page.locator(".messages .notice-good")).to_be_visible()
        assert deployment.sandbox.state()["campaigns"][campaign.remote] == status
