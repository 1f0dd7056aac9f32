"""SQLite in a backup: copied by its own backup interface, and put in its place by a rename."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from django.db import connection

from config.backup.errors import RUNNING, UNFIT, BackupError
from config.backup.manifest import DAMAGED
from imports.intake.storage import private_file, sync_folder

WAIT_SECONDS = 60
BESIDE = ("-wal", "-shm", "-journal")  # files of a database that belong to it, and to no other one in its place


def file_here() -> Path:
    return Path(str(connection.settings_dict["NAME"]))


def size() -> int:
    """Bytes of the database at most, once what stands in its log has been taken in."""
    paths = [file_here(), file_here().with_name(file_here().name + "-wal")]
    return sum(path.stat().st_size for path in paths if path.exists())


def copy(path: Path) -> tuple[dict[str, int], set[str]]:
    """All pages in one step: a reader of the log sees one moment, and keeps nobody from writing."""
    if not file_here().exists():
        raise BackupError(f"There is no database at {file_here()}: nothing to keep yet.")
    private_file(path).close()
    with _opened(file_here()) as source, _opened(path) as target:
        source.backup(target, pages=-1)
        target.execute("PRAGMA journal_mode=DELETE")  # one file, without a log beside it
        return _tables(target), _migrations(target)


def load(path: Path, tables: dict[str, int]) -> None:
    """Put the database in `path` where the one of this instance is. BackupError, and nothing changed, when it is not whole."""
    with _opened(path) as database:
        _prove(database, tables)
    connection.close()
    target = file_here()
    beside = target.with_name(target.name + ".restored")
    shutil.move(path, beside)
    os.chmod(beside, 0o600)
    # The log of the old database goes first: SQLite would apply it to the new one.
    for ending in BESIDE:
        target.with_name(target.name + ending).unlink(missing_ok=True)
    os.replace(beside, target)
    sync_folder(target.parent)


def require_unused() -> None:
    """BackupError where another process has the database open; takes the log into it. Both are what leaving the mode WAL needs."""
    connection.close()
    if not file_here().exists():
        return
    with closing(sqlite3.connect(file_here(), timeout=1)) as database:
        try:
            database.execute("PRAGMA journal_mode=DELETE")
        except sqlite3.OperationalError as error:
            raise BackupError(
                f"Another process has {file_here()} open ({error}). Stop it; nothing was changed.", RUNNING
            ) from error
        except sqlite3.DatabaseError:
            pass  # what is there is damaged, which is a reason to replace it


def _prove(database: sqlite3.Connection, tables: dict[str, int]) -> None:
    try:
        is_whole = database.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok" and _tables(database) == tables
    except sqlite3.DatabaseError:
        is_whole = False
    if not is_whole:
        raise BackupError(DAMAGED.format("its database is not what its manifest says"), UNFIT)


def _tables(database: sqlite3.Connection) -> dict[str, int]:
    names = database.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'")
    return {name: database.execute(f'SELECT COUNT(*) FROM "{name}"').fetchone()[0] for (name,) in names.fetchall()}


def _migrations(database: sqlite3.Connection) -> set[str]:
    if "django_migrations" not in _tables(database):
        return set()
    return {f"{app}.{name}" for app, name in database.execute("SELECT app, name FROM django_migrations")}


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(path, timeout=WAIT_SECONDS)) as database:
        yield database
