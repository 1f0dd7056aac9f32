"""The place of another instance, empty at first: a folder and a database of its own, of the kind that the tests run on."""

import json
import os
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
from django.db import connection
from psycopg import sql

Contents = dict[str, list[str]]


class Place:
    def __init__(self, var: Path, environment: dict[str, str], database: str = "") -> None:
        """`database`: its name on the PostgreSQL of the tests; '' for SQLite in `var`."""
        self.var, self._database, self._manage = var, database, environment.pop("MANAGE").split("\0")
        self.environment = {**environment, "ROWCALL_VAR": str(var), "DATABASE_URL": _address(database)}

    def run(self, *words: object, code: int = 0, **environment: str) -> Any:
        """What a command prints as JSON; AssertionError unless it ends with `code`."""
        done = subprocess.run(
            [*self._manage, *map(str, words)],
            env={**self.environment, **environment},
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode == code, done.stdout + done.stderr
        return json.loads(done.stdout) if "--json" in words else done.stdout + done.stderr

    def contents(self) -> Contents:
        """Every row of every table."""
        with self.opened() as database:
            return rows_of_all_tables(database)

    @contextmanager
    def opened(self) -> Iterator[Any]:
        if not self._database:
            with closing(sqlite3.connect(self.var / "rowcall.sqlite3")) as database:
                yield database
            return
        with psycopg.connect(**{**_server(), "dbname": self._database}, autocommit=True) as database:
            yield database

    def files(self) -> dict[str, bytes]:
        folders = (self.var / "uploads", self.var / "reports")
        return {
            str(path.relative_to(self.var)): path.read_bytes()
            for folder in folders
            for path in folder.rglob("*")
            if path.is_file()
        }


def rows_of_all_tables(database: Any) -> Contents:
    """Of a connection by sqlite3 or psycopg; rows as text, in the order of their text."""
    tables, row = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'", "*"
    if isinstance(database, psycopg.Connection):
        database.execute("SET TIME ZONE 'UTC'")
        tables, row = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'", "one::text"
    names = sorted(name for (name,) in database.execute(tables).fetchall())
    return {name: sorted(map(str, database.execute(f'SELECT {row} FROM "{name}" one').fetchall())) for name in names}


@contextmanager
def another_place(var: Path, manage: list[str]) -> Iterator[Place]:
    inherited = {name: value for name, value in os.environ.items() if name not in ("BROKER_URL", "DATABASE_URL")}
    environment = {**inherited, "DJANGO_SETTINGS_MODULE": "config.settings", "MANAGE": "\0".join(manage)}
    if connection.vendor == "sqlite":
        yield Place(var, environment)
        return
    name = f"place_{os.getpid()}_{var.name}"
    with psycopg.connect(**_server(), autocommit=True) as server:
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield Place(var, environment, name)
        finally:
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _server() -> dict[str, Any]:
    here = connection.settings_dict
    given = {"host": here["HOST"], "port": here["PORT"], "user": here["USER"], "password": here["PASSWORD"]}
    return {"dbname": "postgres", **{name: value for name, value in given.items() if value}}


def _address(database: str) -> str:
    here = connection.settings_dict
    return f"postgresql://{here['USER']}@{quote(here['HOST'], safe='')}/{database}" if database else ""
