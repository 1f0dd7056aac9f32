"""Imports of a database that was restored from a backup."""

from django.db import transaction
from django.db.models import Q

from imports.models import ImportJob, JobState
from imports.push.probes import PROBED
from imports.transitions import NO_PROBE
from people import audit

REASON = "restored"


def pause_where_calls_could_double() -> list[int]:
    """Pause every import that would go on by itself and whose numbers WhatTalk would call once more; their ids.

    The backup does not know what was sent after it was made. Where duplicates are blocked, WhatTalk answers such a row as a
    duplicate; where they are allowed, the person would be called again.
    """
    goes_on = Q(state=JobState.PUSHING) | Q(state=JobState.PAUSED, reason__in=PROBED)
    with transaction.atomic():
        jobs = list(ImportJob.objects.filter(goes_on, allow_duplicates=True).order_by("pk").values_list("pk", flat=True))
        ImportJob.objects.filter(pk__in=jobs).update(state=JobState.PAUSED, reason=REASON, reason_detail={}, **NO_PROBE)
        for job in jobs:
            audit.record(None, "pause", f"import {job}", after={"reason": REASON})
    return jobs
