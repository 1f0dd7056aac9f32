"""SQLite lets one transaction write at a time; this is how the others wait for it.

SQLite's own busy handler sleeps longer with every try, at last a tenth of a second, while a sender's transactions follow each
other within milliseconds: whoever slept missed each gap between them, for seconds. So what begins to write asks again within
milliseconds, for as long as the connection's timeout says. Everything else waits as SQLite does.
"""

import random
import re
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.db import OperationalError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

FIRST_PAUSE, LONGEST_PAUSE, GROWTH = 0.001, 0.004, 1.5  # seconds
PRIMARY_CODE = 0xFF  # of an extended result code
WRITES = re.compile(
    r"\s*(?:BEGIN IMMEDIATE|INSERT|UPDATE|DELETE|REPLACE|WITH\b.*\b(?:INSERT|UPDATE|DELETE)\b)", re.IGNORECASE | re.DOTALL
)


def wait_in_short_steps() -> None:
    """From now on, for every connection to SQLite that is opened."""
    connection_created.connect(_wrap, dispatch_uid="sqlite_writes")


def _wrap(connection: BaseDatabaseWrapper, **_signal: object) -> None:
    if connection.vendor == "sqlite" and _patiently not in connection.execute_wrappers:
        connection.execute_wrappers.append(_patiently)


def _patiently(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Mapping[str, Any]) -> Any:
    """`execute`, again while another writes. Within a transaction the right to write is there already; of several parameters the
    first may have been written when a later one has to wait."""
    connection: BaseDatabaseWrapper = context["connection"]
    if many or connection.in_atomic_block or not WRITES.match(sql):
        return execute(sql, params, many, context)
    with _failing_at_once(connection.connection) as patience:
        until, pause = time.monotonic() + patience, FIRST_PAUSE
        while True:
            try:
                return execute(sql, params, many, context)
            except OperationalError as error:
                if not _is_busy(error) or time.monotonic() >= until:
                    raise
            time.sleep(pause * random.uniform(0.5, 1))
            pause = min(pause * GROWTH, LONGEST_PAUSE)


@contextmanager
def _failing_at_once(raw: sqlite3.Connection) -> Iterator[float]:
    """While the block runs SQLite does not wait by itself; gives the seconds for which it would have."""
    (patience_ms,) = raw.execute("PRAGMA busy_timeout").fetchone()
    raw.execute("PRAGMA busy_timeout = 0")
    try:
        yield patience_ms / 1000
    finally:
        raw.execute(f"PRAGMA busy_timeout = {int(patience_ms)}")


def _is_busy(error: OperationalError) -> bool:
    code = getattr(error.__cause__, "sqlite_errorcode", None)
    return code is not None and code & PRIMARY_CODE == sqlite3.SQLITE_BUSY
