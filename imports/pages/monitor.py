"""What the monitor shows beside its alerts: processes, queues, throughput, imports that stand still, mails."""

import datetime as dt
from dataclasses import dataclass
from typing import NamedTuple

from django.conf import settings
from django.db.models import Count, Q, Sum
from django.utils import timezone

from background.database_clock import now_ms
from imports.alerts.rules import SILENT_MS
from imports.messages.headings import heading_of
from imports.models import Heartbeat, ImportJob, ImportTally, JobState, OutgoingMail, PushMinute, RowState
from imports.pages.progress import Progress

MINUTES = 60
LATELY = dt.timedelta(days=7)
SQLITE_ROWS, SQLITE_WORKERS = 200_000, 4
UNSENT = (RowState.REFUSED, RowState.FAILED, RowState.UNCONFIRMED)
ACTIVE = (JobState.CHECKING, JobState.READY, JobState.PUSHING, JobState.PAUSED)


class ProcessState(NamedTuple):
    """A worker or scheduler: seconds since its last heartbeat, and whether that is recent enough."""

    name: str
    kind: str
    seconds: int
    is_alive: bool


@dataclass(frozen=True)
class Throughput:
    """Answers of WhatTalk in each of the last minutes, oldest first."""

    minutes: list[int]

    @property
    def most(self) -> int:
        return max(self.minutes, default=0)

    @property
    def last(self) -> int:
        """Of the last full minute."""
        return self.minutes[-2] if len(self.minutes) > 1 else 0

    @property
    def points(self) -> str:
        """The line, in a picture of MINUTES - 1 by 100."""
        top = self.most or 1
        return " ".join(f"{x},{100 - n * 96 / top:.1f}" for x, n in enumerate(self.minutes))

    @property
    def area(self) -> str:
        return f"0,100 {self.points} {len(self.minutes) - 1},100"


def throughput() -> Throughput:
    now = now_ms() // 60_000
    sums = (
        PushMinute.objects.filter(minute__gt=now - MINUTES)
        .values_list("minute")
        .annotate(n=Sum("created") + Sum("other"))
        .order_by()
    )
    by_minute = dict(sums)
    return Throughput([by_minute.get(minute, 0) for minute in range(now - MINUTES + 1, now + 1)])


def processes() -> list[ProcessState]:
    now = now_ms()
    return [
        ProcessState(beat.name, beat.kind, (now - beat.beat_ms) // 1000, now - beat.beat_ms < SILENT_MS)
        for beat in Heartbeat.objects.exclude(kind="timer").order_by("kind", "name")
    ]


class MonitoredImport(NamedTuple):
    """An import under way, or ended with rows that could be tried again. `errors`: (words, how many), the most frequent first."""

    progress: Progress
    errors: list[tuple[str, int]]


def monitored_imports(most: int = 50) -> list[MonitoredImport]:
    retryable = ImportTally.objects.filter(kind="state", key__in=(RowState.FAILED, RowState.UNCONFIRMED), n__gt=0).values("job")
    lately = Q(state=JobState.DONE, pk__in=retryable, finished_at__gt=timezone.now() - LATELY)
    jobs = ImportJob.objects.filter(Q(state__in=ACTIVE) | lately).select_related("campaign", "owner").order_by("-id")[:most]
    shown = Progress.of_all(jobs)
    reasons = _reasons([progress.job.pk for progress in shown])
    return [MonitoredImport(progress, _errors(progress, reasons.get(progress.job.pk, {}))) for progress in shown]


def _errors(progress: Progress, reasons: dict[str, int]) -> list[tuple[str, int]]:
    by_state = [(str(RowState(state).label), progress.states[state]) for state in UNSENT if progress.states[state]]
    by_reason = [(heading_of(code), n) for code, n in reasons.items()]
    return sorted([*by_state, *by_reason], key=lambda error: -error[1])


def _reasons(ids: list[int]) -> dict[int, dict[str, int]]:
    by_import: dict[int, dict[str, int]] = {}
    for pk, code, n in ImportTally.objects.filter(job__in=ids, kind="reason", n__gt=0).values_list("job", "key", "n"):
        by_import.setdefault(pk, {})[code] = n
    return by_import


def is_too_large_for_sqlite(shown: list[MonitoredImport], workers: int) -> bool:
    """SQLite has one writer at a time: a large list or many workers deserve PostgreSQL."""
    return settings.IS_SQLITE and (
        workers > SQLITE_WORKERS or any((one.progress.job.total_rows or 0) > SQLITE_ROWS for one in shown)
    )


def mail_counts() -> dict[str, int]:
    counts = OutgoingMail.objects.aggregate(
        waiting=Count("pk", filter=Q(state__in=("waiting", "sending"))),
        sent=Count("pk", filter=Q(state="sent")),
        failed=Count("pk", filter=Q(state="failed")),
    )
    return counts
