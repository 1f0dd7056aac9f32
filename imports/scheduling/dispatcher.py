"""Every DISPATCH_SECONDS the dispatcher looks at what the database says is to be done, and enqueues it.

It is called by the scheduler and by a thread in every worker; a timer in the database lets one of them through. So
neither a lost message nor a dead scheduler delays anything by more than two rounds.
"""

import logging
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q

from background import queue
from background.database_clock import note_seen, now_ms
from campaigns import reading_schedule, remote_requests
from campaigns.models import Account, Campaign, DoNotCall
from imports import counters
from imports.do_not_call import lists, settling
from imports.intake import storage
from imports.mail import outbox, weekly
from imports.models import Heartbeat, ImportJob, ImportRow, JobState, RowState
from imports.operations import runner
from imports.push import completion, probes, row_claims, slots
from imports.retention import retention
from people import mails, sessions

log = logging.getLogger(__name__)
RECOUNT_EVERY_MS = 10 * 60_000
CAMPAIGNS_EVERY_MS = 5 * 60_000
WANTED_LEADS_EVERY_MS = 60_000
SWEEP_EVERY_MS = 3600_000
KEY_AGAIN_MS = 15 * 60_000
SENDING_STATES = (JobState.PUSHING, JobState.PAUSED, JobState.CANCELLED)

Enqueue = Callable[..., None]  # name of a task, ids


def _enqueue_task(name: str, *ids: int) -> None:
    queue.enqueue(f"imports.tasks.{name}", *ids)


def dispatch_due_work(enqueue: Enqueue = _enqueue_task) -> bool:
    """Enqueue what is due, unless another process has done so in this interval; whether it was this process that did it."""
    if not is_due("dispatcher", settings.DISPATCH_SECONDS * 900):
        return False
    note_seen(now_ms())
    for work in (
        _give_up_expired,
        _resume_mended,
        _enqueue_rows,
        _enqueue_checks,
        _enqueue_operations,
        _enqueue_remote_requests,
        _enqueue_undo,
        _owe_weekly_mails,
        _enqueue_mail,
        _enqueue_do_not_call,
        _enqueue_campaign_syncs,
        _enqueue_lead_syncs,
        _recount,
        _sweep,
    ):
        try:
            work(enqueue)
        except Exception:  # one kind of work that fails must not keep the others from being enqueued
            log.exception("dispatcher: %s failed", work.__name__)
    return True


def is_due(timer: str, every_ms: int) -> bool:
    """Whether so long has passed since this was last answered with yes, to anybody."""
    now = now_ms()
    Heartbeat.objects.get_or_create(name=timer, defaults={"kind": "timer"})
    return bool(Heartbeat.objects.filter(name=timer, last_run_ms__lte=now - every_ms).update(last_run_ms=now))


def _with_open_rows(**of_rows: Any) -> Exists:
    return Exists(ImportRow.objects.open().filter(job_id=OuterRef("pk"), **of_rows))


def _give_up_expired(enqueue: Enqueue) -> None:
    for job_id in ImportJob.objects.filter(_with_open_rows(state=RowState.SENDING)).values_list("pk", flat=True):
        with transaction.atomic():
            row_claims.reap(job_id)


def _resume_mended(enqueue: Enqueue) -> None:
    """Imports that waited for a key go on by themselves when a new one has been entered."""
    completion.resume_mended()


def _enqueue_rows(enqueue: Enqueue) -> None:
    for job in runnable():
        for slot in slots.free(job):
            enqueue("send_import", job.pk, *slot)
    for job in probes.due():
        for slot in slots.free(job)[:1]:
            enqueue("send_import", job.pk, *slot)


def runnable() -> Iterator[ImportJob]:
    """Imports with rows that may be sent or looked up now, or that only have to be ended."""
    now = now_ms()
    due = _with_open_rows(state=RowState.PENDING, next_ms__lte=now)
    lost = _with_open_rows(state=RowState.UNKNOWN, next_ms__lte=now)
    waiting = _with_open_rows(state=RowState.PENDING)
    jobs = ImportJob.objects.filter(
        Q(state=JobState.PUSHING) & (due | ~_with_open_rows())
        | Q(state__in=SENDING_STATES) & lost
        | Q(state=JobState.CANCELLED) & (waiting | Q(finished_at=None) & ~_with_open_rows())
    )
    return jobs.select_related("campaign__account").order_by("pk").iterator()


def _enqueue_checks(enqueue: Enqueue) -> None:
    for job_id in ImportJob.objects.filter(state=JobState.CHECKING, check_lease_ms__lt=now_ms()).values_list("pk", flat=True):
        enqueue("check", job_id)


def _enqueue_operations(enqueue: Enqueue) -> None:
    for operation_id in runner.due_ids():
        enqueue("run_operation", operation_id)


def _enqueue_remote_requests(enqueue: Enqueue) -> None:
    for request_id in remote_requests.due_ids():
        enqueue("ask_whattalk", request_id)


def _enqueue_undo(enqueue: Enqueue) -> None:
    undone = ImportJob.objects.exclude(undo_requested_at=None).filter(undone_at=None)
    for job in undone.select_related("campaign__account"):
        if _may_try_key(job.campaign.account, "undo"):
            for slot in slots.free_for_undoing(job):
                enqueue("undo", job.pk, slot.token)


def _may_try_key(account: Account, what: str) -> bool:
    """A key that was refused is tried again by itself, slowly: it may have been restored, or be good for this."""
    return account.problem != "key" or is_due(f"{what} with the refused key of account {account.pk}", KEY_AGAIN_MS)


def _owe_weekly_mails(enqueue: Enqueue) -> None:
    """Once after each Monday morning, by whichever process is the first."""
    due = weekly.due_since(datetime.fromtimestamp(now_ms() / 1000, UTC))
    timer, _made = Heartbeat.objects.get_or_create(name="weekly mails", defaults={"kind": "timer"})
    due_ms = int(due.timestamp() * 1000)
    if timer.last_run_ms >= due_ms:
        return
    with transaction.atomic():
        if Heartbeat.objects.filter(name=timer.name, last_run_ms__lt=due_ms).update(last_run_ms=now_ms()):
            outbox.owe_weekly(weekly.week_before(due))


def _enqueue_mail(enqueue: Enqueue) -> None:
    for mail_id in outbox.due_ids():
        enqueue("send_mail", mail_id)
    for mail_id in mails.due_ids():
        enqueue("send_person_mail", mail_id)


def _enqueue_do_not_call(enqueue: Enqueue) -> None:
    for list_id in lists.due_ids():
        enqueue("read_number_list", list_id)
    if DoNotCall.objects.filter(searched_at=None).exists():
        enqueue("search_do_not_call")
    for account_id in settling.due_accounts():
        enqueue("settle_do_not_call", account_id)


def _enqueue_campaign_syncs(enqueue: Enqueue) -> None:
    for account in Account.objects.order_by("pk"):
        if _may_try_key(account, "campaigns") and is_due(f"campaigns of account {account.pk}", CAMPAIGNS_EVERY_MS):
            enqueue("sync_campaigns", account.pk)
    doubtful = Campaign.objects.exclude(status_asked="").filter(missing_since=None, account__problem="")
    for account_id in doubtful.values_list("account", flat=True).distinct():
        enqueue("sync_campaigns", account_id)


def _enqueue_lead_syncs(enqueue: Enqueue) -> None:
    wanted = Q(leads_wanted_at__gt=F("leads_synced_at")) | Q(leads_wanted_at__isnull=False, leads_synced_at=None)
    for campaign_id in Campaign.objects.filter(wanted, missing_since=None, account__problem="").values_list("pk", flat=True):
        if is_due(f"wanted leads of campaign {campaign_id}", WANTED_LEADS_EVERY_MS):
            enqueue("sync_leads", campaign_id)
    live = Campaign.objects.filter(Q(status="in-progress") | Q(imports__state__in=(JobState.READY, JobState.PUSHING)))
    for campaign, seconds in reading_schedule.due_for_reading(live):
        if is_due(f"leads of campaign {campaign.pk}", int(1000 * seconds)):
            enqueue("sync_leads", campaign.pk)


def _recount(enqueue: Enqueue) -> None:
    if is_due("recount", RECOUNT_EVERY_MS):
        for job_id in ImportJob.objects.filter(state__in=SENDING_STATES, finished_at=None).values_list("pk", flat=True):
            counters.recount(job_id)


def _sweep(enqueue: Enqueue) -> None:
    """What a crash has left without an import, and what has been kept long enough."""
    if not is_due("sweep", SWEEP_EVERY_MS):
        return
    for sweep in (
        storage.sweep_orphans,
        storage.sweep_incoming,
        runner.sweep,
        remote_requests.sweep,
        mails.sweep,
        sessions.sweep,
        retention.sweep,
    ):
        try:
            sweep()
        except Exception:  # one that fails must not keep the others from their turn for an hour
            log.exception("dispatcher: %s.%s failed", sweep.__module__, sweep.__name__)
