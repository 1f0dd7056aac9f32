"""What is known of a row when an answer to it is judged: gathered from the database here, weighed by `conclusions`."""

from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

from django.conf import settings

from campaigns.whattalk.error_texts import text_key
from campaigns.whattalk.errors import KeyRejected, RateLimited
from campaigns.whattalk.replies import Created, Duplicate, Outcome, Refused, Unknown, UnknownReason
from campaigns.whattalk.resources import Lead
from imports.models import ImportJob, ImportRow, RowState
from imports.push import number_claims, row_claims
from imports.push.conclusions import (
    ENOUGH_FAILURES,
    WAIT_FOR_MEANING_MS,
    Circumstances,
    Conclusion,
    Meaning,
    Refusal,
    look_again,
    of_answer,
    of_failed_look_up,
    of_look_up,
    of_refusal,
)
from imports.push.deferrals import LONGEST_DOUBLING, WAIT, Deferral, Progress, after, are_others_few, is_of_the_row
from imports.push.lead_ownership import Known, whose
from imports.push.refusal_meanings import Meanings
from imports.push.request_pool import Answer, latest_begin, longest_request
from imports.push.row_claims import Claimed, Ending
from imports.push.service_clock import ClockKeeper
from imports.push.service_signals import ServiceState, Signal, kind_of, signal_of


class Judged(NamedTuple):
    answer: Answer
    outcome: Outcome
    signal: Signal
    conclusion: Conclusion

    @property
    def ending(self) -> Ending:
        return ending_of(self.answer.key.row, self.conclusion, self.signal.wait_ms)

    @property
    def blocks(self) -> bool:
        """Whether it says that nothing can be sent, unless it is said of this row alone."""
        return bool(self.signal.pause) and self.conclusion.state == RowState.PENDING


class Dating(NamedTuple):
    """A lead that was created at the first try, whose date tells the service's clock."""

    phone: str
    remote_id: str
    first_intent_ms: int


class Judge:
    """For one import."""

    def __init__(self, job: ImportJob) -> None:
        self._job = job
        self._meanings = Meanings(job.campaign.account_id)
        self._asked_about: set[str] = set()  # new texts of which one row is being looked up
        self._has_dated = False
        self._progress: Progress | None = None
        self.clock = ClockKeeper(job.campaign.account)

    def of_answers(self, answers: Sequence[Answer]) -> list[Judged]:
        """What the answers to rows' own requests make of them. Of several that name one lead only the first is believed."""
        outcomes = [_outcome(answer) for answer in answers]
        ids = [outcome.remote_id for outcome in outcomes if isinstance(outcome, Created)]
        taken = number_claims.ids_of_created_rows(self._job.campaign_id, ids) if ids else set()
        judged: list[Judged] = []
        self._progress = None
        for answer, outcome in zip(answers, outcomes, strict=True):
            if isinstance(outcome, Created):
                first, outcome = outcome.remote_id, _unless_taken(outcome, taken)
                taken.add(first)
            judged.append(self._of_answer(answer, outcome))
        return judged

    def of_answer(self, answer: Answer) -> Judged:
        """As `of_answers`, of one."""
        return self.of_answers([answer])[0]

    def _of_answer(self, answer: Answer, outcome: Outcome) -> Judged:
        row = answer.key.row
        key, meaning = "", Meaning.NEW
        if isinstance(outcome, (Duplicate, Refused)):
            key = text_key(outcome.message, _texts_of(row.lead))
            meaning = self._meanings.believe(Refusal.of(outcome, key))
        put_off = self._put_off(row, kind_of(outcome))
        conclusion = of_answer(outcome, put_off._replace(key=key, meaning=meaning))
        return Judged(answer, outcome, self._signal_of(outcome, row, put_off.deferral), self._in_turn(conclusion))

    def _signal_of(self, outcome: Outcome, row: Claimed, deferral: Deferral | None) -> Signal:
        if deferral is None or not deferral.n:
            return signal_of(outcome, row.attempts)
        is_of_the_row = deferral.is_suspect and are_others_few(deferral, self.progress)
        signal = signal_of(outcome, min(max(row.attempts, deferral.n), LONGEST_DOUBLING), is_of_the_row=is_of_the_row)
        return signal._replace(wait_ms=deferral.wait_ms()) if signal.pause else signal

    def _put_off(self, row: Claimed, kind: str) -> Circumstances:
        """The row's circumstances after an answer of a kind that neither took nor refused it; '' for any other answer."""
        circumstances, before = self._circumstances(row), Deferral.in_detail(row.detail)
        if not kind:
            return circumstances._replace(deferral=before if before.n else None)
        deferral = after(before, self.progress)
        return circumstances._replace(deferral=deferral, is_to_blame=is_of_the_row(deferral, kind, self.progress))

    @property
    def progress(self) -> Progress:
        """How far the import is, as these answers found it."""
        if self._progress is None:
            self._progress = row_claims.progress(self._job.pk)
        return self._progress

    def _in_turn(self, conclusion: Conclusion) -> Conclusion:
        """Of the rows that were refused in the same new words one is looked up; the others wait for what it shows."""
        refusal = conclusion.refusal
        if not refusal or not refusal.is_new:
            return conclusion
        if refusal.key in self._asked_about:
            return _later(conclusion, WAIT_FOR_MEANING_MS)
        self._asked_about.add(refusal.key)
        return conclusion

    @property
    def awaits_meaning(self) -> bool:
        """Whether rows were refused in words that nobody has understood yet: no others are sent after them."""
        verifying = ImportRow.objects.filter(job=self._job, state=RowState.UNKNOWN, reason="verifying")
        if self._asked_about and not verifying.exists():  # another process may have found it out
            self._asked_about.clear()
        return bool(self._asked_about)

    def without_look_up(self, row: Claimed) -> Conclusion | None:
        """What a row is that waited for the meaning of its refusal; None where it has to be looked up itself."""
        refusal = Refusal.in_detail(row.detail)
        if not refusal or not refusal.is_new:
            return None
        if self._meanings.of(refusal) is Meaning.NEW:
            self._asked_about.add(refusal.key)
        conclusion = of_refusal(
            refusal, self._circumstances(row)._replace(key=refusal.key, meaning=self._meanings.believe(refusal))
        )
        return None if conclusion.state == RowState.UNKNOWN else conclusion

    def _circumstances(self, row: Claimed) -> Circumstances:
        return Circumstances(
            after_lost=row.unknowns > 0,
            cannot_look_up=row.lookup_failures >= ENOUGH_FAILURES,
            settle_ms=row_claims.settle_ms(self._job.allow_duplicates),
        )

    def of_look_up(self, answer: Answer) -> Conclusion:
        """What a look-up makes of a row, in a transaction in which no other of this campaign is settled."""
        row, refusal, gap_ms = answer.key.row, Refusal.in_detail(answer.key.row.detail), settings.LOOKUP_GAP_SECONDS * 1000
        if answer.error:
            kind = WAIT if isinstance(answer.error, RateLimited) else "key" if isinstance(answer.error, KeyRejected) else ""
            self._progress = None
            conclusion = of_failed_look_up(row, answer.error, refusal, gap_ms, self._put_off(row, kind))
        elif answer.result and number_claims.is_being_sent(self._job.campaign_id, row.id, row.phone):
            conclusion = look_again(refusal, gap_ms)  # what was found may be the lead of that other request
        else:
            conclusion = self._of_leads(row, answer.result, refusal, gap_ms)
        if refusal and conclusion.taught:
            self._meanings.learn(refusal, conclusion.taught)
            self._asked_about.discard(refusal.key)
        return conclusion

    def _of_leads(self, row: Claimed, leads: list[Lead], refusal: Refusal | None, gap_ms: int) -> Conclusion:
        campaign, doubling = self._job.campaign, self._job.allow_duplicates
        taken = number_claims.ids_of_other_rows(campaign.pk, row.id, [lead.id for lead in leads])
        defaults = campaign.assistant.variables if campaign.assistant else {}
        known = Known(self.clock.clock, taken, defaults, doubling)
        named = refusal.remote_id if refusal else ""
        owned = [(lead, whose(lead, row, known, is_named=lead.id == named)) for lead in leads]
        conclusion = of_look_up(row, owned, refusal, gap_ms, doubling, self._meanings.of(refusal) if refusal else Meaning.NEW)
        others = [lead for lead in leads if lead.id != conclusion.remote_id]
        number_claims.save_other_leads(campaign.pk, row.phone, others)
        return conclusion

    def lead_to_date(self) -> Dating | None:
        """A lead of ours to be looked up because only lists tell when leads were made; None where there is none, or no need."""
        if self._has_dated or self.clock.clock.leads:
            return None
        self._has_dated = True
        at_once = ImportRow.objects.filter(job=self._job, state=RowState.CREATED, attempts=1, unknowns=0).exclude(remote_id="")
        row = at_once.order_by("-row_number").values_list("phone", "remote_id", "first_intent_ms").first()
        if row is None:
            return None
        phone, remote_id, first_intent_ms = row
        return Dating(phone, remote_id or "", first_intent_ms or 0)

    def note_dated(self, answer: Answer) -> None:
        lead = next((lead for lead in answer.result or () if lead.id == answer.key.remote_id), None)
        if lead and lead.created_at:
            intent_ms = answer.key.first_intent_ms
            self.clock.note_lead(lead.created_at, intent_ms, intent_ms + 1000 * (latest_begin() + longest_request()))

    def note_time(self, judged: list[Judged], now_ms: int, read: float, took: float) -> None:
        """What the answers say of the service's clock. `now_ms` of the database's were somewhere in the `took` seconds after
        `read` of this process's."""
        self.clock.note_time(now_ms, read, took)
        for one in judged:
            if isinstance(one.outcome, Created) and one.outcome.created_at and one.answer.ended:
                ended_ms = 1000 * (one.answer.ended - read) + now_ms
                self.clock.note_lead(one.outcome.created_at, ended_ms - 1000 * (one.answer.seconds + took), ended_ms)
        self.clock.save(now_ms)


def put_off_answers(judged: Sequence[Judged]) -> int:
    """By how much the import counts more answers that put off rows of which nothing is suspected. What was said of a suspect counts
    once it is taken all the same."""
    return sum(_counted_more(one) for one in judged)


def _counted_more(one: Judged) -> int:
    before, now = Deferral.in_detail(one.answer.key.row.detail), one.conclusion.deferral
    if now is not None:
        return now.counted - before.counted
    return before.n if before.is_suspect and one.signal.service is ServiceState.OK else 0


def ending_of(row: Claimed, conclusion: Conclusion, wait_ms: int = 0) -> Ending:
    return Ending(
        row.id,
        row.token,
        conclusion.state,
        conclusion.reason,
        _detail(row.detail, conclusion),
        conclusion.remote_id,
        max(wait_ms, conclusion.wait_ms),
        refunds_attempt=conclusion.refunds_attempt,
        lost=conclusion.lost,
        missed=conclusion.missed,
        in_vain=conclusion.in_vain,
    )


def _unless_taken(created: Created, taken: Collection[str]) -> Outcome:
    """A lead that another row has is not this row's: whether it has one is to be looked up."""
    if created.remote_id not in taken:
        return created
    return Unknown(UnknownReason.MALFORMED, f"The answer names the lead of another row: {created.remote_id}")


def _later(conclusion: Conclusion, wait_ms: int) -> Conclusion:
    return Conclusion(conclusion.state, conclusion.reason, conclusion.message, refusal=conclusion.refusal, wait_ms=wait_ms)


def _outcome(answer: Answer) -> Outcome:
    # The client answers with outcomes, never with exceptions; should it break all the same, nobody knows.
    return answer.result if answer.error is None else Unknown(UnknownReason.MALFORMED, type(answer.error).__name__)


def _texts_of(lead: dict[str, Any]) -> list[str]:
    contacts = lead.get("secondary_contacts") or []
    return [str(value) for one in (lead, *contacts) for value in (one.get("variables") or {}).values()]


def _detail(before: dict[str, Any] | None, conclusion: Conclusion) -> dict[str, Any] | None:
    """The row's detail with the service's words; None where nothing changes."""
    own = ("message", "recovered", "refusal", "deferral")
    kept = {key: value for key, value in (before or {}).items() if key not in own}
    if conclusion.message:
        kept["message"] = conclusion.message
    elif conclusion.state == RowState.UNKNOWN and before and "message" in before:
        kept["message"] = before["message"]
    if conclusion.state == RowState.REFUSED:
        kept["params"] = {"message": conclusion.message}  # of its sentence in imports.messages.lookup
    if conclusion.state == RowState.FAILED and conclusion.deferral:
        kept["params"] = {"message": conclusion.message, "count": conclusion.deferral.n}
    elif conclusion.deferral and conclusion.state in (RowState.PENDING, RowState.UNKNOWN):
        kept["deferral"] = conclusion.deferral._asdict()
    if conclusion.recovered:
        kept["recovered"] = True
    if conclusion.refusal:
        kept["refusal"] = conclusion.refusal._asdict()
    return None if kept == (before or {}) else kept
