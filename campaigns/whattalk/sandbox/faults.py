"""Scripted faults. A rule says which requests it hits and what it does to them:

    {"fault": "500_after", "rate": 0.1}                     one lead POST in ten
    {"fault": "reset_before", "times": 3}                   the next three
    {"fault": "hang", "phones": ["+905551234567"]}          whenever this number comes
    {"fault": "dead_key", "at": 500}                        from the 500th lead POST of this ledger on
    {"fault": "500", "on": "find_leads", "times": 1}        another call (api.operation_of), or "any"

`rate`, `times`, `phones`, `at` and `on` may be combined; the first rule that fires is the only one. With
`"foreign": {"variables"?, "secondary_contacts"?, "alike"?, "seconds_ago"?, "after"?}` somebody else adds the number as well
(`alike`: in the very words of the request, `seconds_ago`: so long before it, `after`: right after it and not before).
What a fault further takes (seconds, status, …) stands beside it below. *before* means that the request
was not carried out, *after* that it was and the answer went wrong.
"""

from __future__ import annotations

import gzip
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from email.utils import formatdate
from time import time
from typing import Any
from urllib.parse import parse_qsl

import orjson

from .messages import Answer, Request, json_answer, message
from .settings import Settings

Execute = Callable[[], Answer]
RuleJson = dict[str, Any]


@dataclass(slots=True)
class Delivery:
    """How an answer reaches the client, or does not.

    `manner`: whole; half (of the body, then the connection is closed); drip (`seconds` between bytes); hang; reset; close.
    `later`: carried out and answered only after `delay`, even if the client has left by then.
    """

    answer: Answer | None = None
    manner: str = "whole"
    delay: float = 0
    seconds: float = 1
    later: Execute | None = None
    fault: str = ""


# The faults: rule, carry-out → delivery.


def _error(status: int, text: str = "Server Error") -> Answer:
    return message(status, text)


def _error_before(rule: RuleJson, execute: Execute) -> Delivery:
    return Delivery(_error(rule.get("status", 500)))


def _error_after(rule: RuleJson, execute: Execute) -> Delivery:
    lead = execute().lead
    answer = _error(rule.get("status", 500))
    answer.lead = lead
    return Delivery(answer)


def _cut(manner: str, carried_out: bool) -> Callable[[RuleJson, Execute], Delivery]:
    def cut(rule: RuleJson, execute: Execute) -> Delivery:
        return Delivery(execute() if carried_out else None, manner)

    return cut


def _slow(rule: RuleJson, execute: Execute) -> Delivery:
    """Carried out at once, answered after `seconds`."""
    return Delivery(execute(), delay=rule.get("seconds", 31))


def _late_accept(rule: RuleJson, execute: Execute) -> Delivery:
    """Carried out, and answered, after `seconds`."""
    return Delivery(delay=rule.get("seconds", 31), later=execute)


def _drip(rule: RuleJson, execute: Execute) -> Delivery:
    return Delivery(execute(), "drip", seconds=rule.get("seconds", 1))


def _half(rule: RuleJson, execute: Execute) -> Delivery:
    return Delivery(execute(), "half")


def _too_many(rule: RuleJson, execute: Execute) -> Delivery:
    """`retry_after`: seconds, "date" (an HTTP date `seconds` away on the service's clock), "absent", or any text.
    `body_retry_after`: a field."""
    asked = rule.get("retry_after", 1)
    headers: tuple[tuple[str, str], ...] = () if asked == "absent" else (("Retry-After", _retry_after(asked, rule)),)
    body = {"retry_after": rule["body_retry_after"]} if "body_retry_after" in rule else {}
    return Delivery(json_answer(rule.get("status", 429), {"message": "Too Many Attempts.", **body}, headers))


def _retry_after(asked: Any, rule: RuleJson) -> str:
    if asked == "date":
        return formatdate(rule["now"] + rule.get("seconds", 2), usegmt=True)
    return str(asked)


def _scripted(rule: RuleJson, execute: Execute) -> Delivery:
    """Any answer at all: `status`, `body` (JSON, or a text sent as it is), `headers` {name: value};
    `packed` with gzip; `accepted`: carried out all the same."""
    lead = execute().lead if rule.get("accepted") else None
    body = rule.get("body", {"message": "As told."})
    raw = body.encode() if isinstance(body, str) else orjson.dumps(body)
    headers = rule.get("headers", {})
    if rule.get("packed"):
        raw, headers = gzip.compress(raw), {**headers, "Content-Encoding": "gzip"}
    kind = rule.get("content_type", "application/json")
    return Delivery(Answer(rule.get("status", 200), raw, tuple(headers.items()), kind, lead))


def _redirect(rule: RuleJson, execute: Execute) -> Delivery:
    location = rule.get("location", "/login")
    return Delivery(Answer(rule.get("status", 302), b"Redirecting", (("Location", location),), "text/html"))


def _garbage(rule: RuleJson, execute: Execute) -> Delivery:
    """`kind`: one of GARBAGE, else any of them; `accepted`: whether it was carried out all the same."""
    lead = execute().lead if rule.get("accepted") else None
    make = GARBAGE[rule.get("kind") or rule["random"].choice(sorted(GARBAGE))]
    answer = make()
    answer.lead = lead
    return Delivery(answer)


_HTML = b"<!doctype html><title>Welcome</title><p>All is well, lead created."


def _with_id(id: Any) -> Callable[[], Answer]:
    return lambda: json_answer(200, {"message": "Lead created successfully", "data": {"id": id}})


GARBAGE: dict[str, Callable[[], Answer]] = {
    "malformed_json": lambda: Answer(200, b'{"message":"Lead created successfully","data":{"id":12'),
    "html": lambda: Answer(200, _HTML, (), "text/html; charset=utf-8"),
    "empty": lambda: Answer(200),
    "204": lambda: Answer(204),
    "null": lambda: Answer(200, b"null"),
    "no_data": lambda: message(200, "OK"),
    "list": lambda: json_answer(200, [{"id": 1}]),
    "id_null": _with_id(None),
    "id_list": _with_id([12]),
    "id_object": _with_id({"id": 12}),
    "id_true": _with_id(True),
    "id_empty": _with_id(""),
    "id_fraction": _with_id(1.5),
    "id_negative": _with_id(-1),
    "huge": lambda: Answer(200, b'{"data":{"id":1},"x":"' + b"x" * 10_000_000 + b'"}'),
    "gzip_bomb": lambda: Answer(
        200, gzip.compress(b'{"data":{"id":1},"x":"' + bytes(50_000_000) + b'"}', 9), (("Content-Encoding", "gzip"),)
    ),
    "invalid_utf8": lambda: Answer(200, b'{"message":"\xff\xfe","data":{"id":1}}'),
    "wrong_type": lambda: Answer(200, b"%PDF-1.7", (), "application/pdf"),
}

FAULTS: dict[str, Callable[[RuleJson, Execute], Delivery]] = {
    "500": _error_before,
    "500_before": _error_before,  # status
    "500_after": _error_after,  # status
    "reset_before": _cut("reset", carried_out=False),
    "reset_after": _cut("reset", carried_out=True),
    "close_before": _cut("close", carried_out=False),
    "close_after": _cut("close", carried_out=True),
    "hang": _cut("hang", carried_out=False),
    "hang_after": _cut("hang", carried_out=True),
    "slow": _slow,
    "late_accept": _late_accept,
    "drip": _drip,
    "half": _half,
    "429": _too_many,
    "answer": _scripted,
    "redirect": _redirect,
    "garbage": _garbage,
}

# Faults that change how things are from then on, until the settings are changed back.
LASTING: dict[str, Callable[[RuleJson], dict[str, Any]]] = {
    "dead_key": lambda rule: {"api_key": "withdrawn|" + "x" * 20},
    "key_refused": lambda rule: {"key_refused": rule.get("for", "all")},
    "empty_balance": lambda rule: {"balance": 0},
    "maintenance": lambda rule: {"maintenance": True},
    "campaign_deleted": lambda rule: {},
    "set": lambda rule: rule.get("settings", {}),
}


def _check_lasting(fault: str, json: RuleJson) -> None:
    """ValueError when things cannot be so."""
    if fault == "campaign_deleted" and not isinstance(json.get("campaign"), int):
        raise ValueError("campaign_deleted names its campaign by number")
    changes = LASTING[fault](json)
    if not isinstance(changes, dict):
        raise ValueError(f"settings are an object, not {changes!r}")
    Settings().change(**changes)


@dataclass
class Rule:
    fault: str
    on: str
    rate: float
    times: int | None
    phones: frozenset[str]
    at: int
    details: dict[str, Any]
    fired: int = 0

    @classmethod
    def of(cls, json: dict[str, Any]) -> Rule:
        """ValueError when there is no such fault, or it cannot be what the rule says."""
        if not isinstance(json, dict):
            raise ValueError(f"a rule is an object, not {json!r}")
        fault = str(json.get("fault"))
        if fault not in FAULTS and fault not in LASTING:
            raise ValueError(f"no fault is called {fault}; there are {', '.join([*FAULTS, *LASTING])}")
        if fault == "garbage" and json.get("kind", "html") not in GARBAGE:
            raise ValueError(f"garbage is one of {', '.join(GARBAGE)}")
        if fault in LASTING:
            _check_lasting(fault, json)
        once = 1 if fault in LASTING else None
        return cls(
            fault=fault,
            on=json.get("on", "create_lead"),
            rate=float(json.get("rate", 1)),
            times=json.get("times", once),
            phones=frozenset(json.get("phones", ())),
            at=int(json.get("at", 0)),
            details=json,
        )

    def hits(self, request: Request, ordinal: int, chance: random.Random) -> bool:
        if self.on not in (request.operation, "any") or ordinal < self.at:
            return False
        if self.times is not None and self.fired >= self.times:
            return False
        if self.phones and _number_of(request) not in self.phones:
            return False
        return self.rate >= 1 or chance.random() < self.rate


def _number_of(request: Request) -> str | None:
    """The number that a lead is made with or looked up by."""
    asked = request.json or dict(parse_qsl(request.query))
    return asked.get("phone_number")


@dataclass
class Faults:
    settings: Settings
    delete_campaign: Callable[[int], None]
    add_foreign: Callable[[Request, dict[str, Any]], None]
    rules: list[Rule] = field(default_factory=list)
    fired: Counter[str] = field(default_factory=Counter)
    chance: random.Random = field(default_factory=lambda: random.Random(0))

    def add(self, rules: list[dict[str, Any]], seed: int | None = None) -> None:
        self.rules += [Rule.of(rule) for rule in rules]
        if seed is not None:
            self.chance.seed(seed)

    def clear(self) -> None:
        self.rules.clear()
        self.fired.clear()

    def deliver(self, request: Request, ordinal: int, execute: Execute) -> Delivery:
        """`ordinal`: the number of this request among those of its kind, from 1."""
        rule = next((rule for rule in self.rules if rule.hits(request, ordinal, self.chance)), None)
        if rule is None:
            return Delivery(execute())
        rule.fired += 1
        self.fired[rule.fault] += 1
        foreign = rule.details.get("foreign")
        if foreign is not None and not foreign.get("after"):
            self.add_foreign(request, foreign)
        delivery = self._with_fault(rule, execute)
        if foreign is not None and foreign.get("after"):
            self.add_foreign(request, foreign)
        delivery.fault = rule.fault
        return delivery

    def _with_fault(self, rule: Rule, execute: Execute) -> Delivery:
        if rule.fault not in LASTING:
            return FAULTS[rule.fault](
                {**rule.details, "random": self.chance, "now": time() + self.settings.clock_offset}, execute
            )
        self._last(rule)
        return Delivery(execute())

    def _last(self, rule: Rule) -> None:
        self.settings.change(**LASTING[rule.fault](rule.details))
        if rule.fault == "campaign_deleted":
            self.delete_campaign(int(rule.details["campaign"]))
