"""Sending an import: claim rows, send them, record what became of them, until nothing is left or somebody says stop.

The outcomes of the last requests and the intents of the next ones are committed together (`ledger`), and only then do
the next ones leave (`request_pool`). So a process that is killed leaves at most its requests in flight in doubt.
"""

import logging
import time
from collections.abc import Callable, Sequence
from typing import Any

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection, transaction

from background import shutdown
from background.database_clock import now_ms
from campaigns.gateway import RemoteProblem
from campaigns.whattalk.client import WhatTalkClient
from campaigns.whattalk.replies import Outcome
from campaigns.whattalk.resources import Lead
from imports.models import ImportJob, JobState, RowState
from imports.push import completion, row_claims, slots
from imports.push.account_share import take_share
from imports.push.batches import Checking, LookingUp, Next, Sending
from imports.push.completion import pause_with_reason
from imports.push.lead_lookups import look_up
from imports.push.ledger import Ledger
from imports.push.request_pool import Answer, Request, RequestPool, latest_begin
from imports.push.row_evidence import Dating
from imports.push.slots import Slot

__all__ = ["pause_with_reason", "push_to_end", "run_at", "run_slice"]
log = logging.getLogger(__name__)
# Answers are recorded together, since a transaction costs much the same for one and for many: half of all that are in flight, or
# those of a twelfth of the time that an answer takes. Where few are in flight each of them is worth more than a transaction.
GATHERED_SHARE, MANY_IN_FLIGHT, SHARE_OF_FEW = 2, 16, 8
GATHERED_TIME, LEAST_GATHER, MOST_GATHER = 0.08, 0.004, 0.025  # of the usual time of an answer; seconds
GLANCE = 0.25  # seconds between two looks at whether somebody pressed pause
WORTH_WAITING_MS = 5_000
LONGEST_DELAY_MS = 120_000  # what has to wait longer is enqueued by the dispatcher
LIMITED_SLICE, LIMITED_SLICE_ANSWERS = 5.0, 8  # seconds, and times an answer takes: who mostly waits leaves the process to others
LONGEST_DATABASE_BACKOFF = 30.0
FOREGROUND_SECONDS = 600.0
PROGRESS_EVERY = 1.0


Progress = Callable[[ImportJob], None]


def run_slice(
    job_id: int,
    seconds: float | None = None,
    on_progress: Progress = lambda job: None,
    slot: Slot | None = None,
) -> bool:
    """Send rows of one import for so long; whether there is more to do at once.

    Also settles rows whose answer was lost and ends the import when its last row has ended. Safe to call by several
    processes at any time: who finds no free slot among the senders (or not `slot`) does nothing.
    """
    return _run(job_id, seconds, on_progress, slot) == 0


def _run(job_id: int, seconds: float | None, on_progress: Progress, slot: Slot | None) -> float | None:
    """Seconds after which there is more to do; 0: at once, None: when the dispatcher finds something."""
    job = ImportJob.objects.select_related("campaign__account").get(pk=job_id)
    _settle_expired(job)
    if not row_claims.open_rows(job_id):
        completion.finish(job_id)
        return None
    share = take_share(job, slot)
    if share is None:
        return None
    try:
        with RequestPool(job.campaign.account) as pool:
            return _Slice(job, Ledger(job, share), pool, seconds, on_progress).run()
    except RemoteProblem as problem:
        if problem.code != "address":
            raise
        pause_with_reason(job_id, "misconfigured", {"message": str(problem)})  # the operator allows it no longer
        return None
    finally:
        share.release()


def run_at(job_id: int, number: int | None, token: int | None) -> tuple[Slot | None, float]:
    """A slice from the slot that a message names, or from a free one.

    The slot to go on from, None when there is no more, and the seconds to wait until then.
    """
    job = ImportJob.objects.select_related("campaign__account").get(pk=job_id)
    free_slots = slots.free(job) if number is None or token is None else [Slot(number, token)]
    delay = _run(job_id, None, lambda job: None, free_slots[0]) if free_slots else None
    return (None, 0) if delay is None else (free_slots[0].taken, delay)


def push_to_end(job_id: int, on_progress: Progress = lambda job: None) -> ImportJob:
    """Send in the foreground until the import is done, paused or cancelled, and nothing more is under way."""
    while True:
        more = run_slice(job_id, FOREGROUND_SECONDS, on_progress)
        job = ImportJob.objects.get(pk=job_id)
        on_progress(job)
        if job.state != JobState.PUSHING or shutdown.is_asked():
            return job
        if not more:
            time.sleep(0.5)


def _settle_expired(job: ImportJob) -> None:
    """What is due before anything is sent: leases that ran out, rows of a cancelled import."""
    now_ms()  # a clock that was set is made up for before it is asked whose time is over
    with transaction.atomic():
        row_claims.reap(job.pk)
    while job.state == JobState.CANCELLED and completion.cancel_rest(job.pk):
        pass


class _Slice:
    """Batches until the time is over, somebody says stop, or nothing is left that is due soon."""

    def __init__(self, job: ImportJob, ledger: Ledger, pool: RequestPool, seconds: float | None, on_progress: Progress) -> None:
        """`seconds` None: a slice among others; the shorter, the less the account's limit lets it do."""
        self._job, self._ledger, self._pool, self._on_progress = job, ledger, pool, on_progress
        self._began = self._reported = time.monotonic()
        self._seconds = seconds
        self._has_more = True

    def run(self) -> float | None:
        self._run_batch([], may_begin=not shutdown.is_asked())
        try:
            while self._has_more and time.monotonic() < self._began + self._length() and not shutdown.is_asked():
                self._run_batch(self._answers(), may_begin=True)
                self._report_progress()
        finally:
            self._drain()
        _settle_expired(ImportJob.objects.get(pk=self._job.pk))
        completion.finish(self._job.pk)
        if self._has_more:
            return 0.0
        wait_ms = self._ledger.share.wait_ms
        return wait_ms / 1000 if 0 < wait_ms <= LONGEST_DELAY_MS and not self._ledger.share.is_lost else None

    def _length(self) -> float:
        """Seconds. A process that mostly waits for its account's limit keeps others waiting."""
        share = self._ledger.share
        if self._seconds or not share.is_steady:
            return self._seconds or settings.SEND_SLICE_SECONDS
        return min(settings.SEND_SLICE_SECONDS, max(LIMITED_SLICE, LIMITED_SLICE_ANSWERS * share.usual_ms / 1000))

    def _drain(self) -> None:
        """What is in flight is still recorded; nothing new begins."""
        while self._pool.in_flight:
            self._run_batch(self._answers(), may_begin=False)

    def _answers(self) -> list[Answer]:
        within = min(GLANCE, self._ledger.share.pause)
        gather, in_flight = LEAST_GATHER, self._pool.in_flight
        if in_flight >= MANY_IN_FLIGHT:
            gather = min(MOST_GATHER, max(LEAST_GATHER, GATHERED_TIME * self._ledger.share.usual_ms / 1000))
        part = GATHERED_SHARE if in_flight >= MANY_IN_FLIGHT else SHARE_OF_FEW
        return self._pool.answers(within, gather, enough=1 + in_flight // part)

    def _report_progress(self) -> None:
        if time.monotonic() - self._reported >= PROGRESS_EVERY:
            self._reported = time.monotonic()
            self._job.refresh_from_db(fields=["state", "reason", "reason_detail"])
            self._on_progress(self._job)

    def _run_batch(self, answers: Sequence[Answer], may_begin: bool) -> None:
        self._ledger.share.note_limits(self._pool.rate_limit)
        self._ledger.share.note_waiting(self._pool.longest_wait)
        self._ledger.judge.clock.note_date(self._pool.clock)
        planned = self._patiently(lambda: self._ledger.commit_batch(answers, self._pool.in_flight, may_begin))
        requests = self._requests(planned, not_after=planned.control.read + latest_begin())
        if requests:
            self._pool.start(requests)
        elif may_begin and not self._pool.in_flight:
            self._has_more = self._is_worth_waiting(planned)

    def _requests(self, planned: Next, not_after: float) -> list[tuple[Sending | LookingUp | Dating | Checking, Request]]:
        campaign = self._job.campaign.remote_id
        return [
            *((sending, _post(sending.lead, not_after)) for sending in planned.send),
            *((looking, _find(campaign, looking.row.phone)) for looking in planned.look_up),
            *((dating, _find(campaign, dating.phone)) for dating in planned.date),
            *((checking, _find(campaign, checking.phone)) for checking in planned.check),
        ]

    def _is_worth_waiting(self, planned: Next) -> bool:
        """Whether something will be due within a few seconds; what takes longer is enqueued by the dispatcher."""
        if self._ledger.share.is_lost or self._ledger.share.wait_ms > WORTH_WAITING_MS:
            return False
        states = [RowState.PENDING] if planned.control.state == JobState.PUSHING else []
        states += [RowState.UNKNOWN] if planned.control.may_look_up else []
        wait_ms = row_claims.next_due_ms(self._job.pk, states)
        return wait_ms is not None and wait_ms <= WORTH_WAITING_MS

    def _patiently(self, work: Callable[[], Next]) -> Next:
        """`work`, again and again while the database cannot be used; its transaction leaves nothing half done."""
        pause = 1.0
        while True:
            try:
                return work()
            except (OperationalError, InterfaceError) as error:
                if connection.in_atomic_block:
                    raise
                log.warning(
                    "import %s: the database cannot be used (%s); trying again in %.0f s",
                    self._job.pk,
                    type(error).__name__,
                    pause,
                )
                connection.close()
                time.sleep(pause)
                pause = min(2 * pause, LONGEST_DATABASE_BACKOFF)


def _post(lead: dict[str, Any], not_after: float) -> Request:
    async def request(client: WhatTalkClient) -> Outcome:
        return await client.create_lead(lead, not_after=not_after)

    return request


def _find(campaign: str, phone: str) -> Request:
    async def request(client: WhatTalkClient) -> list[Lead]:
        return await look_up(client, campaign, phone)

    return request
