"""The database is away, locked or cut off in the middle of sending: rows F18–F20 of the fault table."""

import threading
import time

import pytest
from django.db import OperationalError, connection, transaction

from imports.models import JobState
from imports.push import sender
from imports.push.ledger import Ledger
from imports.push.request_pool import RequestPool
from tests.processes import PATIENCE
from tests.push.test_push import counts


@pytest.fixture
def impatient(monkeypatch):
    """Tests do not wait a second for a database that is well again."""
    real = time.sleep
    monkeypatch.setattr(sender.time, "sleep", lambda seconds: real(min(seconds, 0.05)))


def test_f18_a_connection_cut_between_intent_and_outcome(job_of, sandbox, monkeypatch, impatient):
    """The answers are kept and written as soon as the database takes them."""
    commit, cut = Ledger.commit_batch, iter([False, True, False, True, True])

    def trembling(ledger, *args, **kwargs):
        if next(cut, False):
            connection.close()
            raise OperationalError("server closed the connection unexpectedly")
        return commit(ledger, *args, **kwargs)

    monkeypatch.setattr(Ledger, "commit_batch", trembling)
    job = sender.push_to_end(job_of(40).pk)
    assert counts(job) == {"created": 40}
    assert len(sandbox.ledger.posts()) == 40


def test_f18_a_commit_whose_answer_was_lost(job_of, sandbox, monkeypatch, impatient, settings):
    """What the batch claimed is never sent by it, and found to be free once its lease is over."""
    settings.SEND_LEASE_SECONDS = 3
    commit, lost = Ledger.commit_batch, iter([False, True])

    def torn(ledger, *args, **kwargs):
        planned = commit(ledger, *args, **kwargs)
        if next(lost, False):
            raise OperationalError("connection lost at COMMIT")
        return planned

    monkeypatch.setattr(Ledger, "commit_batch", torn)
    job = sender.push_to_end(job_of(20).pk)
    assert job.state == JobState.DONE and counts(job) == {"created": 20}
    assert not sandbox.ledger.doubles()


def test_f19_a_database_locked_by_somebody_else_is_waited_for(job_of, sandbox):
    job, is_locked, released = job_of(30), threading.Event(), []
    holder = threading.Thread(target=_hold_the_rows, args=(3, is_locked, released))
    holder.start()
    assert is_locked.wait(PATIENCE)
    job = sender.push_to_end(job.pk)
    holder.join()
    assert counts(job) == {"created": 30}
    assert released and released[0] < min(post.started for post in sandbox.ledger.posts())


def _hold_the_rows(seconds: float, is_locked: threading.Event, released: list[float]) -> None:
    try:
        with transaction.atomic(), connection.cursor() as cursor:  # this alone locks a SQLite file
            if connection.vendor == "postgresql":
                cursor.execute("LOCK TABLE imports_importrow IN ACCESS EXCLUSIVE MODE")
            is_locked.set()
            time.sleep(seconds)
            released.append(time.monotonic())
    finally:
        connection.close()


def test_f20_without_a_recorded_intent_nothing_leaves(job_of, sandbox, monkeypatch, impatient):
    """A disk that is full, a database that is down: the requests that were never written down are never made."""
    begun: list = []
    monkeypatch.setattr(RequestPool, "start", lambda pool, requests: begun.extend(requests))
    tries = iter(range(3))

    def full(*_args, **_kwargs):
        if next(tries, None) is None:
            raise KeyboardInterrupt
        raise OperationalError("database or disk is full")

    monkeypatch.setattr(Ledger, "commit_batch", full)
    job = job_of(5)
    with pytest.raises(KeyboardInterrupt):
        sender.run_slice(job.pk)
    assert begun == [] and counts(job) == {"pending": 5}
    assert not sandbox.ledger.posts()
