"""What tests may ask for: the cast of people, a broker, a sandbox WhatTalk, and the environment of other processes.

The cast: Alice uploads and owns what the test is about, Bob manages, Charlie uploads too and must see nothing of
Alice's, Adam administers.
"""

import os
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from urllib.parse import quote

import hypothesis
import pytest
from django.conf import settings
from django.contrib.auth.models import Group
from django.db import connection
from django.test import TransactionTestCase
from django.utils import translation

from background import database_clock, log_context, queue
from campaigns import remote_requests
from campaigns.remote_request_models import RemoteRequest
from campaigns.whattalk.sandbox.process import SandboxProcess
from campaigns.whattalk.sandbox.settings import Settings
from config.launcher.broker import broker_command, broker_socket, is_broker_ready
from config.launcher.ports import free_port
from imports.models import ImportJob, Operation
from imports.operations import runner
from imports.workflow import requests
from people.models import User
from people.roles import Role
from tests.emptying import empty_tables
from tests.forked_readers import forked_readers
from tests.processes import running
from tests.spreading import LONG, ByPlace
from tests.suite import WITHOUT_DATABASE

DATABASE_FIXTURES = {"db", "transactional_db", "live_server"}

# The same examples in every run, however long one takes. Others: --hypothesis-profile=default
hypothesis.settings.register_profile(
    "repeatable", deadline=None, derandomize=True, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("repeatable")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what touches the database, so that it can be run once more on another one. What pages ask of it is asked by
    `tests/web` and `tests/views` there; the whole way of a spreadsheet through a browser, by `tests/browser/journey`."""
    for item in items:
        touches = item.get_closest_marker("django_db") or DATABASE_FIXTURES & set(getattr(item, "fixturenames", ()))
        if touches and not item.get_closest_marker("any_database"):
            item.add_marker(pytest.mark.database)
            if item.nodeid.startswith(WITHOUT_DATABASE):
                raise pytest.UsageError(
                    f"{item.nodeid} touches the database: take its place out of WITHOUT_DATABASE in tests/suite.py"
                )
    items.sort(key=lambda item: not item.nodeid.startswith(LONG))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log):
    return ByPlace(config, log)


def pytest_report_header() -> list[str]:
    return _circumstances()


def pytest_terminal_summary(terminalreporter) -> None:
    terminalreporter.section("Rowcall")
    for line in _circumstances():
        terminalreporter.write_line(line)


def _circumstances() -> list[str]:
    """On what the tests ran, and what `./test` was told to leave out."""
    broker = "Redis" if os.environ.get("BROKER_URL") else "a private Valkey"
    left_out = os.environ.get("ROWCALL_TESTS_LEFT_OUT")
    return [f"database: {connection.display_name}, broker: {broker}", *([f"LEFT OUT: {left_out}"] if left_out else [])]


@pytest.fixture(autouse=True)
def what_a_worker_does_for_a_waiting_page_is_done_at_once() -> Iterator[pytest.MonkeyPatch]:
    """Where no worker runs, whoever asks does it: reading the beginning of a file, asking WhatTalk. See `no_worker_yet`."""

    def at_once(ask: Callable[..., Operation], job: ImportJob, *args, **options) -> Operation:
        operation = ask(job, *args, **options)
        runner.run(operation.pk)
        operation.refresh_from_db()
        job.refresh_from_db()
        return operation

    def answered_at_once(ask: Callable[..., RemoteRequest], *args, **options) -> RemoteRequest:
        asked = ask(*args, **options)
        remote_requests.run(asked.pk)
        asked.refresh_from_db()
        return asked

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(requests, "ask_for_preview", partial(at_once, requests.ask_for_preview))
        patch.setattr(requests, "ask_to_take", partial(at_once, requests.ask_to_take))
        patch.setattr(remote_requests, "ask", partial(answered_at_once, remote_requests.ask))
        yield patch


@pytest.fixture
def no_worker_yet(what_a_worker_does_for_a_waiting_page_is_done_at_once) -> None:
    """What is asked for waits, until the test does what a worker would."""
    what_a_worker_does_for_a_waiting_page_is_done_at_once.undo()


@pytest.fixture
def nothing_is_done_yet(no_worker_yet, monkeypatch) -> None:
    """As `no_worker_yet`, and no broker is told of it."""
    monkeypatch.setattr(queue, "_send", lambda *message, **options: None)


@pytest.fixture(scope="session", autouse=True)
def only_what_was_written_is_emptied() -> Iterator[None]:
    """After a test with transactions of its own. What migrations have made, groups for example, stays."""
    with pytest.MonkeyPatch.context() as patching:
        patching.setattr(TransactionTestCase, "_fixture_teardown", lambda test: empty_tables(test._databases_names(False)))
        yield


@pytest.fixture(scope="session", autouse=True)
def readers_start_quickly() -> Iterator[None]:
    with forked_readers():
        yield


def _person(username: str, role: Role) -> User:
    user = User.objects.create(
        username=username,
        first_name=username.capitalize(),
        email=f"{username}@example.com",
        language="en",
    )
    user.set_unusable_password()
    user.save()
    user.groups.add(Group.objects.get(name=role.group))
    return user


@pytest.fixture
def alice(db) -> User:
    return _person("alice", Role.UPLOADER)


@pytest.fixture
def bob(db) -> User:
    return _person("bob", Role.MANAGER)


@pytest.fixture
def charlie(db) -> User:
    return _person("charlie", Role.UPLOADER)


@pytest.fixture
def adam(db) -> User:
    return _person("adam", Role.ADMIN)


@pytest.fixture(autouse=True)
def language_is_the_default() -> None:
    """A request leaves its person's language behind in the process, and the next test would speak it."""
    translation.deactivate_all()
    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture(autouse=True)
def log_lines_are_about_nothing() -> None:
    """Work that a test calls by itself leaves behind what its lines are about; a worker begins anew with each task."""
    log_context.begin()


@pytest.fixture(autouse=True)
def tests_may_move_the_clock(request, monkeypatch) -> None:
    """A test that sets the database's clock means that time passes. Only those marked `clock_is_set` mean that the clock was set."""
    if not request.node.get_closest_marker("clock_is_set"):
        monkeypatch.setattr(database_clock, "step_ms", lambda *_looks: 0)


@pytest.fixture(scope="session")
def broker_url() -> Iterator[str]:
    """The address of a broker that answers: the one in BROKER_URL, else a private Valkey for this session."""
    if os.environ.get("BROKER_URL"):
        yield settings.BROKER_URL
        return
    socket = broker_socket(settings.VAR_DIR)
    with running(broker_command(socket, settings.VAR_DIR / "valkey"), lambda: is_broker_ready(socket)):
        yield settings.BROKER_URL


@pytest.fixture
def broker(broker_url: str) -> str:
    """The broker, empty."""
    from config.celery import app

    with app.connection_for_write() as link:
        link.default_channel.client.flushdb()
    return broker_url


@pytest.fixture(scope="session")
def sandbox_process() -> Iterator[SandboxProcess]:
    """One sandbox WhatTalk in a process of its own for all tests of a session."""
    with SandboxProcess(port=free_port()) as process:  # a test may stop it and start it there again
        yield process


@pytest.fixture
def sandbox(sandbox_process: SandboxProcess) -> SandboxProcess:
    """The sandbox as new: nothing in it but what it begins with, no faults, nobody is called."""
    ordinary = Settings(lead_pace=0).public() | {"api_key": sandbox_process.api_key}
    sandbox_process.control.settings(**ordinary)
    sandbox_process.control.reset()
    sandbox_process.control.clear_faults()
    return sandbox_process


@pytest.fixture
def process_environment(transactional_db) -> dict[str, str]:
    """The environment in which another process of Rowcall works on this test's database and folders."""
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATABASE_URL": database_url(),
        "BROKER_URL": settings.BROKER_URL,
        "PYTHONUNBUFFERED": "1",
    }


def database_url() -> str:
    """The address of the database that tests use right now (not the one they were started with)."""
    current = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{current['NAME']}"
    port = f":{current['PORT']}" if current["PORT"] else ""
    who = ":".join(quote(current[part], safe="") for part in ("USER", "PASSWORD") if current[part])
    return f"postgresql://{who}@{quote(current['HOST'], safe='')}{port}/{quote(current['NAME'])}"


@pytest.fixture
def manage() -> list[str]:
    """The beginning of a `manage.py` command line."""
    return [sys.executable, str(Path(settings.BASE_DIR) / "manage.py")]
