"""How an import changes its state: every step asks for the state it needs, at the moment it changes it."""

from collections.abc import Collection
from typing import Any

from background.queue import enqueue
from campaigns.models import Campaign
from imports.errors import WorkflowError
from imports.models import ImportJob, JobState

BEFORE_SENDING = (JobState.UPLOADED, JobState.MAPPED, JobState.CHECKING, JobState.READY)
ENDED = (JobState.DONE, JobState.CANCELLED)
# Changes of an import that goes on, or is done: nothing stands in its way any more, and nothing is tried out.
NO_REASON: dict[str, Any] = {"reason": "", "reason_detail": {}, "consecutive_failures": {}}
NO_PROBE: dict[str, Any] = {"probe": {}, "probe_ms": 0}


def require_state(job: ImportJob, *states: str) -> None:
    """Raises WorkflowError unless the import, as it was last read, is in one of `states`."""
    if job.state not in states:
        raise WorkflowError("not_now", state=str(job.get_state_display()))


def require_rows(job: ImportJob) -> None:
    """Raises WorkflowError when the rows have been erased, or are being erased. Called inside the transaction that changes the import."""
    if job.rows_gone_at:
        raise WorkflowError("rows_gone")


def change_state(job: ImportJob, allowed: Collection[str], state: str, **changes: Any) -> None:
    """Into `state`, if the import is in one of `allowed` at this very moment, whatever `job` remembers. Raises WorkflowError if not."""
    moved = ImportJob.objects.filter(pk=job.pk, state__in=allowed).update(state=state, **changes)
    job.refresh_from_db()
    if not moved:
        raise WorkflowError("not_now", state=str(job.get_state_display()))


def enqueue_task(task: str, subject: ImportJob | Campaign, in_background: bool = True) -> None:
    """Have a worker run `task` of `imports.tasks` after the commit, unless the caller does the work itself."""
    if in_background:
        enqueue(f"imports.tasks.{task}", subject.pk)
