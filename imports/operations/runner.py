"""Chores: what a person asks of a whole import, where it is too large to be done while they wait.

A report, the "fix in Excel" workbook, a correction of many rows, a corrected workbook that comes back. The wish is a row
in the database: a worker does it, a page waits for it, and whoever asks for the same meanwhile waits along. It survives
what a check survives. Where a message was lost, the dispatcher enqueues it again; of a worker that was killed the lease runs
out, and the next one goes on from the last committed batch; one that was frozen has lost its lease.
"""

import logging
from collections.abc import Callable
from datetime import timedelta
from functools import partial

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from background import shutdown
from background.database_clock import surely_before
from background.leases import Leases, Lost
from imports.check import corrections, fix_workbook
from imports.errors import WorkflowError, trouble
from imports.intake import storage
from imports.models import Chore
from imports.reports import files as reporting
from imports.transitions import require_rows
from imports.workflow.release import release_more
from imports.workflow.requests import DONE, FAILED, FIX_ALL, RELEASE, REPORT, TAKE_WORKBOOK, WAITING

log = logging.getLogger(__name__)
LEASES = Leases(Chore, WAITING, 30_000, related=("job__campaign__assistant", "asked_by"))
RENEWED_SECONDS = 8.0  # a lease outlives three renewals that fail
MOST_ATTEMPTS = 3
KEPT = timedelta(days=7)


class _Interrupted(Exception):
    """It has to be gone on with elsewhere or later: this process has been asked to stop, or what was made cannot be used."""


def due_ids() -> list[int]:
    """Chores that nobody is at."""
    return list(LEASES.free().order_by("pk").values_list("pk", flat=True))


def run(chore_id: int) -> None:
    """Do a chore to its end. Harmless to call twice at once, or for one that has ended."""
    chore = _claim(chore_id)
    if chore is None:
        return
    try:
        if chore.attempts > MOST_ATTEMPTS:
            raise trouble("chore_given_up")
        require_rows(chore.job)
        # A report is one long reading, in which nothing can be written.
        with LEASES.renewed(chore, RENEWED_SECONDS):
            result = WORK[chore.kind](chore)
        _end(chore, DONE, result)
    except WorkflowError as error:
        _end(chore, FAILED, {"reason": list(error.reason)})
    except Lost:
        log.info("chore %s goes on elsewhere", chore_id)
    except _Interrupted:
        LEASES.release(chore, attempts=F("attempts") - 1)
    except Exception:  # whatever it was, it is tried again, a few times
        log.exception("chore %s (%s) failed", chore_id, chore.kind)
        LEASES.release(chore)


def _claim(chore_id: int) -> Chore | None:
    return LEASES.claim(chore_id, attempts=F("attempts") + 1, began_at=timezone.now())


def _keep(chore: Chore, progress: dict) -> None:
    """The checkpoint of a batch, in its transaction: a batch that is not this process's any more is taken back by it."""
    if shutdown.is_asked():
        raise _Interrupted
    LEASES.hold(chore, progress=progress, attempts=0)


def _end(chore: Chore, state: str, result: dict) -> None:
    ended = LEASES.release(chore, state=state, result=result, finished_at=timezone.now())
    if ended and chore.kind == TAKE_WORKBOOK:
        storage.kept_path(chore.what).unlink(missing_ok=True)


# -- the kinds ---------------------------------------------------------------------------------------------------------
def _report(chore: Chore) -> dict:
    kind, file_format, language = chore.what.split(".")
    let_go_at = chore.job.file_gone_at
    path = reporting.report_file(chore.job, kind, file_format, language)
    chore.job.refresh_from_db(fields=["file_gone_at"])
    if chore.job.file_gone_at != let_go_at:  # what it tells of was to be forgotten while it was written
        path.unlink(missing_ok=True)
        raise _Interrupted
    return {"file": path.name}


def _fix_all(chore: Chore) -> dict:
    return {"n": corrections.fix_all(chore.job, chore.what, chore.asked_by, chore.progress, partial(_keep, chore))}


def _release(chore: Chore) -> dict:
    """As many rows as there were when it was asked for: those that fail anew meanwhile wait for a person again."""
    which, _sign, wanted = chore.what.partition(":")
    n, more = chore.progress.get("n", 0), True
    while more and n < int(wanted):
        with transaction.atomic():
            more = release_more(chore.job_id, which, int(wanted) - n)
            n += more
            _keep(chore, {"n": n})
    return {"n": n}


def _take_workbook(chore: Chore) -> dict:
    path = storage.kept_path(chore.what)
    if not path.exists():
        raise trouble("workbook_gone")
    return {"taken": fix_workbook.take_workbook(chore.job, path, chore.asked_by, chore.progress, partial(_keep, chore))}


WORK: dict[str, Callable[[Chore], dict]] = {REPORT: _report, FIX_ALL: _fix_all, TAKE_WORKBOOK: _take_workbook, RELEASE: _release}


def sweep() -> None:
    """Forget what ended long ago; a report that was made stays where reports are kept."""
    Chore.objects.exclude(state=WAITING).filter(finished_at__lt=surely_before(KEPT)).delete()
