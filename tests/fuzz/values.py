"""Hostile values, as text, and as they travel in an address, in a header and in JSON."""

import json
import random
from typing import Any
from urllib.parse import quote

SURROGATE = "\ud800"
TEXTS = [
    "",
    " ",
    "0",
    "-1",
    "1.5",
    "1e999",
    "NaN",
    "Infinity",
    str(2**31),
    str(2**63),
    str(2**64),
    str(10**30),
    "9" * 400,
    "9" * 5_000,
    "٣",  # digits to str.isdigit and int()
    "²",  # a digit to str.isdigit, and no number to int()
    "１２",
    "+1",
    "1_0",
    "\n",
    "a\nb",
    "a\r\nSet-Cookie: x=1",
    "\x00",
    "a\x00b",
    "\x1b[31m",
    SURROGATE,
    "\udcff",
    "ü",
    "İstanbul",
    "\u202e\u200b\ufeff",
    "😀" * 50,
    "a" * 5_000,
    "../../../etc/passwd",
    "%00",
    "%s%n{0}{x.__class__}",
    "{{ 7*7 }}",
    "<script>alert(1)</script>",
    "' OR 1=1 --",
    "=HYPERLINK(1)",
    "//evil.example",
    "javascript:alert(1)",
    "https://[",
    "http://a:99999/",
    "Mars/Olympus",
    "../UTC",
    "null",
    "true",
    "[]",
    "{}",
    "on",
    "yes",
    "999.999.999.999",
    "::ffff:1.2.3.4%eth0",
    "1.2.3.4, not-an-address",
]
JSON_VALUES: list[Any] = [
    None,
    True,
    0,
    -1,
    1.5,
    1e308,
    2**63,
    10**30,
    [],
    {},
    [[]],
    [None],
    {"": None},
    {"id": {"id": 1}},
    [1] * 50,
    *[text for text in TEXTS if text != SURROGATE],
]


def text(chance: random.Random) -> str:
    return chance.choice(TEXTS)


def json_value(chance: random.Random) -> Any:
    return chance.choice(JSON_VALUES)


def in_address(value: str, chance: random.Random) -> str:
    """Percent-encoded; now and then as bytes that are no UTF-8."""
    encoded = value.encode("utf-8", "surrogatepass")
    return quote(encoded + (b"\xff\xfe" if chance.random() < 0.05 else b""), safe="")


def in_header(value: str) -> str:
    """As WSGI has it: bytes as latin-1; a server lets neither line ends nor NUL through."""
    kept = "".join(one for one in value if one not in "\r\n\x00")
    return kept.encode("utf-8", "surrogatepass").decode("latin-1")[:4_000]


def mutated(value: Any, chance: random.Random, rate: float = 0.2) -> Any:
    """JSON in which some of the values are hostile ones."""
    if chance.random() < rate / 4:
        return json_value(chance)
    if isinstance(value, dict):
        return {key: mutated(inner, chance, rate) for key, inner in value.items() if chance.random() > rate / 8}
    if isinstance(value, list):
        return [mutated(inner, chance, rate) for inner in value]
    return json_value(chance) if chance.random() < rate else value


def as_json(value: Any, chance: random.Random) -> bytes:
    """Mostly JSON that can be read."""
    body = json.dumps(value, ensure_ascii=chance.random() < 0.9).encode("utf-8", "surrogatepass")
    broken = [body, body[:-1], body.replace(b"null", b"NaN"), b"\xff" + body, body.decode("utf-8", "replace").encode("utf-16")]
    return chance.choice(broken) if chance.random() < 0.2 else body
