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
_MAY_BE_THERE = re.compile(
    r"exist|already|existing|previous|before|not (created|added|new|changed)|unchanged|vorhanden|bereits|schon|zaten|kayitli|onceden"
    r"|(^|\s)var(\s|$|[.!])|daha once|deja|existe|esiste|gia |\u0645\u0648\u062c\u0648\u062f|\u0645\u0633\u0628\u0642|\u0443\u0436\u0435"
)
_LEAD = re.compile(
    r"phone|number|lead\b|contact|recipient|telefon|numara|musteri|kisi\b|aday|rufnummer|kontakt|nummer"
    r"|\u0627\u0644\u0631\u0642\u0645|\u0647\u0627\u062a\u0641"
)
_MORE_THAN_A_LEAD = re.compile(
    r"campaign|kampanya|kampagne|\bkey\b|token|auth|permission|forbidden|yetki|account|hesap|konto|plan|paket|subscri|abone|balance|bakiye"
    r"|credit|kredi|guthaben|limit|route|endpoint|page|sayfa|upgrade|<|\u0627\u0644\u062d\u0645\u0644\u0629"
)
_NUMBER_FIELD = re.compile(r"(data\.|lead\.)?(phone\w*|number|mobile|msisdn|tel\w*|gsm)", re.IGNORECASE)
_GENERAL_FIELD = re.compile(
    r"\W*|_+|(data\.)?(lead|contact|recipient|record|base|general|detail|message|error|unique|non_field_errors)s?", re.IGNORECASE
)
_LEAD_FIELD = re.compile(r"(data\.|lead\.)?(phone|phone_?number|number|variables?|secondary_contacts?)(\..*)?", re.IGNORECASE)
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
        if isinstance(payload, list):  # of texts, or of errors
            payload = {"errors": payload}
        if not isinstance(payload, dict):
            return cls({}, [])
        others = [text for name in _TEXTS for text in _texts(payload.get(name))]
        errors = payload.get("errors")
        if isinstance(errors, dict):
            return cls({str(field): list(_texts(texts)) for field, texts in errors.items()}, others)
        fields, without = _of_entries(errors if isinstance(errors, list) else [errors])
        return cls(fields, [*without, *others])

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
        return any(_NUMBER_FIELD.fullmatch(field) for field in self.fields) or self.any(
            lambda text: bool(_INVALID_PHONE.search(fold(text)))
        )

    @property
    def may_speak_of_another(self) -> bool:
        """Whether what is said beside a lead may mean that it was there before, in whatever language."""
        return self.any(lambda text: bool(_MAY_BE_THERE.search(fold(text))))

    @property
    def blames_lead(self) -> bool:
        """Whether the words are about a number or a lead, and about nothing that more than one lead needs."""
        if self.fields:
            return self.names_lead_only
        told = [fold(text) for text in self.others]
        return any(_LEAD.search(text) for text in told) and not any(_MORE_THAN_A_LEAD.search(text) for text in told)

    @property
    def names_lead_only(self) -> bool:
        """Whether all fields that it names are parts of the lead: then not the account or the campaign is to blame."""
        return all(_LEAD_FIELD.fullmatch(field) for field in self.fields)

    @property
    def is_about_a_value(self) -> bool:
        """Whether it names a field that can have nothing to do with whether the lead is there already."""
        return bool(self.fields) and not any(_GENERAL_FIELD.fullmatch(field) for field in self.fields)

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


_NO = frozenset(("false", "no", "0", "error", "errors", "err", "fail", "failed", "failure", "failing", "fault", "ko"))
_SAID_WELL = ("success", "successful", "succeeded", "ok")  # of what was asked for; a status says it in a word or a number
_SAID_ILL = ("error", "errors", "failed", "is_error", "has_error", "has_errors")
_STATUSES = ("status", "status_code", "statuscode", "code", "result", "state")


def denies_success(payload: Any) -> bool:
    """Whether an answer says that what was asked for was not done, though its HTTP status says that it was."""
    if not isinstance(payload, dict):
        return False
    told = {str(name).lower(): value for name, value in payload.items()}
    return (
        any(name in told and _is_no(told[name]) for name in _SAID_WELL)
        or any(_is_yes(told.get(name)) for name in _SAID_ILL)
        or any(_is_failure(told.get(name)) for name in _STATUSES)
    )


def _is_no(value: Any) -> bool:
    return value is False or value == 0 or isinstance(value, str) and fold(value).strip() in _NO


def _is_yes(value: Any) -> bool:
    """Whether a field that exists for errors holds one."""
    if isinstance(value, str):
        return fold(value).strip() not in ("", "false", "no", "none", "null", "0")
    return any(_is_yes(inner) for inner in _inner(value)) if isinstance(value, (dict, list)) else bool(value)


def _inner(value: Any) -> Iterable[Any]:
    return value.values() if isinstance(value, dict) else value


def _is_failure(value: Any) -> bool:
    if isinstance(value, str) and not value.strip().isdigit():
        return fold(value).strip() in _NO - {"0", "no"}
    number = int(value) if isinstance(value, (int, str)) and not isinstance(value, bool) else 0
    return value is False or 400 <= number < 600


def _is_about_something_else(folded: str) -> bool:
    return any(pattern.search(folded) for pattern in (_BALANCE, _CAMPAIGN_GONE, _CAMPAIGN_STOPPED))


def _of_entries(entries: list[Any]) -> tuple[dict[str, list[str]], list[str]]:
    """Of a list of errors, each a text or an object: field → texts, and the texts that belong to no field."""
    fields: dict[str, list[str]] = {}
    without: list[str] = []
    for entry in entries:
        told = [text for name in _TEXTS for text in _texts(entry.get(name))] if isinstance(entry, dict) else []
        field = next((entry[name] for name in _FIELD_NAMES if isinstance(entry.get(name), str)), "") if told else ""
        (fields.setdefault(field, []) if field else without).extend(told or _texts(entry))
    return fields, without


# Where a service puts its words: WhatTalk's own names first, then those of RFC 9457 and of other services.
_TEXTS = ("message", "error", "detail", "details", "title", "description", "error_description", "error_message", "msg", "reason")
_FIELD_NAMES = ("field", "param", "property", "attribute", "path")


def _texts(value: Any, depth: int = 3) -> Iterator[str]:
    """Every text in nested lists and objects, blank ones left out."""
    if isinstance(value, str):
        if value.strip():
            yield value
    elif depth and isinstance(value, (list, dict)):
        for inner in _words_first(value) if isinstance(value, dict) else value:
            yield from _texts(inner, depth - 1)


def _words_first(value: dict[str, Any]) -> list[Any]:
    """What an object holds, its sentences before codes and the like."""
    words = [value[name] for name in _TEXTS if name in value]
    return [*words, *(inner for name, inner in value.items() if name not in _TEXTS)]


def one_line(text: str) -> str:
    """Foreign text made fit to show and log: control characters and runs of space become one space."""
    printable = "".join(c if c.isprintable() else " " for c in text[: 4 * MESSAGE_LENGTH])
    return " ".join(printable.split())[:MESSAGE_LENGTH]
