"""Undoing an import: the leads it created that have not been called are deleted from WhatTalk; the others are kept and
say why.

Each lead is looked at right before it is deleted, because calls may begin at any moment. A deletion whose answer was
lost is found out by the next look: a lead that is gone is undone. Rows are leased: two processes never
look at one.
"""
import time
from collections.abc import Sequence
from typing import NamedTuple

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from campaigns.models import Account, Lead
from campaigns.whattalk.client import WhatTalkClient
from campaigns.whattalk.errors import KeyRejected
from config import shutdown
from imports import tallies
from imports.models import ImportJob, ImportRow, RowState
from imports.push import numbers as push_numbers
from imports.push import places as push_places
from imports.push import rows as push_rows
from imports.push.answers import Weather
from imports.push.budget import Share, take_share
from imports.push.lookups import look_up
from imports.push.places import UNDOING, Place
from imports.push.rows import ROWS, Claimed, Ending
from imports.push.wire import Answer, Request, Wire

NOT_CALLED = ("created", "scheduled")
GLANCE = 0.25
ROUND_TRIPS = 2  # a look and a deletion, each a request of the account's budget
TRY_AGAIN_SECONDS = 30


class Found(NamedTuple):
    """What became of a lead: gone (deleted by us or anybody), or kept because of its `status`."""

    is_gone: bool
    status: str = ""


def run_slice(job_id: int, seconds: float | None = None, token: int | None = None) -> bool:
    """Undo rows of one import for so long; whether there is more to do at once. `token`: of the place, if a message named it."""
    job = ImportJob.objects.select_related("campaign__account").get(pk=job_id)
    if not job.undo_requested_at or job.undone_at or job.campaign.account.problem == "key":
        return False
    places = push_places.free_for_undoing(job) if token is None else [Place(UNDOING, token)]
    share = take_share(job, places[0]) if places else None
    if share is None:
        return False
    try:
        with Wire(job.campaign.account) as wire:
            return _Undoing(job, share, wire, seconds or settings.SEND_SLICE_SECONDS).run()
    finally:
        share.release()


def run_at(job_id: int, token: int | None) -> int | None:
    """A slice, as a message asked for; the token to go on with when there is more."""
    job = ImportJob.objects.get(pk=job_id)
    place = next(iter(push_places.free_for_undoing(job)), None) if token is None else Place(UNDOING, token)
    more = place is not None and run_slice(job_id, token=place.token)
    return place.taken.token if more else None


class _Undoing:
    def __init__(self, job: ImportJob, share: Share, wire: Wire, seconds: float) -> None:
        self._job, self._share, self._wire = job, share, wire
        self._until = time.monotonic() + seconds
        self._goes_on = True

    def run(self) -> bool:
        try:
            while self._goes_on and time.monotonic() < self._until and not shutdown.is_asked():
                self._turn(may_begin=True)
        finally:
            while self._wire.in_flight:
                self._turn(may_begin=False)
        _finish(self._job)
        return self._goes_on

    def _turn(self, may_begin: bool) -> None:
        answers = self._wire.answers(GLANCE if self._wire.in_flight else 0)
        with transaction.atomic():
            self._share.renew(self._wire.in_flight)
            self._record(answers)
            room = self._share.room(self._wire.in_flight, ROUND_TRIPS) if may_begin and self._goes_on else 0
            rows = _claim(self._job.pk, room) if room > 0 else []
            self._share.spend(ROUND_TRIPS * len(rows), of=ROUND_TRIPS * room)
        self._wire.start([(row, self._undo(row)) for row in rows])
        if may_begin and not rows and not self._wire.in_flight:
            self._goes_on = room <= 0 and self._goes_on
            time.sleep(GLANCE)

    def _undo(self, row: tuple[Claimed, str]) -> Request:
        campaign = self._job.campaign.remote_id
        claimed, remote_id = row

        async def request(client: WhatTalkClient) -> Found:
            return await undo_lead(client, campaign, claimed.phone, remote_id)

        return request

    def _record(self, answers: Sequence[Answer]) -> None:
        for answer in answers:
            self._share.note(Weather.FINE if answer.error is None else Weather.TROUBLE, answer.seconds)
        rows = {answer.key[0].id: answer.key[0] for answer in answers}
        endings = [_ending(answer) for answer in answers]
        done = push_rows.record(self._job.pk, endings, before=RowState.CREATED)
        gone = {one.id: rows[one.id].phone for one in done if one.state == RowState.CANCELLED}
        push_numbers.give_back(self._job.campaign_id, gone)
        Lead.objects.filter(campaign_id=self._job.campaign_id, remote_id__in=_remote_ids(answers, gone)).delete()
        kept = sum(one.reason == "kept_called" for one in done)
        tallies.add(self._job.pk, {("undo", "deleted"): len(gone), ("undo", "kept"): kept})
        if any(isinstance(answer.error, KeyRejected) for answer in answers):
            Account.objects.filter(pk=self._job.campaign.account_id).update(problem="key")
            self._goes_on = False


async def undo_lead(client: WhatTalkClient, campaign: str, phone: str, remote_id: str) -> Found:
    """Delete one lead if nobody has been called yet. `remote_id` '' where the service never told it."""
    leads = [lead for lead in await look_up(client, campaign, phone) if remote_id in ("", lead.id)]
    if not leads:
        return Found(True)
    lead = leads[0]
    if lead.status not in NOT_CALLED or lead.raw.get("call_tries"):
        return Found(False, lead.status)
    await client.delete_lead(lead.id)
    return Found(True)


def _claim(job_id: int, n: int) -> list[tuple[Claimed, str]]:
    """Up to `n` created rows that nobody is looking at, and the ids of their leads."""
    taken = push_rows.claim_created(job_id, n)
    ids = dict(ImportRow.objects.filter(pk__in=[row.id for row in taken]).values_list("pk", "remote_id"))
    return [(row, ids[row.id]) for row in taken]


def _ending(answer: Answer) -> Ending:
    row, _remote_id = answer.key
    if answer.error is not None:
        return Ending(row.id, row.token, RowState.CREATED, wait_ms=TRY_AGAIN_SECONDS * 1000)
    if answer.result.is_gone:
        return Ending(row.id, row.token, RowState.CANCELLED, reason="undone")
    detail = {**(row.detail or {}), "params": {"status": answer.result.status}}
    return Ending(row.id, row.token, RowState.CREATED, reason="kept_called", detail=detail)


def _remote_ids(answers: Sequence[Answer], gone: dict[int, str]) -> list[str]:
    return [answer.key[1] for answer in answers if answer.key[0].id in gone]


def _finish(job: ImportJob) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT 1 FROM {ROWS} WHERE job_id = %s AND state = 'created' AND reason = '' LIMIT 1", [job.pk])
        if cursor.fetchone() is None:
            ImportJob.objects.filter(pk=job.pk, undone_at=None).update(undone_at=timezone.now())
