"""The books of one sender: each turn is one transaction that records what came back and the intents of what leaves next."""
import logging
import time
from collections.abc import Sequence
from typing import Any, NamedTuple

import orjson
from django.db import connection, transaction
from django.utils import timezone

from campaigns.models import Campaign
from campaigns.whattalk.answers import Doubt, Duplicate, Outcome, Unknown
from campaigns.whattalk.errors import KeyRejected, RateLimited
from config.clock import now_ms_sql
from imports import tallies
from imports.models import OPEN_STATES, ImportJob, JobState, PushMinute, RowState
from imports.push import numbers as push_numbers
from imports.push import rows as push_rows
from imports.push import streaks as push_streaks
from imports.push.answers import Circumstances, Verdict, Weather, verdict
from imports.push.budget import Share
from imports.push.ending import pause_with_reason
from imports.push.lookups import look_again, not_looked_up, settle
from imports.push.rows import ENOUGH_MISSES, Claimed, Ending
from imports.push.wire import Answer

log = logging.getLogger(__name__)
JOBS = ImportJob._meta.db_table
MINUTES = PushMinute._meta.db_table
LOOKUPS_AT_ONCE = 8
LOOK_FOR_LOST_EVERY = 0.25  # seconds
SETTLING = (JobState.PUSHING, JobState.PAUSED, JobState.CANCELLED)
UNUSABLE = ("key", "misconfigured")  # nothing can be asked while the import is paused for this
GONE_OUT = (RowState.CREATED, RowState.SENDING, RowState.UNKNOWN, RowState.REFUSED, RowState.FAILED, RowState.UNCONFIRMED)


class Sending(NamedTuple):
    """A row on its way; `lead` is what goes out."""

    row: Claimed
    lead: dict[str, Any]


class LookingUp(NamedTuple):
    row: Claimed


class Control(NamedTuple):
    """What the import's own row says at the beginning of a turn. `now_ms`: on the database's clock; `read`: on ours."""

    state: str
    reason: str
    send_limit: int | None
    streak: dict[str, Any]
    now_ms: int
    read: float

    @property
    def may_look_up(self) -> bool:
        return self.state in SETTLING and not (self.state == JobState.PAUSED and self.reason in UNUSABLE)


class _Judged(NamedTuple):
    answer: Answer
    outcome: Outcome
    verdict: Verdict


class Next(NamedTuple):
    """What may leave, now that the turn is committed."""

    control: Control
    send: list[Sending]
    look_up: list[LookingUp]


class Books:
    """For one import and one share of its account's budget."""

    def __init__(self, job: ImportJob, share: Share) -> None:
        self.job, self.share = job, share
        self._moved = self._looked_for_lost = 0.0

    def turn(self, answers: Sequence[Answer], in_flight: int, may_begin: bool) -> Next:
        """Record `answers`; claim what may leave next. `in_flight`: requests still under way besides these."""
        with transaction.atomic():
            control = self._control()
            judged = [self._judged(answer) for answer in answers if isinstance(answer.key, Sending)]
            looked_up = [answer for answer in answers if isinstance(answer.key, LookingUp)]
            self._report(judged, looked_up, in_flight)
            free = self.share.room(in_flight) if may_begin else 0
            control = self._record_sent(judged, control)
            control = self._record_looked_up(looked_up, control)
            look_up = self._claim_look_ups(control, free)
            send = self._claim(control, free - len(look_up))
            self.share.spend(len(look_up) + len(send), of=free)
            self._say_whether_left_alone(control)
            if answers or send:
                self._note_movement()
        return Next(control, send, look_up)

    def _control(self) -> Control:
        read = time.monotonic()
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT state, reason, send_limit, streak, {now_ms_sql()} FROM {JOBS} WHERE id = %s", [self.job.pk]
            )
            state, reason, send_limit, streak, now_ms = cursor.fetchone()
        return Control(state, reason, send_limit, orjson.loads(streak) if isinstance(streak, str) else streak, now_ms, read)

    # -- what came back ------------------------------------------------------------------------------------------
    def _judged(self, answer: Answer) -> "_Judged":
        outcome = _outcome(answer)
        return _Judged(answer, outcome, self._verdict(answer.key.row, outcome))

    def _report(self, judged: Sequence["_Judged"], looked_up: Sequence[Answer], in_flight: int) -> None:
        for one in judged:
            self.share.note(one.verdict.weather, one.answer.seconds, one.verdict.asked_ms)
        for answer in looked_up:
            if answer.error is None:
                self.share.note(Weather.FINE, answer.seconds)
            elif isinstance(answer.error, RateLimited):
                self.share.note(Weather.LIMITED, answer.seconds, int(1000 * (answer.error.retry_after or 0)))
            elif self.share.is_open:
                self.share.note(Weather.TROUBLE, answer.seconds)
            # Else a look-up that fails says nothing of whether leads are taken; the row itself counts it.
        self.share.renew(in_flight)

    def _record_sent(self, judged: Sequence["_Judged"], control: Control) -> Control:
        if not judged:
            return control
        endings = [_ending(one.answer.key.row, one.verdict) for one in judged]
        self._write(endings, {one.answer.key.row.id: one.answer.key.row for one in judged})
        self._count_minute(endings, control.now_ms)
        self.share.note_ended(sum(ending.state not in OPEN_STATES for ending in endings))
        return self._heed(control, [one.outcome for one in judged], [one.verdict for one in judged])

    def _verdict(self, row: Claimed, outcome: Outcome) -> Verdict:
        job, after_lost = self.job, row.unknowns > 0
        asked = job.allow_duplicates and after_lost and isinstance(outcome, Duplicate)
        was_looked_up = row.misses >= ENOUGH_MISSES
        return verdict(outcome, Circumstances(
            row.attempts, after_lost, job.allow_duplicates, asked and self._was_never_here(row, was_looked_up),
            was_looked_up, push_rows.settle_ms(job.allow_duplicates),
        ))

    def _was_never_here(self, row: Claimed, was_looked_up: bool) -> bool:
        """Whether nobody but this row can have put its number there: two look-ups, or a reading of all leads, say so."""
        campaign = self.job.campaign
        is_told = was_looked_up or campaign.leads_synced_at is not None
        return is_told and not (push_numbers.known_elsewhere(campaign.pk, row.id, row.phone)
                                or push_numbers.maybe_from_another_row(campaign.pk, row.id, row.phone))

    def _write(self, endings: Sequence[Ending], rows: dict[int, Claimed], before: str = RowState.SENDING) -> None:
        done = push_rows.record(self.job.pk, endings, before)
        if len(done) < len(endings):
            log.warning("import %s: %s answers came after their lease and were dropped", self.job.pk, len(endings) - len(done))
        campaign_id = self.job.campaign_id
        push_numbers.give_back(campaign_id, _phones(done, rows, RowState.REFUSED, RowState.FAILED))
        push_numbers.leave_to_service(campaign_id, _phones(done, rows, RowState.DUPLICATE_IN_CAMPAIGN))
        push_numbers.remember_leads(campaign_id, [one for one in done if one.state == RowState.CREATED], rows)

    def _heed(self, control: Control, outcomes: Sequence[Outcome], verdicts: Sequence[Verdict]) -> Control:
        """Stop the import where the answers say that a person must mend something."""
        streak, stop = push_streaks.follow(control.streak, outcomes)
        pause = next((found for found in verdicts if found.pause), None)
        if pause:
            stop = push_streaks.Stop(pause.pause, {"message": pause.message})
        if streak != control.streak:
            ImportJob.objects.filter(pk=self.job.pk).update(streak=streak)
        control = control._replace(streak=streak)
        return self._stopped(control, stop.reason, stop.detail) if stop else control

    def _stopped(self, control: Control, reason: str, detail: dict[str, Any]) -> Control:
        if control.state != JobState.PUSHING:
            return control
        pause_with_reason(self.job.pk, reason, detail)
        return control._replace(state=JobState.PAUSED, reason=reason)

    def _record_looked_up(self, answers: Sequence[Answer], control: Control) -> Control:
        if not answers:
            return control
        rows = {answer.key.row.id: answer.key.row for answer in answers}
        # One at a time: two rows with one number must not both take the same lead for theirs.
        list(Campaign.objects.select_for_update().filter(pk=self.job.campaign_id).values("pk"))
        for answer in answers:
            self._write([self._settled(answer, control)], rows, before=RowState.UNKNOWN)
        dead_key = next((answer.error for answer in answers if isinstance(answer.error, KeyRejected)), None)
        return self._stopped(control, "key", {"message": str(dead_key)}) if dead_key else control

    def _settled(self, answer: Answer, control: Control) -> Ending:
        row, job = answer.key.row, self.job
        if answer.error:
            return not_looked_up(row, answer.error)
        if answer.result and push_numbers.is_being_sent(job.campaign_id, row.id, row.phone):
            return look_again(row)  # what was found may be the lead of that other request
        taken = push_numbers.ids_of_other_rows(job.campaign_id, row.id, [lead.id for lead in answer.result])
        ending = settle(row, answer.result, taken, job.allow_duplicates, control.now_ms)
        others = [lead for lead in answer.result if lead.id != ending.remote_id]
        push_numbers.remember_others(job.campaign_id, row.phone, others)
        return ending

    # -- what leaves next ----------------------------------------------------------------------------------------
    def _claim_look_ups(self, control: Control, free: int) -> list[LookingUp]:
        if free <= 0 or not control.may_look_up or time.monotonic() - self._looked_for_lost < LOOK_FOR_LOST_EVERY:
            return []
        self._looked_for_lost = time.monotonic()
        return [LookingUp(row) for row in push_rows.claim_unknown(self.job.pk, min(LOOKUPS_AT_ONCE, free))]

    def _claim(self, control: Control, free: int) -> list[Sending]:
        if free <= 0 or control.state != JobState.PUSHING:
            return []
        n = min(free, self._left_of_limit(control))
        if n <= 0:
            return []
        claimed = push_rows.claim(self.job.pk, n)
        held = push_numbers.must_not_go(self.job.campaign_id, claimed, self.job.allow_duplicates)
        push_rows.record(self.job.pk, [_held_back(row, held[row.id]) for row in claimed if row.id in held])
        return [Sending(row, self._as_sent(row)) for row in claimed if row.id not in held]

    def _left_of_limit(self, control: Control) -> float:
        """How many more rows may go out before a person is asked again."""
        if control.send_limit is None:
            return float("inf")
        limit = ImportJob.objects.select_for_update().values_list("send_limit", flat=True).get(pk=self.job.pk)
        if limit is None:
            return float("inf")  # somebody has just said: the rest too
        sums = tallies.states(self.job.pk)
        left = limit - sum(sums[state] for state in GONE_OUT)
        if left <= 0 and not sums[RowState.SENDING] and sums[RowState.PENDING]:
            pause_with_reason(self.job.pk, "first_sent", {"count": limit})
        return left

    def _as_sent(self, row: Claimed) -> dict[str, Any]:
        campaign = self.job.campaign.remote_id
        lead = {
            "phone_number": row.phone,
            "campaign_id": int(campaign) if campaign.isdecimal() else campaign,
            "variables": row.lead.get("variables") or {},
            "secondary_contacts": row.lead.get("secondary_contacts") or [],
        }
        return {**lead, "allow_dupplicate": True} if self._may_double(row) else lead

    def _may_double(self, row: Claimed) -> bool:
        """Whether this request goes out without the duplicate block. After a lost answer only where a look-up has
        shown twice that it had not arrived, and the number is there from elsewhere, so that the block cannot help."""
        if not self.job.allow_duplicates or not row.unknowns:
            return self.job.allow_duplicates
        return row.misses >= ENOUGH_MISSES and push_numbers.known_elsewhere(self.job.campaign_id, row.id, row.phone)

    def _say_whether_left_alone(self, control: Control) -> None:
        said = control.reason == "breaker"
        if self.share.is_open != said and control.state == JobState.PUSHING:
            sending = ImportJob.objects.filter(pk=self.job.pk, state=JobState.PUSHING)
            sending.update(reason="breaker" if self.share.is_open else "", reason_detail={})

    # -- what pages show -----------------------------------------------------------------------------------------
    def _count_minute(self, endings: Sequence[Ending], now_ms: int) -> None:
        created = sum(ending.state == RowState.CREATED for ending in endings)
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {MINUTES} (job_id, minute, created, other) VALUES (%s, %s, %s, %s) ON CONFLICT (job_id, minute) "
                f"DO UPDATE SET created = {MINUTES}.created + excluded.created, other = {MINUTES}.other + excluded.other",
                [self.job.pk, now_ms // 60_000, created, len(endings) - created],
            )

    def _note_movement(self) -> None:
        """At most once a second: the import's own row is wide."""
        if time.monotonic() - self._moved >= 1:
            self._moved = time.monotonic()
            ImportJob.objects.filter(pk=self.job.pk).update(moved_at=timezone.now())


def _outcome(answer: Answer) -> Outcome:
    # The client answers with outcomes, never with exceptions; should it break all the same, nobody knows.
    return answer.result if answer.error is None else Unknown(Doubt.MALFORMED, type(answer.error).__name__)


def _ending(row: Claimed, found: Verdict) -> Ending:
    return Ending(
        row.id, row.token, found.state, found.reason, _detail(row.detail, found), found.remote_id, found.wait_ms,
        gives_back=not found.burns, lost=found.state == RowState.UNKNOWN,
    )


def _detail(before: dict[str, Any] | None, found: Verdict) -> dict[str, Any] | None:
    """The row's detail with the service's words; None where nothing changes."""
    after = {key: value for key, value in (before or {}).items() if key not in ("message", "recovered")}
    if found.message:
        after["message"] = found.message
    if found.state == RowState.REFUSED:
        after["params"] = {"message": found.message}  # of its sentence in imports.messages
    if found.recovered:
        after["recovered"] = True
    return None if after == (before or {}) else after


def _held_back(row: Claimed, state: str) -> Ending:
    return Ending(row.id, row.token, state, reason=state, gives_back=True)


def _phones(endings: Sequence[Ending], rows: dict[int, Claimed], *states: str) -> dict[int, str]:
    return {ending.id: rows[ending.id].phone for ending in endings if ending.state in states}
