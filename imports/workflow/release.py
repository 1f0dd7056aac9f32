"""Rows that were held back and may be sent after all: duplicates that are allowed, rows that failed, corrected rows."""

from collections import Counter

from django.utils import timezone

from imports import counters
from imports.models import ImportJob, ImportRow, JobState, Operation, RowState
from imports.push import row_claims
from imports.transitions import change_state, enqueue_task, require_state
from people.models import User

from . import requests

HELD_BACK = (RowState.DUPLICATE_IN_FILE, RowState.DUPLICATE_IN_CAMPAIGN)
AT_ONCE = 5_000  # rows released in one transaction


def release_duplicates(job_id: int, most: int) -> int:
    held = ImportRow.objects.filter(job=job_id, state__in=HELD_BACK).order_by("row_number")
    some = dict(held.values_list("pk", "state")[:most])
    ImportRow.objects.filter(pk__in=some, state__in=HELD_BACK).update(state=RowState.PENDING, reason="")
    moved = Counter(("state", state) for state in some.values())
    counters.add(job_id, {("state", RowState.PENDING): len(some)} | {tally: -n for tally, n in moved.items()})
    return len(some)


# Rows that may go after all: of which states, and what lets some of them go and says how many there were.
RELEASES = {
    "duplicates": (HELD_BACK, release_duplicates),
    "retry": ((RowState.FAILED, RowState.UNCONFIRMED), lambda job_id, most: len(row_claims.revive(job_id, most))),
    "corrections": ((RowState.CORRECTED,), lambda job_id, most: len(row_claims.release_corrected(job_id, most))),
}


def release(job: ImportJob, which: str, user: User | None, in_background: bool) -> None:
    """All of them where they are few; else the first, so that sending can begin, and a worker sees to the others."""
    states, some = RELEASES[which]
    sums = counters.states(job.pk)
    n = sum(sums[state] for state in states)
    if in_background and not requests.is_small(n):
        n -= some(job.pk, AT_ONCE)
        requests.ask(job, Operation.Kind.RELEASE, f"{which}:{n}", user)
        return
    while n > 0 and (gone := some(job.pk, min(n, AT_ONCE))):
        n -= gone


def release_more(job_id: int, which: str, most: int) -> int:
    """Let up to `most` more go, in the caller's transaction, unless the import has been ended meanwhile; how many there were."""
    job = ImportJob.objects.select_for_update().get(pk=job_id)
    require_state(job, JobState.PUSHING, JobState.PAUSED, JobState.DONE)
    n = RELEASES[which][1](job_id, min(most, AT_ONCE))
    if n and job.state == JobState.DONE:  # the first ones were sent before we came to these
        change_state(job, (JobState.DONE,), JobState.PUSHING, finished_at=None, moved_at=timezone.now())
        enqueue_task("send_import", job)
    return n
