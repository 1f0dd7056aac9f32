"""How the phone numbers of a file are written."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext_lazy as _

from imports.forms.fields import LongSelect, choice_field
from imports.pipeline.phones.normalise import PhoneFormat, countries

CONFIRM_FORMAT = "confirm-phone_format"


def _country_choices() -> list[tuple[str, str]]:
    # Isolated where the name is written from right to left: the code is not.
    begin, end = ("\u2066", "\u2069") if get_language_bidi() else ("", "")
    return [(region, f"{name} ({begin}+{code}{end})") for region, name, code in countries(get_language() or "en")]


class PhoneFormatForm(forms.Form):
    """How phone numbers are written in the file."""

    kind = forms.ChoiceField(
        label=_("How are the numbers written?"),
        widget=forms.RadioSelect,
        choices=[("international", _("With their country")), ("national", _("As dialled inside one country"))],
        error_messages={"required": _("Choose how the numbers are written.")},
    )
    region = forms.ChoiceField(label=_("Country"), required=False, widget=LongSelect)

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        initial: dict[str, Any] | None = None,
        is_open: Callable[[PhoneFormat | None, bool], bool],
    ) -> None:
        """`is_open(phone_format, is_confirmed)`: whether this format must still be confirmed."""
        super().__init__(data, initial=initial)
        self._is_open = is_open
        self.fields[CONFIRM_FORMAT] = forms.BooleanField(required=False, label=_("Phone format"))
        choice_field(self, "region").choices = [("", _("Choose a country")), *_country_choices()]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("kind") == "national" and not cleaned.get("region"):
            self.add_error("region", _("Choose the country whose numbers these are."))
        if not self.errors and self._is_open(self.phone_format, cleaned[CONFIRM_FORMAT]):
            self.add_error(CONFIRM_FORMAT, _("Confirm how the numbers are written, or choose something else."))
        return cleaned

    @property
    def confirmation(self) -> forms.BoundField:
        return self[CONFIRM_FORMAT]

    @property
    def chosen_format(self) -> PhoneFormat:
        """The format of a form that is valid."""
        assert self.phone_format is not None, "a valid form is complete"
        return self.phone_format

    @property
    def phone_format(self) -> PhoneFormat | None:
        """As chosen; None where nothing complete is."""
        kind, region = self.cleaned_data.get("kind"), self.cleaned_data.get("region")
        if kind == "international":
            return PhoneFormat(kind)
        return PhoneFormat(kind, region) if kind and region else None
