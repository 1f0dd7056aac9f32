"""Operations: what a person asks of a whole import, where it is too large to be done while they wait.

A report, the "fix in Excel" workbook, a correction of many rows, a corrected workbook that comes back. The request is a row
in the database: a worker does it, a page waits for it, and whoever asks for the same meanwhile waits along. It survives
what a check survives. Where a message was lost, the dispatcher enqueues it again; of a worker that was killed the lease runs
out, and the next one goes on from the last committed batch; one that was frozen has lost its lease.
"""

import logging
from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from background import shutdown
from background.database_clock import surely_before
from background.leases import Leases, Lost, Renewal
from imports.check import bulk_fixes, fix_workbook
from imports.check.edits import SaveProgress
from imports.errors import WorkflowError
from imports.intake import object_store, steps, storage
from imports.intake.assistants import guess_assistant
from imports.models import Operation
from imports.pipeline.readers.table import ReadOptions
from imports.reports import files as reporting
from imports.transitions import require_rows
from imports.workflow.release import release_more

log = logging.getLogger(__name__)
LEASES = Leases(Operation, Operation.State.WAITING, 30_000, related=("job__campaign__assistant", "asked_by"))
STALLS_AFTER = float(settings.LONGEST_CHECK_SECONDS)  # a report is one long reading: it may take as long as any task
Question = Callable[[], bool]
MOST_ATTEMPTS = 3
KEPT = timedelta(days=7)


class _Interrupted(Exception):
    """It has to be gone on with elsewhere or later: this process has been asked to stop, or to give way, or what was made cannot be used."""


def due_ids() -> list[int]:
    """Operations that nobody is at."""
    return list(LEASES.free().order_by("pk").values_list("pk", flat=True))


def run(operation_id: int) -> None:
    """Do an operation to its end. Harmless to call twice at once, or for one that has ended."""
    operation = claim(operation_id)
    if operation:
        run_claimed(operation)


def claim(operation_id: int) -> Operation | None:
    return LEASES.claim(operation_id, attempts=F("attempts") + 1, began_at=timezone.now())


def run_claimed(operation: Operation, must_yield: Question = lambda: False) -> None:
    """As `run`, of an operation that this process has claimed. `must_yield`, asked after every batch: whether to go on later."""
    try:
        if operation.attempts > MOST_ATTEMPTS:
            raise WorkflowError("operation_given_up")
        require_rows(operation.job)
        with LEASES.renewed(operation, STALLS_AFTER) as renewal:
            result = WORK[operation.kind](operation, partial(_save_or_yield, operation, renewal, must_yield))
        _end(operation, Operation.State.DONE, result)
    except object_store.ObjectStoreError:
        # Tried again until the service answers, whenever the lease has run out: at once would be a loop.
        LEASES.renew(operation, attempts=F("attempts") - 1)
    except WorkflowError as error:
        if operation.kind == Operation.Kind.PREVIEW:
            steps.fail_unread(operation.job, error.reason)
        _end(operation, Operation.State.FAILED, {"reason": list(error.reason)})
    except Lost:
        log.info("operation %s goes on elsewhere", operation.pk)
    except _Interrupted:
        LEASES.release(operation, attempts=0)  # no attempt was in vain
    except Exception:  # whatever it was, it is tried again, a few times, each time once the lease has run out
        log.exception("operation %s (%s) failed", operation.pk, operation.kind)


def _save_or_yield(operation: Operation, renewal: Renewal, must_yield: Question, progress: Mapping[str, Any]) -> None:
    """The checkpoint of a batch, in its transaction: a batch that is not this process's any more is taken back by it (`Lost`). Where
    the work goes on elsewhere or later, it ends once the batch is committed: it is done, whoever goes on."""
    renewal.note_progress()
    LEASES.hold(operation, progress=progress, attempts=0)
    if shutdown.is_asked() or must_yield():
        transaction.on_commit(_interrupt)


def _interrupt() -> None:
    raise _Interrupted


def _end(operation: Operation, state: str, result: dict[str, Any]) -> None:
    ended = LEASES.release(operation, state=state, result=result, finished_at=timezone.now())
    if ended and operation.kind == Operation.Kind.TAKE_WORKBOOK:
        object_store.remove(storage.kept_path(operation.what))


# -- the kinds ---------------------------------------------------------------------------------------------------------
def _report(operation: Operation, save: SaveProgress) -> dict[str, Any]:
    kind, file_format, language = operation.what.split(".")
    gone_at = operation.job.file_gone_at
    path = reporting.report_file(operation.job, kind, file_format, language)
    operation.job.refresh_from_db(fields=["file_gone_at"])
    if operation.job.file_gone_at != gone_at:  # what it tells of was to be forgotten while it was written
        object_store.remove(path)
        raise _Interrupted
    return {"file": path.name}


def _fix_all(operation: Operation, save: SaveProgress) -> dict[str, Any]:
    return {"n": bulk_fixes.run(operation.job, operation.what, operation.asked_by, operation.progress, save)}


def _release(operation: Operation, save: SaveProgress) -> dict[str, Any]:
    """As many rows as there were when it was asked for: those that fail anew meanwhile wait for a person again."""
    which, _sign, wanted = operation.what.partition(":")
    n, released = operation.progress.get("n", 0), 1
    while released and n < int(wanted):
        with transaction.atomic():
            released = release_more(operation.job_id, which, int(wanted) - n)
            n += released
            save({"n": n})
    return {"n": n}


def _take_workbook(operation: Operation, save: SaveProgress) -> dict[str, Any]:
    with object_store.readable(storage.kept_path(operation.what)) as path:
        if not path.exists():
            raise WorkflowError("workbook_gone")
        return {"taken": fix_workbook.take_workbook(operation.job, path, operation.asked_by, operation.progress, save)}


def _preview(operation: Operation, save: SaveProgress) -> dict[str, Any]:
    options = operation.progress["options"]
    if options is not None:
        steps.reread(operation.job, ReadOptions.from_json(options))
        return {}
    preview = steps.preview_of(operation.job)
    if operation.progress["guesses_assistant"]:
        guess_assistant(operation.job.campaign, preview)
    return {}


WORK: dict[str, Callable[[Operation, SaveProgress], dict[str, Any]]] = {
    Operation.Kind.REPORT: _report,
    Operation.Kind.FIX_ALL: _fix_all,
    Operation.Kind.TAKE_WORKBOOK: _take_workbook,
    Operation.Kind.RELEASE: _release,
    Operation.Kind.PREVIEW: _preview,
}


def sweep() -> None:
    """Forget what ended long ago; a report that was made stays where reports are kept."""
    Operation.objects.exclude(state=Operation.State.WAITING).filter(finished_at__lt=surely_before(KEPT)).delete()
