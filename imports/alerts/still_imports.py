"""Imports with work that is due, of which nothing moves."""

import datetime as dt

from django.db.models import Exists, Max, OuterRef, Q
from django.utils import timezone

from imports.alerts.facts import StillImport
from imports.alerts.rules import STILL_MS
from imports.models import ImportJob, ImportRow, JobState, RowState

LONG_READING_MS = 300_000  # between two parts of a file: a large workbook is opened for so long
MOST = 20


def still_imports(now_ms: int) -> list[StillImport]:
    """Those of which nothing has moved for STILL_MS, the longest first; a file that is being opened has more time."""
    before = timezone.now() - dt.timedelta(milliseconds=STILL_MS)
    due = ImportRow.objects.open().filter(job_id=OuterRef("pk"), state=RowState.PENDING, next_ms__lte=now_ms)
    lost = ImportRow.objects.open().filter(job_id=OuterRef("pk"), state=RowState.SENDING)
    jobs = ImportJob.objects.filter(
        Q(state=JobState.PUSHING) & (Exists(due) | Exists(lost)) | Q(state=JobState.CHECKING), moved_at__lt=before
    )
    found = [_still(job, now_ms) for job in jobs.select_related("campaign__account").order_by("moved_at")[:MOST]]
    return [one for one in found if one.still_ms >= STILL_MS]


def _still(job: ImportJob, now_ms: int) -> StillImport:
    still_ms = int((timezone.now() - job.moved_at).total_seconds() * 1000) if job.moved_at else 0
    is_sending = job.state == JobState.PUSHING
    if not is_sending and job.check_lease_ms > now_ms and still_ms < LONG_READING_MS:
        still_ms = 0  # somebody is at it
    return StillImport(job.pk, job.file_name, still_ms, is_sending, job.campaign.account.name)


def since_moved_ms() -> int | None:
    """Since something last moved in any import that is being checked or sent; None when there is none."""
    states = (JobState.PUSHING, JobState.CHECKING)
    moved = ImportJob.objects.filter(state__in=states).aggregate(latest=Max("moved_at"))["latest"]
    return int((timezone.now() - moved).total_seconds() * 1000) if moved else None
