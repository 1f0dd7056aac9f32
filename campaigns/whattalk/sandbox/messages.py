"""A request and an answer, free of sockets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import orjson


@dataclass(slots=True)
class Request:
    """`path` without the /api in front; `json` is None when the body is no JSON object."""

    n: int
    method: str
    path: str
    query: str
    headers: dict[bytes, bytes]  # names in lower case
    body: bytes
    json: dict[str, Any] | None = None
    operation: str = ""

    def header(self, name: bytes) -> str:
        return self.headers.get(name, b"").decode("latin-1")


@dataclass(slots=True)
class Answer:
    status: int
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    content_type: str = "application/json"
    lead: int | None = None  # the lead that was added, if one was


def json_answer(status: int, payload: Any, headers: tuple[tuple[str, str], ...] = ()) -> Answer:
    return Answer(status, orjson.dumps(payload), headers)


def message(status: int, text: str, **more: Any) -> Answer:
    return json_answer(status, {"message": text, **more})


def object_of(body: bytes) -> dict[str, Any] | None:
    try:
        payload = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
    return payload if isinstance(payload, dict) else None
