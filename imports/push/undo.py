"""Undoing an import: the leads it created that have not been called are deleted from WhatTalk; the others are kept and
say why.

Each lead is looked at right before it is deleted, because calls may begin at any moment. One whose id is known is deleted
by it, whether it is listed or not: a list may lag, and only the answer to the deletion says that it is gone. A deletion whose
answer was lost is made again. Rows are leased: two processes never look at one. Rows whose answer was lost are waited
for: what they turn out to have created is undone as well. What cannot be told to be the row's own is never deleted.
"""

import time
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from functools import cache
from typing import NamedTuple

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from background import shutdown
from background.database_clock import now_ms
from campaigns import lead_counters
from campaigns.models import Account, Lead
from campaigns.whattalk import resources
from campaigns.whattalk.client import WhatTalkClient
from campaigns.whattalk.errors import Invalid, KeyRejected, Nonsense, NotFound, RateLimited, Unreachable, WhatTalkError
from imports import counters
from imports.models import ImportJob, ImportRow, RowState
from imports.push import deferrals, number_claims, row_claims, slots
from imports.push.account_share import Share, take_share
from imports.push.deferrals import Deferral, Progress
from imports.push.lead_lookups import LookupImpossible, look_up
from imports.push.lead_ownership import Known, Whose, whose
from imports.push.request_pool import Answer, Request, RequestPool
from imports.push.row_claims import ENOUGH_MISSES, ROWS, Claimed, Ending
from imports.push.rows_freed_by_undo import free_rows
from imports.push.service_clock import ClockKeeper
from imports.push.service_signals import ServiceState
from imports.push.slots import UNDOING, Slot

NOT_CALLED = ("created", "scheduled")
GLANCE = 0.25
ROUND_TRIPS = 3  # a look, a deletion and a look whether it is gone, each a request of the account's budget
TRY_AGAIN_SECONDS = 30
ENOUGH_FAILURES = 8  # of looks that the service does not understand, and deletions that it refuses
ENOUGH_LISTED = 5  # looks that still list a lead which the service said it had deleted


class ToUndo(NamedTuple):
    """A row and its lead. `remote_id` '' where the service never told it: `known` then says which lead can be the row's own.
    `status`: of the lead as it was last read; `called`: its webhook has told of a call."""

    row: Claimed
    remote_id: str
    known: Known = Known()
    status: str = "created"
    called: bool = False


class UndoResult(NamedTuple):
    """What became of a lead: `deleted` (its id), `missing`, `still_listed` though WhatTalk said that it was deleted, or kept for a
    `reason` of imports.messages.lookup."""

    deleted: str = ""
    missing: bool = False
    still_listed: bool = False
    reason: str = ""
    status: str = ""


def run_slice(job_id: int, seconds: float | None = None, token: int | None = None) -> bool:
    """Undo rows of one import for so long; whether there is more to do at once. `token`: of the slot, if a message named it."""
    job = ImportJob.objects.select_related("campaign__account").get(pk=job_id)
    if not job.undo_requested_at or job.undone_at:
        return False
    free_slots = slots.free_for_undoing(job) if token is None else [Slot(UNDOING, token)]
    share = take_share(job, free_slots[0]) if free_slots else None
    if share is None:
        return False
    try:
        with RequestPool(job.campaign.account) as pool:
            return _Undoing(job, share, pool, seconds or settings.SEND_SLICE_SECONDS).run()
    finally:
        share.release()


def run_at(job_id: int, token: int | None) -> tuple[int, ...]:
    """A slice, as a message asked for; the token to go on with when there is more, else nothing."""
    job = ImportJob.objects.get(pk=job_id)
    slot = next(iter(slots.free_for_undoing(job)), None) if token is None else Slot(UNDOING, token)
    return (slot.taken.token,) if slot and run_slice(job_id, token=slot.token) else ()


class _Undoing:
    def __init__(self, job: ImportJob, share: Share, pool: RequestPool, seconds: float) -> None:
        self._job, self._share, self._pool = job, share, pool
        self._until = time.monotonic() + seconds
        self._goes_on = True

    def run(self) -> bool:
        try:
            while self._goes_on and time.monotonic() < self._until and not shutdown.is_asked():
                self._run_batch(may_begin=True)
        finally:
            while self._pool.in_flight:
                self._run_batch(may_begin=False)
        _finish(self._job)
        return self._goes_on

    def _run_batch(self, may_begin: bool) -> None:
        answers = self._pool.answers(GLANCE if self._pool.in_flight else 0)
        self._share.note_limits(self._pool.rate_limit)
        self._share.note_waiting(self._pool.longest_wait)
        with transaction.atomic():
            self._share.renew(self._pool.in_flight)
            self._share.count_requests()
            self._record(answers)
            room = self._share.room(self._pool.in_flight, ROUND_TRIPS) if may_begin and self._goes_on else 0
            rows = self._claim(room) if room > 0 else []
            self._share.spend(ROUND_TRIPS * len(rows), of=ROUND_TRIPS * room)
        self._pool.start([(one, self._undo(one)) for one in rows])
        if may_begin and not rows and not self._pool.in_flight:
            self._goes_on = room <= 0 and self._goes_on
            time.sleep(GLANCE)

    def _undo(self, one: ToUndo) -> Request:
        campaign = self._job.campaign.remote_id

        async def request(client: WhatTalkClient) -> UndoResult:
            return await undo_lead(client, campaign, one)

        return request

    def _claim(self, n: int) -> list[ToUndo]:
        """Up to `n` created rows that nobody is looking at."""
        taken = row_claims.claim_created(self._job.pk, n)
        ids = dict(ImportRow.objects.filter(pk__in=[row.id for row in taken]).values_list("pk", "remote_id"))
        leads = Lead.objects.filter(
            campaign_id=self._job.campaign_id, remote_id__in=[remote_id for remote_id in ids.values() if remote_id]
        )
        known = {id: (status, bool(call)) for id, status, call in leads.values_list("remote_id", "status", "call")}
        return [
            ToUndo(row, remote_id, Known(), *known.get(remote_id, ("created", False)))
            if (remote_id := ids[row.id])
            else self._without_id(row)
            for row in taken
        ]

    def _without_id(self, row: Claimed) -> ToUndo:
        campaign = self._job.campaign
        known = list(Lead.objects.filter(campaign=campaign, phone_number=row.phone).values_list("remote_id", flat=True))
        of_others = number_claims.ids_of_other_rows(campaign.pk, row.id, known)
        defaults = campaign.assistant.variables if campaign.assistant else {}
        clock = ClockKeeper(campaign.account).clock
        return ToUndo(row, "", Known(clock, frozenset(of_others), defaults, self._job.allow_duplicates))

    def _delete_leads(self, remote_ids: Collection[str]) -> None:
        leads = Lead.objects.filter(campaign_id=self._job.campaign_id, remote_id__in=remote_ids)
        with lead_counters.kept(leads) as deleted:
            deleted.delete()

    def _record(self, answers: Sequence[Answer]) -> None:
        for answer in answers:
            self._share.note(*_state_of(answer))
        rows = {answer.key.row.id: answer.key.row for answer in answers}
        progress = cache(self._progress)  # once a batch: it counts the rows that are left
        endings = [_ending(answer, progress) for answer in answers]
        done = row_claims.record(self._job.pk, endings, before=RowState.CREATED)
        gone = {one.id: rows[one.id].phone for one in done if one.state == RowState.CANCELLED}
        number_claims.release(self._job.campaign_id, gone)
        self._delete_leads(_remote_ids(answers, gone))
        kept = sum(one.reason != "" for one in done if one.state == RowState.CREATED)
        counters.add(self._job.pk, {("undo", "deleted"): len(gone), ("undo", "kept"): kept})
        if any(isinstance(answer.error, KeyRejected) for answer in answers):
            Account.objects.filter(pk=self._job.campaign.account_id).update(problem="key")
            self._goes_on = False

    def _progress(self) -> Progress:
        """How far undoing is: what an answer that puts a row off is compared with."""
        sums = counters.of(self._job.pk).get("undo", {})
        left = ImportRow.objects.filter(job=self._job, state=RowState.CREATED, reason="").count()
        others = ImportJob.objects.values_list("put_off_answers", flat=True).get(pk=self._job.pk)
        return Progress(sum(sums.values()), self._pool.in_flight, others, left, now_ms())


async def undo_lead(client: WhatTalkClient, campaign: str, one: ToUndo) -> UndoResult:
    """Delete one lead if nobody has been called yet."""
    try:
        leads, lead = await _look(client, campaign, one)
    except KeyRejected as error:
        raise await _of_this_call(client, error) from error
    if not lead and not one.remote_id:
        return UndoResult(reason="kept_not_ours") if leads else UndoResult(missing=True)
    status = lead.status if lead else one.status
    if one.called or status not in NOT_CALLED or lead and lead.raw.get("call_tries"):
        return UndoResult(reason="kept_called", status=status)
    return await _delete(client, campaign, lead.id if lead else one.remote_id, one, is_listed=lead is not None)


async def _look(client: WhatTalkClient, campaign: str, one: ToUndo) -> tuple[list[resources.Lead], resources.Lead | None]:
    """The leads with the row's number, and its own. One that is known, and not listed there, may have been moved to another campaign."""
    leads = await look_up(client, campaign, one.row.phone)
    lead = next((lead for lead in leads if _is_ours(lead, one)), None)
    if lead is None and one.remote_id:
        with suppress(Invalid, NotFound, Nonsense, LookupImpossible):
            elsewhere = await look_up(client, None, one.row.phone)
            lead = next((lead for lead in elsewhere if lead.id == one.remote_id), None)
    return leads, lead


async def _of_this_call(client: WhatTalkClient, error: KeyRejected) -> WhatTalkError:
    """What a 401 or 403 says: of the key, only where the account itself cannot be read with it either."""
    with suppress(Invalid, NotFound, Nonsense, Unreachable, RateLimited):
        await client.me()
        return Invalid(str(error))
    return error


async def _delete(client: WhatTalkClient, campaign: str, lead_id: str, one: ToUndo, is_listed: bool) -> UndoResult:
    try:
        was_there = await client.delete_lead(lead_id)
    except NotFound as error:
        if is_listed or error.is_of_the_call:
            raise
        was_there = False
    except KeyRejected as error:
        raise Invalid(str(error)) from error  # with this key the lead was looked at right before
    if is_listed and not was_there and not _was_deleted(one.row):
        return UndoResult(missing=True)  # one of the two is late, or the service cannot delete
    if was_there and await _is_listed(client, campaign, lead_id, one):
        return UndoResult(still_listed=True)
    return UndoResult(deleted=lead_id)


async def _is_listed(client: WhatTalkClient, campaign: str, lead_id: str, one: ToUndo) -> bool:
    """Whether a lead is there that the service has just said it deleted. Where leads cannot be looked up at all its word is taken; an
    error that passes is raised, and the lead is looked for once more."""
    try:
        return any(lead.id == lead_id for lead in await look_up(client, campaign, one.row.phone))
    except (WhatTalkError, LookupImpossible) as error:
        if isinstance(error, WhatTalkError) and error.retryable:
            raise
        return False


def _was_deleted(row: Claimed) -> bool:
    """Whether the service has said so before, and listed the lead all the same."""
    return bool((row.detail or {}).get("said_deleted"))


def _is_ours(lead: resources.Lead, one: ToUndo) -> bool:
    return lead.id == one.remote_id if one.remote_id else whose(lead, one.row, one.known) is Whose.OURS


def _state_of(answer: Answer) -> tuple[ServiceState, float, int]:
    match answer.error:
        case RateLimited(retry_after=asked):
            return ServiceState.THROTTLED, answer.seconds, int(1000 * (asked or 0))
        case WhatTalkError(retryable=True):
            return ServiceState.ERROR, answer.seconds, 0
    return ServiceState.OK, answer.seconds, 0


def _ending(answer: Answer, progress: Callable[[], Progress]) -> Ending:
    row, result = answer.key.row, answer.result
    if answer.error is not None:
        return _not_looked_at(row, answer.error, progress)
    if result.still_listed:
        if row.misses + 1 >= ENOUGH_LISTED:
            return _kept(row, "kept_still_there")
        detail = {**(row.detail or {}), "said_deleted": True}
        return Ending(row.id, row.token, RowState.CREATED, detail=detail, wait_ms=settings.LOOKUP_GAP_SECONDS * 1000, missed=True)
    if result.missing and row.misses + 1 < ENOUGH_MISSES:
        return Ending(row.id, row.token, RowState.CREATED, wait_ms=settings.LOOKUP_GAP_SECONDS * 1000, missed=True)
    if result.reason or result.missing:
        return _kept(row, result.reason or "kept_unclear", result.status)
    return Ending(row.id, row.token, RowState.CANCELLED, reason="undone")


def _not_looked_at(row: Claimed, error: Exception, progress: Callable[[], Progress]) -> Ending:
    """Whatever passes is waited for; what the service does not do at all, or not for this row alone, is given up."""
    passes = isinstance(error, KeyRejected) or isinstance(error, WhatTalkError) and error.retryable
    detail, is_of_the_row = None, not passes and row.lookup_failures + 1 >= ENOUGH_FAILURES
    if passes and not isinstance(error, KeyRejected):
        now = progress()
        deferral = deferrals.after(Deferral.in_detail(row.detail), now)
        is_of_the_row = deferrals.is_of_the_row(deferral, deferrals.WAIT, now)
        detail = {**(row.detail or {}), "deferral": deferral._asdict()}
    if is_of_the_row:
        is_refused = isinstance(error, (Invalid, RateLimited, Unreachable))
        return _kept(row, "kept_refused", message=str(error)) if is_refused else _kept(row, "kept_unclear")
    wait_ms = TRY_AGAIN_SECONDS * 1000
    return Ending(row.id, row.token, RowState.CREATED, detail=detail, wait_ms=wait_ms, in_vain=int(not passes))


def _kept(row: Claimed, reason: str, status: str = "", message: str = "") -> Ending:
    before = {key: value for key, value in (row.detail or {}).items() if key not in ("deferral", "said_deleted")}
    detail = {**before, "params": {"status": status} | ({"message": message} if message else {})}
    return Ending(row.id, row.token, RowState.CREATED, reason=reason, detail=detail)


def _remote_ids(answers: Sequence[Answer], gone: dict[int, str]) -> list[str]:
    return [answer.key.remote_id or answer.result.deleted for answer in answers if answer.key.row.id in gone]


def _finish(job: ImportJob) -> None:
    """Undone, when nothing is left to undo, and nothing that may still turn out to have been created."""
    left = f"SELECT 1 FROM {ROWS} WHERE job_id = %s AND"
    with connection.cursor() as cursor:
        cursor.execute(
            f"{left} state = 'created' AND reason = '' UNION ALL {left} state IN ('sending', 'unknown') LIMIT 1", [job.pk, job.pk]
        )
        if cursor.fetchone() is None:
            while free_rows(job):
                pass
            ImportJob.objects.filter(pk=job.pk, undone_at=None).update(undone_at=timezone.now())
