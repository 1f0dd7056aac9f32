"""Asking for an operation on a whole import: a report, the workbook of rows to fix, a correction of many rows, a release.

The request is a row in the database; `imports.operations.runner` does it in a worker, and a page waits for it.
"""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

import orjson
from django.conf import settings
from django.core.files.base import File
from django.db import transaction

from background.queue import enqueue
from imports.errors import WorkflowError
from imports.intake import object_store, quota, storage
from imports.models import ImportJob, Operation
from imports.pipeline.readers.table import ReadOptions
from people import audit
from people.models import User


def is_small(rows: int) -> bool:
    """Whether so many rows are better done at once than waited for."""
    return bool(rows <= settings.ROWS_IN_A_REQUEST)


def ask(
    job: ImportJob, kind: Operation.Kind, what: str, user: User | None, progress: Mapping[str, Any] | None = None
) -> Operation:
    """Have it done. Somebody who asks for what is waiting already is given the same."""
    operation, _is_new = Operation.objects.get_or_create(
        job=job,
        kind=kind,
        what=what[:80],
        state=Operation.State.WAITING,
        defaults={"asked_by": user, "progress": progress or {}},
    )
    enqueue("imports.tasks.run_operation", operation.pk)
    return operation


def ask_for_report(job: ImportJob, kind: str, file_format: str, language: str, user: User | None) -> Operation:
    return ask(job, Operation.Kind.REPORT, f"{kind}.{file_format}.{language}", user)


def ask_to_take(job: ImportJob, workbook: "File[bytes]", user: User | None) -> Operation:
    """Keep a corrected workbook as an upload is kept, and have its rows taken. WorkflowError where there is no room for it."""
    quota.check_room(user)
    key, size, _sha256 = storage.keep(workbook.chunks())
    try:
        with transaction.atomic():
            record_workbook(job, size, user)
            return ask(job, Operation.Kind.TAKE_WORKBOOK, str(key), user)
    except WorkflowError:
        object_store.remove(storage.kept_path(key))
        raise


def record_workbook(job: ImportJob, size: int, user: User | None) -> None:
    """Count a corrected workbook among the person's files. WorkflowError where they are too many, or too large."""
    with transaction.atomic():
        quota.take(user, size)
        audit.record(user, "upload_workbook", f"import {job.pk}", after={"size": size})


def ask_for_preview(
    job: ImportJob, user: User | None, options: ReadOptions | None = None, guesses_assistant: bool = False
) -> Operation:
    """Have the beginning of the file read: for the first time, or once more in the way of `options`."""
    chosen = options.to_json() if options else None
    what = sha256(orjson.dumps(chosen, option=orjson.OPT_SORT_KEYS)).hexdigest()[:32] if options else ""
    return ask(job, Operation.Kind.PREVIEW, what, user, {"options": chosen, "guesses_assistant": guesses_assistant})


def preview_on_its_way(job: ImportJob, user: User | None) -> Operation | None:
    """The reading that the columns have to wait for; None when there is nothing to wait for."""
    waiting = Operation.objects.filter(job=job, kind=Operation.Kind.PREVIEW, state=Operation.State.WAITING).order_by("pk").last()
    if waiting is None and job.preview is None:
        waiting = ask_for_preview(job, user)
    return waiting if waiting and waiting.state == Operation.State.WAITING else None


def waiting_for(job: ImportJob) -> list[Operation]:
    return list(Operation.objects.filter(job=job, state=Operation.State.WAITING).order_by("pk"))
