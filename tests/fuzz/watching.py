"""What must not happen: a 500, a hang, something that changes though it should not."""

import errno
import os
import re
import signal
import sqlite3
import traceback
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import Any
from unittest import mock

from django.core.signals import got_request_exception
from django.db import OperationalError, connection, transaction
from django.http import HttpResponseBase
from django.test import Client, override_settings

from tests.fuzz.requests import Hostile

SECONDS = 60  # for one request, far more than any takes on a busy machine
WRITES = re.compile(r'^\s*(?:INSERT (?:OR \w+ )?INTO|UPDATE|DELETE FROM|REPLACE INTO)\s+"?(\w+)', re.IGNORECASE)
SAFE = {"GET", "HEAD", "OPTIONS", "TRACE"}
REFUSED = {400, 401, 403, 404, 405, 410, 413}
RECORDS = {"django_session", "people_signin", "people_auditentry"}  # who came, and what was tried
# What reading may write: what WhatTalk says of the account, a report that a worker is to make, what a file was seen to hold.
READINGS = RECORDS | {
    "campaigns_remoterequest",
    "campaigns_account",
    "campaigns_accountbudget",
    "imports_operation",
    "imports_importjob",
    "imports_importpreview",
    "imports_heartbeat",
}


class Hang(BaseException):
    """A request took longer than SECONDS."""


def fault_of(request: Hostile, role: str, client: Client, *, is_disk_full: bool, proxies: int) -> str:
    """What was wrong with the answer, '' when nothing was. Whatever the request changed is rolled back."""
    written: set[str] = set()
    errors: list[str] = []

    def note(sender: Any, **_more: Any) -> None:
        errors.append(traceback.format_exc(limit=-6))

    got_request_exception.connect(note)
    with ExitStack() as stack:
        stack.callback(got_request_exception.disconnect, note)
        stack.enter_context(connection.execute_wrapper(_watch(written, is_disk_full)))
        stack.enter_context(override_settings(TRUSTED_PROXIES=proxies))
        stack.enter_context(_full_disk() if is_disk_full else suppress())
        try:
            with _limited(), transaction.atomic():
                status = _sent(request, client)
                transaction.set_rollback(True)
        except Hang:
            return f"hangs\n{traceback.format_exc(limit=-8)}"
        except Exception:
            return f"raises\n{traceback.format_exc(limit=-8)}"
    return _fault(request, role, status, written, errors, is_disk_full)


def _sent(request: Hostile, client: Client) -> int:
    cookies = client.cookies.output()
    response: HttpResponseBase = client.generic(
        request.method, request.path, request.body, content_type=request.content_type, **request.extra
    )
    if response.streaming:
        b"".join(response.streaming_content)  # type: ignore[attr-defined]
    if client.cookies.output() != cookies:
        client.cookies.load(cookies.replace("Set-Cookie: ", ""))
    return response.status_code


def _fault(request: Hostile, role: str, status: int, written: set[str], errors: list[str], is_disk_full: bool) -> str:
    if is_disk_full and status == 503:
        return ""
    if status >= 500:
        return f"{status}\n{errors[-1] if errors else 'no traceback'}"
    if is_disk_full:
        return ""
    if status in REFUSED and written - RECORDS:
        return f"{status}, and yet written: {sorted(written - RECORDS)}"
    if request.method in SAFE and written - READINGS:
        return f"{status}, reading has written: {sorted(written - READINGS)}"
    if role in ("anonymous", "nobody") and "/hooks/" not in request.path and written - RECORDS - {"people_user"}:
        return f"{status}, {role} has written: {sorted(written - RECORDS)}"
    is_signed_in = "HTTP_COOKIE" not in request.extra  # another cookie takes the session's place
    if role == "other" and is_signed_in and request.is_of_uploader and status not in REFUSED:
        return f"{status}, though the import is another's"
    return ""


def _watch(written: set[str], is_disk_full: bool) -> Callable[..., Any]:
    def look(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        found = WRITES.match(sql)
        if found and is_disk_full:
            full = sqlite3.OperationalError("database or disk is full")
            full.sqlite_errorcode = sqlite3.SQLITE_FULL
            raise OperationalError(str(full)) from full
        result = execute(sql, params, many, context)
        if found and context["cursor"].rowcount != 0:
            written.add(found[1])
        return result

    return look


@contextmanager
def _full_disk() -> Iterator[None]:
    """No file can be made."""
    really = os.open

    def opened(path: Any, flags: int, *more: Any, **options: Any) -> int:
        if flags & os.O_CREAT:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), path)
        return really(path, flags, *more, **options)

    with mock.patch("os.open", opened):
        yield


@contextmanager
def _limited() -> Iterator[None]:
    def too_long(*_args: object) -> None:
        raise Hang

    before = signal.signal(signal.SIGALRM, too_long)
    signal.alarm(SECONDS)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
