"""PostgreSQL in a backup: pg_dump of one snapshot, and pg_restore in one transaction. Passwords go by the environment of these programs."""

import os
import shutil
import subprocess
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import IO

from django.db import connection, transaction
from django.db.backends.postgresql.client import DatabaseClient

from config.backup.errors import RUNNING, UNFIT, BackupError
from config.backup.manifest import DAMAGED
from imports.intake.storage import private_file
from people import append_only

INSTALL = "apt-get install postgresql-client, of the server's version or newer"
WEB = "rowcall web"  # what connections of the web server call themselves (config/settings.py)
LOCK_TIMEOUT = "10s"


def size() -> int:
    """Bytes that a dump may need: it is compressed and holds no indexes, so half of the database is more than enough."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return int(cursor.fetchone()[0]) // 2


def copy(path: Path) -> tuple[dict[str, int], set[str]]:
    """The dump and the numbers of rows are of the same snapshot."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_export_snapshot(), quote_ident(current_schema())")
        snapshot, schema = cursor.fetchone()
        tables: dict[str, int] = {}
        for name in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT COUNT(*) FROM {connection.ops.quote_name(name)}")
            tables[name] = cursor.fetchone()[0]
        if "django_migrations" not in tables:
            raise BackupError("The database has no tables of Rowcall: nothing to keep yet.")
        cursor.execute("SELECT app, name FROM django_migrations")
        applied = {f"{app}.{name}" for app, name in cursor.fetchall()}
        only = [f"--table={schema}.{connection.ops.quote_name(name)}" for name in tables]
        with private_file(path) as file:
            _run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}", *only, stdout=file)
    return tables, applied


def load(path: Path, tables: dict[str, int]) -> None:
    """Replace every table by those of the dump, in one transaction that ends only when each has the rows it must have."""
    _require("psql")
    connection.close()
    with connection.cursor() as cursor:
        cursor.execute("SELECT quote_ident(current_schema())")
        schema = cursor.fetchone()[0]
        there = {*connection.introspection.table_names(cursor)}
    ours = {*connection.introspection.django_table_names(), "django_migrations", *tables} & there
    connection.close()
    begin = ["SET client_min_messages = warning;", f"SET lock_timeout = '{LOCK_TIMEOUT}';", "BEGIN;"]
    begin += [append_only.FUNCTION]  # what a dump of tables does not hold
    begin += [f"DROP TABLE IF EXISTS {schema}.{connection.ops.quote_name(name)} CASCADE;" for name in sorted(ours)]
    proofs = [_proof(f"{schema}.{connection.ops.quote_name(name)}", rows) for name, rows in tables.items()]
    _pipe(path, begin, [*proofs, "COMMIT;"])


def _proof(table: str, rows: int) -> str:
    return (
        f"DO $proof$ BEGIN IF (SELECT COUNT(*) FROM {table}) <> {int(rows)} THEN "
        "RAISE EXCEPTION 'a table has other rows than its manifest says'; END IF; END $proof$;"
    )


def _pipe(path: Path, begin: Iterable[str], end: Iterable[str]) -> None:
    """From pg_restore into psql. Only `end` commits: whatever ends before it, this process too, leaves the database as it was."""
    arguments, environment = _connection()
    reading = [_require("pg_restore"), "--file=-", "--no-owner", "--no-privileges", str(path)]
    writing = [
        _require("psql"),
        "--no-psqlrc",
        "--quiet",
        "--no-password",
        "--set=ON_ERROR_STOP=1",
        "--output=/dev/null",
        *arguments,
    ]
    with (
        subprocess.Popen(reading, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as source,
        subprocess.Popen(writing, stdin=subprocess.PIPE, stderr=subprocess.PIPE, env=environment) as target,
    ):
        assert source.stdout and target.stdin and target.stderr
        is_read = _feed(source, target.stdin, begin, end)
        said = target.stderr.read().decode(errors="replace")
    if not is_read:
        raise BackupError(DAMAGED.format("pg_restore cannot read its database, or is older than the pg_dump that made it"), UNFIT)
    if target.returncode:
        raise BackupError(f"PostgreSQL did not take the database, and nothing was changed: {_last_line(said)}")


def _feed(source: "subprocess.Popen[bytes]", stdin: IO[bytes], begin: Iterable[str], end: Iterable[str]) -> bool:
    """Whether pg_restore has read the whole dump; only then `end` follows."""
    assert source.stdout
    is_read = True
    try:
        stdin.write("\n".join([*begin, ""]).encode())
        shutil.copyfileobj(source.stdout, stdin, 1024 * 1024)
        is_read = source.wait() == 0
        if is_read:
            stdin.write("\n".join([*end, ""]).encode())
    except BrokenPipeError:
        source.kill()  # psql has stopped at an error, and says which
    with suppress(BrokenPipeError):
        stdin.close()
    return is_read


def require_unused() -> None:
    """BackupError where a web server is connected. Workers are known by their heartbeats."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT COUNT(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND application_name = %s AND pid <> pg_backend_pid()",
            [WEB],
        )
        if connections := cursor.fetchone()[0]:
            raise BackupError(
                f"A web server is connected to this database ({connections} connections). Stop it; nothing was changed.", RUNNING
            )


def _run(program: str, *words: str, stdout: IO[bytes]) -> None:
    arguments, environment = _connection()
    command = [_require(program), "--no-password", *words, *arguments]
    done = subprocess.run(command, stdout=stdout, stderr=subprocess.PIPE, env=environment)
    if done.returncode:
        raise BackupError(f"{program} could not do its work: {_last_line(done.stderr.decode(errors='replace'))}")


def _require(program: str) -> str:
    """The path of a program of PostgreSQL."""
    path = shutil.which(program)
    if path is None:
        raise BackupError(f"{program} is not installed here, so nothing was changed. Install it ({INSTALL}).")
    return path


def _connection() -> tuple[list[str], dict[str, str]]:
    """The words by which these programs find the database, and the environment that holds the rest."""
    words, environment = DatabaseClient.settings_to_cmd_args_env(connection.settings_dict, [])
    return words[1:], {**os.environ, **(environment or {})}


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return next((line for line in lines if "ERROR" in line or "error" in line), lines[-1] if lines else "it said nothing")
