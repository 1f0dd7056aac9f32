"""The turns of the processes that read: checks, operations and lists of numbers, all by the rule of `background.turns`.

A message only says that there is work. The process that gets it does whatever has its turn, so that the order of messages,
and how many there are, makes no difference.
"""

import time
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Model
from django.utils import timezone

from background import log_context
from background.database_clock import now_ms
from background.models import Turn
from background.queue import enqueue
from background.served import choosing, note_turn, served
from background.turns import Work, must_yield, next_turn
from imports.alerts.rules import SILENT_MS
from imports.check import run as check_run
from imports.do_not_call import lists
from imports.intake import storage
from imports.models import Heartbeat, ImportJob, JobState, NumberList, Operation
from imports.operations import runner

QUEUE = "parse"
LARGE_BYTES = 2_000_000  # of text: some 20,000 rows, which take one or two seconds
BYTES_OF_A_ROW = 100
SHORT = frozenset({"preview"})  # kinds of operations that look at the beginning of a file, whatever its size
PACKED = (".xlsx", ".xlsm", ".xlsb", ".ods", ".zip", ".gz")
PACKING = 5  # a packed spreadsheet holds about so many times its size
LOOKS_EVERY = 1.0  # seconds between two looks at whether others wait

Question = Callable[[], bool]


class _Kind(NamedTuple):
    """How work of one kind is claimed by its id, and done once it is; the ids that its log lines carry."""

    claim: Callable[[int], Any]
    run: Callable[[Any, Question], None]
    ids: Callable[[Any], dict[str, int]]


def _read_list(one: NumberList, gives_way: Question) -> None:
    lists.run_claimed(one, gives_way)
    enqueue("imports.tasks.search_do_not_call")  # what was read so far


KINDS = {
    "check": _Kind(
        check_run.claim,
        lambda job, gives_way: check_run.run_claimed(job, must_yield=gives_way),
        lambda job: {"import_id": job.pk},
    ),
    "operation": _Kind(runner.claim, runner.run_claimed, lambda one: {"operation_id": one.pk, "import_id": one.job_id}),
    "number list": _Kind(lists.claim, _read_list, lambda one: {"list_id": one.pk}),
}


def read_next() -> bool:
    """Do the piece of work that has its turn; whether another may be begun after it."""
    chosen = _claim_next()
    if chosen is None:
        return False
    work, row = chosen
    kind = KINDS[work.kind]
    log_context.add(**kind.ids(row))
    kind.run(row, _GivesWay(work))
    return _choice() is not None


def _claim_next() -> tuple[Work, Model] | None:
    """The work that has its turn, claimed. Processes choose one after the other: each sees what the one before has begun."""
    if not any(rows.exists() for rows in (check_run.LEASES.free(), runner.LEASES.free(), lists.LEASES.free())):
        return None
    with choosing(QUEUE):
        work = _choice()
        row = KINDS[work.kind].claim(work.pk) if work else None
        if work is None or row is None:
            return None
        note_turn(QUEUE, work.person, work.is_large)
        return work, row


def _choice() -> Work | None:
    waiting, running = waiting_and_running()
    return next_turn(waiting, running, served(QUEUE), processes(), now_ms() / 1000)


class _GivesWay:
    """Whether a piece of large work should be gone on with later; looks at the database once a second. The first answer is no."""

    def __init__(self, work: Work) -> None:
        self._work, self._began, self._looks_at = work, 0.0, 0.0

    def __call__(self) -> bool:
        now = time.monotonic()
        self._began = self._began or now
        if not self._work.is_large or now < self._looks_at:
            return False
        self._looks_at = now + LOOKS_EVERY
        return must_yield(*waiting_and_running(), processes(), now_ms() / 1000, now - self._began)


def processes() -> int:
    """How many processes read, on all machines: what heartbeats of workers that are alive say; at least this one."""
    heard = Heartbeat.objects.filter(kind="worker", beat_ms__gt=now_ms() - SILENT_MS).values_list("detail", flat=True)
    alive = [detail for detail in heard if not detail.get("is_stopping")]
    return max(1, sum(int(detail["processes"]) for detail in alive if QUEUE in detail.get("queues", ())))


def waiting_and_running() -> tuple[list[Work], list[Work]]:
    """All reading that nobody does, and all that somebody does at this moment."""
    now, ages = now_ms(), timezone.now()
    waiting: list[Work] = []
    running: list[Work] = []
    for asked, lease_ms in (*_checks(), *_operations(), *_number_lists()):
        since = now / 1000 - max(0.0, (ages - asked.at).total_seconds())
        work = Work(asked.kind, asked.pk, asked.person or Turn.NOBODY, since, asked.size > LARGE_BYTES)
        (waiting if lease_ms < now else running).append(work)
    return waiting, running


class _Asked(NamedTuple):
    """Reading that has not ended. `person`: id of a user; `size`: about how many bytes of text."""

    kind: str
    pk: int
    person: int | None
    at: datetime
    size: int


Held = Iterator[tuple[_Asked, int]]  # with the lease of whoever does it


def _checks() -> Held:
    jobs = ImportJob.objects.filter(state=JobState.CHECKING)
    columns = ("pk", "owner", "confirmed_at", "created_at", "file_size", "file_name", "check_lease_ms")
    for pk, owner, confirmed, created, size, name, lease in jobs.values_list(*columns):
        yield _Asked("check", pk, owner, confirmed or created, _text_in(size, name)), lease


def _operations() -> Held:
    operations = Operation.objects.filter(state=Operation.State.WAITING)
    columns = ("pk", "kind", "asked_by", "created_at", "job__total_rows", "job__checked_rows", "lease_ms")
    for pk, kind, asked_by, created, rows, checked, lease in operations.values_list(*columns):
        size = 0 if kind in SHORT else (rows or checked) * BYTES_OF_A_ROW
        yield _Asked("operation", pk, asked_by, created, size), lease


def _number_lists() -> Held:
    for one in NumberList.objects.filter(state=NumberList.State.WAITING):
        path = storage.kept_path(one.file_key)
        size = path.stat().st_size if path.exists() else 0
        yield _Asked("number list", one.pk, one.added_by_id, one.created_at, _text_in(size, one.file_name)), one.lease_ms


def _text_in(size: int, name: str) -> int:
    return size * (PACKING if name.lower().endswith(PACKED) else 1)
