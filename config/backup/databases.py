"""The database in a backup: a consistent copy while others write, and putting one in the place of what is there, whole or not at all."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from django.db import connection

from config.backup import postgres, sqlite
from config.backup.errors import BackupError

DATA_TABLES = ("people_user", "campaigns_account", "imports_importjob")  # empty where an instance has only been migrated


class Engine(NamedTuple):
    """`member`: its name in an archive. `copy(path)` gives the rows of each table of the copy and the migrations applied to it;
    `load(path, tables)` replaces every table, and proves the rows before anybody sees them."""

    name: str
    member: str
    copy: Callable[[Path], tuple[dict[str, int], set[str]]]
    load: Callable[[Path, dict[str, int]], None]
    size: Callable[[], int]
    require_unused: Callable[[], None]


ENGINES = {
    "sqlite": Engine("sqlite", "database.sqlite3", sqlite.copy, sqlite.load, sqlite.size, sqlite.require_unused),
    "postgresql": Engine("postgresql", "database.dump", postgres.copy, postgres.load, postgres.size, postgres.require_unused),
}
NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


def engine_here() -> Engine:
    return ENGINES[connection.vendor]


def require_engine(name: str) -> Engine:
    """BackupError unless the database here is of the kind that an archive holds."""
    here = engine_here()
    if name != here.name:
        raise BackupError(
            f"The archive holds a database of {NAMES.get(name, name)}, and this instance uses {NAMES[here.name]}. "
            "Nothing was changed; set DATABASE_URL accordingly."
        )
    return here


def table_names() -> list[str]:
    with connection.cursor() as cursor:
        return connection.introspection.table_names(cursor)


def is_empty() -> bool:
    """Whether nothing would be lost here: no table at all, or those of an instance that has been migrated and never used."""
    tables = table_names()
    ours = {*connection.introspection.django_table_names(), "django_migrations"}
    return not tables or {*tables} <= ours and not any(_has_rows(table) for table in DATA_TABLES if table in tables)


def _has_rows(table: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT 1 FROM {connection.ops.quote_name(table)} LIMIT 1")
        return cursor.fetchone() is not None
