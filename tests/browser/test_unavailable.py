"""The database is busy while somebody corrects a row in the table: the table and what was typed stay, and a sentence says why."""

import pytest
from django.db import OperationalError
from playwright.sync_api import expect

from imports.check import corrections
from tests.browser.test_turns import upload

pytestmark = pytest.mark.any_database

BUSY = "The database is busy or cannot be reached at the moment."


@pytest.mark.parametrize("options", [{}, {"viewport": {"width": 390, "height": 844}}])
def test_a_correction_that_cannot_be_taken_is_not_lost(options, watched, worker, campaign, alice, spreadsheets, monkeypatch):
    window = watched(**options)
    page = window.sign_in(alice)
    upload(page, campaign, spreadsheets.mixed())
    page.get_by_role("button", name="The columns are right").click()
    page.get_by_role("button", name="Check all rows").click()
    cell = page.locator("#row-5 [aria-invalid=true]")
    correct = corrections.correct_row

    def busy(*_args):
        raise OperationalError("database is locked")

    monkeypatch.setattr(corrections, "correct_row", busy)
    cell.fill("0532 111 22 38")
    cell.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text(BUSY)
    monkeypatch.setattr(corrections, "correct_row", correct)
    expect(cell).to_have_value("0532 111 22 38")
    cell.press("Enter")
    expect(page.locator("#row-5")).to_contain_text("+905321112238")
    expect(page.get_by_role("alert")).to_have_count(0)
    window.wrong = [one for one in window.wrong if "status of 503" not in one]  # that is what was staged
