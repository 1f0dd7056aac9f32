"""One whole Rowcall for all tests of the journey: broker, sandbox, web server, worker, scheduler, as `up` starts them.

On PostgreSQL and Redis where the tests are run on them. A campaign of its own keeps each test apart from the others.
"""

import os
import re
import sqlite3
import urllib.request
from collections.abc import Callable, Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import NamedTuple

import psycopg
import pytest
from playwright.sync_api import Page

from campaigns.whattalk.sandbox.ledger import Ledger
from campaigns.whattalk.sandbox.process import SandboxControl
from tests.browser.watching import Watched
from tests.instances import Instance, up
from tests.processes import wait_until

# What a killed worker held is given up sooner than in production: nobody waits two minutes for a test.
SHORTER = {"SEND_LEASE_SECONDS": "10", "SETTLE_SECONDS": "1", "LOOKUP_GAP_SECONDS": "1", "SEND_SLICE_SECONDS": "10"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Once more on PostgreSQL and Redis, unless they are marked otherwise."""
    for item in items:
        if Path(item.path).is_relative_to(Path(__file__).parent) and not item.get_closest_marker("any_database"):
            item.add_marker(pytest.mark.database)


class Known(NamedTuple):
    """A campaign: WhatTalk's id, ours."""

    remote: str
    pk: int


class Deployment:
    """The running Rowcall, its people's windows and its sandbox."""

    def __init__(self, instance: Instance, browser):
        self.instance, self._browser = instance, browser
        self.address, self.var = instance.address, instance.var
        port = (self.var / "sandbox" / "port").read_text().strip()
        self.sandbox = SandboxControl(f"http://127.0.0.1:{port}/api")
        self.ledger = Ledger(self.var / "sandbox" / "ledger.jsonl")
        self._states = {name: self._state_after(link) for name, link in instance.links().items()}

    def _state_after(self, link: str) -> dict:
        """What the browser of a person keeps once they are signed in."""
        window = Watched(self._browser, self.address)
        window.enter(link).wait_for_load_state()
        state = window.context.storage_state()
        window.context.close()
        return state

    def window(self, username: str | None, **options) -> Watched:
        """Of somebody signed in, or of a stranger (None)."""
        window = Watched(self._browser, self.address, storage_state=self._states.get(username), **options)
        return window

    def make_campaigns(self, *wanted: dict[str, str]) -> list[Known]:
        """New campaigns at WhatTalk, which Rowcall knows since somebody pressed Refresh."""
        remote = [self.sandbox.add_campaign(**fields) for fields in wanted]
        page = self.window("manager").page
        page.goto("/campaigns/")
        page.locator("form[action$='/refresh/'] button").click()
        page.get_by_text("Campaigns and assistants are up to date.").wait_for()  # another page may wait for WhatTalk before
        page.goto("/imports/new/")
        ours = {
            text.rpartition(" (")[0]: int(value)
            for text, value in page.locator("select[name=campaign] option[value]").evaluate_all(
                "options => options.map(option => [option.text, option.value]).filter(([_, value]) => value)"
            )
        }
        page.context.close()
        return [Known(str(one), ours[fields["name"]]) for one, fields in zip(remote, wanted, strict=True)]

    def accepted(self, campaign: Known) -> list[str]:
        """Numbers that WhatTalk took for this campaign, each as often as it took it."""
        taken = self.ledger.accepted().items()
        return sorted(phone for (remote, phone), ids in taken if remote == campaign.remote for _id in ids)

    def rows_not_created(self) -> list[tuple]:
        """What is known of some rows that ended otherwise: for the message of a test that failed."""
        sql = (
            "SELECT id, job_id, state, reason, attempts, unknowns, misses, lookup_failures, first_intent_ms, detail FROM imports_importrow "
            "WHERE state <> 'created' AND state <> 'invalid' ORDER BY id DESC LIMIT 5"
        )
        clock = "SELECT service_clock FROM campaigns_account"
        address = self.instance.environment.get("DATABASE_URL")
        with psycopg.connect(address) if address else sqlite3.connect(self.var / "rowcall.sqlite3") as database:
            return [*database.execute(sql), *database.execute(clock)]

    def is_still(self) -> bool:
        """Whether no row is on its way, by what Rowcall says, and no request, by what the sandbox says."""
        with urllib.request.urlopen(f"{self.address}/metrics") as answer:
            rows = dict(re.findall(r'rowcall_rows\{state="(\w+)"\} (\d+)', answer.read().decode()))
        return rows.get("sending", "0") == "0" and self.sandbox.state()["open"] == 0

    def mail_to(self, username: str, number: int) -> EmailMessage:
        """The mail about import `number`, as soon as it is written."""
        return wait_until(lambda: next(self._mails_to(username, f"/imports/{number}/"), None), what="the mail")

    def _mails_to(self, username: str, link: str) -> Iterator[EmailMessage]:
        for path in (self.var / "mail").glob("*"):
            mail = message_from_bytes(path.read_bytes(), policy=policy.default)
            body = mail.get_body(("plain",))
            if mail["To"] == f"{username}@example.com" and body and f"{self.address}{link}" in body.get_content():
                yield mail


@pytest.fixture(scope="package")  # stopped as soon as the journey has been walked
def deployment(browser, tmp_path_factory) -> Iterator[Deployment]:
    with own_database() as environment, up(tmp_path_factory.mktemp("journey") / "var", {**SHORTER, **environment}) as instance:
        instance.wait_until_ready()
        yield Deployment(instance, browser)
        assert "the broker cannot be reached" not in instance.log  # work would begin all the same, with the next dispatch


class own_database:  # noqa: N801 - reads like `open`
    """`with own_database() as environment`: where the tests run on PostgreSQL and Redis, a new database in each; else nothing."""

    NAME = "journey"

    def __enter__(self) -> dict[str, str]:
        self._address = os.environ.get("DATABASE_URL", "")
        if not self._address.startswith("postgres"):
            return {}
        self._execute(f"DROP DATABASE IF EXISTS {self.NAME} WITH (FORCE)")
        self._execute(f"CREATE DATABASE {self.NAME}")
        return {
            "DATABASE_URL": f"{self._address.rsplit('/', 1)[0]}/{self.NAME}",
            "BROKER_URL": f"{os.environ['BROKER_URL'].rsplit('/', 1)[0]}/15",
        }

    def __exit__(self, *_) -> None:
        if self._address.startswith("postgres"):
            self._execute(f"DROP DATABASE {self.NAME} WITH (FORCE)")

    def _execute(self, sql: str) -> None:
        with psycopg.connect(self._address, autocommit=True) as link:
            link.execute(sql)


@pytest.fixture
def visit(deployment) -> Iterator[Callable[..., Page]]:
    """`visit("manager", **context options)`: a page of that person; what is wrong with any fails the test."""
    opened: list[Watched] = []

    def open_page(username: str | None = "manager", **options) -> Page:
        opened.append(deployment.window(username, **options))
        return opened[-1].page

    yield open_page
    problems = [problem for window in opened for problem in window.wrong]
    for window in opened:
        window.context.close()
    assert not problems, "\n".join(problems)


@pytest.fixture(scope="package")
def unused(deployment) -> list[Known]:
    """Drafts that no test has used yet: made all at once, because reading them from WhatTalk takes a while."""
    return deployment.make_campaigns(*({"name": f"Journey {n:02}"} for n in range(24)))


@pytest.fixture
def campaign(unused) -> Known:
    """A draft that only this test knows."""
    return unused.pop()


@pytest.fixture(autouse=True)
def calm(deployment) -> Iterator[None]:
    """No faults and no other pace are left behind."""
    yield
    deployment.sandbox.clear_faults()
    deployment.sandbox.settings(latency_ms=0, lead_pace=2)
