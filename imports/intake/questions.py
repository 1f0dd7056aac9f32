"""Choices as sentences: what was chosen for the person, what else it could be, and how to choose.

Pure code grades (`imports.pipeline.evidence`); here the grades become sentences for pages, mails and the command.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.text import get_text_list
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from imports.intake.column_labels import label_of
from imports.messages import lookup
from imports.messages.encodings import encoding_label
from imports.messages.quotation import quoted
from imports.pipeline.columns.fields import FORBIDDING, Field, lead_fields
from imports.pipeline.evidence import Decision
from imports.pipeline.phones.normalise import country_name
from imports.pipeline.reasons import Reason

# The option of `import_leads` that answers a question; a column is named by --map.
OPTIONS = {
    "sheet": "--sheet NAME",
    "header_row": "--header-row N",
    "lists": "--lists N",
    "encoding": "--encoding E",
    "phone_format": "--country TR, --phone-format international",
}


def label_of_choice(what: str) -> str:
    """What a choice is about: `sheet` → "Sheet", `phone_number` → "Phone number"."""
    labels = {
        "sheet": _("Sheet"),
        "header_row": _("Header row"),
        "lists": _("Lists side by side"),
        "encoding": _("Letters (encoding)"),
        "delimiter": _("Delimiter"),
        "phone_format": _("Phone format"),
    }
    return labels.get(what) or label_of(_field(what))


def _field(key: str) -> Field:
    known = {field.key: field for field in [*lead_fields(["consent", "country", "phone_label"]), *lead_fields([])]}
    return known.get(key) or Field(key, "variable", key)


def value_in_words(what: str, value: str) -> str:
    """A chosen value as people know it: a country's name for its code; "no column" for none."""
    if what == "phone_format":
        return (
            _("international")
            if value == "international"
            else country_name(value, get_language() or "en")
            if value
            else _("unknown")
        )
    if what == "encoding" and value:
        return encoding_label(value)
    if what in ("sheet", "encoding"):
        return value or _("another one")
    if what == "header_row":
        return _("no header row") if value == "0" else _("row %(number)s") % {"number": value} if value else _("another row")
    if what == "lists":
        return value or _("one table")
    return quoted(value) if value else _("no column")


def question(decision: Decision) -> str:
    """One sentence: what was chosen and what else it could be."""
    what = label_of_choice(decision.what)
    chosen = value_in_words(decision.what, decision.chosen)
    others = get_text_list([value_in_words(decision.what, value) for value in decision.instead], _("or"))
    if decision.grade == "unknown" and others:
        return _("%(what)s: not certain; it could be %(others)s.") % {"what": what, "others": others}
    if decision.grade == "unknown":
        return _("%(what)s: not known.") % {"what": what}
    if decision.instead == ("",) and decision.what not in OPTIONS:
        return _("%(what)s: probably %(chosen)s, or no column at all.") % {"what": what, "chosen": chosen}
    if others:
        return _("%(what)s: probably %(chosen)s; it could also be %(others)s.") % {
            "what": what,
            "chosen": chosen,
            "others": others,
        }
    return _("%(what)s: probably %(chosen)s; nothing in the file proves it.") % {"what": what, "chosen": chosen}


def confirmation(what: str, value: str) -> str:
    """The label of the checkbox that confirms that `value` stands for `what`: a header, a sheet's name, a row, a region code …"""
    shown = value_in_words(what, value)
    field = _field(what)
    if what in ("header_row", "lists"):
        return _reading_confirmed(what, value)
    if what == "phone_format":
        return (
            _("Yes, all numbers have their country code")
            if value == "international"
            else _("Yes, these are numbers from %(country)s") % {"country": shown}
        )
    sentences = {
        "sheet": _("Yes, “%(value)s” is the sheet to import"),
        "phone": _("Yes, %(value)s holds the numbers to call"),
        "secondary_phone": _("Yes, %(value)s may be called too"),
        "country": _("Yes, %(value)s is the country of each number"),
        "consent": _("Yes, %(value)s says who may be called"),
        "phone_label": _("Yes, %(value)s says what kind of phone it is"),
    }
    if not value:
        return _("Yes, no column")
    if field.key in FORBIDDING:
        return _("Yes, %(value)s says who must not be called") % {"value": shown}
    return sentences.get(what if what == "sheet" else field.kind, _("Yes, %(value)s is right")) % {"value": shown}


def _reading_confirmed(what: str, value: str) -> str:
    if what == "lists":
        return (
            _("Yes, it is one table")
            if value == "1"
            else _("Yes, these are %(count)s lists, one below the other") % {"count": value}
        )
    return _("Yes, there are no headers") if value == "0" else _("Yes, the headers are in row %(row)s") % {"row": value}


def option(decision: Decision) -> str:
    """How the question is answered on the command line."""
    if decision.what in OPTIONS:
        return OPTIONS[decision.what]
    named = f'--map {decision.what}="{decision.chosen or (decision.instead[0] if decision.instead else "HEADER")}"'
    return (
        named
        if decision.what == "phone_number"
        else _("%(option)s, or --map %(key)s= for none") % {"option": named, "key": decision.what}
    )


def all_questions(decisions: Iterable[Decision]) -> str:
    """Every question with its option, in one line."""
    asked = [
        _("%(question)s Say which with %(option)s.") % {"question": question(one), "option": option(one)} for one in decisions
    ]
    return " ".join(asked)


def choices_to_json(decisions: Iterable[Decision]) -> list[dict[str, Any]]:
    """The `choices` of `--json`: `why` as a sentence."""
    return [
        {
            "what": one.what,
            "chosen": one.chosen,
            "grade": one.grade.value,
            "why": lookup.sentence(*one.why),
            "instead": list(one.instead),
        }
        for one in decisions
    ]


def notes_in_words(notes: Iterable[Reason | Sequence[Any]]) -> list[str]:
    """Sentences with what to do, each once."""
    sentences = (" ".join(part for part in (lookup.sentence(*note), lookup.remedy(*note)) if part) for note in notes)
    return list(dict.fromkeys(sentences))
