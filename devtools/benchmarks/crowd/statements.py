"""What a request costs: its own processor time, its statements, and how long it waits for the database's locks.

Told in the header `Server-Timing` (W3C), in milliseconds; `queries` carries a number of statements.
"""

import re
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.http import HttpRequest, HttpResponseBase

HEADER = "Server-Timing"
NO_QUERY = re.compile(r"BEGIN|SAVEPOINT|RELEASE|ROLLBACK")
WRITES = re.compile(r"\s*(?:INSERT|UPDATE|DELETE|WITH .*?\b(?:INSERT|UPDATE|DELETE)\b)|.*\bFOR (?:NO KEY )?UPDATE\b", re.DOTALL)
_current = threading.local()


class Spent:
    """Seconds of one request. `locks`: of the statements that may have waited for a lock, their own work included; on SQLite,
    where one transaction writes at a time, of those that begin to write."""

    def __init__(self) -> None:
        self.queries = 0
        self.database = self.locks = self.commits = 0.0

    def time_statement(
        self, execute: Callable[..., Any], sql: str, params: object, many: bool, context: Mapping[str, Any]
    ) -> Any:
        began = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            took = time.perf_counter() - began
            self.queries += not NO_QUERY.match(sql)
            self.database += took
            if _may_wait(sql, context["connection"]):
                self.locks += took

    def header(self, app: float, cpu: float) -> str:
        times = {"app": app, "cpu": cpu, "db": self.database, "locks": self.locks, "commit": self.commits}
        return ", ".join(
            [*(f"{name};dur={1000 * seconds:.2f}" for name, seconds in times.items()), f"queries;dur={self.queries}"]
        )


def _may_wait(sql: str, database: BaseDatabaseWrapper) -> bool:
    if database.vendor == "sqlite":
        return sql.startswith("BEGIN") or (not database.in_atomic_block and bool(WRITES.match(sql)))
    return bool(WRITES.match(sql))


class StatementTimes:
    """The outermost middleware, of a measured instance only."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        _time_commits()

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        spent = _current.spent = Spent()
        began, cpu = time.perf_counter(), time.thread_time()
        # Around all other wrappers: a statement that asks again for SQLite's lock is one, with all its waiting.
        connection.execute_wrappers.insert(0, spent.time_statement)
        try:
            response = self.get_response(request)
        finally:
            connection.execute_wrappers.remove(spent.time_statement)
            _current.spent = None
        response.headers[HEADER] = spent.header(time.perf_counter() - began, time.thread_time() - cpu)
        return response


def _time_commits() -> None:
    """A commit is no statement of a cursor; on SQLite it waits for the disk."""
    wrapper = type(connections[DEFAULT_DB_ALIAS])
    commit = getattr(wrapper, "_commit")

    def timed(self: BaseDatabaseWrapper) -> Any:
        began = time.perf_counter()
        try:
            return commit(self)
        finally:
            if spent := getattr(_current, "spent", None):
                spent.commits += time.perf_counter() - began

    setattr(wrapper, "_commit", timed)


def read_header(value: str) -> dict[str, float]:
    """Milliseconds by name (`app`, `cpu`, `db`, `locks`, `commit`; `queries`: how many); empty where the header is missing."""
    return {name: float(number) for name, number in re.findall(r"(\w+);dur=([\d.]+)", value)}
