"""The steps of an import once its columns are mapped: check, send, pause, resume, cancel, retry, undo.

    mapped ──▶ checking ──▶ ready ──▶ pushing ⇄ paused ──▶ done
                  └▶ failed              └────────────▶ cancelled

Every step looks at the state first, is safe to press twice, and raises `WorkflowError` with a sentence and a remedy.
Work that takes time is only begun here: `imports.check.run` and `imports.push.sender` do it, in a worker or in the
foreground (`in_background=False`: nothing is enqueued, the caller does the work itself).
"""

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from imports import counters
from imports.errors import WorkflowError
from imports.intake import field_settings
from imports.intake.open_questions import questions_left
from imports.intake.questions import question
from imports.intake.steps import preview_of
from imports.models import ImportJob, ImportTally, JobState, RowState
from imports.push import probes
from imports.push.probes import ACCOUNT_REASONS
from imports.transitions import (
    BEFORE_SENDING,
    ENDED,
    NO_PROBE,
    NO_REASON,
    change_state,
    enqueue_task,
    require_rows,
    require_state,
)
from people import audit
from people.models import User
from people.roles import Role, role_of

from .release import release


# -- 4 check -----------------------------------------------------------------------------------------------------------
def start_check(job: ImportJob, in_background: bool = True) -> None:
    """Begin to check every row. Pressing it again while it runs, or after it, changes nothing."""
    if job.state in (JobState.CHECKING, JobState.READY):
        return
    if "phone_number" not in job.mapping:
        raise WorkflowError("phone_not_mapped")
    if not job.phone_format:
        raise WorkflowError("format_missing")
    require_state(job, JobState.MAPPED)
    if left := questions_left(job, preview_of(job)):
        raise WorkflowError("choices_open", questions=" ".join(map(question, left)))
    with transaction.atomic():
        change_state(
            job,
            (JobState.MAPPED,),
            JobState.CHECKING,
            check_attempts=0,
            check_token=0,
            check_lease_ms=0,
            checked_rows=0,
            checked_chunks=0,
            check_hash="",
            total_rows=None,
            notes=[],
            warnings=[],
            moved_at=timezone.now(),
        )
        ImportTally.objects.filter(job=job).delete()
    enqueue_task("check", job, in_background)


def check_summary(job: ImportJob) -> dict[str, dict[str, int]]:
    """`{"state": {…}, "reason": {…}, "repair": {…}, "warning": {…}}`; the states add up to the rows stored."""
    sums = counters.of(job.pk)
    return {kind: sums.get(kind, {}) for kind in ("reason", "repair", "warning")} | {"state": counters.states(job.pk)}


# -- 5 send ------------------------------------------------------------------------------------------------------------
def confirm(
    job: ImportJob,
    user: User | None,
    *,
    allow_duplicates: bool = False,
    first: int | None = None,
    in_background: bool = True,
) -> None:
    """Send what can be sent; with `first`, only so many rows, and then ask. `user` None: the operator at the terminal."""
    if allow_duplicates and user is not None and role_of(user) < Role.MANAGER:
        raise WorkflowError("duplicates_not_allowed")
    if job.state == JobState.PUSHING:
        return
    with transaction.atomic():
        change_state(
            job,
            (JobState.READY,),
            JobState.PUSHING,
            allow_duplicates=allow_duplicates,
            send_limit=first,
            confirmed_by=user,
            confirmed_at=timezone.now(),
            push_started_at=timezone.now(),
            moved_at=timezone.now(),
        )
        field_settings.remember(job, preview_of(job))  # only now: a dry run or a given-up try is nobody's word
        if allow_duplicates:
            release(job, "duplicates", user, in_background)
        audit.record(user, "confirm", f"import {job.pk}", after={"allow_duplicates": allow_duplicates, "first": first})
    enqueue_task("send_import", job, in_background)


def send_corrected(job: ImportJob, user: User | None, n: int, in_background: bool = True) -> None:
    """Send the rows that were put right since the import was sent. `n` is how many the person was told of: when there are others by
    now, nothing is sent. Pressed twice, it sends them once. A paused import sends them when it goes on."""
    with transaction.atomic():
        list(ImportJob.objects.select_for_update().filter(pk=job.pk))
        job.refresh_from_db()
        require_state(job, JobState.PUSHING, JobState.PAUSED, JobState.DONE)
        waiting = counters.states(job.pk)[RowState.CORRECTED]
        if not waiting:
            return
        if waiting != n:
            raise WorkflowError("corrections_changed", count=waiting)
        if job.state == JobState.DONE:
            change_state(
                job,
                (JobState.DONE,),
                JobState.PUSHING,
                **NO_REASON,
                send_limit=None,
                finished_at=None,
                moved_at=timezone.now(),
            )
        require_rows(job)
        if job.is_being_undone:
            raise WorkflowError("undo_under_way")  # what is sent now would be deleted at once
        release(job, "corrections", user, in_background)
        audit.record(user, "send_corrected", f"import {job.pk}", after={"rows": waiting})
    enqueue_task("send_import", job, in_background)


def pause(job: ImportJob, user: User | None) -> None:
    """Send nothing new; what is in flight is still recorded. Not even a new key makes it go on by itself then."""
    goes_on = Q(state=JobState.PUSHING) | Q(state=JobState.PAUSED, reason__in=ACCOUNT_REASONS)
    with transaction.atomic():
        paused = ImportJob.objects.filter(goes_on, pk=job.pk).update(
            state=JobState.PAUSED, reason="paused_by_person", reason_detail={"who": str(user or "")}
        )
        if paused:
            audit.record(user, "pause", f"import {job.pk}")
    job.refresh_from_db()
    require_state(job, JobState.PAUSED)


def resume(job: ImportJob, user: User | None, in_background: bool = True) -> None:
    """Go on from the same row."""
    if job.state == JobState.PUSHING:
        return
    with transaction.atomic():
        _believe_mended(job)
        change_state(
            job,
            (JobState.PAUSED,),
            JobState.PUSHING,
            **NO_REASON,
            **NO_PROBE,
            moved_at=timezone.now(),
        )
        audit.record(user, "resume", f"import {job.pk}")
    enqueue_task("send_import", job, in_background)


def _believe_mended(job: ImportJob) -> None:
    """Resuming confirms that the key and the balance work again; the first answer will tell."""
    probes.mended(Q(pk=job.campaign.account_id))


def send_rest(job: ImportJob, user: User | None, in_background: bool = True) -> None:
    """After the first few: all the others."""
    with transaction.atomic():
        ImportJob.objects.filter(pk=job.pk).update(send_limit=None)
        resume(job, user, in_background)


def cancel(job: ImportJob, user: User | None) -> None:
    """Send nothing more, for good. Rows not yet sent become `cancelled`; leads already sent stay at WhatTalk."""
    if job.state == JobState.CANCELLED:
        return
    with transaction.atomic():
        change_state(
            job,
            (*BEFORE_SENDING, JobState.PUSHING, JobState.PAUSED),
            JobState.CANCELLED,
            reason="cancelled_by_person",
            reason_detail={"who": str(user or "")},
            moved_at=timezone.now(),
        )
        audit.record(user, "cancel", f"import {job.pk}")
    enqueue_task("send_import", job)


# -- 6 afterwards ------------------------------------------------------------------------------------------------------
def retry_failed(job: ImportJob, user: User | None, in_background: bool = True) -> None:
    """Rows that could not be sent are sent again; those that could not be confirmed are looked up, and sent if need be."""
    require_state(job, *ENDED, JobState.PAUSED, JobState.PUSHING)
    if job.state == JobState.CANCELLED and not job.finished_at:
        raise WorkflowError("not_now", state=str(job.get_state_display()))  # rows of it still wait to be cancelled
    sums = counters.states(job.pk)
    if not sums[RowState.FAILED] + sums[RowState.UNCONFIRMED]:
        if job.state == JobState.PUSHING:
            return
        raise WorkflowError("nothing_to_retry")
    with transaction.atomic():
        _believe_mended(job)
        change_state(
            job,
            (*ENDED, JobState.PAUSED, JobState.PUSHING),
            JobState.PUSHING,
            **NO_REASON,
            **NO_PROBE,
            finished_at=None,
            moved_at=timezone.now(),
        )
        require_rows(job)
        if job.is_being_undone:
            raise WorkflowError("undo_under_way")  # what is sent now would be deleted at once
        release(job, "retry", user, in_background)
        audit.record(user, "retry", f"import {job.pk}")
    enqueue_task("send_import", job, in_background)


def undo(job: ImportJob, user: User | None) -> None:
    """Delete from WhatTalk the leads of this import that have not been called. What has not been sent yet is cancelled.

    May be asked for again later, for leads that were created since.
    """
    job.refresh_from_db()
    if job.is_being_undone:
        return
    require_state(job, *ENDED, JobState.PAUSED)
    with transaction.atomic():
        if job.state == JobState.PAUSED:
            cancel(job, user)
        change_state(job, ENDED, job.state, undo_requested_at=timezone.now(), undone_at=None)
        require_rows(job)
        audit.record(user, "undo", f"import {job.pk}")
    enqueue_task("undo", job)
