"""Rows that were held back for a lead that an undone import has deleted again: nothing stands in their way any more."""

from collections import Counter

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from campaigns.models import CampaignNumber, Lead
from imports import counters
from imports.models import ImportJob, ImportRow, JobState, RowState

BEFORE_SENDING = (JobState.READY,)
WITH_TRY_AGAIN = (JobState.PUSHING, JobState.PAUSED, JobState.DONE, JobState.CANCELLED)
AT_ONCE = 5_000


def free_rows(undone: ImportJob) -> int:
    """Some rows of other imports that were "already in the campaign" because of `undone`; how many there were.

    Where sending has not begun they wait like all others. Elsewhere a person decides: they say why, and *try again* takes them.
    """
    return _free(undone, BEFORE_SENDING, RowState.PENDING, "") + _free(undone, WITH_TRY_AGAIN, RowState.FAILED, "holder_gone")


def _free(undone: ImportJob, jobs: tuple[str, ...], state: str, reason: str) -> int:
    with transaction.atomic():
        some = list(_held_back_by(undone).filter(job__state__in=jobs).values_list("pk", "job_id")[:AT_ONCE])
        held = ImportRow.objects.filter(pk__in=[pk for pk, _job in some], state=RowState.DUPLICATE_IN_CAMPAIGN)
        moved = list(held.select_for_update().values_list("pk", flat=True))
        ImportRow.objects.filter(pk__in=moved).update(state=state, reason=reason, next_ms=0)
        for job_id, n in Counter(job_id for pk, job_id in some if pk in set(moved)).items():
            counters.add(job_id, counters.moves(RowState.DUPLICATE_IN_CAMPAIGN, [state] * n))
    return len(moved)


def _held_back_by(undone: ImportJob) -> QuerySet[ImportRow]:
    gone = ImportRow.objects.filter(job=undone, state=RowState.CANCELLED, reason="undone").values("phone")
    held = ImportRow.objects.filter(state=RowState.DUPLICATE_IN_CAMPAIGN, job__campaign=undone.campaign_id, phone__in=gone)
    still_there = (
        Exists(model.objects.filter(campaign=undone.campaign_id, phone_number=OuterRef("phone")))
        for model in (CampaignNumber, Lead)
    )
    return held.exclude(job=undone).filter(job__rows_gone_at=None).exclude(next(still_there)).exclude(next(still_there))
