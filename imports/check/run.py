"""The check: every row of the file read, judged and stored, before anything is sent.

The file is read by a child process under limits (`imports.pipeline.process.parent`); what it makes of each chunk of rows is
stored here in one transaction together with the checkpoint, so that a check killed at any moment goes on where it
was. A file that breaks its reader's limits is an UnreadableFile at once. This process may be killed for reasons of its own: only
after many tries in vain, or when its reader was killed three times, is the file taken for the cause.
"""

import logging
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from operator import attrgetter
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from background import metric_sums, shutdown
from background.leases import Leases, Lost, Renewal
from imports import counters
from imports.check import bulk_insert, consents
from imports.check.chunk_judge import ChunkJudge
from imports.check.list_warnings import ListWatch, warnings_of
from imports.check.one_writer import leaving_room
from imports.intake import object_store, storage
from imports.intake.field_settings import check_settings, read_options
from imports.mail import outbox
from imports.models import Edit, ImportJob, ImportRow, ImportTally, JobState, OutgoingMail, RowState
from imports.pipeline.process import parent
from imports.pipeline.process.protocol import Chunk, End, PackedRow, Skipped
from imports.pipeline.readers.table import UnreadableFile
from imports.pipeline.reasons import Reason

log = logging.getLogger(__name__)
LEASE_MS = 45_000
LEASES = Leases(ImportJob, JobState.CHECKING, LEASE_MS, prefix="check_", related=("campaign",))
STALLS_AFTER = float(parent.CHECK_SECONDS)  # as long as a reader may take over a file, thus over any chunk of it
REMOVED_AT_ONCE = 5_000
MOST_ATTEMPTS = 30  # begun since a row was stored; about as many times LEASE_MS
ATTEMPTS_OF_A_READER = 10  # what it counts when the reading process itself was killed
Progress = Callable[[int], None]  # rows stored so far
Question = Callable[[], bool]


class _Interrupted(Exception):
    """This process has been asked to stop, or to give way; the check goes on from its checkpoint, in any process."""


class _Stopped(Exception):
    """The check cannot go on, for good."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.reason = Reason(code, params)


def run_check(job_id: int, on_progress: Progress = lambda rows: None) -> None:
    """Check an import to its end: it becomes `ready`, or `failed` with a reason. Harmless to run twice at once."""
    job = claim(job_id)
    if job:
        run_claimed(job, on_progress)


def claim(job_id: int) -> ImportJob | None:
    """The import, for this process to check. The attempt is on record before the file is touched."""
    return LEASES.claim(job_id, check_attempts=F("check_attempts") + 1)


def run_claimed(job: ImportJob | None, on_progress: Progress = lambda rows: None, must_yield: Question = lambda: False) -> None:
    """As `run_check`, of an import that this process has claimed. `must_yield`, asked after every chunk: whether to go on later."""
    while job is not None:
        job = claim(job.pk) if _run_once(job, on_progress, must_yield) else None


def _run_once(job: ImportJob, on_progress: Progress, must_yield: Question) -> bool:
    """Whether it has to be begun anew at once."""
    try:
        if job.check_attempts > MOST_ATTEMPTS:
            raise _Stopped("read_crashed")
        with LEASES.renewed(job, STALLS_AFTER) as renewal:
            _check(job, on_progress, must_yield, renewal)
    except Lost:
        log.info("import %s: its check goes on elsewhere or was ended", job.pk)
    except object_store.ObjectStoreError:
        log.warning("import %s: the service that keeps files does not answer; its check is tried again", job.pk)
        LEASES.renew(job, check_attempts=F("check_attempts") - 1)  # free once the lease runs out: at once would be a loop
    except _Interrupted:
        LEASES.release(job, check_attempts=0)  # no attempt was in vain
    except parent.ReaderKilled:
        weight = F("check_attempts") + ATTEMPTS_OF_A_READER - 1
        return LEASES.release(job, check_attempts=weight)
    except (_Stopped, UnreadableFile) as stop:
        _fail(job, stop.reason)
    return False


def _check(job: ImportJob, on_progress: Progress, must_yield: Question, renewal: Renewal) -> None:
    with object_store.readable(storage.path_of(job)) as path:
        if not path.exists():
            raise _Stopped("file_gone")
        if not storage.is_unchanged(job, path):
            raise _Stopped("file_changed")
        _check_file(job, path, on_progress, must_yield, renewal)


def _check_file(job: ImportJob, path: Path, on_progress: Progress, must_yield: Question, renewal: Renewal) -> None:
    _clear_leftovers(job)
    begun, is_from_start = time.monotonic(), not job.checked_chunks
    judge = ChunkJudge.of(job)
    on_progress(job.checked_rows)
    for message in parent.check_file(path, read_options(job), check_settings(job), job.checked_chunks):
        renewal.note_progress()
        match message:
            case Skipped():
                _compare(job, message)
            case Chunk():
                _store(job, judge, message)
                on_progress(job.checked_rows)
                if shutdown.is_asked() or must_yield():
                    raise _Interrupted
            case End():
                _finish(job, message, judge.watch)
                if is_from_start:  # of one that was resumed, this process knows the last stretch alone
                    metric_sums.add("check", metric_sums.observed(time.monotonic() - begun, metric_sums.MINUTES))


def _clear_leftovers(job: ImportJob) -> None:
    """Rows of an earlier check, made with other choices."""
    if not job.checked_chunks:
        _remove_rows(job, before_each=lambda: LEASES.hold(job))


def _remove_rows(job: ImportJob, before_each: Callable[[], None] = lambda: None) -> None:
    """A few at a time, so that nobody waits long for the database. What people had changed in them goes first."""
    while ids := list(ImportRow.objects.filter(job=job).values_list("pk", flat=True)[:REMOVED_AT_ONCE]):
        with transaction.atomic():
            before_each()
            Edit.objects.filter(job=job).delete()
            ImportRow.objects.filter(pk__gte=min(ids), pk__lte=max(ids), job=job).delete()


def _compare(job: ImportJob, skipped: Skipped) -> None:
    if skipped.digest != job.check_hash:
        raise _Stopped("check_differs")


def _store(job: ImportJob, judge: ChunkJudge, chunk: Chunk) -> None:
    """One chunk and the checkpoint that says so, in one transaction."""
    total = job.checked_rows + len(chunk.rows)
    if total > settings.MAX_ROWS:
        raise _Stopped("too_many_rows", limit=settings.MAX_ROWS)
    # Outside of the transaction, in which nobody else may write to SQLite. What is listed or sent meanwhile is seen when rows are claimed.
    judged = judge.judge(chunk.rows)
    checkpoint = {"checked_rows": total, "checked_chunks": chunk.index + 1, "check_hash": chunk.digest}
    with leaving_room(chunk.index), transaction.atomic():
        LEASES.hold(job, check_attempts=0, moved_at=timezone.now(), **checkpoint)
        bulk_insert.store_rows(job.pk, judged)
        counters.add(job.pk, tally_of(judged, chunk.repairs, Counter(chunk.warnings) + judge.warnings_of_chunk))
    job.checked_rows, job.checked_chunks, job.check_hash = total, chunk.index + 1, chunk.digest


def tally_of(rows: Sequence[PackedRow], repairs: Mapping[str, int], warnings: Mapping[str, int]) -> Counter[tuple[str, str]]:
    """The sums of new rows, as `counters.add` takes them."""
    states = Counter(map(attrgetter("state"), rows))
    sums = Counter({("state", state): n for state, n in states.items()})
    if states[RowState.INVALID]:
        sums.update(Counter(("reason", row.reason) for row in rows if row.state == RowState.INVALID))
    sums.update({("repair", code): n for code, n in repairs.items()})
    sums.update({("warning", code): n for code, n in warnings.items()})
    return sums


def _finish(job: ImportJob, end: End, watch: ListWatch) -> None:
    consents.hold_for_all(job, before_each=lambda: LEASES.hold(job))
    warnings = [*watch.warnings(), *warnings_of(job)]
    with transaction.atomic():
        LEASES.hold(job, state=JobState.READY, total_rows=job.checked_rows, notes=end.notes, warnings=warnings)
    job.refresh_from_db()


def _fail(job: ImportJob, reason: Reason) -> None:
    """The file cannot be imported: nothing of it stays but the import that says why."""
    with transaction.atomic():
        if not LEASES.release(job, state=JobState.FAILED, reason=reason.code, reason_detail=reason.params):
            return
        ImportTally.objects.filter(job=job).delete()
        outbox.owe(job.pk, OutgoingMail.Kind.FAILED, [job.owner] if job.owner else [])
    _remove_rows(job)
    job.refresh_from_db()
