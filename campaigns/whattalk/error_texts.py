"""The texts of an error reply, and what they are about. The real wording of WhatTalk is not documented: what stands here is a
first guess, and whether a duplicate is one is decided by a look-up (`imports.push.conclusions`)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from ui.folding import fold

from .received_json import parse

MESSAGE_LENGTH = 500  # characters of a foreign text that we keep
KEY_LENGTH = 200
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
# "zaten durduruldu" is "has been stopped already": the campaign, and not the lead.
_CAMPAIGN_STOPPED = re.compile(r"durdur|tamamlan|arsiv|kapat|stopped|paused|completed|archived|closed|finished|expired")
_DO_NOT_CALL = re.compile(
    r"do[\W_]*not[\W_]*(call|contact|disturb)|\bdnc\b|(black|block|stop|suppression)[\W_]*list|opt(ed)?[\W_]*out|unsubscribed"
    r"|kara[\W_]*liste|ret listesi|arama yasagi|aranmasin|aranmak istem|aranmayacak|aranamaz"
)
_INVALID_PHONE = re.compile(r"(invalid|gecersiz)\W+(phone|telefon|numara)|(phone|telefon)\b.{0,30}(invalid|not valid|gecersiz)")


def duplicate_matcher(phrases: Iterable[str] = DUPLICATE_PHRASES) -> DuplicateMatcher:
    """Whether a text says that a lead is there already. Phrases are matched as `fold` leaves them."""
    folded = [re.escape(fold(phrase).strip()) for phrase in phrases if phrase.strip()]
    if not folded:
        return lambda text: False
    pattern = re.compile(f"(?:{'|'.join(folded)}){_NOT_DENIED}")
    return lambda text: pattern.search(fold(text)) is not None


says_duplicate = duplicate_matcher()

_QUOTED = re.compile(r"«[^»]*»|„[^“”]*[“”]|“[^”]*”|\"[^\"]*\"|`[^`]*`|(?<!\w)'[^']*'(?!\w)")
_OF_THIS_ANSWER = re.compile(r"\S*[\d@]\S*")  # numbers, ids, addresses, moments


def text_key(message: str, values: Iterable[str] = ()) -> str:
    """What two answers that say the same of two leads share: the text without quotations, numbers, ids and `values` (the lead's
    own texts, which it may repeat). At most KEY_LENGTH characters; a bare status stays as it is."""
    if _BARE_STATUS.fullmatch(message):
        return message
    text = fold(message)
    for value in sorted({fold(value) for value in values if len(value.strip()) > 2}, key=len, reverse=True):
        text = text.replace(value, " ")
    return " ".join(_OF_THIS_ANSWER.sub(" ", _QUOTED.sub(" ", text)).split())[:KEY_LENGTH]


_BARE_STATUS = re.compile(r"HTTP \d{3}")


@dataclass(frozen=True, slots=True)
class ErrorTexts:
    """The texts of an error answer: `fields` from `errors` (field → texts), then `message`, `error`, raw text."""

    fields: dict[str, list[str]]
    others: list[str]

    @classmethod
    def of(cls, payload: Any) -> ErrorTexts:
        if isinstance(payload, str):
            return cls({}, [payload])
        if not isinstance(payload, dict):
            return cls({}, [])
        others = [*_texts(payload.get("message")), *_texts(payload.get("error"))]
        errors = payload.get("errors")
        if isinstance(errors, dict):
            return cls({str(field): list(_texts(texts)) for field, texts in errors.items()}, others)
        return cls({}, [*_texts(errors), *others])

    @classmethod
    def of_body(cls, body: bytes) -> ErrorTexts:
        """As `of`, falling back to the raw text when the body is not JSON."""
        payload = parse(body)
        return cls({}, [body[:20_000].decode("utf-8", "replace")]) if payload is None else cls.of(payload)

    def any(self, matches: DuplicateMatcher) -> bool:
        return any(matches(text) for texts in (*self.fields.values(), self.others) for text in texts)

    def says_duplicate(self, matches: DuplicateMatcher) -> bool:
        """Not when only parts of the lead are refused: a secondary number given twice makes no
        duplicate lead. Nor by a text about something else: "mevcut bakiyeniz" is the current balance."""
        parts = ("secondary_contacts", "variables")
        if self.says_do_not_call or self.fields and all(field.startswith(parts) for field in self.fields):
            return False
        return self.any(lambda text: matches(text) and not _is_about_something_else(fold(text)))

    @property
    def says_do_not_call(self) -> bool:
        """Whether the service itself keeps this number from being called."""
        return self.any(lambda text: bool(_DO_NOT_CALL.search(fold(text))))

    @property
    def says_invalid_phone(self) -> bool:
        return "phone_number" in self.fields or self.any(lambda text: bool(_INVALID_PHONE.search(fold(text))))

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


def _is_about_something_else(folded: str) -> bool:
    return any(pattern.search(folded) for pattern in (_BALANCE, _CAMPAIGN_GONE, _CAMPAIGN_STOPPED))


def _texts(value: Any, depth: int = 3) -> Iterator[str]:
    """Every text in nested lists and objects, blank ones left out."""
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
