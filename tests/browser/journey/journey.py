"""The journey of a spreadsheet as a visitor takes it: what is pressed on which page, found by what never changes with language."""

import re
import time
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.processes import PATIENCE


class Journey:
    """One import, page by page; `number` is its own once it is uploaded. Each step waits until the next page stands."""

    def __init__(self, page: Page):
        self.page = page

    # -- to the check page ---------------------------------------------------------------------------------------
    def upload(self, campaign: int, path: Path) -> "Journey":
        self.page.goto(f"/imports/new/?campaign={campaign}")
        self.page.locator("input[name=file]").set_input_files(path)
        return self.press_upload()

    def press_upload(self) -> "Journey":
        self.page.locator("form[enctype] button.button-main").click()
        self.page.wait_for_url(re.compile(r"/imports/\d+/columns/"))
        self.number = int(re.search(r"\d+", self.page.url.partition("/imports/")[2])[0])
        return self

    def columns_are_right(self) -> "Journey":
        """Whatever is asked is confirmed, as by somebody who has looked at it."""
        self._confirm_all_and_press("form:has(select[name^=column-])")
        self.page.wait_for_url(re.compile("/phones/"))
        return self

    def _confirm_all_and_press(self, form: str) -> None:
        """Once the form stands: at the same address a page may first say that the file is being read."""
        self.wait_for(form)
        for box in self.page.locator("input[type=checkbox][name^=confirm-]").all():
            box.check()
        self.page.locator(f"{form} button.button-main").click()

    def check(self) -> "Journey":
        self._confirm_all_and_press("form:has(input[name=kind])")
        return self.wait_for("#send")

    def to_check_page(self, campaign: int, path: Path) -> "Journey":
        return self.upload(campaign, path).columns_are_right().check()

    # -- sending ---------------------------------------------------------------------------------------------------
    @property
    def send_button(self) -> Locator:
        return self.page.locator("form[action$='/send/'] button.button-main")

    def send(self) -> "Journey":
        self.send_button.click()
        self.page.wait_for_url(re.compile(r"/imports/\d+/$"))
        return self

    def until_done(self, within: float = PATIENCE) -> "Journey":
        return self.wait_for("#reports", within)

    def press(self, action: str) -> "Journey":
        """The button that does `action` (pause, resume, send-rest, retry …)."""
        self.page.locator(f"form[action$='/{action}/'] button").click()
        return self

    def confirm(self, action: str) -> "Journey":
        """The same for what asks once more before it is done (cancel, undo)."""
        self.page.locator(f"details:has(form[action$='/{action}/']) > summary").click()
        return self.press(action)

    # -- what is seen ------------------------------------------------------------------------------------------------
    def counts(self) -> dict[str, int]:
        """What stands in the page's row of counts: kind of row → how many."""
        links = self.page.locator("a.count")
        told = [(link.get_attribute("href"), link.locator(".count-number").inner_text()) for link in links.all()]
        return {href.partition("show=")[2].partition("&")[0]: number_in(text) for href, text in told}

    def until_counts(self, within: float = PATIENCE, **wanted: int) -> "Journey":
        """Load the page again until its counts are these, which a worker is bringing about."""
        deadline = time.monotonic() + within
        while (counts := self.counts()) != wanted:
            assert time.monotonic() < deadline, f"{counts} on {self.page.url}"
            self.page.wait_for_timeout(300)
            self.page.reload()
        return self

    def wait_for(self, selector: str, within: float = PATIENCE) -> "Journey":
        """The page gets there by itself."""
        expect(self.page.locator(selector)).to_be_visible(timeout=within * 1000)
        return self


class PlainJourney(Journey):
    """Without JavaScript: a page that is to change is loaded again."""

    def wait_for(self, selector: str, within: float = PATIENCE) -> "Journey":
        deadline = time.monotonic() + within
        while not self.page.locator(selector).count():
            assert time.monotonic() < deadline, f"no {selector} on {self.page.url}"
            self.page.wait_for_timeout(300)
            self.page.reload()
        return self


def number_in(text: str) -> int:
    """`1,234`, `1.234` and `1 234` are one number."""
    return int(re.sub(r"\D", "", text))
