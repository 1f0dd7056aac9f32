"""WhatTalk's resources as values. Each is made from the service's JSON, tolerantly: a field that is
missing or odd becomes empty, an unknown status stays the text it is (its first LONGEST_STATUS characters). `raw` keeps
what came, as `received_json.storable` leaves it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from .replies import moment, remote_id, timestamp_of

LONGEST_STATUS = 40  # characters
MOST_DIGITS = 15  # of a phone number, E.164
FEWEST_DIGITS = 8  # of a number without its country that is told apart by its end
LARGEST_COUNT = 2**53  # of pages, leads, requests: whoever names more names nothing
EARLIEST_MOMENT = 1_000_000_000  # seconds: a smaller reset is a span


@dataclass(frozen=True, slots=True)
class Lead:
    id: str
    phone_number: str
    campaign_id: str  # '' when the service does not name it
    status: str
    created_at: datetime | None  # naive when the service names no zone (which zone it means is not documented)
    variables: dict[str, Any]
    raw: dict[str, Any] = field(repr=False)

    @classmethod
    def of(cls, json: dict[str, Any]) -> Lead:
        campaign = json.get("campaign")
        within = campaign.get("id") if isinstance(campaign, dict) else None
        return cls(
            id=remote_id(json.get("id")),
            phone_number=text_of(json.get("phone_number")),
            campaign_id=remote_id(json.get("campaign_id")) or remote_id(within),
            status=text_of(json.get("status"))[:LONGEST_STATUS],
            created_at=moment(json.get("created_at")),
            variables=object_of(json.get("variables")),
            raw=json,
        )


@dataclass(frozen=True, slots=True)
class LeadPage:
    """One page of `GET /user/leads`. `last_page` and `total` are None where the service does not say."""

    leads: list[Lead]
    page: int
    last_page: int | None
    total: int | None


@dataclass(frozen=True, slots=True)
class Campaign:
    """`status`: draft, in-progress, stopped, completed, or a new one. Times are `HH:MM:SS` texts."""

    id: str
    name: str
    status: str
    raw: dict[str, Any] = field(repr=False)

    @classmethod
    def of(cls, json: dict[str, Any]) -> Campaign:
        return cls(remote_id(json.get("id")), text_of(json.get("name")), text_of(json.get("status"))[:LONGEST_STATUS], json)


@dataclass(frozen=True, slots=True)
class Assistant:
    """`variables`: name → default text. `post_call_schema`: `{name, type, description}` each; only from
    `WhatTalkClient.assistants`, since the outbound list does not tell it."""

    id: str
    name: str
    type: str
    status: str
    timezone: str
    variables: dict[str, str]
    post_call_schema: list[dict[str, Any]]
    raw: dict[str, Any] = field(repr=False)

    @classmethod
    def of(cls, json: dict[str, Any]) -> Assistant:
        defaults = object_of(json.get("variables"))
        return cls(
            id=remote_id(json.get("id")),
            name=text_of(json.get("name")),
            type=text_of(json.get("type")),
            status=text_of(json.get("status")),
            timezone=text_of(json.get("timezone")),
            variables={str(name): text_of(default) for name, default in defaults.items()},
            post_call_schema=objects(json.get("post_call_schema")),
            raw=json,
        )


@dataclass(frozen=True, slots=True)
class PhoneNumber:
    id: str
    phone_number: str
    country_code: str
    type_label: str
    is_available: bool

    @classmethod
    def of(cls, json: dict[str, Any]) -> PhoneNumber:
        return cls(
            id=remote_id(json.get("id")),
            phone_number=text_of(json.get("phone_number")),
            country_code=text_of(json.get("country_code")),
            type_label=text_of(json.get("type_label")),
            is_available=bool(json.get("is_available")),
        )


@dataclass(frozen=True, slots=True)
class Me:
    """Who the key belongs to. `total_balance` is the service's own text, '' when it names none."""

    name: str
    email: str
    total_balance: str

    @classmethod
    def of(cls, json: dict[str, Any]) -> Me:
        return cls(*(text_of(json.get(key)) for key in ("name", "email", "total_balance")))


@dataclass(frozen=True, slots=True)
class RateLimit:
    """The rate-limit headers of an answer; None where the service does not send one. `reset`: as sent, in seconds from now where
    the service also tells its own time."""

    limit: int | None
    remaining: int | None
    reset: str | None

    @classmethod
    def of(cls, headers: Mapping[str, str]) -> RateLimit | None:
        """None when the service says nothing of a limit."""
        limit, remaining, reset = (
            headers.get(f"X-RateLimit-{what}") or headers.get(f"RateLimit-{what}") for what in ("Limit", "Remaining", "Reset")
        )
        if not (limit or remaining or reset):
            return None
        return cls(int_of(limit), int_of(remaining), _from_now(reset, headers.get("Date")))


def _from_now(reset: str | None, date: str | None) -> str | None:
    """A moment as a span, by the clock that named it: ours may have been set."""
    moment, now = int_of(reset), timestamp_of(date or "")
    return reset if moment is None or now is None or moment < EARLIEST_MOMENT else str(max(0, moment - int(now)))


def text_of(value: Any) -> str:
    return "" if value is None or isinstance(value, (dict, list)) else str(value)


def object_of(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def objects(value: Any) -> list[dict[str, Any]]:
    """The objects of a list, or of the `data` of a paginator; anything else is left out."""
    if isinstance(value, dict):
        value = value.get("data")
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def whole(payload: Any, key: str) -> int | None:
    """The whole number under a key, also when it is written as text."""
    return int_of(payload.get(key)) if isinstance(payload, dict) else None


def int_of(value: Any) -> int | None:
    try:
        number = None if value is None or isinstance(value, bool) else int(value)
    except (ValueError, TypeError, OverflowError):
        return None
    return number if number is not None and abs(number) <= LARGEST_COUNT else None


def digits(phone_number: str) -> str:
    """The digits of an international number, however it is written: what two spellings of one number share."""
    return "".join(c for c in phone_number if c in "0123456789").removeprefix("00")


def with_number(leads: Iterable[Lead], phone_number: str) -> list[Lead]:
    """The leads with exactly this number: the service's own filter matches parts of numbers."""
    wanted = digits(phone_number)
    return [lead for lead in leads if digits(lead.phone_number) == wanted]


def without_country(told: str, known: str) -> bool:
    """Whether a number that a service tells is the known international one, written as it is dialed at home (`0532 …`, `532 …`)."""
    national, whole_number = digits(told).lstrip("0"), digits(known)
    return FEWEST_DIGITS <= len(national) < len(whole_number) and whole_number.endswith(national)
