"""Whether the database takes anything, asked without waiting for more than a moment."""

import sqlite3
import time

from django.apps import apps
from django.db import DatabaseError, connection, transaction

from background.database_clock import now_ms
from imports.models import Heartbeat

LOCK_SECONDS = 0.3
SHOWN = ("imports", "campaigns", "people")  # the apps whose tables pages read


def read_ms() -> int:
    """How long a small read takes, in milliseconds."""
    begun = time.perf_counter()
    now_ms()
    return int(1000 * (time.perf_counter() - begun))


def is_locked() -> bool:
    """Whether nothing can be written just now. Asked outside of a transaction only: inside of one it is this process that writes."""
    if connection.in_atomic_block:
        return False
    return _is_sqlite_locked() if connection.vendor == "sqlite" else not _takes(Heartbeat._meta.db_table, "ROW EXCLUSIVE")


def is_unreadable() -> bool:
    """Whether a table that pages read is held so that a read would wait without end, as by ALTER TABLE or VACUUM FULL. Never on SQLite,
    whose readers wait for nobody. Asked outside of a transaction only, like `is_locked`."""
    return connection.vendor != "sqlite" and not connection.in_atomic_block and not _takes(_shown_tables(), "ACCESS SHARE")


def _shown_tables() -> str:
    models = [model for name in SHOWN for model in apps.get_app_config(name).get_models() if model._meta.managed]
    return ", ".join(sorted({connection.ops.quote_name(model._meta.db_table) for model in models if not model._meta.proxy}))


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


def _takes(tables: str, mode: str) -> bool:
    """Whether PostgreSQL gives this lock on these tables at once."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = '{int(1000 * LOCK_SECONDS)}ms'")
            cursor.execute(f"LOCK TABLE {tables} IN {mode} MODE")
    except DatabaseError:
        return False
    return True
