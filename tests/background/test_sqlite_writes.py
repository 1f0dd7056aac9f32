"""Who waits for SQLite's only right to write asks again soon, for as long as the connection's timeout says."""

import sqlite3

import pytest
from django.db import OperationalError, connection, transaction

from background import sqlite_writes
from campaigns.models import DoNotCall

WRITES = {
    "a transaction": transaction.atomic(lambda: None),
    "a statement of its own": lambda: DoNotCall.objects.filter(pk=0).update(note=""),
}


@pytest.fixture
def holder(transactional_db):
    """Another connection that is writing."""
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL locks rows")
    connection.ensure_connection()
    other = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    yield other
    other.close()


@pytest.mark.parametrize("write", WRITES)
def test_a_gap_between_two_others_is_not_slept_past(holder, monkeypatch, write):
    """SQLite's own waiting would sleep by itself, longer each time, and never ask us."""
    pauses = []

    def slept(seconds):
        pauses.append(seconds)
        if len(pauses) == 30:
            holder.execute("ROLLBACK")

    monkeypatch.setattr(sqlite_writes.time, "sleep", slept)
    WRITES[write]()
    assert len(pauses) == 30 and max(pauses) <= 0.005
    assert patience_ms() == 20_000, "what does not write waits as before"


def test_nobody_waits_for_longer_than_the_timeout(holder):
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 20")
        with pytest.raises(OperationalError, match="locked"):
            WRITES["a transaction"]()
        assert patience_ms() == 20
        cursor.execute("PRAGMA busy_timeout = 20000")


def patience_ms() -> int:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout")
        return cursor.fetchone()[0]
