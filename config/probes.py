"""/livez and /readyz: what a machine asks before it sends anybody here. Answered before anything else is done with a request.

`/livez`: this process answers; nothing is touched, neither database nor session. `/readyz`: the database answers, its tables are
those of this version, the broker answers; each is given a moment. Both answer under any host name and name no more than what is missing.
"""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponseBase, JsonResponse

from imports.alerts import broker

SECONDS = 2.0  # for each part
CHECKS_AT_ONCE = 6  # where all of them hang, the next ones are not begun

_migrated = threading.Event()  # tables that are those of this version stay so as long as this process lives
_checks = ThreadPoolExecutor(CHECKS_AT_ONCE, "readyz")


class Probes:
    """The outermost middleware but for the one that gives a request its id."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        answer = PROBES.get(request.path_info)
        if answer is None:
            return self.get_response(request)
        return answer() if request.method in ("GET", "HEAD") else JsonResponse({"status": "not allowed"}, status=405)


def alive() -> JsonResponse:
    return _uncached(JsonResponse({"status": "ok"}))


def ready() -> JsonResponse:
    """200, or 503 with the names of what is missing: `database`, `migrations`, `broker`."""
    missing = missing_parts()
    status = {"status": "unready", "missing": missing} if missing else {"status": "ok", "missing": []}
    return _uncached(JsonResponse(status, status=503 if missing else 200))


PROBES = {"/livez": alive, "/readyz": ready}


def missing_parts(seconds: float = SECONDS) -> list[str]:
    asked = {"database": _checks.submit(_closing, is_database_there), "broker": _checks.submit(is_broker_there)}
    missing = [name for name, check in asked.items() if not _is_so(check.result, seconds)]
    if "database" not in missing and not _is_so(_checks.submit(_closing, is_migrated).result, seconds):
        missing.insert(0, "migrations")
    return missing


def is_database_there() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return bool(cursor.fetchone())


def is_migrated() -> bool:
    """Whether every migration of this version has been applied."""
    if not _migrated.is_set():
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return False
        _migrated.set()
    return True


def is_broker_there() -> bool:
    return broker.look(()).facts.answers


def _closing(check: Callable[[], bool]) -> bool:
    """In a thread of the pool: its connection would stay open for as long as the process lives."""
    try:
        return check()
    finally:
        connection.close()


def _is_so(result: Callable[[float], bool], seconds: float) -> bool:
    try:
        return result(seconds)
    except Exception:  # whatever a database or a broker raises, and also nothing in time
        return False


def _uncached(response: JsonResponse) -> JsonResponse:
    response.headers["Cache-Control"] = "no-store"
    return response
