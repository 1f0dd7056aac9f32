"""The database's own clock: the only one that leases and waits are measured by."""
from django.db import connection

NOW_MS = {
    # not unixepoch('subsec'): SQLite has it only from 3.42
    "sqlite": "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)",
    "postgresql": "CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT)",
}


def now_ms_sql() -> str:
    """The SQL expression of "now" in milliseconds since the epoch, for the connected database."""
    return NOW_MS[connection.vendor]


def now_ms() -> int:
    """Milliseconds since the epoch on the database's clock."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {now_ms_sql()}")
        return cursor.fetchone()[0]
