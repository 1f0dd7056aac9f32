"""Chores: what a person asks of a whole import, where it is too large to be done while they wait.

A report, the "fix in Excel" workbook, a correction of many rows, a corrected workbook that comes back. The wish is a row
in the database: a worker does it, a page waits for it, and whoever asks for the same meanwhile waits along. It survives
what a check survives. A bell that was lost is rung again by the tick; a worker that was killed leaves a lease that runs
out, and the next one goes on from the last committed batch; one that was frozen finds its token no longer good.
"""

import logging
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from threading import Event, Thread

from django.db import DatabaseError, connection, transaction
from django.db.models import F
from django.utils import timezone

from background import shutdown
from background.database_clock import now_ms, surely_before
from imports.check import corrections, fix_workbook
from imports.errors import WorkflowError, trouble
from imports.intake import storage
from imports.models import Chore
from imports.reports import files as reporting
from imports.transitions import require_rows
from imports.workflow.release import release_more
from imports.workflow.requests import DONE, FAILED, FIX_ALL, RELEASE, REPORT, TAKE_WORKBOOK, WAITING

log = logging.getLogger(__name__)
LEASE_MS = 30_000
RENEWED_SECONDS = 8.0
MOST_ATTEMPTS = 3
KEPT = timedelta(days=7)


class _Overtaken(Exception):
    """Another process has this chore now, or it has ended."""


class _Interrupted(Exception):
    """It has to be gone on with elsewhere or later: this process has been asked to stop, or what was made cannot be used."""


def due_ids() -> list[int]:
    """Chores that nobody is at."""
    return list(Chore.objects.filter(state=WAITING, lease_ms__lt=now_ms()).order_by("pk").values_list("pk", flat=True))


def run(chore_id: int) -> None:
    """Do a chore to its end. Harmless to call twice at once, or for one that has ended."""
    chore = _claim(chore_id)
    if chore is None:
        return
    try:
        if chore.attempts > MOST_ATTEMPTS:
            raise trouble("chore_given_up")
        require_rows(chore.job)
        with _lease_renewed(chore):
            result = WORK[chore.kind](chore)
        _end(chore, DONE, result)
    except WorkflowError as error:
        _end(chore, FAILED, {"reason": list(error.reason)})
    except _Overtaken:
        log.info("chore %s goes on elsewhere", chore_id)
    except _Interrupted:
        _ours(chore).update(lease_ms=0, attempts=F("attempts") - 1)
    except Exception:  # whatever it was, it is tried again, a few times
        log.exception("chore %s (%s) failed", chore_id, chore.kind)
        _ours(chore).update(lease_ms=0)


def _claim(chore_id: int) -> Chore | None:
    now = now_ms()
    token = secrets.randbits(62)
    claimed = Chore.objects.filter(pk=chore_id, state=WAITING, lease_ms__lt=now).update(
        token=token,
        lease_ms=now + LEASE_MS,
        attempts=F("attempts") + 1,
        began_at=timezone.now(),
    )
    return Chore.objects.select_related("job__campaign__assistant", "asked_by").get(pk=chore_id, token=token) if claimed else None


def _ours(chore: Chore):
    return Chore.objects.filter(pk=chore.pk, state=WAITING, token=chore.token)


@contextmanager
def _lease_renewed(chore: Chore) -> Iterator[None]:
    """A thread says that this process lives: a report is one long reading, in which nothing else can be said."""
    is_over = Event()
    thread = Thread(target=_renew, args=(chore, is_over), daemon=True)
    thread.start()
    try:
        yield
    finally:
        is_over.set()
        thread.join()


def _renew(chore: Chore, is_over: Event) -> None:
    while not is_over.wait(RENEWED_SECONDS):
        try:
            _ours(chore).update(lease_ms=now_ms() + LEASE_MS)
        except DatabaseError as error:  # a database that is away for a moment: the lease outlives three of these
            log.warning("chore %s: its lease was not renewed (%s)", chore.pk, type(error).__name__)
    connection.close()


def _keep(chore: Chore, progress: dict) -> None:
    """The checkpoint of a batch, in its transaction: a batch that is not ours to do any more is taken back by it."""
    if shutdown.is_asked():
        raise _Interrupted
    if not _ours(chore).update(progress=progress, attempts=0):
        raise _Overtaken


def _end(chore: Chore, state: str, result: dict) -> None:
    with transaction.atomic():
        ended = _ours(chore).update(state=state, result=result, finished_at=timezone.now(), lease_ms=0)
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
