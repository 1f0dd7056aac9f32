"""Background work. Each task loads, calls and is done; its message carries ids only and may come twice, late or never.

`ring` is how everybody else asks for work: the database already says what is to be done, so a lost ring costs seconds.
"""
import logging
import time

from celery import Task
from django.conf import settings
from django.db import transaction

from campaigns import sync
from config.celery import app
from imports import checking, chores, outbox, ticking
from imports.do_not_call import lists, settling
from imports.push import sender
from imports.push import undo as undoing

log = logging.getLogger(__name__)
QUIET_SECONDS = 10.0  # a broker that did not answer is not asked again so soon
CHECK_LIMITS = {"soft_time_limit": settings.LONGEST_CHECK_SECONDS, "time_limit": settings.LONGEST_CHECK_SECONDS + 30}
_quiet_until = 0.0


def ring(task: Task, *ids: int, after: float = 0) -> None:
    """Ask for `task` once the caller's transaction is committed, `after` seconds. Never raises: the tick rings again."""
    transaction.on_commit(lambda: _ring_now(task, ids, **({"countdown": after} if after else {})))


def _ring_now(task: Task, ids: tuple[int, ...], **options: float) -> None:
    global _quiet_until
    if time.monotonic() < _quiet_until:
        return
    try:
        task.apply_async(args=ids, **options)
    except Exception as error:  # whatever the broker's client raises: nobody's work may fail for a doorbell
        _quiet_until = time.monotonic() + QUIET_SECONDS
        log.warning("the broker cannot be reached (%s); work begins with the next tick", type(error).__name__)


def _ring_again(is_unfinished: bool, task: Task, *ids: int, after: float = 0) -> None:
    if is_unfinished:
        ring(task, *ids, after=after)


@app.task(**CHECK_LIMITS)
def check(job_id: int) -> None:
    checking.run_check(job_id)


@app.task(**CHECK_LIMITS)
def chore(chore_id: int) -> None:
    chores.run(chore_id)


@app.task
def pump(job_id: int, number: int | None = None, token: int | None = None) -> None:
    place, after = sender.run_at(job_id, number, token)
    _ring_again(place is not None, pump, job_id, *(place or ()), after=after)


@app.task
def undo(job_id: int, token: int | None = None) -> None:
    token = undoing.run_at(job_id, token)
    _ring_again(token is not None, undo, job_id, token)


@app.task
def send_mail(mail_id: int) -> None:
    outbox.send(mail_id)


@app.task
def sync_campaigns(account_id: int) -> None:
    sync.follow_account(account_id)


@app.task
def sync_leads(campaign_id: int) -> None:
    _ring_again(sync.follow_leads(campaign_id), sync_leads, campaign_id)


@app.task(**CHECK_LIMITS)
def read_number_list(list_id: int) -> None:
    lists.run(list_id)
    ring(search_do_not_call)


@app.task
def search_do_not_call() -> None:
    settling.search_and_enqueue(lambda account_id: ring(settle_do_not_call, account_id))


@app.task
def settle_do_not_call(account_id: int) -> None:
    _ring_again(settling.settle_due(account_id), settle_do_not_call, account_id)


@app.task
def tick() -> None:
    """From the scheduler and from every worker; the database lets one in ten seconds through."""
    for_task = {"check": check, "chore": chore, "pump": pump, "undo": undo, "send_mail": send_mail,
                "sync_campaigns": sync_campaigns, "sync_leads": sync_leads, "search_do_not_call": search_do_not_call, "read_number_list": read_number_list,
                "settle_do_not_call": settle_do_not_call}
    ticking.tick(lambda name, *ids: ring(for_task[name], *ids))
