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
# Seconds that a lock of others is waited for, in the web server: less than a page has, or the thread of one that was cut off waits on.
LOCK_SECONDS = 20


def _options(settings: dict[str, int]) -> str:
    return " ".join(f"-c {name}={value}" for name, value in settings.items())


LINE = {
    "connect_timeout": 10,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 60_000,
    "options": _options(OF_SERVER),
}
SQLITE_OPTIONS = {
    # IMMEDIATE: a transaction that reads and then writes waits for its turn instead of failing at once.
    "transaction_mode": "IMMEDIATE",
    "timeout": LOCK_SECONDS,
    # FULL: a recorded intent must outlive a power cut.
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA journal_size_limit=67108864; PRAGMA cache_size=-{kb};",
}
# Storing a large file with its indexes takes a fifth less time than with SQLite's own 2 MB; each of a web server's threads has a
# connection, so theirs are smaller.
CACHE_KB, WEB_CACHE_KB = 32_000, 8_000


def is_sqlite(database: dict[str, Any]) -> bool:
    return str(database["ENGINE"]).endswith("sqlite3")


def database_of(url: str, folder: Path, web_threads: int = 0) -> dict[str, Any]:
    """The entry of DATABASES for an address, or for '' a file in `folder`. What the address says of its options counts.

    `web_threads`: of a web server, whose threads live as long as it does; 0 for any other process.
    """
    # The file is not given by an address: the folder's name may hold characters that mean something there.
    file = {"ENGINE": "django.db.backends.sqlite3", "NAME": str(folder / "rowcall.sqlite3")}
    database: dict[str, Any] = {**dj_database_url.parse(url)} if url else file
    said = database.get("OPTIONS", {})
    if is_sqlite(database):
        # A page that opens a connection spends a fifth of its time on that and on reading the schema.
        return database | {"OPTIONS": _sqlite_options(bool(web_threads)) | said, "CONN_MAX_AGE": None if web_threads else 0}
    if not web_threads:
        return database | {"OPTIONS": LINE | said, "CONN_HEALTH_CHECKS": True, "CONN_MAX_AGE": None}
    # Besides threads for pages some are for uploads, streams and health checks. By this name a restore knows that a web server runs.
    pool = {"min_size": 1, "max_size": web_threads + 12, "timeout": 10}
    web = {"options": _options(OF_SERVER | {"lock_timeout": 1000 * LOCK_SECONDS})}
    named = {"pool": pool, "application_name": "rowcall web"}
    return database | {"OPTIONS": LINE | web | said | named, "CONN_HEALTH_CHECKS": True}


def _sqlite_options(is_web: bool) -> dict[str, Any]:
    kb = WEB_CACHE_KB if is_web else CACHE_KB
    return {**SQLITE_OPTIONS, "init_command": str(SQLITE_OPTIONS["init_command"]).format(kb=kb)}
