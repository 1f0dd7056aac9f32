"""The check: every row of the file read, judged and stored, before anything is sent.

The file is read by a child process under limits (`imports.pipeline.process.parent`); what it makes of each chunk of rows is
stored here in one transaction together with the checkpoint, so that a check killed at any moment goes on where it
was. A file that breaks its reader's limits is an UnreadableFile at once. This process may be killed for reasons of its own: only
after many tries in vain, or when its reader was killed three times, is the file taken for the cause.
"""

import logging
import secrets
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import orjson
from django.conf import settings
from django.db import transaction
from django.db.models import F

from background import shutdown
from background.database_clock import now_ms
from campaigns.do_not_call import forbidden, is_anybody_forbidden
from imports import counters
from imports.check import bulk_insert, consents
from imports.check.contacts_left_out import NO_CONTACTS, leave_out, numbers_of
from imports.check.list_warnings import ListWatch, warnings_of
from imports.intake import storage
from imports.intake.field_settings import check_settings, read_options
from imports.mail import outbox
from imports.models import ImportJob, ImportRow, ImportTally, JobState, RowState
from imports.pipeline.duplicates import DuplicateIndex
from imports.pipeline.process import parent
from imports.pipeline.process.protocol import Chunk, End, Skipped
from imports.pipeline.readers.table import UnreadableFile
from imports.pipeline.reasons import Reason
from imports.row_place_labels import list_starts, place_params

log = logging.getLogger(__name__)
LEASE_MS = 45_000  # a file that takes longer to open may be opened by two; only one of them stores its rows
REMOVED_AT_ONCE = 5_000
MOST_ATTEMPTS = 30  # begun since a row was stored; about as many times LEASE_MS
ATTEMPTS_OF_A_READER = 10  # what it counts when the reading process itself was killed
UNHEARD = (RowState.INVALID, RowState.DO_NOT_CALL, RowState.NO_CONSENT)  # rows whose number later rows may have
Progress = Callable[[int], None]  # rows stored so far


class _Overtaken(Exception):
    """Another process has taken this check over, or a person has ended it: what we have is worth nothing."""


class _Interrupted(Exception):
    """This process has been asked to stop; the check goes on from its checkpoint in another one."""


class _Stopped(Exception):
    """The check cannot go on, for good."""

    def __init__(self, code: str, **params):
        super().__init__(code)
        self.reason = Reason(code, params)


def run_check(job_id: int, on_progress: Progress = lambda rows: None) -> None:
    """Check an import to its end: it becomes `ready`, or `failed` with a reason. Harmless to run twice at once."""
    while _run_once(job_id, on_progress):
        pass


def _run_once(job_id: int, on_progress: Progress) -> bool:
    """Whether it has to be begun anew at once."""
    job = _claim(job_id)
    if job is None:
        return False
    try:
        if job.check_attempts > MOST_ATTEMPTS:
            raise _Stopped("read_crashed")
        _check(job, on_progress)
    except _Overtaken:
        log.info("import %s: its check goes on elsewhere or was ended", job_id)
    except _Interrupted:
        _blank_people(job)
    except parent.ReaderKilled:
        weight = F("check_attempts") + ATTEMPTS_OF_A_READER - 1
        return bool(_ours(job).update(check_lease_ms=0, check_attempts=weight))
    except (_Stopped, UnreadableFile) as stop:
        fail(job, stop.reason)
    return False


def _claim(job_id: int) -> ImportJob | None:
    """The import, ours to check for LEASE_MS. The attempt is on record before the file is touched."""
    token, now = secrets.randbits(62), now_ms()
    claimed = ImportJob.objects.filter(pk=job_id, state=JobState.CHECKING, check_lease_ms__lt=now).update(
        check_token=token,
        check_lease_ms=now + LEASE_MS,
        check_attempts=F("check_attempts") + 1,
    )
    return ImportJob.objects.select_related("campaign").get(pk=job_id) if claimed else None


def _blank_people(job: ImportJob) -> None:
    """Somebody else may go on at once, and no attempt was in vain."""
    _ours(job).update(check_lease_ms=0, check_attempts=0)


def _ours(job: ImportJob):
    return ImportJob.objects.filter(pk=job.pk, check_token=job.check_token)


def _check(job: ImportJob, on_progress: Progress) -> None:
    path = storage.path_of(job)
    if not path.exists():
        raise _Stopped("file_gone")
    if not storage.is_unchanged(job):
        raise _Stopped("file_changed")
    _clear_leftovers(job)
    judge = Judge.of(job)
    on_progress(job.checked_rows)
    for message in parent.check_file(path, read_options(job), check_settings(job), job.checked_chunks):
        match message:
            case Skipped():
                _compare(job, message)
            case Chunk():
                _store(job, judge, message)
                on_progress(job.checked_rows)
                if shutdown.is_asked():
                    raise _Interrupted
            case End():
                _finish(job, message, judge.watch)


def _clear_leftovers(job: ImportJob) -> None:
    """Rows of an earlier check, made with other choices."""
    if not job.checked_chunks:
        _remove_rows(job, before_each=lambda: _hold(job))


def _remove_rows(job: ImportJob, before_each: Callable[[], None] = lambda: None) -> None:
    """A few at a time, so that nobody waits long for the database."""
    while ids := list(ImportRow.objects.filter(job=job).values_list("pk", flat=True)[:REMOVED_AT_ONCE]):
        with transaction.atomic():
            before_each()
            ImportRow.objects.filter(pk__gte=min(ids), pk__lte=max(ids), job=job).delete()


def _compare(job: ImportJob, skipped: Skipped) -> None:
    if skipped.digest != job.check_hash:
        raise _Stopped("check_differs")


def _store(job: ImportJob, judge: "Judge", chunk: Chunk) -> None:
    """One chunk and the checkpoint that says so, in one transaction."""
    total = job.checked_rows + len(chunk.rows)
    if total > settings.MAX_ROWS:
        raise _Stopped("too_many_rows", limit=settings.MAX_ROWS)
    with transaction.atomic():
        _hold(job, check_attempts=0, checked_rows=total, checked_chunks=chunk.index + 1, check_hash=chunk.digest)
        judged = judge.judge(chunk.rows)
        bulk_insert.store_rows(job.pk, judged)
        counters.add(job.pk, tally_of(judged, chunk.repairs, Counter(chunk.warnings) + judge.warnings_of_chunk))
    job.checked_rows, job.checked_chunks, job.check_hash = total, chunk.index + 1, chunk.digest


def tally_of(rows: Iterable[tuple], repairs: dict[str, int], warnings: dict[str, int]) -> Counter:
    """The sums of new rows, as `tallies.add` takes them."""
    sums = Counter(("state", row[1]) for row in rows)
    sums.update(("reason", row[2]) for row in rows if row[1] == RowState.INVALID)
    sums.update({("repair", code): n for code, n in repairs.items()})
    sums.update({("warning", code): n for code, n in warnings.items()})
    return sums


def _hold(job: ImportJob, **changes) -> None:
    """Change the import and renew the lease, if the check is still ours."""
    ours = ImportJob.objects.filter(
        pk=job.pk,
        state=JobState.CHECKING,
        check_token=job.check_token,
        checked_chunks=job.checked_chunks,
    )
    if not ours.update(check_lease_ms=now_ms() + LEASE_MS, **changes):
        raise _Overtaken


def _finish(job: ImportJob, end: End, watch: ListWatch) -> None:
    consents.hold_for_all(job, before_each=lambda: _hold(job))
    warnings = [*watch.warnings(), *warnings_of(job)]
    with transaction.atomic():
        _hold(job, state=JobState.READY, total_rows=job.checked_rows, notes=end.notes, warnings=warnings)
    job.refresh_from_db()


def fail(job: ImportJob, reason: Reason) -> None:
    """The file cannot be imported: nothing of it stays but the import that says why."""
    with transaction.atomic():
        ours = ImportJob.objects.filter(pk=job.pk, state=job.state, check_token=job.check_token)
        if not ours.update(state=JobState.FAILED, reason=reason.code, reason_detail=reason.params, check_lease_ms=0):
            return
        ImportTally.objects.filter(job=job).delete()
        outbox.owe(job.pk, "failed", [job.owner] if job.owner else [])
    _remove_rows(job)
    job.refresh_from_db()


@dataclass
class Judge:
    """What a row's number means beside the rows before it, the campaign and the do-not-call list.

    The first row that can be sent wins a number; later ones name it. Each look-up is skipped where there is
    nothing to find.
    """

    campaign_id: int
    hold_duplicates: bool
    campaign_has_numbers: bool
    is_anybody_forbidden: bool
    first_rows: DuplicateIndex = field(default_factory=DuplicateIndex)
    watch: ListWatch = field(default_factory=ListWatch)
    starts: list[int] = field(default_factory=lambda: [0])  # the first column of each list side by side
    warnings_of_chunk: Counter = field(default_factory=Counter)  # of contacts left out of the rows judged last

    @classmethod
    def of(cls, job: ImportJob) -> "Judge":
        judge = cls(
            job.campaign_id,
            not job.allow_duplicates,
            job.campaign.numbers.exists(),
            is_anybody_forbidden(),
            watch=ListWatch(list_starts(job)),
            starts=list_starts(job),
        )
        judge._remember(job)
        return judge

    def _remember(self, job: ImportJob) -> None:
        """The numbers of rows stored before the check was cut short."""
        stored = ImportRow.objects.filter(job=job).exclude(state__in=UNHEARD)
        rows = stored.order_by("row_number").values_list("phone", "row_number", "state")
        for phone, number, state in rows.iterator(chunk_size=5000):
            self.watch.see([phone], [number])
            # Lists side by side are read row by row: a duplicate may have a lower number than the row that it repeats.
            if self.hold_duplicates and state != RowState.DUPLICATE_IN_FILE:
                self.first_rows.seen(phone, number)

    def judge(self, rows: list[tuple]) -> list[tuple]:
        """The rows of a chunk, those that must not be sent in the state that says why."""
        good = [row for row in rows if row[1] == "pending"]
        phones = [row[3] for row in good]
        self.watch.see(phones, [row[0] for row in good])
        leads = {row[0]: orjson.loads(row[5]) for row in good if row[5] and NO_CONTACTS not in row[5]}
        refused = forbidden(numbers_of(phones, leads.values()), self.campaign_id) if self.is_anybody_forbidden else {}
        known = self._known(phones)
        self.warnings_of_chunk = Counter()
        rows = self._without_contacts(rows, leads, refused) if refused and leads else rows
        return [self._judged(row, refused, known) if row[1] == "pending" else row for row in rows]

    def _without_contacts(self, rows: list[tuple], leads: dict[int, dict], refused: dict[str, str]) -> list[tuple]:
        """Secondary contacts that may not be called are left out of their leads."""
        return [self._left_out(row, leads[row[0]], refused) if row[0] in leads else row for row in rows]

    def _left_out(self, row: tuple, lead: dict, refused: dict[str, str]) -> tuple:
        number, state, reason, phone, cells, _lead, detail = row
        remaining = leave_out(lead, orjson.loads(detail) if detail else None, refused)
        if remaining is None:
            return row
        self.warnings_of_chunk.update(remaining.codes)
        return number, state, reason, phone, cells, orjson.dumps(remaining.lead).decode(), orjson.dumps(remaining.detail).decode()

    def _known(self, phones: list[str]) -> set[str]:
        if not (self.hold_duplicates and self.campaign_has_numbers):
            return set()
        return bulk_insert.numbers_in_campaign(self.campaign_id, phones)

    def _judged(self, row: tuple, refused: dict[str, str], known) -> tuple:
        number, phone = row[0], row[3]
        if phone in refused:
            return _held(row, RowState.DO_NOT_CALL.value, {}, refused[phone])
        if not self.hold_duplicates:
            return row
        first = self.first_rows.seen(phone, number)
        if first is not None:
            return _held(row, RowState.DUPLICATE_IN_FILE.value, place_params(first, self.starts))
        if phone in known:
            return _held(row, RowState.DUPLICATE_IN_CAMPAIGN.value, {})
        return row


def _held(row: tuple, state: str, params: dict, reason: str = "") -> tuple:
    """The row in a state, for a reason of its own (else of the state's name); it keeps its lead, in case it may go after all."""
    number, _state, _reason, phone, cells, lead, detail = row
    if params:
        said = {**(orjson.loads(detail) if detail else {}), "params": params}
        detail = orjson.dumps(said).decode()
    return number, state, reason or state, phone, cells, lead, detail
