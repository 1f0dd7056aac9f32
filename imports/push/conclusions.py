"""What a row's state is concluded from: the table *evidence → state* of docs/reliability.md, as pure functions.

`of_answer` judges the answer to a row's own request, `of_look_up` and `of_failed_look_up` what was found out afterwards.
Created: an answer with an id to our own request, or a lead that nobody else can have made. Already in the campaign: a lead
that is there. Refused: the service's own words, to a request whose answers were not lost. All else is `unknown`, and then
`unconfirmed`. Never is a row called created or already there because of words alone.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, NamedTuple

from campaigns.whattalk.errors import KeyRejected, RateLimited, Unreachable, WhatTalkError
from campaigns.whattalk.replies import Created, Duplicate, NotAccepted, Outcome, Refused, Unknown
from campaigns.whattalk.resources import Lead
from imports.models import RowState
from imports.push.deferrals import Deferral
from imports.push.lead_ownership import Whose
from imports.push.row_claims import ENOUGH_MISSES, MOST_TRIES, Claimed

ENOUGH_FAILURES = 12  # look-ups in vain, weighed: what the service cannot do, or does not tell, and what was only cut off
CANNOT, CUT = 4, 1
WAIT_AFTER_FAILURE_MS = 60_000
LONGEST_WAIT_AFTER_CUT_MS = 32 * WAIT_AFTER_FAILURE_MS
WAIT_FOR_MEANING_MS = 2_000  # of rows that were refused in the same new words: the first of them is looked up at once
FINAL_CODES = ("do_not_call", "validation")  # refusals that cannot stand for a duplicate in words that we do not know


class Meaning(StrEnum):
    """What the text of a refusal has been found to mean."""

    NEW = "new"
    DUPLICATE = "duplicate"
    NO_DUPLICATE = "no_duplicate"
    VARIES = "varies"  # each row has to be looked up
    UNTOLD = "untold"  # leads cannot be looked up


def meaning_of(has_words: bool, agreed: int, denied: int, untold: int) -> Meaning:
    """By look-ups of rows that were refused so: `agreed`: the number was there; `denied`: it was not. One may be an accident."""
    if agreed and denied or agreed and not has_words:
        return Meaning.VARIES
    if agreed >= 2:
        return Meaning.DUPLICATE
    if denied >= (2 if has_words else 1):
        return Meaning.NO_DUPLICATE
    return Meaning.UNTOLD if untold and not agreed + denied else Meaning.NEW


class Refusal(NamedTuple):
    """What the service said where it did not plainly take a lead, until it is known what that means.

    `key`: `error_texts.text_key` of it. `has_words`: it speaks of a duplicate. `remote_id`: of the lead that it named, '' where
    it named none. `code`: as in `answers.Refused`. `is_new`: nobody knew the text when it came.
    """

    key: str
    message: str
    has_words: bool = False
    remote_id: str = ""
    code: str = ""
    is_new: bool = False

    @classmethod
    def of(cls, outcome: Duplicate | Refused, key: str) -> "Refusal":
        if isinstance(outcome, Duplicate):
            # An answer that names a lead means something else than one that does not, in the same words.
            return cls(f"id: {key}" if outcome.remote_id else key, outcome.message, True, outcome.remote_id)
        return cls(key, outcome.message, code=outcome.code)

    @classmethod
    def in_detail(cls, detail: Mapping[str, Any] | None) -> "Refusal | None":
        """The one that a row keeps while it is looked up."""
        kept = (detail or {}).get("refusal")
        return cls(**kept) if kept else None


class Circumstances(NamedTuple):
    """`after_lost`: the answer to an earlier try of this row was lost. `cannot_look_up`: and look-ups did not help.

    `key`, `meaning`: of the text of a refusal. `settle_ms`: how long to leave a lost answer alone. `deferral`: what
    the row keeps of answers that neither took nor refused it; `is_to_blame`: they are due to the row alone.
    """

    after_lost: bool = False
    cannot_look_up: bool = False
    key: str = ""
    meaning: Meaning = Meaning.NEW
    settle_ms: int = 60_000
    deferral: Deferral | None = None
    is_to_blame: bool = False


@dataclass(frozen=True, slots=True)
class Conclusion:
    """What the row becomes. `message`: the service's words, to be kept with it. `wait_ms`: not to be touched before so long from
    now. `refusal`: to be verified. `refunds_attempt`: the try does not count. `missed`: it was not found. `in_vain`: what a look-up that
    is without result counts. `key`: of the words of a refusal. `taught`: what its text meant, None where nothing was learnt.
    `deferral`: to be kept with the row.
    """

    state: str
    reason: str = ""
    message: str = ""
    remote_id: str | None = None
    recovered: bool = False
    refusal: Refusal | None = None
    wait_ms: int = 0
    refunds_attempt: bool = False
    lost: bool = False
    missed: bool = False
    in_vain: int = 0
    key: str = ""
    taught: Meaning | None = None
    deferral: Deferral | None = None

    @property
    def is_refusal(self) -> bool:
        """Whether the service would not take the lead, as far as we know."""
        return self.state == RowState.REFUSED or self.state == RowState.UNCONFIRMED and bool(self.message)


def of_answer(outcome: Outcome, row: Circumstances) -> Conclusion:
    match outcome:
        case Created(remote_id=remote_id):
            return Conclusion(RowState.CREATED, remote_id=remote_id)
        case NotAccepted(message=message):
            return _not_accepted(message, row)
        case Unknown(message=message):
            return Conclusion(RowState.UNKNOWN, message=message, wait_ms=row.settle_ms, lost=True)
    return of_refusal(Refusal.of(outcome, row.key), row)


def _not_accepted(message: str, row: Circumstances) -> Conclusion:
    if not row.is_to_blame:
        return Conclusion(RowState.PENDING, message=message, refunds_attempt=True, deferral=row.deferral)
    if row.after_lost:
        return _unconfirmed(None, deferral=row.deferral)
    return Conclusion(RowState.FAILED, reason="not_taken", message=message, deferral=row.deferral)


def of_refusal(refusal: Refusal, row: Circumstances) -> Conclusion:
    """A refusal, in whatever words and with whatever status."""
    is_final = refusal.code in FINAL_CODES and not row.after_lost
    if is_final or row.meaning is Meaning.NO_DUPLICATE and not row.after_lost:
        return _no_duplicate(refusal)
    if row.cannot_look_up or row.meaning is Meaning.UNTOLD and not row.after_lost:
        return _unverified(refusal, row.after_lost)
    if row.meaning is Meaning.DUPLICATE and not row.after_lost:
        return _already_there(refusal)
    is_new = row.meaning is Meaning.NEW and not row.after_lost
    return _verifying(refusal._replace(is_new=is_new))


def _verifying(refusal: Refusal, **how: Any) -> Conclusion:
    reason = "verifying" if refusal.is_new else ""
    return Conclusion(RowState.UNKNOWN, reason=reason, message=refusal.message, refusal=refusal, **how)


def _already_there(refusal: Refusal | None, taught: Meaning | None = None) -> Conclusion:
    message = refusal.message if refusal else ""
    return Conclusion(RowState.DUPLICATE_IN_CAMPAIGN, reason="duplicate_in_campaign", message=message, taught=taught)


def _no_duplicate(refusal: Refusal, taught: Meaning | None = None) -> Conclusion:
    """The words were no news of a duplicate: they are the refusal that they are, or belong to a lead that was created."""
    if refusal.remote_id:
        return Conclusion(RowState.CREATED, remote_id=refusal.remote_id, taught=taught)
    reason = "refused_do_not_call" if refusal.code == "do_not_call" else "refused"
    return Conclusion(RowState.REFUSED, reason=reason, message=refusal.message or refusal.code, key=refusal.key, taught=taught)


def _unverified(refusal: Refusal, after_lost: bool) -> Conclusion:
    """Nobody can look: a refusal of the only request is one all the same, anything else may be there."""
    if after_lost or refusal.has_words:
        return _unconfirmed(refusal, taught=None if after_lost else Meaning.UNTOLD)
    return replace(_no_duplicate(refusal), taught=Meaning.UNTOLD)


def _unconfirmed(refusal: Refusal | None, **how: Any) -> Conclusion:
    message, key = (refusal.message, refusal.key) if refusal else ("", "")
    return Conclusion(RowState.UNCONFIRMED, reason="unconfirmed", message=message, key=key, **how)


# -- look-ups ----------------------------------------------------------------------------------------------------------
def of_look_up(
    row: Claimed,
    leads: Collection[tuple[Lead, Whose]],
    refusal: Refusal | None,
    gap_ms: int,
    allow_duplicates: bool = False,
    meaning: Meaning = Meaning.NEW,
) -> Conclusion:
    """`leads`: the leads with the row's number. `gap_ms`: before it is looked up once more. `meaning`: of the refusal's text."""
    if refusal and not row.unknowns:
        return _verified(row, leads, refusal, gap_ms)
    owners = {owner for _lead, owner in leads}
    if Whose.OURS in owners:
        lead = next(lead for lead, owner in leads if owner is Whose.OURS)
        return Conclusion(RowState.CREATED, remote_id=lead.id, recovered=True)
    if Whose.UNCLEAR in owners:
        return _told_nothing(row, refusal, gap_ms)
    if owners and not allow_duplicates:
        return _already_there(refusal)  # it was there before, so our own request cannot have been accepted
    # Where there are only leads of others, it was they whom the service meant.
    return _missed(row, None if owners else refusal, gap_ms, meaning)


def _verified(row: Claimed, leads: Collection[tuple[Lead, Whose]], refusal: Refusal, gap_ms: int) -> Conclusion:
    """No answer was lost, so the words are of our only request: is there a lead that they can mean?"""
    owner = next((owner for lead, owner in leads if lead.id == refusal.remote_id), None)
    if owner is Whose.OURS:
        return _no_duplicate(refusal, Meaning.NO_DUPLICATE)
    own = next((lead for lead, owner in leads if owner is Whose.OURS), None)
    if own and not refusal.has_words and refusal.code != "http_409":
        return Conclusion(RowState.CREATED, remote_id=own.id, recovered=True)  # it was added, and something else went wrong
    if owner is Whose.UNCLEAR or refusal.remote_id and not leads:
        return _told_nothing(row, refusal, gap_ms)
    return _already_there(refusal, Meaning.DUPLICATE) if leads else _no_duplicate(refusal, Meaning.NO_DUPLICATE)


def _told_nothing(row: Claimed, refusal: Refusal | None, gap_ms: int) -> Conclusion:
    """A later look may tell more: a list that lags, a clock that is not known yet."""
    if row.lookup_failures + CANNOT < ENOUGH_FAILURES:
        return _still_unknown(refusal, wait_ms=gap_ms, in_vain=CANNOT)
    return _unconfirmed(refusal, in_vain=CANNOT, taught=Meaning.UNTOLD if refusal and not row.unknowns else None)


def _missed(row: Claimed, refusal: Refusal | None, gap_ms: int, meaning: Meaning) -> Conclusion:
    """Only the second miss counts: a list may lag behind what was just written. A refusal that came after it may be due to our
    own lead, in words that nobody knows: it is believed only where its words cannot mean that."""
    if row.misses + 1 < ENOUGH_MISSES:
        return _still_unknown(refusal, wait_ms=gap_ms, missed=True)
    if refusal:
        is_known = refusal.code in FINAL_CODES or meaning is Meaning.NO_DUPLICATE and not refusal.has_words
        return replace(_no_duplicate(refusal), missed=True) if is_known else _told_nothing(row, refusal, gap_ms)
    if has_tried_enough(row.attempts):
        return Conclusion(RowState.FAILED, reason="failed", missed=True)
    return Conclusion(RowState.PENDING, missed=True)


def look_again(refusal: Refusal | None, gap_ms: int) -> Conclusion:
    """What was found cannot be judged just now, and says nothing of the row."""
    return _still_unknown(refusal, wait_ms=gap_ms)


def of_failed_look_up(
    row: Claimed, error: Exception, refusal: Refusal | None, gap_ms: int, put_off: Circumstances = Circumstances()
) -> Conclusion:
    """What the row becomes when the look-up itself went wrong. Only what the service cannot do counts soon: a connection that
    was cut says nothing of it. `put_off`: of a look-up that was asked to wait, or whose key was refused."""
    if isinstance(error, RateLimited) and not put_off.is_to_blame:
        return _still_unknown(refusal, wait_ms=int(1000 * (error.retry_after or 10)), deferral=put_off.deferral)
    if isinstance(error, KeyRejected) and not put_off.is_to_blame:
        wait_ms = put_off.deferral.wait_ms() if put_off.deferral else WAIT_AFTER_FAILURE_MS
        return _still_unknown(refusal, wait_ms=wait_ms, deferral=put_off.deferral)  # a new key can tell
    is_cut = isinstance(error, Unreachable) or isinstance(error, WhatTalkError) and error.retryable
    weight, wait_ms = CUT if is_cut else CANNOT, min(WAIT_AFTER_FAILURE_MS, gap_ms)
    if put_off.is_to_blame:
        weight = ENOUGH_FAILURES
    if row.lookup_failures + weight < ENOUGH_FAILURES:
        longer = 2 ** min(row.lookup_failures, 5) if is_cut else 1
        return _still_unknown(refusal, wait_ms=wait_ms * longer, in_vain=weight)
    if refusal:
        return replace(_unverified(refusal, bool(row.unknowns)), in_vain=weight)
    if has_tried_enough(row.attempts):
        return _unconfirmed(None, in_vain=weight)
    # Sent once more with the duplicate block on: nothing can be doubled, and an answer may come.
    return Conclusion(RowState.PENDING, in_vain=weight)


def _still_unknown(refusal: Refusal | None, **how: Any) -> Conclusion:
    return _verifying(refusal, **how) if refusal else Conclusion(RowState.UNKNOWN, **how)


def has_tried_enough(attempts: int) -> bool:
    """Whether a row that is known not to have been added has had its tries. Time does not count: it may have been paused."""
    return attempts > 0 and attempts % MOST_TRIES == 0
