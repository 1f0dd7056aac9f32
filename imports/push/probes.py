"""When one row of a paused import is sent to see whether what stopped it is mended.

A key that was refused, an empty balance, a campaign that is missing: an import that waits for one of these goes on when a
person says so, when a new key is entered, or when a single row that is sent for a try is taken. Tries come at growing
gaps, and all imports that wait for the same thing share them. That something can be *read* proves nothing.

`ImportJob.probe` is `{"reason", "n": tries so far, "resumed_ms": when one of them went well}`; `probe_ms` is when the next is due.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from background.database_clock import now_ms
from campaigns.models import Account
from imports.models import ImportJob, ImportRow, JobState, RowState
from imports.transitions import NO_REASON

ACCOUNT_REASONS = ("key", "balance")  # what stops everything that an account sends
PROBED = (*ACCOUNT_REASONS, "campaign_missing")
LONGEST_GAP = 60  # times the first one
STEADY_MS = 3600_000  # what was resumed by a probe and stops again within so long has not been mended
HEAD = 20  # rows looked at for one that may be sent


def begin(job: ImportJob, reason: str) -> bool:
    """This import, about to be paused for `reason`, is to be probed; whether the problem is a new one, of which nobody knows yet.

    Locks the account: of two imports that stop at once, one is the first.
    """
    if reason not in PROBED:
        return True
    list(Account.objects.select_for_update().filter(pk=job.campaign.account_id).values("pk"))
    job.refresh_from_db(fields=["probe"])
    other = waiting(job, reason).exclude(pk=job.pk).first()
    now, before = now_ms(), job.probe if job.probe.get("reason") == reason else {}
    if other is not None:
        _note(ImportJob.objects.filter(pk=job.pk), other.probe, other.probe_ms)
        return False
    is_new = not before.get("resumed_ms") or now - before["resumed_ms"] > STEADY_MS
    n = 0 if is_new else before["n"]
    _note(ImportJob.objects.filter(pk=job.pk), {"reason": reason, "n": n}, now + gap_ms(n))
    return is_new


def waiting(job: ImportJob, reason: str) -> QuerySet[ImportJob]:
    """The imports that wait for the same thing as this one does."""
    same = {"campaign__account_id": job.campaign.account_id} if reason in ACCOUNT_REASONS else {"campaign_id": job.campaign_id}
    return ImportJob.objects.filter(state=JobState.PAUSED, reason=reason, **same).order_by("pk")


def join(job: ImportJob, reason: str) -> None:
    """Imports that were paused along with this one share its probes."""
    job.refresh_from_db(fields=["probe", "probe_ms"])
    _note(waiting(job, reason), job.probe, job.probe_ms)


def due() -> Iterator[ImportJob]:
    """One import for each thing that is waited for, of those with rows that can tell, whose probe is due."""
    open_rows = ImportRow.objects.filter(job_id=OuterRef("pk"), state__in=(RowState.PENDING, RowState.UNKNOWN))
    pending = Exists(open_rows.filter(state=RowState.PENDING))
    jobs = ImportJob.objects.filter(Exists(open_rows), state=JobState.PAUSED, reason__in=PROBED, probe_ms__lte=now_ms())
    seen = set()
    for job in jobs.select_related("campaign__account").annotate(has_pending=pending).order_by("-has_pending", "pk"):
        thing = (job.reason, job.campaign.account_id if job.reason in ACCOUNT_REASONS else job.campaign_id)
        if thing not in seen:
            seen.add(thing)
            yield job


def claim(job: ImportJob, reason: str) -> bool:
    """Whether this process may make the try that is due. In the caller's transaction."""
    list(Account.objects.select_for_update().filter(pk=job.campaign.account_id).values("pk"))
    mine = waiting(job, reason).filter(pk=job.pk, probe_ms__lte=now_ms()).first()
    if mine is None:
        return False
    n = mine.probe.get("n", 0) + 1
    _note(waiting(job, reason), {"reason": reason, "n": n}, now_ms() + gap_ms(n))
    return True


def succeed(job: ImportJob, reason: str) -> None:
    """The try was taken: everything that waited for the same goes on."""
    probe = {"reason": reason, "n": ImportJob.objects.get(pk=job.pk).probe.get("n", 0), "resumed_ms": now_ms()}
    waiting(job, reason).update(
        state=JobState.PUSHING,
        **NO_REASON,
        moved_at=timezone.now(),
        probe=probe,
        probe_ms=0,
    )
    if reason in ACCOUNT_REASONS:
        mended(Q(pk=job.campaign.account_id))


def mended(accounts: Q) -> None:
    """Nothing is known to keep these accounts from sending."""
    Account.objects.filter(accounts, stopped_by__in=ACCOUNT_REASONS).update(stopped_by="")
    Account.objects.filter(accounts, problem__in=ACCOUNT_REASONS).update(problem="")


def gap_ms(n: int) -> int:
    """How long after the n-th try the next one is made."""
    return int(1000 * settings.PROBE_SECONDS * min(LONGEST_GAP, 2 ** min(n, 30)))


def _note(jobs: QuerySet[ImportJob], probe: Mapping[str, Any], probe_ms: int) -> None:
    jobs.update(probe=probe, probe_ms=probe_ms)
