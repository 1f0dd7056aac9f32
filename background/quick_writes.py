"""Writes that may fail rather than wait: what a page notes by the way must not keep its reader waiting."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

LONGEST_MS = 100  # that a write waits for SQLite's one writer


@contextmanager
def quick_write() -> Iterator[None]:
    """Within this, outside of a transaction, a write to SQLite waits for LONGEST_MS and then raises OperationalError.

    PostgreSQL has many writers: nothing changes there.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        yield
        return
    before = _waits_at_most()
    _wait_at_most(LONGEST_MS)
    try:
        yield
    finally:
        _wait_at_most(before)


def _waits_at_most() -> int:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout")
        return int(cursor.fetchone()[0])


def _wait_at_most(milliseconds: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA busy_timeout = {int(milliseconds)}")
