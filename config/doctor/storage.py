"""The database and the machine: reachable, of the right version and set as it must be, with room left."""

import time
from collections.abc import Iterator

from django.conf import settings
from django.db import DatabaseError, connection

from background.database_clock import NOW_MS
from config.doctor.finding import Finding, Level, error, ok
from config.probes import is_migrated
from imports.alerts.facts import Facts
from imports.alerts.machine import this_machine
from imports.alerts.rules import alerts_of
from imports.messages.lookup import remedy, sentence

OLDEST = {"sqlite": (3, 31), "postgresql": (14,)}  # as Django wants them
MUST_BE_ON = ("synchronous_commit", "fsync")
CLOCK_WARNING_MS, CLOCK_ERROR_MS = 2_000, 30_000


def database() -> Iterator[Finding]:
    try:
        connection.ensure_connection()
        yield from _version()
        yield from (_sqlite() if connection.vendor == "sqlite" else _postgres())
    except DatabaseError as problem:
        yield error(
            "database",
            f"The database cannot be used ({type(problem).__name__}).",
            "See whether it runs, and whether DATABASE_URL is right.",
        )


def _version() -> Iterator[Finding]:
    version, oldest = connection.get_database_version(), OLDEST[connection.vendor]
    shown = ".".join(map(str, version))
    if version < oldest:
        yield error(
            "database", f"{connection.display_name} {shown} is too old.", f"Install {'.'.join(map(str, oldest))} or newer."
        )
    else:
        yield ok("database", f"{connection.display_name} {shown} answers.")


def _sqlite() -> Iterator[Finding]:
    mode, synchronous = _asked("PRAGMA journal_mode"), _asked("PRAGMA synchronous")
    if mode != "wal":
        yield error(
            "database",
            f"SQLite keeps its journal as {mode!r}: readers and writers block each other.",
            "Put ROWCALL_VAR on a disk of this machine that allows WAL.",
        )
    if synchronous != 2:
        yield error(
            "database",
            "SQLite does not wait for the disk (synchronous is not FULL).",
            "Restore the database's OPTIONS in config/settings.py.",
        )


def _postgres() -> Iterator[Finding]:
    for name in MUST_BE_ON:
        if (value := _asked(f"SHOW {name}")) in ("off", "local"):
            yield error(
                "database",
                f"PostgreSQL runs with {name}={value}: what was answered may be lost in a power cut.",
                f"Set {name}=on.",
            )
    if _asked("SHOW transaction_read_only") == "on":
        yield error("database", "The database takes nothing: it is read-only.", "DATABASE_URL must name the primary server.")


def _asked(statement: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0]


def migrations() -> Iterator[Finding]:
    try:
        if is_migrated():
            yield ok("migrations", "The tables are those of this version.")
        else:
            yield error("migrations", "The tables are not those of this version.", "python manage.py migrate")
    except DatabaseError:
        return  # said already


def clock() -> Iterator[Finding]:
    """How far this machine's clock is from the database's."""
    try:
        before = time.time()
        theirs = int(str(_asked(f"SELECT {NOW_MS[connection.vendor]}")))
        apart = abs(theirs - 500 * (before + time.time()))
    except DatabaseError:
        return
    if apart < CLOCK_WARNING_MS:
        yield ok("clock", "This machine's clock is the database's.")
        return
    level = Level.ERROR if apart >= CLOCK_ERROR_MS else Level.WARNING
    text = f"This machine's clock and the database's are {apart / 1000:.0f} s apart: times on pages are wrong."
    yield Finding("clock", level, text, "Let both machines follow a time server (NTP).")


def room() -> Iterator[Finding]:
    """Disk and memory, by the rule of the monitor."""
    facts = Facts(machines=(this_machine(),), disk_floor=settings.DISK_FLOOR_BYTES)
    found = [alert for alert in alerts_of(facts) if alert.code in ("disk_short", "memory_short")]
    for alert in found:
        level = Level.ERROR if alert.is_grave else Level.WARNING
        yield Finding("room", level, sentence(alert.message, alert.params), remedy(alert.message, alert.params))
    if not found:
        yield ok("room", "There is room on the disk and in memory.")
