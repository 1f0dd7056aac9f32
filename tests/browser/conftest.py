"""A real Chromium on a real server: what people see, with a sandbox WhatTalk behind it and somebody who does the work.

Every page that a test opens is watched: an error in its console, a violation of its content security policy or a
request to another host fails the test.
"""

import os
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import close_old_connections, connections
from playwright.sync_api import Browser, Page, Playwright, expect, sync_playwright

from campaigns import gateway
from campaigns.models import Account, Assistant, Campaign
from imports.check import run
from imports.mail import outbox
from imports.models import ImportJob, JobState
from imports.push import sender, undo
from people.sign_in import one_time_link
from tests import chromium
from tests.browser.watching import Watched
from tests.builders import an_account
from tests.processes import PATIENCE

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "yes"  # Playwright's own loop runs in the thread of the test


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(item.path).is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="package")  # its event loop runs for as long as it lives: tests of other rooms run their own
def playwright_() -> Iterator[Playwright]:
    expect.set_options(timeout=PATIENCE * 1000)
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="package")
def browser(playwright_) -> Iterator[Browser]:
    program = playwright_.chromium.launch(executable_path=chromium.path(), args=["--no-sandbox"])
    yield program
    program.close()


class Visitor(Watched):
    """A window of a person of this test's database."""

    def sign_in(self, person) -> Page:
        return self.enter(one_time_link(person))


@pytest.fixture
def watched(browser, live_server) -> Iterator[type]:
    """`watched(**context options)`: a window whose problems fail the test."""
    opened: list[Visitor] = []

    def open_window(**options) -> Visitor:
        opened.append(Visitor(browser, live_server.url, **options))
        return opened[-1]

    yield open_window
    problems = [problem for window in opened for problem in window.wrong]
    for window in opened:
        window.context.close()
    assert not problems, "\n".join(problems)


@pytest.fixture
def account(transactional_db, sandbox) -> Account:
    """The sandbox's account, with its campaigns and assistants known here."""
    account = an_account(sandbox.base_url, sandbox.api_key, is_sandbox=True)
    elsewhere(gateway.refresh_assistants, account)
    elsewhere(gateway.refresh_campaigns, account)
    return account


def elsewhere(work, *args) -> None:
    """Do it in another thread: Playwright keeps an event loop in this one, and ours would not start beside it."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(work, *args).result()
        pool.submit(connections.close_all).result()


@pytest.fixture
def campaign(account) -> Campaign:
    """A draft, whose assistant nobody has named yet."""
    return Campaign.objects.filter(account=account, status="draft").earliest("pk")


@pytest.fixture
def known_campaign(campaign) -> Campaign:
    """Its assistant asks for a name and an offer; nothing is asked about that any more."""
    campaign.assistant = Assistant.objects.create(
        account=campaign.account, remote_id="77", name="Ayla", variables={"name": "", "offer": ""}
    )
    campaign.assistant_guessed = False
    campaign.save()
    return campaign


@pytest.fixture
def running_campaign(account) -> Campaign:
    return Campaign.objects.filter(account=account, status="in-progress").earliest("pk")


@pytest.fixture
def worker(transactional_db, settings, monkeypatch) -> Iterator[None]:
    """Does what a worker does: checks, sends, undoes and mails, as soon as there is something to do."""
    settings.SEND_SLICE_SECONDS = 2
    settings.SETTLE_SECONDS = settings.LOOKUP_GAP_SECONDS = 1
    monkeypatch.setattr("background.queue._send", lambda task, ids, **when: None)
    is_over = threading.Event()
    thread = threading.Thread(target=_work, args=(is_over,), name="worker")
    thread.start()
    yield
    is_over.set()
    thread.join(PATIENCE)
    assert not thread.is_alive(), "the next test would have found it at work"


def _work(is_over: threading.Event) -> None:
    try:
        while not is_over.wait(0.1):
            close_old_connections()
            for pk in ImportJob.objects.filter(state=JobState.CHECKING).values_list("pk", flat=True):
                run.run_check(pk)
            for pk in ImportJob.objects.filter(state=JobState.PUSHING).values_list("pk", flat=True):
                sender.run_slice(pk, 1)
            for pk in ImportJob.objects.exclude(undo_requested_at=None).filter(undone_at=None).values_list("pk", flat=True):
                undo.run_slice(pk, 1)
            outbox.send_due()
    finally:
        connections.close_all()


@pytest.fixture
def spreadsheets(tmp_path) -> "Spreadsheets":
    return Spreadsheets(tmp_path)


class Spreadsheets:
    """Files as people have them."""

    def __init__(self, folder: Path):
        self.folder = folder

    def csv(self, text: str, name: str = "leads.csv") -> Path:
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return path

    def clean(self, rows: int = 3) -> Path:
        lines = [f"+90532111{n:04d},Ayşe {n}" for n in range(rows)]
        return self.csv("\n".join(["phone_number,name", *lines]) + "\n")

    def mixed(self) -> Path:
        """Two good rows, one repaired, one invalid, one duplicate."""
        return self.csv(
            "Ad;Cep Telefonu\nAyşe;0532 111 22 33\nMehmet;+90 532 111 22 34\nElif;532 111 22 35\nCan;0532 11\nAyşe;0532 111 22 33\n"
        )
