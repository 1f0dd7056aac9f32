"""Each thing that can go wrong, brought about as it happens: the pages of an admin name it, and no longer once it is mended."""

import datetime as dt
import socket
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from background.database_clock import now_ms
from campaigns.models import AccountBudget
from config.launcher.broker import broker_command, broker_socket, is_broker_ready, private_broker_url
from imports.alerts import database, machine
from imports.alerts.gathering import MAIL_SERVER
from imports.alerts.mail_server import error_of_mail_server
from imports.alerts.rules import FAILURES
from imports.messages.lookup import sentence
from imports.models import Heartbeat, ImportJob
from imports.push.sender import run_slice
from imports.scheduling.dispatcher import is_due
from imports.scheduling.heartbeat import HeartbeatThread, note_mail_server
from tests.builders import a_campaign, a_job, an_account
from tests.processes import running


@pytest.fixture
def well(broker, adam, settings):
    """An instance with a worker, a broker, a dispatcher: nothing is wrong with it."""
    settings.DISK_FLOOR_BYTES = 0
    job = a_job(rows=2)
    all_goes_on(job)
    return job


def all_goes_on(job) -> None:
    """Everything has moved just now: this machine may have been busy for longer than an alert waits."""
    ImportJob.objects.filter(pk=job.pk).update(moved_at=timezone.now())
    beat_of("worker@one")
    is_due("dispatcher", 0)


def beat_of(name: str) -> HeartbeatThread:
    from django.conf import settings

    thread = HeartbeatThread(name, "worker", {"queues": list(settings.QUEUES), "started_ms": now_ms() - 3_600_000})
    assert thread._note(machine=None, stopped=0)
    return thread


@pytest.fixture
def named(client, adam, monkeypatch) -> Callable[[], set[str]]:
    """The codes that /metrics gives; each of them stands on the monitor and on the first page in words."""
    monkeypatch.setattr(machine, "memory", lambda: (2**33, 2**34))  # whatever else runs here
    client.force_login(adam)

    def codes() -> set[str]:
        families = text_string_to_metric_families(client.get("/metrics").content.decode())
        (family,) = [one for one in families if one.name == "rowcall_alert"]
        found = {one.labels["code"] for one in family.samples if one.value}
        for address in (reverse("imports:monitor"), "/", reverse("imports:alerts")):
            page = client.get(address)
            assert page.status_code == 200
            for code in found:
                assert sentence(f"alert_{code}").split("…")[0].split("(")[0] in page.content.decode(), (address, code)
        return found

    return codes


# -- what can go wrong: each changes something for as long as its block runs -------------------------------------------
@contextmanager
def broker_hangs(job, settings) -> Iterator[None]:
    address = settings.BROKER_URL
    with socket.create_server(("127.0.0.1", 0)) as silent:  # it takes every connection, and never answers
        settings.BROKER_URL = f"redis://127.0.0.1:{silent.getsockname()[1]}/0"
        yield
    settings.BROKER_URL = address


@contextmanager
def broker_is_full(job, settings) -> Iterator[None]:
    address, path = settings.BROKER_URL, broker_socket(settings.VAR_DIR / "full")
    command = [*broker_command(path, settings.VAR_DIR / "full"), "--maxmemory", "1"]
    with running(command, lambda: is_broker_ready(path)):  # one of its own: others use the usual one at the same time
        settings.BROKER_URL = private_broker_url(settings.VAR_DIR / "full")
        yield
    settings.BROKER_URL = address


@contextmanager
def worker_is_frozen(job, settings) -> Iterator[None]:
    Heartbeat.objects.create(name="worker@two", kind="worker", beat_ms=now_ms() - 26_000)
    yield
    beat_of("worker@two")


@contextmanager
def worker_is_gone(job, settings) -> Iterator[None]:
    beats = Heartbeat.objects.filter(kind="worker")
    beats.update(detail={"is_stopping": True})
    yield
    beat_of("worker@one")


@contextmanager
def disk_is_full(job, settings) -> Iterator[None]:
    settings.DISK_FLOOR_BYTES = 2**60
    yield
    settings.DISK_FLOOR_BYTES = 0


@contextmanager
def mail_server_is_away(job, settings) -> Iterator[None]:
    settings.EMAIL_BACKEND, settings.EMAIL_HOST = "django.core.mail.backends.smtp.EmailBackend", "127.0.0.1"
    Heartbeat.objects.create(name=MAIL_SERVER, kind="timer", last_run_ms=now_ms())
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # nobody listens
        settings.EMAIL_PORT = taken.getsockname()[1]
        note_mail_server(error_of_mail_server())
        yield
    note_mail_server("")


@contextmanager
def dispatcher_sleeps(job, settings) -> Iterator[None]:
    Heartbeat.objects.filter(name="dispatcher").update(last_run_ms=now_ms() - 26_000)
    yield
    is_due("dispatcher", 0)


@contextmanager
def key_is_refused(job, settings) -> Iterator[None]:
    account = job.campaign.account
    account.problem = "key"
    account.save()
    yield
    account.problem = ""
    account.save()


@contextmanager
def import_stands_still(job, settings) -> Iterator[None]:
    jobs = ImportJob.objects.filter(pk=job.pk)
    jobs.update(moved_at=timezone.now() - dt.timedelta(seconds=26))
    yield
    jobs.update(moved_at=timezone.now())


@contextmanager
def database_is_slow(job, settings) -> Iterator[None]:
    Heartbeat.objects.filter(name="worker@one").update(detail={"write_ms": 4_000, "started_ms": 1})
    yield
    beat_of("worker@one")


FAULTS = {
    "broker_silent": broker_hangs,
    "broker_full": broker_is_full,
    "worker_frozen": worker_is_frozen,
    "no_worker": worker_is_gone,
    "disk_short": disk_is_full,
    "mail_down": mail_server_is_away,
    "dispatcher_asleep": dispatcher_sleeps,
    "key_refused": key_is_refused,
    "import_still": import_stands_still,
    "database_slow": database_is_slow,
}


def test_what_is_wrong_is_named_for_as_long_as_it_is(well, named, settings):
    assert named() == set()
    for code, fault in FAULTS.items():
        all_goes_on(well)
        with fault(well, settings):
            assert named() == {code}
        assert code not in named(), f"{code} is mended"
    all_goes_on(well)
    assert named() == set()


def test_a_service_that_is_frozen_or_fails_is_named_by_what_its_senders_report(
    transactional_db, broker, sandbox, named, settings
):
    settings.DISK_FLOOR_BYTES, settings.SEND_LEASE_SECONDS = 0, 4
    job = a_job(a_campaign(an_account(sandbox.base_url, sandbox.api_key)), rows=3)
    ImportJob.objects.filter(pk=job.pk).update(moved_at=timezone.now())
    beat_of("worker@one"), is_due("dispatcher", 0)
    sandbox.control.fault("hang")
    run_slice(job.pk, 1)
    assert "service_frozen" in named()
    sandbox.control.clear_faults()
    run_slice(a_job(job.campaign, rows=["+905559999999"]).pk, 3)
    assert "service_frozen" not in named()
    sandbox.control.settings(maintenance=True)
    run_slice(a_job(job.campaign, rows=[f"+90555999{n:04d}" for n in range(FAILURES)]).pk, 1)
    assert "service_failing" in named() and AccountBudget.objects.get().learnt["pace"]["breaker"]["open_ms"] == 0
    sandbox.control.settings(maintenance=False)
    run_slice(a_job(job.campaign, rows=["+905559999998"]).pk, 3)
    assert "service_failing" not in named()


@contextmanager
def database_locked_by_somebody(mode: str) -> Iterator[None]:
    """`mode`: of the lock on PostgreSQL's tables."""
    if connection.vendor == "sqlite":
        other = sqlite3.connect(str(connection.settings_dict["NAME"]), isolation_level=None)
        other.execute("BEGIN EXCLUSIVE")
    else:
        other = connection.copy()
        other.connect()
        other.set_autocommit(False)
        other.cursor().execute(f"LOCK TABLE imports_heartbeat, imports_importrow IN {mode} MODE")
    try:
        yield
    finally:
        other.rollback()
        other.close()


def test_pages_are_shown_while_the_database_is_locked_and_say_that_it_is(transactional_db, broker, named, settings):
    settings.DISK_FLOOR_BYTES = 0
    Heartbeat.objects.create(name="worker@one", kind="worker", beat_ms=now_ms() - 26_000, detail={"started_ms": 1})
    # Of PostgreSQL's two ways the second keeps even those who read waiting.
    for mode in ("SHARE", "ACCESS EXCLUSIVE") if connection.vendor == "postgresql" else ("EXCLUSIVE",):
        with database_locked_by_somebody(mode):
            begun = time.monotonic()
            assert database.is_locked() and time.monotonic() - begun < 5
            assert named() == {"database_locked"}, mode
    assert not database.is_locked()
    beat_of("worker@one")
    assert "database_locked" not in named()


def test_nobody_but_admins_is_shown_what_is_wrong(db, client, alice, settings):
    settings.DISK_FLOOR_BYTES = 2**60
    client.force_login(alice)
    assert "disk" not in client.get("/").content.decode()
    assert client.get(reverse("imports:alerts")).status_code == 403
