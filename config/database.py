"""DATABASE_URL: SQLite on one machine, PostgreSQL for more."""

from pathlib import Path
from typing import Any

import dj_database_url

# A line that was cut is noticed within a minute, whether a statement waits on it or nothing does. The server is told the same: of a
# host that is cut off, or a process that is frozen, in the middle of a transaction the locks would keep all others waiting.
OF_SERVER = {
    "idle_in_transaction_session_timeout": 15_000,
    "tcp_keepalives_idle": 10,
    "tcp_keepalives_interval": 5,
    "tcp_keepalives_count": 3,
}
LINE = {
    "connect_timeout": 10,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 60_000,
    "options": " ".join(f"-c {name}={value}" for name, value in OF_SERVER.items()),
}
SQLITE_OPTIONS = {
    # IMMEDIATE: a transaction that reads and then writes waits for its turn instead of failing at once.
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    # FULL: a recorded intent must outlive a power cut. 32 MB of pages: storing a large file with its indexes takes a fifth
    # less time than with SQLite's own 2 MB.
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA journal_size_limit=67108864; PRAGMA cache_size=-32000;",
}


def is_sqlite(database: dict[str, Any]) -> bool:
    return str(database["ENGINE"]).endswith("sqlite3")


def database_of(url: str, folder: Path, pooled_threads: int = 0) -> dict[str, Any]:
    """The entry of DATABASES for an address, or for '' a file in `folder`. What the address says of its options counts.

    `pooled_threads`: of a web server, which shares connections among them; 0 for a process that keeps one for as long as it lives.
    """
    # The file is not given by an address: the folder's name may hold characters that mean something there.
    file = {"ENGINE": "django.db.backends.sqlite3", "NAME": str(folder / "rowcall.sqlite3")}
    database: dict[str, Any] = {**dj_database_url.parse(url)} if url else file
    said = database.get("OPTIONS", {})
    if is_sqlite(database):
        return database | {"OPTIONS": SQLITE_OPTIONS | said}
    if not pooled_threads:
        return database | {"OPTIONS": LINE | said, "CONN_HEALTH_CHECKS": True, "CONN_MAX_AGE": None}
    # Besides threads for pages some are for uploads, streams and health checks. By this name a restore knows that a web server runs.
    pool = {"min_size": 1, "max_size": pooled_threads + 12, "timeout": 10}
    return database | {"OPTIONS": LINE | said | {"pool": pool, "application_name": "rowcall web"}, "CONN_HEALTH_CHECKS": True}
