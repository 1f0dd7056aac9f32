"""Looking through the audit log: by person, action, object and date; and the same entries as csv."""

import json
from codecs import BOM_UTF8
from collections.abc import Iterator
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from people.audit_details import details
from people.labels import ACTION_LABELS, TARGET_KINDS, action_label, target_label
from people.models import AuditEntry
from ui.days import within
from ui.folding import fold
from ui.spreadsheet_csv import csv_delimiter, csv_line

BATCH = 2_000  # entries read at once


def _action_choices() -> list[tuple[str, str]]:
    labels = sorted(((action, str(label)) for action, label in ACTION_LABELS.items()), key=lambda one: one[1].casefold())
    return [("", gettext("all actions")), *labels]


class AuditFilterForm(forms.Form):
    """What the entries have in common. Every field may be empty."""

    q = forms.CharField(label=_("Person, action or item"), required=False, max_length=100)
    person = forms.CharField(label=_("User name"), required=False, max_length=150)
    action = forms.ChoiceField(label=_("Action"), required=False, choices=_action_choices)
    kind = forms.ChoiceField(label=_("Kind of object"), required=False, choices=[("", _("all objects")), *TARGET_KINDS])
    object = forms.CharField(label=_("Its name or number"), required=False, max_length=190)
    since = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    until = forms.DateField(label=_("To"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("since") and cleaned.get("until") and cleaned["since"] > cleaned["until"]:
            self.add_error("until", _("This is before the first day."))
        return cleaned


def matching(form: AuditFilterForm) -> QuerySet[AuditEntry]:
    """The entries that a form asks for, newest first; none where it cannot be understood."""
    if not form.is_valid():
        return AuditEntry.objects.none()
    asked = form.cleaned_data
    entries = AuditEntry.objects.filter(_by_words(asked["q"]) & _by_target(asked["kind"], asked["object"].strip()))
    if asked["person"]:
        entries = entries.filter(actor_name__iexact=asked["person"])
    if asked["action"]:
        entries = entries.filter(action=asked["action"])
    return entries.filter(within("at", asked["since"], asked["until"]))


def as_csv(entries: QuerySet[AuditEntry]) -> Iterator[bytes]:
    """The lines of a csv, in UTF-8 with a byte order mark; headers and delimiter are those of the active language."""
    delimiter = csv_delimiter(get_language() or "en")
    people = [gettext("When"), gettext("Who"), gettext("What"), gettext("Object")]
    facts = [gettext("Before"), gettext("After"), gettext("From where"), gettext("Code"), gettext("Details")]
    yield BOM_UTF8 + csv_line([*people, *facts], delimiter).encode()
    for entry in entries.order_by("-pk").iterator(chunk_size=BATCH):
        yield csv_line(_values(entry), delimiter).encode("utf-8", "replace")


def _values(entry: AuditEntry) -> list[str]:
    return [
        timezone.localtime(entry.at).isoformat(" ", "seconds"),
        entry.actor_name,
        action_label(entry.action),
        target_label(entry.target) or entry.target,
        _text_of(entry.before),
        _text_of(entry.after),
        entry.ip or "",
        entry.action,
        details(entry.before, entry.after),
    ]


def _text_of(facts: object) -> str:
    return "" if facts is None else json.dumps(facts, ensure_ascii=False)


def _by_words(text: str) -> Q:
    if not text:
        return Q()
    folded = fold(text)
    named = [action for action, label in ACTION_LABELS.items() if folded in fold(str(label))]
    by_action = Q(action__in=named) | Q(action__icontains=text.replace(" ", "_"))
    return Q(search__contains=folded) | by_action


def _by_target(kind: str, name: str) -> Q:
    if kind and name:
        return Q(target=f"{kind} {name}")
    if kind:
        return Q(target__startswith=f"{kind} ")
    return Q(target__endswith=f" {name}") if name else Q()
