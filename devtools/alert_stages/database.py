"""What other programs do to the database of an instance: hold it, once or again and again."""

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from django.db import connection

HELD, FREE = 4.0, 0.3  # seconds, again and again: whoever writes waits for some seconds, and gets on


def locked() -> AbstractContextManager[None]:
    """Nobody else writes: SQLite as a whole; of PostgreSQL the table of heartbeats, which can be read no more either, as while it is
    being altered."""
    return _sqlite_locked() if connection.vendor == "sqlite" else _postgres_locked("ACCESS EXCLUSIVE")


def read_only() -> AbstractContextManager[None]:
    """Nobody else writes, and everybody reads."""
    return _sqlite_locked() if connection.vendor == "sqlite" else _postgres_locked("SHARE")


@contextmanager
def slow() -> Iterator[None]:
    """Every write waits for seconds, and is done then."""
    is_over = threading.Event()
    thread = threading.Thread(target=_hold_again_and_again, args=(is_over,), daemon=True)
    thread.start()
    try:
        yield
    finally:
        is_over.set()
        thread.join()


def _hold_again_and_again(is_over: threading.Event) -> None:
    while not is_over.is_set():
        with read_only():
            is_over.wait(HELD)
        is_over.wait(FREE)


@contextmanager
def _sqlite_locked() -> Iterator[None]:
    other = sqlite3.connect(str(connection.settings_dict["NAME"]), timeout=60, isolation_level=None)
    try:
        other.execute("BEGIN EXCLUSIVE")
        yield
    finally:
        other.close()


@contextmanager
def _postgres_locked(mode: str) -> Iterator[None]:
    import psycopg

    with psycopg.connect(os.environ["DATABASE_URL"]) as other:
        other.execute(f"LOCK TABLE imports_heartbeat IN {mode} MODE")
        yield
        other.rollback()
