"""The ledger of one sender: each batch is one transaction that records what came back and the intents of what leaves next."""

import logging
import time
from collections.abc import Sequence
from typing import Any

import orjson
from django.db import connection, transaction
from django.utils import timezone

from background.database_clock import statement_now_ms
from campaigns.models import Campaign
from campaigns.whattalk.errors import KeyRejected, RateLimited
from campaigns.whattalk.lead_request import lead_request
from campaigns.whattalk.replies import Outcome
from imports import counters
from imports.check.judge import Verdict
from imports.models import OPEN_STATES, ImportJob, JobState, PushMinute, RowState
from imports.push import consecutive_failures, number_claims, probes, row_claims
from imports.push.account_share import Share
from imports.push.batches import Checking, Control, LookingUp, Next, Sending
from imports.push.completion import pause_with_reason
from imports.push.conclusions import Conclusion
from imports.push.deferrals import Deferral
from imports.push.request_pool import Answer
from imports.push.row_claims import ENOUGH_MISSES, Claimed, Ending
from imports.push.row_evidence import Dating, Judge, Judged, ending_of, put_off_answers
from imports.push.service_signals import ServiceState, Signal
from imports.push.stop_check import MOST_CHECKS, Refused, StopCheck

log = logging.getLogger(__name__)
JOBS = ImportJob._meta.db_table
MINUTES = PushMinute._meta.db_table
LOOKUPS_AT_ONCE = 8
LOOK_FOR_LOST_EVERY = 0.25  # seconds
WAIT_FOR_NUMBER_MS = 5_000  # until it is asked again what became of the row that holds a number
GONE_OUT = (RowState.CREATED, RowState.SENDING, RowState.UNKNOWN, RowState.REFUSED, RowState.FAILED, RowState.UNCONFIRMED)


class Ledger:
    """For one import and one share of its account's budget."""

    def __init__(self, job: ImportJob, share: Share) -> None:
        self.job, self.share = job, share
        self.judge = Judge(job)
        self.stop_check = StopCheck()
        self._moved = self._looked_for_lost = 0.0

    def commit_batch(self, answers: Sequence[Answer], in_flight: int, may_begin: bool) -> Next:
        """Record `answers`; claim what may leave next. `in_flight`: requests still under way besides these."""
        with transaction.atomic():
            control = self._control()
            judged = self.judge.of_answers([answer for answer in answers if isinstance(answer.key, Sending)])
            self.judge.note_time(judged, control.now_ms, control.read, control.took)
            for answer in answers:
                if isinstance(answer.key, Dating):
                    self.judge.note_dated(answer)
            looked_up = [answer for answer in answers if isinstance(answer.key, LookingUp)]
            self._report(judged, looked_up, in_flight)
            free = self.share.room(in_flight) if may_begin else 0
            control = self._record_sent(judged, control)
            control = self._record_looked_up(looked_up, control)
            control = self._record_checks([answer for answer in answers if isinstance(answer.key, Checking)], control)
            if self.stop_check.is_open:
                free = min(free, int(not in_flight))
            look_up = self._claim_look_ups(control, free)
            date = [dating] if len(look_up) and len(look_up) < free and (dating := self.judge.lead_to_date()) else []
            send = self._claim(control, free - len(look_up) - len(date))
            if control.is_probe_due and free > len(look_up) + len(date):
                send, look_up = self._claim_probe(control, send, look_up)
            check = (
                self._checks(control, free, [*(one.row for one in send), *(one.row for one in look_up)])
                if self.stop_check.is_open
                else []
            )
            self.share.spend(len(look_up) + len(date) + len(send) + len(check), of=free)
            self._mark_if_left_alone(control)
            if answers or send:
                self._note_movement()
        return Next(control, send, look_up, date, check)

    def _control(self) -> Control:
        read = time.monotonic()
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT state, reason, send_limit, consecutive_failures, {statement_now_ms()}, probe_ms FROM {JOBS} WHERE id = %s",
                [self.job.pk],
            )
            state, reason, send_limit, failures, now_ms, probe_ms = cursor.fetchone()
        failures = orjson.loads(failures) if isinstance(failures, str) else failures
        return Control(state, reason, send_limit, failures, now_ms, read, time.monotonic() - read, probe_ms)

    # -- what came back ------------------------------------------------------------------------------------------
    def _report(self, judged: Sequence[Judged], looked_up: Sequence[Answer], in_flight: int) -> None:
        for one in judged:
            self.share.note(one.signal.service, one.answer.seconds, one.signal.asked_ms, one.answer.ended)
        for answer in looked_up:
            if answer.error is None:
                self.share.note(ServiceState.OK, answer.seconds, ended=answer.ended)
            elif isinstance(answer.error, RateLimited):
                self.share.note(ServiceState.THROTTLED, answer.seconds, int(1000 * (answer.error.retry_after or 0)))
            elif self.share.is_open:
                self.share.note(ServiceState.ERROR, answer.seconds)
            # Else a look-up that fails says nothing of whether leads are taken; the row itself counts it.
        self.share.renew(in_flight)
        self.share.count_requests()

    def _record_sent(self, judged: Sequence[Judged], control: Control) -> Control:
        if not judged:
            return control
        endings = [one.ending for one in judged]
        self._write(endings, {one.answer.key.row.id: one.answer.key.row for one in judged})
        self._count_minute(endings, control.now_ms)
        self.share.note_ended(sum(ending.state not in OPEN_STATES for ending in endings))
        row_claims.count_put_off(self.job.pk, put_off_answers(judged))
        control = self._apply_probe(control, judged)
        self.stop_check.note_fine([one.answer.key.row.id for one in judged if one.signal.service is ServiceState.OK])
        stop = self.stop_check.note_refused([_refused(one) for one in judged if one.blocks])
        return self._apply(control, [(one.outcome, one.conclusion) for one in judged], stop)

    def _write(self, endings: Sequence[Ending], rows: dict[int, Claimed], before: str = RowState.SENDING) -> None:
        done = row_claims.record(self.job.pk, endings, before)
        if len(done) < len(endings):
            late = {ending.id for ending in endings} - {ending.id for ending in done}
            about = {"import_id": self.job.pk, "row_ids": sorted(late)}
            log.warning("import %s: %s answers came after their lease and were dropped", self.job.pk, len(late), extra=about)
        campaign_id = self.job.campaign_id
        number_claims.release(campaign_id, _phones(done, rows, RowState.REFUSED, RowState.FAILED))
        number_claims.release(
            campaign_id, _phones([one for one in done if one.nothing_lost(rows[one.id])], rows, RowState.PENDING)
        )
        number_claims.leave_to_service(campaign_id, _phones(done, rows, RowState.DUPLICATE_IN_CAMPAIGN))
        number_claims.save_leads(campaign_id, [one for one in done if one.state == RowState.CREATED], rows, self.job.pk)

    def _apply_probe(self, control: Control, judged: Sequence[Judged]) -> Control:
        """A row that was sent for a try tells whether what stopped the import is mended."""
        if control.state == JobState.PAUSED and any(
            one.answer.key.is_probe and _disproves(control.reason, one.signal) for one in judged
        ):
            return self._resumed(control)
        return control

    def _resumed(self, control: Control) -> Control:
        probes.succeed(self.job, control.reason)
        return control._replace(state=JobState.PUSHING, reason="", failures={})

    def _apply(
        self,
        control: Control,
        answers: Sequence[tuple[Outcome | None, Conclusion]],
        stop: consecutive_failures.Stop | None = None,
    ) -> Control:
        """Stop the import where the answers say that a person must mend something."""
        failures, too_long = consecutive_failures.counted(control.failures, answers)
        stop = stop or too_long
        if failures != control.failures and not stop:  # stopping clears it, and locks the account before any import
            ImportJob.objects.filter(pk=self.job.pk).update(consecutive_failures=failures)
        control = control._replace(failures=failures)
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
        concluded = []
        for answer in answers:
            concluded.append(self.judge.of_look_up(answer))
            self._write([ending_of(answer.key.row, concluded[-1])], rows, before=RowState.UNKNOWN)
        control = self._apply(control, [(None, conclusion) for conclusion in concluded])
        if control.state == JobState.PAUSED and any(answer.key.is_probe and answer.error is None for answer in answers):
            return self._resumed(control)
        self.stop_check.note_fine([answer.key.row.id for answer in answers if answer.error is None])
        stop = self.stop_check.note_refused(
            [_refused_look_up(answer) for answer in answers if isinstance(answer.error, KeyRejected)]
        )
        return self._stopped(control, stop.reason, stop.detail) if stop else control

    def _record_checks(self, answers: Sequence[Answer], control: Control) -> Control:
        """Look-ups that show whether only a row is refused. Where they are refused as well, or tell nothing new, a person must look."""
        for answer in answers:
            last = self.stop_check.last if self.stop_check.is_open else None
            if last and (answer.error or last.checks >= MOST_CHECKS):
                stop = self.stop_check.stopped()
                return self._stopped(control, stop.reason, stop.detail)
            row_claims.note_checked(self.job.pk, answer.key.row_id)
            self.stop_check.close()
        return control

    def _checks(self, control: Control, free: int, going: Sequence[Claimed]) -> list[Checking]:
        """What shows whether a refusal was due to its row: one of these that go, else a look-up of its own."""
        self.stop_check.sent([row.id for row in going])
        if control.state != JobState.PUSHING:
            self.stop_check.close()
        if going or free <= 0 or not self.stop_check.is_open:
            return []
        last, phone = self.stop_check.last, row_claims.taken_number(self.job.pk)
        if phone and last.stop.reason != "balance":  # which no look-up shows
            return [Checking(last.row_id, phone)]
        stop = self.stop_check.stopped()
        self._stopped(control, stop.reason, stop.detail)
        return []

    # -- what leaves next ----------------------------------------------------------------------------------------
    def _claim_look_ups(self, control: Control, free: int) -> list[LookingUp]:
        if free <= 0 or not control.may_look_up or time.monotonic() - self._looked_for_lost < LOOK_FOR_LOST_EVERY:
            return []
        self._looked_for_lost = time.monotonic()
        rows = row_claims.claim_unknown(self.job.pk, min(LOOKUPS_AT_ONCE, free))
        known = {row.id: conclusion for row in rows if (conclusion := self.judge.without_look_up(row))}
        if known:
            by_id = {row.id: row for row in rows}
            self._write(
                [ending_of(by_id[row_id], conclusion) for row_id, conclusion in known.items()], by_id, before=RowState.UNKNOWN
            )
            self._apply(control, [(None, conclusion) for conclusion in known.values()])
        return [LookingUp(row) for row in rows if row.id not in known]

    def _claim(self, control: Control, free: int) -> list[Sending]:
        if free <= 0 or control.state != JobState.PUSHING or self.judge.awaits_meaning:
            return []
        n = int(min(free, self._left_of_limit(control)))
        if n <= 0:
            return []
        return self._sendable(row_claims.claim(self.job.pk, n))

    def _sendable(self, claimed: Sequence[Claimed]) -> list[Sending]:
        """Those of the claimed rows that may go out; what others become is written."""
        refused = number_claims.refused_numbers(self.job.campaign_id, claimed)
        held = number_claims.must_not_go(self.job.campaign_id, claimed, self.job.allow_duplicates, refused)
        row_claims.record(self.job.pk, [_held_back(row, held[row.id]) for row in claimed if row.id in held])
        going = [number_claims.without_contacts(self.job.pk, row, refused) for row in claimed if row.id not in held]
        return [Sending(row, self._as_sent(row)) for row in going]

    def _claim_probe(
        self,
        control: Control,
        send: list[Sending],
        look_up: list[LookingUp],
    ) -> tuple[list[Sending], list[LookingUp]]:
        """One row more, to see whether what stopped the import is mended. Where only look-ups are left, one of these."""
        may_send = self._left_of_limit(control) >= 1
        if not probes.claim(self.job, control.reason):
            return send, look_up
        for _ in range(probes.HEAD if may_send else 0):
            claimed = row_claims.claim(self.job.pk, 1)
            if sendable := self._sendable(claimed):
                return [*send, sendable[0]._replace(is_probe=True)], look_up
            if not claimed:
                break
        unknown = [] if control.may_look_up else row_claims.claim_unknown(self.job.pk, 1)
        return send, [*look_up, *(LookingUp(row, is_probe=True) for row in unknown)]

    def _left_of_limit(self, control: Control) -> float:
        """How many more rows may go out before a person is asked again."""
        if control.send_limit is None:
            return float("inf")
        limit = ImportJob.objects.select_for_update().values_list("send_limit", flat=True).get(pk=self.job.pk)
        if limit is None:
            return float("inf")  # a person has just released the rest
        sums = counters.states(self.job.pk)
        left = limit - sum(sums[state] for state in GONE_OUT)
        if left <= 0 and not sums[RowState.SENDING] and sums[RowState.PENDING]:
            pause_with_reason(self.job.pk, "first_sent", {"count": limit})
        return left

    def _as_sent(self, row: Claimed) -> dict[str, Any]:
        variables, contacts = row.lead.get("variables") or {}, row.lead.get("secondary_contacts") or []
        return lead_request(self.job.campaign.remote_id, row.phone, variables, contacts, may_double=self._may_double(row))

    def _may_double(self, row: Claimed) -> bool:
        """Whether this request goes out without the duplicate block. After a lost answer only where a look-up has
        shown twice that it had not arrived, and the number is there from elsewhere, so that the block cannot help."""
        if not self.job.allow_duplicates or not row.unknowns:
            return self.job.allow_duplicates
        return row.misses >= ENOUGH_MISSES and number_claims.known_elsewhere(self.job.campaign_id, row.id, row.phone)

    def _mark_if_left_alone(self, control: Control) -> None:
        is_marked = control.reason == "breaker"
        if self.share.is_open != is_marked and control.state == JobState.PUSHING:
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


def _disproves(reason: str, signal: Signal) -> bool:
    """Whether this answer shows that the import need not wait for `reason` any more."""
    return signal.pause != reason and (bool(signal.pause) or signal.service is ServiceState.OK)


def _refused(one: Judged) -> Refused:
    row, deferral = one.answer.key.row, one.conclusion.deferral or Deferral()
    stop = consecutive_failures.Stop(one.signal.pause, {"message": one.conclusion.message})
    return Refused(row.id, stop, deferral.is_suspect, deferral.checked)


def _refused_look_up(answer: Answer) -> Refused:
    row = answer.key.row
    stop = consecutive_failures.Stop("key", {"message": str(answer.error)})
    deferral = Deferral.in_detail(row.detail)
    return Refused(row.id, stop, deferral.is_suspect, deferral.checked)


def _held_back(row: Claimed, verdict: Verdict) -> Ending:
    wait_ms = WAIT_FOR_NUMBER_MS if verdict.state == RowState.PENDING else 0
    return Ending(row.id, row.token, verdict.state.value, verdict.reason, wait_ms=wait_ms, refunds_attempt=True)


def _phones(endings: Sequence[Ending], rows: dict[int, Claimed], *states: str) -> dict[int, str]:
    return {ending.id: rows[ending.id].phone for ending in endings if ending.state in states}
