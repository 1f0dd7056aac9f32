"""What a reply to `POST /user/lead` means.

`classify` is pure: one `Reply` in, one `Outcome` out.

    Outcome
    ├── Created       the lead is in the campaign, under remote_id
    ├── Duplicate     by its text the campaign has this number already; a look-up must agree
    ├── Refused       the service refused this lead; where its text is not a known one, it may be a duplicate
    ├── NotAccepted   nothing was added, and the lead is not to blame: `reason` says what must happen first
    └── Unknown       it may or may not have been added; only a look-up can tell

Never call an unclear answer created, and never call a lost one refused.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum
from typing import Any

from .error_texts import DuplicateMatcher, ErrorTexts, denies_success, one_line, says_duplicate
from .received_json import parse

LONGEST_ID = 100  # characters of a remote id: the columns that keep one are as wide
YEARS = range(1900, 9999)  # a moment outside these is none, and can neither be compared nor stored
RETRY_AFTER_CAP = 3600.0  # seconds


class Failure(StrEnum):
    """Why there is no complete answer."""

    NOT_SENT = "not_sent"  # no byte of the request was sent: address, DNS, connect, TLS, too late
    TIMEOUT = "timeout"
    RESET = "reset"  # cut while writing or reading, or a reused connection found dead
    UNREADABLE = "unreadable"  # larger than the cap, or an encoding we did not ask for


class RetryReason(StrEnum):
    """What must happen before a lead that was not accepted can be sent again."""

    KEY = "key"
    BALANCE = "balance"
    CAMPAIGN = "campaign"
    RATE_LIMITED = "rate_limited"
    NOT_SENT = "not_sent"


class UnknownReason(StrEnum):
    """Why we cannot tell whether a lead was added."""

    SERVER_ERROR = "server_error"
    REDIRECT = "redirect"
    MALFORMED = "malformed"
    RESET = "reset"
    TIMEOUT = "timeout"


@dataclass(frozen=True, slots=True)
class Reply:
    """One HTTP reply, or what there is of it.

    `status` is None when not even a status line came back; `body` is None when it could not be
    read to its end; then `failure` says why. `detail` is our own short note on the failure.
    """

    status: int | None = None
    headers: Mapping[str, str] | None = None
    body: bytes | None = None
    failure: Failure | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Created:
    """`created_at`: on the service's own clock, naive when it names no zone; None where the answer does not tell."""

    remote_id: str
    created_at: datetime | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Duplicate:
    """`remote_id`: of the lead that the answer names all the same, which may be anybody's."""

    message: str = ""
    remote_id: str = ""


@dataclass(frozen=True, slots=True)
class Refused:
    """`code`: do_not_call, invalid_phone_number, validation, or http_<status>. `message`: the service's own text."""

    code: str
    message: str = ""


@dataclass(frozen=True, slots=True)
class NotAccepted:
    """`retry_after`: seconds the service asked us to wait, at most an hour; None if it did not say."""

    reason: RetryReason
    message: str = ""
    retry_after: float | None = None


@dataclass(frozen=True, slots=True)
class Unknown:
    reason: UnknownReason
    message: str = ""
    retry_after: float | None = None


Outcome = Created | Duplicate | Refused | NotAccepted | Unknown


def classify(reply: Reply, is_duplicate: DuplicateMatcher = says_duplicate, *, now: float, number: str = "") -> Outcome:
    """What this answer to `POST /user/lead` means. `now`: wall clock in seconds, for a dated Retry-After. `number`: that was sent."""
    status = reply.status
    if status is None:
        return _without_answer(reply)
    if 200 <= status < 300:
        return _success(reply, is_duplicate, number)
    if 300 <= status < 400:
        return Unknown(UnknownReason.REDIRECT, f"HTTP {status}")
    if status in (401, 408, 425, 429):
        return _decided_by_status(reply, now)
    if 400 <= status < 500:
        return _refusal(reply, is_duplicate)
    if 500 <= status < 600:
        return Unknown(UnknownReason.SERVER_ERROR, _message(reply), retry_after(reply, now))
    return Unknown(UnknownReason.MALFORMED, f"HTTP {status}")


def _without_answer(reply: Reply) -> Outcome:
    if reply.failure is Failure.NOT_SENT:
        return NotAccepted(RetryReason.NOT_SENT, reply.detail)
    return _lost(reply)


_OF_FAILURE = {
    Failure.NOT_SENT: UnknownReason.MALFORMED,
    Failure.TIMEOUT: UnknownReason.TIMEOUT,
    Failure.RESET: UnknownReason.RESET,
    Failure.UNREADABLE: UnknownReason.MALFORMED,
}


def _lost(reply: Reply) -> Unknown:
    reason = _OF_FAILURE[reply.failure] if reply.failure else UnknownReason.MALFORMED
    return Unknown(reason, reply.detail)


def _success(reply: Reply, is_duplicate: DuplicateMatcher, number: str) -> Outcome:
    if reply.body is None:
        return _lost(reply)
    payload = parse(reply.body)
    remote_id, texts = id_of(payload), ErrorTexts.of(payload)
    if unusable := unusable_id_of(payload):
        return Unknown(UnknownReason.MALFORMED, f"HTTP {reply.status} with a lead id that cannot be one: {unusable}")
    # Only the fields made for texts count here: another page or a lead's own variables may hold any text.
    if texts.says_duplicate(is_duplicate) or remote_id and (texts.says_do_not_call or _may_be_older(payload, texts)):
        return Duplicate(texts.sentence, remote_id)
    if remote_id and is_of_another(payload["data"].get("phone_number"), number):
        return Unknown(UnknownReason.MALFORMED, f"HTTP {reply.status} with the lead of another number: {remote_id}")
    if remote_id:
        return Created(remote_id, moment(payload["data"].get("created_at")))
    if texts.says_do_not_call:
        return Refused("do_not_call", texts.sentence)
    return Unknown(UnknownReason.MALFORMED, texts.sentence or f"HTTP {reply.status} without a lead id")


def _may_be_older(payload: dict[str, Any], texts: ErrorTexts) -> bool:
    """Whether the lead that an answer names may have been there before our request: by its words, or by what has happened to it."""
    lead = payload["data"]
    made, changed = moment(lead.get("created_at")), moment(lead.get("updated_at"))
    is_changed = made and changed and made.tzinfo == changed.tzinfo and changed - made > _LONGEST_CREATION
    was_called = lead.get("status") in _AFTER_A_CALL or _whole(lead.get("call_tries")) > 0
    return bool(is_changed) or was_called or texts.may_speak_of_another or _denies_creation(payload)


def _whole(value: Any) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


_AFTER_A_CALL = ("completed", "rescheduled", "reached-max-retries")
_LONGEST_CREATION = timedelta(minutes=2)


def is_of_another(told: Any, number: str) -> bool:
    """Whether a number that a service tells is certainly not the one that was sent.

    It may write a number otherwise, without its country or with a trunk digit more: the last digits are always there. One
    that it tells only in part (`+90*****4567`) proves nothing.
    """
    endings = [_NOT_DIGITS.sub("", found[0]) for found in map(_LAST_DIGITS.search, (str(told), number)) if found]
    return len(endings) == 2 and endings[0] != endings[1]


_LAST_DIGITS = re.compile(r"(?:[0-9][\s().\-/]*){7}$")
_NOT_DIGITS = re.compile(r"[^0-9]")


def _denies_creation(payload: dict[str, Any]) -> bool:
    """Whether an answer that names a lead says, other than in its texts, that it did not add it."""
    flags = {**payload["data"], **payload}
    return (
        denies_success(payload)
        or any(flags.get(name) is False for name in ("success", "created", "wasRecentlyCreated"))
        or any(flags.get(name) is True for name in ("duplicate", "is_duplicate", "exists", "already_exists"))
    )


def _decided_by_status(reply: Reply, now: float) -> Outcome:
    match reply.status:
        case 401:
            return NotAccepted(RetryReason.KEY, _message(reply))
        case _:
            return NotAccepted(RetryReason.RATE_LIMITED, _message(reply), retry_after(reply, now))


def _refusal(reply: Reply, is_duplicate: DuplicateMatcher) -> Outcome:
    """400, 403, 404, 409, 410, 422 and whatever else begins with a 4: the texts count for more than the status."""
    by_status = reply.status in (402, 403, 404, 410)
    if reply.body is None and not by_status:
        return _lost(reply)
    # A page of a proxy may hold any text: of what these statuses mean by themselves, only the service's own texts say otherwise.
    texts = ErrorTexts.of_body(reply.body or b"") if not by_status or parse(reply.body or b"") else ErrorTexts({}, [])
    if texts.says_do_not_call:
        return Refused("do_not_call", texts.sentence)
    if texts.says_duplicate(is_duplicate):
        return Duplicate(texts.sentence)
    if reason := _reason_beside_lead(reply.status, texts):
        return NotAccepted(reason, _message(reply))
    return Refused(_refusal_code(reply.status, texts), texts.sentence or f"HTTP {reply.status}")


def _reason_beside_lead(status: int | None, texts: ErrorTexts) -> RetryReason | None:
    """What must be put right before any lead is accepted; None where it is this lead that was refused."""
    if texts.blames_lead:
        return None
    if status in (404, 410):
        return RetryReason.CAMPAIGN
    if status == 402 or texts.says_balance:
        return RetryReason.BALANCE
    if status == 403:
        return RetryReason.KEY
    return RetryReason.CAMPAIGN if texts.says_campaign_gone else None


def _refusal_code(status: int | None, texts: ErrorTexts) -> str:
    if texts.says_invalid_phone:
        return "invalid_phone_number"
    return "validation" if texts.is_about_a_value else f"http_{status}"


def _message(reply: Reply) -> str:
    return ErrorTexts.of_body(reply.body or b"").sentence or reply.detail or f"HTTP {reply.status}"


def id_of(payload: Any) -> str:
    """`data.id` of a reply as text; '' unless it is a positive integer or a printable text of at most LONGEST_ID characters."""
    data = payload.get("data") if isinstance(payload, dict) else None
    return remote_id(data.get("id")) if isinstance(data, dict) else ""


def unusable_id_of(payload: Any) -> str:
    """How to name a `data.id` that is there and cannot be used; '' where there is none."""
    data = payload.get("data") if isinstance(payload, dict) else None
    value = data.get("id") if isinstance(data, dict) else None
    return "" if value in (None, "") or remote_id(value) else named(value)


def named(value: Any) -> str:
    """A foreign value, shortened, for a message or a log."""
    text = value if isinstance(value, str) else repr(value)
    return one_line(text[:60]) + (f"… ({len(text)} characters)" if len(text) > 60 else "")


def remote_id(value: Any) -> str:
    """An id as text; '' for what cannot be one. JSON knows one kind of number, so `17.0` is 17."""
    if isinstance(value, str):
        is_id = 0 < len(value.strip()) == len(value) <= LONGEST_ID and value.isprintable()
        return value if is_id and "\N{REPLACEMENT CHARACTER}" not in value else ""
    if isinstance(value, float) and value.is_integer() and value < 2**53:
        value = int(value)
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return str(value) if is_number and value > 0 else ""


def retry_after(reply: Reply, now: float) -> float | None:
    """Seconds to wait as the service asked: header (seconds or HTTP date), else `retry_after` in the body."""
    headers = reply.headers or {}
    asked = headers.get("Retry-After")
    seconds = None if asked is None else _seconds_of(asked.strip(), headers.get("Date"), now)
    if seconds is None:
        payload = parse(reply.body) if reply.body else None
        asked = payload.get("retry_after") if isinstance(payload, dict) else None
        seconds = _number(asked)
    return None if seconds is None else min(max(seconds, 0.0), RETRY_AFTER_CAP)


def _seconds_of(asked: str, date: str | None, now: float) -> float | None:
    number = _number(asked)
    if number is not None:
        return number
    until = timestamp_of(asked)
    if until is None:
        return None
    # Their clock may differ from ours; when they tell it, only the difference counts.
    return until - (timestamp_of(date or "") or now)


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return None if math.isnan(number) else number


def timestamp_of(text: str) -> float | None:
    """Seconds since the epoch of an HTTP date."""
    try:
        return parsedate_to_datetime(text).timestamp()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def moment(value: Any) -> datetime | None:
    """`2026-05-01 13:30:00` or ISO with or without a zone."""
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return found if found and found.year in YEARS else None
