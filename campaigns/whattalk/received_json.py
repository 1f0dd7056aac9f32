"""JSON that a service sent, made fit for both databases."""

import json
import math
import re
from typing import Any

import orjson

DEEPEST = 30  # levels of lists and objects in each other; what lies deeper is left out
LARGEST_WHOLE = 2**63 - 1  # of an integer that a database keeps; a larger one becomes text


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
