"""What must not stand in logs and error reports: people's numbers, keys, and the tokens of addresses.

A number is masked in every writing that a lead's could have: `+90 (555) 123 45 67` becomes `+90555***67`. What only looks like one
(an id of eight digits and more, a time in milliseconds) may be masked with it; dates, addresses of machines and UUIDs are not.
"""

import re

# Between two digits of a number: blanks and marks, written out or as an address writes them, and what cannot be seen.
_BETWEEN = r"(?:%20|%2[89Dd]|[\s().\-/+_\u00ad\u2010-\u2015\u2212\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]){0,4}"
_KEPT = (
    r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}"  # a UUID
    r"|\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d{1,6})?)?)?(?![\d-])"  # a moment
    r"|(?<![\d.])(?:25[0-5]|2[0-4]\d|1\d\d|\d\d?)(?:\.(?:25[0-5]|2[0-4]\d|1\d\d|\d\d?)){3}(?![\d.])"  # a machine's address
    r"|(?<![\d.])\d{1,4}\.\d{1,18}(?=s\b)"  # seconds
)
_NUMBER = rf"(?:(?P<plus>\+|%2[Bb])[\s(]{{0,3}})?\d(?:{_BETWEEN}\d){{7,}}+"
_ANY = re.compile(rf"(?P<kept>{_KEPT})|(?P<number>{_NUMBER})")
# Each begins at a fixed word or mark and has a limit: what is scrubbed may be sent by anybody, and be long.
_SLASH = r"(?:/|%2[Ff])"
_SECRETS = (
    (re.compile(r"(?i)\b(bearer|basic)\s{1,8}[^\s\"',;]{4,4000}"), r"\1 ***"),
    (
        re.compile(
            r"(?i)((?:token(?!s\b)|password|passwd|secret|api[_-]?key|authorization|sesame|signature)"
            r"[\w-]{0,40}[\"']?\s?(?:[=:]|%3d)\s?[\"']?)[^\s\"'&,;)}\]<>]{1,4000}"
        ),
        r"\1***",
    ),
    (re.compile(r"(?i)(\bkey(?:=|%3d))[^\s\"'&,;)}\]<>]{1,4000}"), r"\1***"),
    (re.compile(r"(://[^\s:/@]{0,100}:)[^\s@/]{1,300}@"), r"\1***@"),  # an address with a password
    (
        # An address that is a secret itself.
        re.compile(rf"(?i)({_SLASH}(?:webhooks?|hooks?|calls){_SLASH}(?:[\w-]{{1,20}}{_SLASH}){{0,3}})[\w-]{{16,4000}}"),
        r"\1***",
    ),
)


def masked(text: str) -> str:
    """`text` with the middle of every number made unreadable."""
    return _ANY.sub(_mask, text)


def scrubbed(text: str, secrets: tuple[str, ...] = ()) -> str:
    """`text` without numbers, keys and tokens; `secrets`: values that must not stand in it whatever stands around them."""
    for secret in secrets:
        if len(secret) >= 6:
            text = text.replace(secret, "***")
    for pattern, instead in _SECRETS:
        text = pattern.sub(instead, text)
    return masked(text)


def _mask(match: re.Match[str]) -> str:
    if match["kept"] is not None:
        return match["kept"]
    digits = [letter for letter in match["number"] if letter.isdecimal()]
    text = _without_escapes(match["number"]) if "%" in match["number"] else digits
    shown = max(1, min(5, len(text) - 6))
    return f"{'+' if match['plus'] else ''}{''.join(text[:shown])}***{''.join(text[-2:])}"


def _without_escapes(number: str) -> list[str]:
    """The digits, but for those of `%2B` and `%20`."""
    return [letter for letter in re.sub(r"%[0-9A-Fa-f]{2}", "", number) if letter.isdecimal()]
