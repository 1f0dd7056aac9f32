"""What changed in an audited action, in the active language: a pure function of what the entry holds.

Entries keep codes and names (`{"status": "draft"}`), never sentences, so that every reader reads them in their own language, entries of
older versions too. A fact or a value without a label is shown by its name.
"""

from collections.abc import Mapping

from django.conf import settings
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from people.labels import ROLE_LABELS

# name of a fact -> its label on the page
FACT_LABELS = {
    "allow_duplicates": gettext_lazy("duplicates are sent too"),
    "allowed_days": gettext_lazy("calling days"),
    "allowed_hours_end_time": gettext_lazy("calls until"),
    "allowed_hours_start_time": gettext_lazy("calls from"),
    "assistant_id": gettext_lazy("number of the assistant"),
    "base_url": gettext_lazy("API address"),
    "campaign": gettext_lazy("number of the campaign"),
    "campaigns": gettext_lazy("campaigns"),
    "deleted": gettext_lazy("leads deleted"),
    "deleted_whole": gettext_lazy("leads deleted because of a secondary contact"),
    "email": gettext_lazy("e-mail address"),
    "ended": gettext_lazy("leads already called"),
    "first": gettext_lazy("leads sent first"),
    "gone": gettext_lazy("leads no longer there"),
    "imports": gettext_lazy("imports"),
    "key_changed": gettext_lazy("new API key"),
    "kind": gettext_lazy("kind of object"),
    "language": gettext_lazy("language"),
    "left": gettext_lazy("recovery codes left"),
    "made": gettext_lazy("leads made again without a secondary contact"),
    "members": gettext_lazy("people"),
    "name": gettext_lazy("name"),
    "not_made": gettext_lazy("leads that WhatTalk did not take again"),
    "numbers": gettext_lazy("numbers"),
    "object": gettext_lazy("its name or number"),
    "old_one_ended": gettext_lazy("the previous address stops working at once"),
    "person": gettext_lazy("user name"),
    "q": gettext_lazy("searched for"),
    "reason": gettext_lazy("reason"),
    "report": gettext_lazy("report"),
    "required_for": gettext_lazy("required for"),
    "role": gettext_lazy("role"),
    "rows": gettext_lazy("rows"),
    "since": gettext_lazy("from"),
    "size": gettext_lazy("size in bytes"),
    "source": gettext_lazy("origin"),
    "status": gettext_lazy("status"),
    "stopped": gettext_lazy("leads that are not called any more"),
    "timezone": gettext_lazy("time zone"),
    "until": gettext_lazy("until"),
    "user_name": gettext_lazy("user name"),
}
COUNTS = frozenset(
    "deleted deleted_whole ended first gone left made not_made rows size stopped".split()
)  # all else are numbers of things
# name of a fact -> value -> its label
VALUE_LABELS = {
    "reason": {"restored": gettext_lazy("the database was restored from a backup")},
    "report": {
        "all": gettext_lazy("every row with its outcome"),
        "errors": gettext_lazy("rows that were not sent"),
        "sent": gettext_lazy("sent leads"),
        "workbook": gettext_lazy("rows to correct"),
    },
    "required_for": {
        "": gettext_lazy("nobody"),
        "nobody": gettext_lazy("nobody"),
        "admins": gettext_lazy("admins"),
        "managers": gettext_lazy("managers and admins"),
    },
    "role": {"nobody": gettext_lazy("nobody"), **{name.lower(): label for name, label in ROLE_LABELS.items()}},
    "source": {
        "person": gettext_lazy("entered"),
        "file": gettext_lazy("from a list"),
        "terminal": gettext_lazy("from the terminal"),
        "whattalk": gettext_lazy("blacklisted at WhatTalk"),
    },
    "status": {
        "draft": pgettext_lazy("campaign", "not started"),
        "in-progress": pgettext_lazy("campaign", "calling"),
        "stopped": pgettext_lazy("campaign", "stopped"),
        "completed": pgettext_lazy("campaign", "completed"),
        "not known": pgettext_lazy("campaign", "not known"),
    },
    "language": {"": gettext_lazy("Same as the browser"), **dict(settings.LANGUAGES)},
}


def details(before: object, after: object) -> str:
    """What an entry holds as `before` and `after` (JSON), on one line; '' for an entry without details.

    Facts of a change that stayed the same are left out. Only what was there before is known of something deleted.
    """
    if isinstance(before, Mapping) or isinstance(after, Mapping):
        return _facts(before if isinstance(before, Mapping) else {}, after if isinstance(after, Mapping) else None)
    if before in (None, "", []):
        return "" if after in (None, "") else _value("", after)
    return _changed(_value("", before), _value("", after))


def _facts(before: Mapping[str, object], after: Mapping[str, object] | None) -> str:
    if after is None:
        return "; ".join(_fact(name, _value(name, value)) for name, value in before.items())
    changed = {name: value for name, value in after.items() if name not in before or before[name] != value}
    return "; ".join(
        _fact(name, _changed(_value(name, before[name]), _value(name, value)) if name in before else _value(name, value))
        for name, value in changed.items()
    )


def _changed(before: str, after: str) -> str:
    return _("%(before)s → %(after)s") % {"before": before, "after": after}


def _fact(name: str, value: str) -> str:
    return _("%(fact)s: %(value)s") % {"fact": FACT_LABELS.get(name, name.replace("_", " ")), "value": value}


def _value(name: str, value: object) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return ", ".join(map(str, value)) or _("none")
    if isinstance(value, str) and value in (labels := VALUE_LABELS.get(name, {})):
        return str(labels[value])
    if isinstance(value, int) and name == "numbers":
        return number_format(abs(value), force_grouping=True)  # what was removed was once kept as a negative number
    if isinstance(value, int) and name in COUNTS:
        return number_format(value, force_grouping=True)
    return _("none") if value in (None, "") else str(value)
