"""The sentence and the remedy of every named reason, in the language that is active.

`MESSAGES` holds a `Message` for each code of `imports.pipeline.reasons.REASONS` and for each reason of a whole
import. Texts may use the reason's params as `%(name)s`. Nothing here decides anything.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.utils.formats import number_format
from django.utils.translation import get_language, gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from campaigns.variable_labels import variable_label
from imports.messages.alerts import ALERT_MESSAGES
from imports.messages.columns_and_rows import COLUMN_AND_ROW_MESSAGES
from imports.messages.encodings import encoding_label
from imports.messages.jobs import JOB_MESSAGES
from imports.messages.lists import LIST_MESSAGES
from imports.messages.message import Message
from imports.messages.outcomes import OUTCOME_MESSAGES
from imports.messages.phone_reasons import PHONE_MESSAGES
from imports.messages.quotation import quoted_anew
from imports.messages.reading import READING_MESSAGES
from imports.messages.steps import WORKFLOW_MESSAGES
from imports.pipeline.phones.countries import country_name
from ui.lengths_of_time import spoken

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

MESSAGES: dict[str, Message] = {
    **JOB_MESSAGES,
    **OUTCOME_MESSAGES,
    **LIST_MESSAGES,
    **WORKFLOW_MESSAGES,
    **COLUMN_AND_ROW_MESSAGES,
    **PHONE_MESSAGES,
    **READING_MESSAGES,
    **ALERT_MESSAGES,
}

_FIELDS = {"phone_number": gettext_noop("Phone number"), "consent": gettext_noop("Consent to calls")}
# About the cells of a row, which people read beside its values: a variable has a readable name there. Elsewhere it has its own, as the
# options of a command have it.
OF_A_ROW = frozenset("missing_required value_too_long cell_error damaged_characters letters_repaired phone_in_variable".split())


class _Params(dict[str, Any]):
    """Params of a reason; one that an older version of Rowcall did not store reads as an ellipsis."""

    def __missing__(self, name: str) -> str:
        return "…"


def sentence(code: str, params: Mapping[str, Any] | None = None) -> str:
    """What happened, in the language that is active. A code that is not ours is shown as it is."""
    message = MESSAGES.get(code)
    return _filled(message.sentence, params, code in OF_A_ROW) if message else code


def remedy(code: str, params: Mapping[str, Any] | None = None) -> str:
    """What to do about it, '' when nothing is to be done."""
    message = MESSAGES.get(code)
    return _filled(message.remedy, params, code in OF_A_ROW) if message else ""


def _filled(text: "StrOrPromise", given: Mapping[str, Any] | None, is_of_a_row: bool) -> str:
    params = _Params(given or {})
    if params.get("why") in MESSAGES:  # a reason within a reason: why a secondary contact was left out
        params["why"] = sentence(params["why"], params.get("why_params"))
    if type(params.get("field")) is str:
        params["field"] = _field(params["field"], is_of_a_row)
    if type(params.get("seconds")) is int:
        params["time"] = spoken(params["seconds"])
    if params.get("list_column"):
        params["row"] = gettext("%(row)s, column %(list_column)s") % params
    _name_countries(params)
    _write_numbers(params)
    if "headers" in params:
        params["headers"] = quoted_anew(params["headers"])
    if "encoding" in params:
        params["encoding"] = encoding_label(params["encoding"])
    return str(text) % params if text else ""


def _field(name: str, is_of_a_row: bool) -> str:
    """A field as pages name it; of a row its variables too, several of them with commas between."""
    if name in _FIELDS:
        return gettext(_FIELDS[name])
    return ", ".join(map(variable_label, name.split(", "))) if is_of_a_row else name


def _name_countries(params: dict[str, Any]) -> None:
    """Adds `country` (and `other_country`) where the params hold a `region` code."""
    for region, country in (("region", "country"), ("other_region", "other_country")):
        if region in params:
            params[country] = country_name(params[region], get_language() or "en") or _("this dialing code")


def _write_numbers(params: dict[str, Any]) -> None:
    """Counts as the reader's language writes them (1,234 or 1.234); a row's number stays as the spreadsheet shows it."""
    for name, value in params.items():
        if type(value) is int and name != "row":
            params[name] = number_format(value, force_grouping=True)
