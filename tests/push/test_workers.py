"""The sender in real worker processes, which are really killed, frozen and stopped."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from background.queue import enqueue
from campaigns.models import Settlement
from config.celery import app
from config.launcher.commands import worker_command
from imports import counters
from imports.models import Heartbeat, ImportJob, ImportRow, JobState
from tests.builders import a_campaign, an_account, phone
from tests.do_not_call.test_settling import numbers
from tests.processes import PATIENCE, running, wait_until

pytestmark = pytest.mark.usefixtures("broker")
ROWS = 300
LONG_MS = 600  # an answer that takes so long leaves time to hurt a worker before all rows are sent
FROZEN_SECONDS = 9  # longer than a lease, shorter than a lease and the wait before anything is sent again


@pytest.fixture
def worker(process_environment):
    """`with worker() as process:` a Celery worker with two children, listening."""
    environment = {
        **process_environment,
        "SEND_LEASE_SECONDS": "6",
        "SETTLE_SECONDS": "1",
        "SETTLE_SECONDS_WITH_DUPLICATES": "6",
        "LOOKUP_GAP_SECONDS": "1",
        "TICK_SECONDS": "2",
    }

    @contextmanager
    def starting(**more) -> Iterator:
        name = f"test-{os.getpid()}-{more.pop('ROWCALL_TEST_WORKER', 'first')}@localhost"
        command = worker_command(settings.BASE_DIR, name, ",".join(settings.QUEUES), 2, "--loglevel", "WARNING")
        with running(command, beats, env={**environment, **more}) as process:
            yield process

    return starting


def beats() -> bool:
    return Heartbeat.objects.filter(kind="worker").exists()


def sent(job: ImportJob) -> int:
    return counters.states(job.pk)["created"]


def is_done(job: ImportJob) -> bool:
    job.refresh_from_db()
    return job.state == JobState.DONE


def assert_each_once(sandbox, rows: int = ROWS) -> None:
    accepted = sandbox.ledger.accepted()
    assert len(accepted) == rows and not sandbox.ledger.doubles() and not sandbox.ledger.overlaps()


def test_an_enqueued_import_is_sent(worker, job_of, sandbox):
    job = job_of(ROWS)
    with worker():
        enqueue("imports.tasks.send_import", job.pk)
        wait_until(lambda: is_done(job))
    assert_each_once(sandbox)


def test_an_import_that_no_message_named_is_found_by_the_dispatcher(worker, job_of, sandbox):
    job = job_of(20)
    with worker():
        wait_until(lambda: is_done(job))
    assert_each_once(sandbox, 20)


def test_f2_kill_9_of_the_worker_and_all_its_children(worker, job_of, sandbox):
    sandbox.control.settings(latency_ms=LONG_MS)
    job = job_of(ROWS)
    with worker() as process:
        enqueue("imports.tasks.send_import", job.pk)
        wait_until(lambda: sent(job) > 20)
        os.killpg(process.pid, signal.SIGKILL)
    assert sent(job) < ROWS
    sandbox.control.settings(latency_ms=0)
    with worker():
        wait_until(lambda: is_done(job))
    assert_each_once(sandbox)
    assert counters.recount(job.pk)


def test_f8_sigterm_in_mid_import_leaves_nothing_unknown(worker, job_of, sandbox):
    sandbox.control.settings(latency_ms=LONG_MS)
    job = job_of(ROWS)
    with worker(SEND_LEASE_SECONDS="120") as process:  # no answer comes too late, however busy the machine
        enqueue("imports.tasks.send_import", job.pk)
        wait_until(lambda: sent(job) > 5)
        process.terminate()
        process.wait(PATIENCE)
    states = counters.states(job.pk)
    assert 0 < states["pending"] < ROWS and not states["sending"] and not states["unknown"]
    sandbox.control.settings(latency_ms=0)
    with worker():
        wait_until(lambda: is_done(job))
    assert_each_once(sandbox)


def test_f1_kill_9_of_a_child_in_the_middle_of_requests(worker, job_of, sandbox):
    sandbox.control.settings(latency_ms=LONG_MS)
    job = job_of(ROWS)
    with worker(SEND_LEASE_SECONDS="12") as process:
        enqueue("imports.tasks.send_import", job.pk)
        wait_until(lambda: sent(job) > 20)
        for child in children(process.pid):
            os.kill(child, signal.SIGKILL)
        assert sent(job) < ROWS
        sandbox.control.settings(latency_ms=0)
        wait_until(lambda: is_done(job))
    assert_each_once(sandbox)
    assert ImportRow.objects.filter(unknowns__gt=0).count() <= 32


def test_f9_a_worker_frozen_past_its_lease_doubles_nothing(worker, job_of, sandbox):
    sandbox.control.settings(latency_ms=LONG_MS)
    job = job_of(ROWS, allow_duplicates=True)
    with worker() as frozen:
        enqueue("imports.tasks.send_import", job.pk)
        wait_until(lambda: sent(job) > 20)
        os.killpg(frozen.pid, signal.SIGSTOP)
        assert sent(job) < ROWS
        sandbox.control.settings(latency_ms=0)
        try:
            with worker(ROWCALL_TEST_WORKER="second"):
                # Not until it is done: frozen in the middle of a commit, it keeps a SQLite file locked.
                time.sleep(FROZEN_SECONDS)
                os.killpg(frozen.pid, signal.SIGCONT)
                wait_until(lambda: is_done(job))
        finally:
            os.killpg(frozen.pid, signal.SIGCONT)
    assert_each_once(sandbox)
    assert counters.recount(job.pk)


def test_f12_a_broker_that_forgets_everything_costs_a_dispatch(worker, job_of, sandbox, broker):
    sandbox.control.settings(latency_ms=LONG_MS)
    jobs = [job_of(60), job_of([f"+90532{n:07d}" for n in range(60)])]
    with worker():
        for job in jobs:
            enqueue("imports.tasks.send_import", job.pk)
        with app.connection_for_write() as link:
            link.default_channel.client.flushdb()  # all there is of ours: other test processes use other databases of this broker
        wait_until(lambda: all(is_done(job) for job in jobs))
    assert_each_once(sandbox, 120)


def children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def test_a_number_listed_in_the_browser_is_out_of_whattalk_within_seconds_though_an_import_of_it_is_running(
    worker, campaign, job_of, sandbox, bob
):
    """Listed while its row is waiting in one campaign, and its leads wait in two more of two accounts; nobody presses anything else."""
    other = an_account(sandbox.base_url, sandbox.api_key, name="Second")
    listed = phone(ROWS - 1)
    sandbox.control.add_leads(1051, [listed])
    a_campaign(campaign.account, "1051", name="Running", status="in-progress")
    sandbox.control.add_leads(1052, [phone(900), phone(901)], secondary_contacts=[{"phone_number": listed, "variables": {}}])
    a_campaign(other, "1052", name="Of the second account")
    sandbox.control.settings(latency_ms=100)
    job = job_of(ROWS)
    with worker():
        wait_until(lambda: sent(job) > 5)
        browser = Client()
        browser.force_login(bob, backend="django.contrib.auth.backends.ModelBackend")
        browser.post(reverse("imports:do_not_call"), {"numbers": listed, "note": "asked"})
        begun = time.monotonic()
        wait_until(lambda: listed not in numbers(sandbox))
        assert time.monotonic() - begun < 30
        wait_until(lambda: is_done(job))
        wait_until(lambda: not Settlement.objects.filter(state="waiting").exists())
    assert listed not in numbers(sandbox) and {phone(900), phone(901)} <= set(numbers(sandbox))
    assert counters.states(job.pk) | {"created": ROWS - 1, "do_not_call": 1} == counters.states(job.pk) and counters.recount(
        job.pk
    )
