"""Whether the database takes anything, asked without waiting for more than a moment."""

import sqlite3
import time

from django.db import DatabaseError, connection, transaction

from background.database_clock import now_ms
from imports.models import Heartbeat

LOCK_SECONDS = 0.3


def read_ms() -> int:
    """How long a small read takes, in milliseconds."""
    begun = time.perf_counter()
    now_ms()
    return int(1000 * (time.perf_counter() - begun))


def is_locked() -> bool:
    """Whether nothing can be written just now. Asked outside of a transaction only: inside of one it is this process that writes."""
    if connection.in_atomic_block:
        return False
    return _is_sqlite_locked() if connection.vendor == "sqlite" else _is_table_locked()


def longest_wait_ms() -> int:
    """Milliseconds since the oldest statement began that waits for another one's lock, which may be that of a single row; 0 for
    none, and on SQLite, which does not tell."""
    if connection.vendor == "sqlite":
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT COALESCE(MAX(EXTRACT(EPOCH FROM clock_timestamp() - query_start)), 0) FROM pg_stat_activity"
            " WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return int(1000 * cursor.fetchone()[0])


def _is_sqlite_locked() -> bool:
    """A connection of its own: the page's would wait for as long as a writer may."""
    other = sqlite3.connect(str(connection.settings_dict["NAME"]), timeout=LOCK_SECONDS, isolation_level=None)
    try:
        other.execute("BEGIN IMMEDIATE")
        other.execute("ROLLBACK")
    except sqlite3.OperationalError:
        return True
    finally:
        other.close()
    return False


def _is_table_locked() -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = '{int(1000 * LOCK_SECONDS)}ms'")
            cursor.execute(f"LOCK TABLE {Heartbeat._meta.db_table} IN ROW EXCLUSIVE MODE")
    except DatabaseError:
        return True
    return False
