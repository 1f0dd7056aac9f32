"""Messages and the dispatcher: work never depends on a message, nobody waits long for one. Rows F13–F16 and F30 of the fault table."""

import threading
import time

import pytest

from background import queue
from imports import counters, tasks
from imports.mail import outbox
from imports.models import Heartbeat, ImportJob, ImportRow, JobState, RowState
from imports.push import sender
from imports.scheduling import dispatcher, heartbeat
from tests.builders import a_job
from tests.push.test_push import counts

SEND = "imports.tasks.send_import"


@pytest.fixture(autouse=True)
def no_quiet_time(monkeypatch):
    monkeypatch.setattr(queue, "_quiet_until", 0.0)


@pytest.fixture
def heard(monkeypatch) -> list[tuple]:
    """What the dispatcher enqueues."""
    enqueued: list[tuple] = []
    monkeypatch.setattr(queue, "_send", lambda task, ids, **when: enqueued.append((task.rsplit(".")[-1], *ids)))
    return enqueued


@pytest.fixture
def dispatched(db, heard, django_capture_on_commit_callbacks):
    def dispatch() -> list[tuple]:
        heard.clear()
        Heartbeat.objects.filter(name="dispatcher").delete()
        with django_capture_on_commit_callbacks(execute=True):
            tasks.dispatch_due_work()
        return [one for one in heard if not one[0].startswith("sync_")]

    return dispatch


def test_f7_the_dispatcher_enqueues_what_the_database_says_is_to_be_done(dispatched, alice):
    sending, checking, undoing = a_job(rows=2), a_job(rows=0, state=JobState.CHECKING), None
    undoing = a_job(checking.campaign, rows=0, state=JobState.DONE, undo_requested_at="2026-05-01T00:00Z")
    outbox.owe(sending.pk, "done", [alice])
    assert sorted(one[:2] for one in dispatched()) == sorted(
        [
            ("send_import", sending.pk),
            ("check", checking.pk),
            ("undo", undoing.pk),
            ("send_mail", sending.mails.get().pk),
        ]
    )


@pytest.mark.parametrize(
    ("state", "row_state", "next_in_ms", "is_enqueued"),
    [
        (JobState.PUSHING, RowState.PENDING, 0, True),
        (JobState.PUSHING, RowState.PENDING, 60_000, False),
        (JobState.PUSHING, RowState.UNKNOWN, 0, True),
        (JobState.PUSHING, RowState.CREATED, 0, True),  # only to be ended
        (JobState.PAUSED, RowState.PENDING, 0, False),
        (JobState.PAUSED, RowState.UNKNOWN, 0, True),  # looking up is not sending
        (JobState.CANCELLED, RowState.PENDING, 0, True),  # to be cancelled
        (JobState.CANCELLED, RowState.UNKNOWN, 0, True),
        (JobState.DONE, RowState.CREATED, 0, False),
    ],
)
def test_which_imports_are_enqueued(state, row_state, next_in_ms, is_enqueued, dispatched):
    from background.database_clock import now_ms

    job = a_job(rows=1, state=state)
    ImportRow.objects.update(state=row_state, remote_id="1", next_ms=now_ms() + next_in_ms)
    assert (("send_import", job.pk) in [one[:2] for one in dispatched()]) == is_enqueued


def test_the_dispatcher_gives_up_expired_leases(dispatched):
    job = a_job(rows=1)
    ImportRow.objects.update(state=RowState.SENDING, lease_ms=1, token=5)
    counters.recount(job.pk)
    dispatched()
    assert ImportRow.objects.get().state == RowState.UNKNOWN and counters.recount(job.pk)


def test_one_kind_of_work_that_fails_does_not_silence_the_others(dispatched, monkeypatch):
    job = a_job(rows=1)
    monkeypatch.setattr(dispatcher.completion, "resume_mended", lambda: 1 / 0)
    assert ("send_import", job.pk) in [one[:2] for one in dispatched()]


def test_only_one_dispatcher_at_a_time_is_let_through(db):
    assert dispatcher.dispatch_due_work(lambda *_: None) and not dispatcher.dispatch_due_work(lambda *_: None)


def test_a_heartbeat_is_seen(db):
    heartbeat.beat("worker@here", "worker")
    assert Heartbeat.objects.get(kind="worker").beat_ms > 0


def test_f30_a_clock_that_jumps_moves_no_lease(job_of, sandbox, monkeypatch):
    """The clock of this process is two hours ahead: rows are claimed, looked up and leased by the database's."""
    real = time.time
    monkeypatch.setattr(time, "time", lambda: real() + 7200)
    sandbox.control.fault("500_after", times=2)
    job = sender.push_to_end(job_of(20).pk)
    assert counts(job) == {"created": 20}
    assert not sandbox.ledger.doubles() and not sandbox.ledger.overlaps()


def test_f16_every_message_five_times_at_once(job_of, sandbox):
    from django.db import connection

    job = job_of(60)

    def send() -> None:
        try:
            sender.run_at(job.pk, None, None)
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counts(ImportJob.objects.get()) == {"created": 60}
    assert not sandbox.ledger.doubles() and not sandbox.ledger.overlaps()


def test_a_sweep_that_fails_does_not_keep_the_next_from_their_turn(dispatched, monkeypatch):
    swept: list[str] = []
    monkeypatch.setattr(dispatcher.storage, "sweep_orphans", lambda: 1 / 0)
    monkeypatch.setattr(dispatcher.retention, "sweep", lambda: swept.append("retention"))
    dispatched()
    assert swept == ["retention"]
