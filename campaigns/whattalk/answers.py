"""What an answer to `POST /user/lead` means.

`classify` is pure: one `Reply` in, one `Outcome` out.

    Outcome
    ├── Created       the lead is in the campaign, under remote_id
    ├── Duplicate     the campaign has this number already; nothing was added
    ├── Refused       the service looked at this lead and said no; the same lead will be refused again
    ├── NotAccepted   nothing was added, and the lead is not to blame: `why` says what must happen first
    └── Unknown       it may or may not have been added; only a look-up can tell

Never call an unclear answer created, and never call a lost one refused.
"""
from __future__ import annotations

import json
import math
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from enum import StrEnum
from typing import Any

import orjson

MESSAGE_LENGTH = 500  # characters of a foreign text that we keep
LONGEST_ID = 100  # characters of a remote id: the columns that keep one are as wide
DEEPEST = 30  # levels of lists and objects in each other; what lies deeper is left out
LARGEST_WHOLE = 2**63 - 1  # of an integer that a database keeps; a larger one becomes text
RETRY_AFTER_CAP = 3600.0  # seconds


class Failure(StrEnum):
    """Why there is no complete answer."""

    NOT_SENT = "not_sent"  # no byte of the request left us: address, DNS, connect, TLS, too late
    TIMEOUT = "timeout"
    RESET = "reset"  # cut while writing or reading, or a reused connection found dead
    UNREADABLE = "unreadable"  # larger than the cap, or an encoding we did not ask for


class Why(StrEnum):
    """What must happen before a lead that was not accepted can be sent again."""

    KEY = "key"
    BALANCE = "balance"
    CAMPAIGN = "campaign"
    RATE_LIMITED = "rate_limited"
    NOT_SENT = "not_sent"


class Doubt(StrEnum):
    """Why we cannot tell whether a lead was added."""

    SERVER_ERROR = "server_error"
    REDIRECT = "redirect"
    MALFORMED = "malformed"
    RESET = "reset"
    TIMEOUT = "timeout"


@dataclass(frozen=True, slots=True)
class Reply:
    """One HTTP answer, or what there is of it.

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
    remote_id: str


@dataclass(frozen=True, slots=True)
class Duplicate:
    message: str = ""


@dataclass(frozen=True, slots=True)
class Refused:
    """`code`: invalid_phone_number, validation, or http_<status>. `message`: the service's own words."""

    code: str
    message: str = ""


@dataclass(frozen=True, slots=True)
class NotAccepted:
    """`retry_after`: seconds the service asked us to wait, at most an hour; None if it did not say."""

    why: Why
    message: str = ""
    retry_after: float | None = None


@dataclass(frozen=True, slots=True)
class Unknown:
    why: Doubt
    message: str = ""
    retry_after: float | None = None


Outcome = Created | Duplicate | Refused | NotAccepted | Unknown
DuplicateMatcher = Callable[[str], bool]

# How a service may say "this number is already there". The real wording is not documented.
DUPLICATE_PHRASES = (
    "duplicat",
    "dupplicat",
    "already exist",
    "already in",
    "already been taken",
    "already been added",
    "already added",
    "zaten",
    "mevcut",
    "mükerrer",
    "yinelenen",
)
# "mevcut değil" is Turkish for "does not exist": the opposite of a duplicate.
_NOT_DENIED = r"(?!\w*\s+degil)"

_BALANCE = re.compile(r"balance|bakiye|(insufficient|not enough|out of) (fund|credit)|kredi(niz)? yetersiz")
_CAMPAIGN_GONE = re.compile(
    r"(campaign|kampanya)\w*\b[^.,;:!]{0,40}(not found|not exist|invalid|deleted|bulunama|gecersiz|mevcut degil|silin)"
    r"|(invalid|unknown|no such|gecersiz) (campaign|kampanya)"
)
_INVALID_PHONE = re.compile(r"(invalid|gecersiz)\W+(phone|telefon|numara)|(phone|telefon)\b.{0,30}(invalid|not valid|gecersiz)")


def fold(text: str) -> str:
    """Lower case without accents, dotted and dotless i alike: "YİNELENEN" → "yinelenen", "Mükerrer" → "mukerrer"."""
    one_i = text.replace("İ", "i").replace("I", "i").replace("ı", "i")
    decomposed = unicodedata.normalize("NFKD", one_i)
    return "".join(c for c in decomposed if not unicodedata.combining(c)).casefold()


def duplicate_matcher(phrases: Iterable[str] = DUPLICATE_PHRASES) -> DuplicateMatcher:
    """Whether a text says that a lead is there already. Phrases are matched as `fold` leaves them."""
    folded = [re.escape(fold(phrase).strip()) for phrase in phrases if phrase.strip()]
    if not folded:
        return lambda text: False
    pattern = re.compile(f"(?:{'|'.join(folded)}){_NOT_DENIED}")
    return lambda text: pattern.search(fold(text)) is not None


says_duplicate = duplicate_matcher()


def classify(reply: Reply, is_duplicate: DuplicateMatcher = says_duplicate, *, now: float) -> Outcome:
    """What this answer to `POST /user/lead` means. `now`: wall clock in seconds, for a dated Retry-After."""
    status = reply.status
    if status is None:
        return _without_answer(reply)
    if 200 <= status < 300:
        return _success(reply, is_duplicate)
    if 300 <= status < 400:
        return Unknown(Doubt.REDIRECT, f"HTTP {status}")
    if status in (401, 402, 403, 408, 409, 425, 429):
        return _decided_by_status(reply, now)
    if 400 <= status < 500:
        return _refusal(reply, is_duplicate)
    if 500 <= status < 600:
        return Unknown(Doubt.SERVER_ERROR, _say(reply), retry_after(reply, now))
    return Unknown(Doubt.MALFORMED, f"HTTP {status}")


def _without_answer(reply: Reply) -> Outcome:
    if reply.failure is Failure.NOT_SENT:
        return NotAccepted(Why.NOT_SENT, reply.detail)
    return _lost(reply)


_DOUBTS = {Failure.TIMEOUT: Doubt.TIMEOUT, Failure.RESET: Doubt.RESET, Failure.UNREADABLE: Doubt.MALFORMED}


def _lost(reply: Reply) -> Unknown:
    return Unknown(_DOUBTS.get(reply.failure, Doubt.MALFORMED), reply.detail)


def _success(reply: Reply, is_duplicate: DuplicateMatcher) -> Outcome:
    if reply.body is None:
        return _lost(reply)
    payload = parse(reply.body)
    remote_id = id_of(payload)
    if remote_id:
        return Created(remote_id)
    words = Words.of(payload)
    if odd := odd_id_of(payload):
        return Unknown(Doubt.MALFORMED, f"HTTP {reply.status} with a lead id that cannot be one: {odd}")
    # Only the fields made for words count here: a stray page or a lead's own variables may hold any text.
    if words.says_duplicate(is_duplicate):
        return Duplicate(words.sentence)
    return Unknown(Doubt.MALFORMED, words.sentence or f"HTTP {reply.status} without a lead id")


def _decided_by_status(reply: Reply, now: float) -> Outcome:
    match reply.status:
        case 409:
            return Duplicate(_say(reply))
        case 402:
            return NotAccepted(Why.BALANCE, _say(reply))
        case 401:
            return NotAccepted(Why.KEY, _say(reply))
        case 403:
            lacks_money = Words.of_reply(reply).says_balance
            return NotAccepted(Why.BALANCE if lacks_money else Why.KEY, _say(reply))
        case _:
            return NotAccepted(Why.RATE_LIMITED, _say(reply), retry_after(reply, now))


def _refusal(reply: Reply, is_duplicate: DuplicateMatcher) -> Outcome:
    """400, 404, 410, 422 and whatever else begins with a 4."""
    if reply.status in (404, 410):
        return NotAccepted(Why.CAMPAIGN, _say(reply))
    if reply.body is None:
        return _lost(reply)
    words = Words.of_reply(reply)
    if reply.status in (400, 422) and words.says_duplicate(is_duplicate):
        return Duplicate(words.sentence)
    if words.says_balance:
        return NotAccepted(Why.BALANCE, words.sentence)
    if words.says_campaign_gone:
        return NotAccepted(Why.CAMPAIGN, words.sentence)
    return Refused(_refusal_code(reply.status, words), words.sentence or f"HTTP {reply.status}")


def _refusal_code(status: int | None, words: Words) -> str:
    if "phone_number" in words.fields or words.any(lambda text: bool(_INVALID_PHONE.search(fold(text)))):
        return "invalid_phone_number"
    return "validation" if words.fields else f"http_{status}"


@dataclass(frozen=True, slots=True)
class Words:
    """The texts of an error answer: `fields` from `errors` (field → texts), then `message`, `error`, raw text."""

    fields: dict[str, list[str]]
    others: list[str]

    @classmethod
    def of(cls, payload: Any) -> Words:
        if isinstance(payload, str):
            return cls({}, [payload])
        if not isinstance(payload, dict):
            return cls({}, [])
        others = [*_texts(payload.get("message")), *_texts(payload.get("error"))]
        errors = payload.get("errors")
        if isinstance(errors, dict):
            return cls({str(field): list(_texts(said)) for field, said in errors.items()}, others)
        return cls({}, [*_texts(errors), *others])

    @classmethod
    def of_reply(cls, reply: Reply) -> Words:
        """As `of`, falling back to the raw text when the body is not JSON."""
        body = reply.body or b""
        payload = parse(body)
        return cls({}, [body[:20_000].decode("utf-8", "replace")]) if payload is None else cls.of(payload)

    def any(self, matches: DuplicateMatcher) -> bool:
        return any(matches(text) for texts in (*self.fields.values(), self.others) for text in texts)

    def says_duplicate(self, matches: DuplicateMatcher) -> bool:
        """Not when only parts of the lead are complained of: a secondary number given twice makes no
        duplicate lead. Nor by a text about something else: "mevcut bakiyeniz" is the current balance."""
        parts = ("secondary_contacts", "variables")
        if self.fields and all(field.startswith(parts) for field in self.fields):
            return False
        return self.any(lambda text: matches(text) and not _speaks_of_something_else(fold(text)))

    @property
    def says_balance(self) -> bool:
        # A Laravel message repeats the first field error, and a variable may be called "balance".
        if self.fields:
            return not self.fields.keys().isdisjoint(("balance", "total_balance", "credit"))
        return any(_BALANCE.search(fold(text)) for text in self.others)

    @property
    def says_campaign_gone(self) -> bool:
        if self.fields:
            return "campaign_id" in self.fields
        return any(_CAMPAIGN_GONE.search(fold(text)) for text in self.others)

    @property
    def sentence(self) -> str:
        """What to show a person: one line, at most MESSAGE_LENGTH characters."""
        from_fields = " ".join(text for texts in self.fields.values() for text in texts)
        return one_line(from_fields or next(iter(self.others), ""))


def _speaks_of_something_else(folded: str) -> bool:
    return bool(_BALANCE.search(folded) or _CAMPAIGN_GONE.search(folded))


def _texts(value: Any, depth: int = 3) -> Iterator[str]:
    """Every text in a nest of lists and objects, blank ones left out."""
    if isinstance(value, str):
        if value.strip():
            yield value
    elif depth and isinstance(value, (list, dict)):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _texts(inner, depth - 1)


def one_line(text: str) -> str:
    """Foreign text made fit to show and log: control characters and runs of space become one space."""
    printable = "".join(c if c.isprintable() else " " for c in text[: 4 * MESSAGE_LENGTH])
    return " ".join(printable.split())[:MESSAGE_LENGTH]


def _say(reply: Reply) -> str:
    return Words.of_reply(reply).sentence or reply.detail or f"HTTP {reply.status}"


def parse(body: bytes, errors: str = "strict") -> Any:
    """The JSON value of a body as `storable` leaves it; None when it is not JSON (or is `null`).

    Half a letter (`\\ud800`) and numbers that are none (`NaN`) are taken too: one of them must not cost a whole list.
    `errors`: as of `bytes.decode`, for bytes that are not UTF-8.
    """
    try:
        return storable(orjson.loads(body))
    except orjson.JSONDecodeError:
        pass
    try:
        return storable(json.loads(body.decode("utf-8", errors), parse_int=_whole_or_text))
    except (ValueError, RecursionError):
        return None


def _whole_or_text(digits: str) -> int | str:
    return int(digits) if len(digits) < 20 else digits


_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")  # PostgreSQL keeps none of these


def storable(value: Any, depth: int = 0) -> Any:
    """A JSON value as both databases can keep it: texts without NUL and half letters (they become U+FFFD), no NaN and no
    infinity (None), integers of 64 bits (larger ones become texts), at most DEEPEST levels deep."""
    if isinstance(value, str):
        return _UNSTORABLE.sub("\N{REPLACEMENT CHARACTER}", value)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, int):
        return value if abs(value) <= LARGEST_WHOLE else str(value)
    if isinstance(value, (dict, list)) and depth >= DEEPEST:
        return None
    if isinstance(value, dict):
        return {storable(key): storable(inner, depth + 1) for key, inner in value.items()}
    if isinstance(value, list):
        return [storable(inner, depth + 1) for inner in value]
    return value


def id_of(payload: Any) -> str:
    """`data.id` of an answer as text; '' unless it is a positive integer or a text worth the name."""
    data = payload.get("data") if isinstance(payload, dict) else None
    return remote_id(data.get("id")) if isinstance(data, dict) else ""


def odd_id_of(payload: Any) -> str:
    """How to name a `data.id` that is there and cannot be used; '' where there is none."""
    data = payload.get("data") if isinstance(payload, dict) else None
    value = data.get("id") if isinstance(data, dict) else None
    return "" if value in (None, "") or remote_id(value) else named(value)


def named(value: Any) -> str:
    """A foreign value in a few words, for a message or a log."""
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
