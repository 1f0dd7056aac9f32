"""How sending ends or rests: done when no row is open, paused with a reason, and the mails that are owed for it.

State and mail change in one transaction, and only from the state they were in: two workers that come to the same
conclusion do it once.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from campaigns.models import Account, Campaign
from imports.mail import outbox
from imports.models import ImportJob, ImportRow, JobState, OutgoingMail
from imports.push import number_claims, probes, row_claims
from imports.push.probes import ACCOUNT_REASONS
from imports.transitions import NO_PROBE, NO_REASON
from people.models import User
from people.roles import Role


def pause_with_reason(job_id: int, reason: str, detail: Mapping[str, Any] | None = None) -> bool:
    """Stop sending until a person has mended something; whether it was this call that stopped it."""
    with transaction.atomic():
        job = ImportJob.objects.select_related("campaign").get(pk=job_id)
        is_news = job.state == JobState.PUSHING and probes.begin(job, reason)
        stopped = _pause(ImportJob.objects.filter(pk=job_id), reason, detail or {})
        if stopped and reason in ACCOUNT_REASONS:
            _stop_account(job, reason, detail or {})
        if stopped and is_news and reason != "first_sent":
            outbox.owe(job_id, OutgoingMail.Kind.PAUSED, who_can_mend())
    return stopped


def _pause(jobs: QuerySet[ImportJob], reason: str, detail: Mapping[str, Any]) -> bool:
    now = timezone.now()
    return bool(
        jobs.filter(state=JobState.PUSHING).update(
            state=JobState.PAUSED,
            reason=reason,
            reason_detail=dict(detail),
            consecutive_failures={},
            moved_at=now,
        )
    )


def _stop_account(job: ImportJob, reason: str, detail: Mapping[str, Any]) -> None:
    """Other imports of the account need not find out each for itself; one mail is enough."""
    account_id = job.campaign.account_id
    Account.objects.filter(pk=account_id).update(problem=reason, stopped_by=reason)
    _pause(ImportJob.objects.filter(campaign__account_id=account_id), reason, detail)
    probes.join(job, reason)


def finish(job_id: int) -> bool:
    """Done, if no row is open any more; whether it was this call that found so."""
    open_rows = ImportRow.objects.open().filter(job_id=OuterRef("pk"))
    unfinished = ImportJob.objects.filter(pk=job_id).filter(~Exists(open_rows))
    with transaction.atomic():
        # Whoever lets rows go holds this lock; the statements after it see those rows.
        list(ImportJob.objects.select_for_update().filter(pk=job_id).values_list("pk", flat=True))
        ended = unfinished.filter(state=JobState.PUSHING).update(
            state=JobState.DONE,
            **NO_REASON,
            finished_at=timezone.now(),
        )
        if ended:
            outbox.owe(job_id, OutgoingMail.Kind.DONE, User.objects.filter(imports=job_id))
            # Pages say how many leads wait to be called: those that were sent now have not been read yet.
            Campaign.objects.filter(imports=job_id).update(leads_wanted_at=timezone.now())
        unfinished.filter(state=JobState.CANCELLED, finished_at=None).update(finished_at=timezone.now())
    return bool(ended)


def cancel_rest(job_id: int) -> bool:
    """Some of the waiting rows of a cancelled import are ended; whether there may be more."""
    with transaction.atomic():
        job = ImportJob.objects.get(pk=job_id)
        if job.state != JobState.CANCELLED:
            return False
        swept = row_claims.cancel_waiting(job_id)
        number_claims.release(job.campaign_id, swept)
        return bool(row_claims.leave_unconfirmed(job_id) or row_claims.cancel_corrected(job_id) or swept)


def who_can_mend() -> Iterable[User]:
    return User.objects.filter(is_active=True, groups__name__in=[Role.MANAGER.group, Role.ADMIN.group]).distinct()


def resume_mended() -> int:
    """Imports stopped for what their whole account lacked go on when a person has mended it; how many."""
    mended = ImportJob.objects.filter(state=JobState.PAUSED, reason__in=ACCOUNT_REASONS, campaign__account__stopped_by="")
    return mended.update(
        state=JobState.PUSHING,
        **NO_REASON,
        **NO_PROBE,
        moved_at=timezone.now(),
    )
