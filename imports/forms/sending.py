"""What a person chooses before leads are sent, and the workbook with corrections."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _


class SendForm(forms.Form):
    """What is chosen before leads are sent. On a running campaign, how many go first must be chosen."""

    FIRST = 20
    how = forms.ChoiceField(label=_("How many now?"), choices=[("first", ""), ("all", "")], required=False)
    allow_duplicates = forms.BooleanField(label=_("Send duplicates too"), required=False)
    sure_of_duplicates = forms.BooleanField(label=_("I know that the same person may be called more than once"), required=False)

    def __init__(
        self, data: QueryDict | None = None, *, is_running: bool, may_allow: bool, initial: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(data, initial=dict(initial or {}))
        self.is_running = is_running
        if not may_allow:
            del self.fields["allow_duplicates"], self.fields["sure_of_duplicates"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.is_running and not cleaned.get("how"):
            self.add_error("how", _("Choose whether to send a few leads first or all of them."))
        if cleaned.get("allow_duplicates") and not cleaned.get("sure_of_duplicates"):
            self.add_error("sure_of_duplicates", _("Confirm this, or do not send duplicates."))
        return cleaned

    @property
    def first(self) -> int | None:
        return self.FIRST if self.cleaned_data.get("how") == "first" else None


class WorkbookForm(forms.Form):
    """The "fix in Excel" workbook, given back."""

    workbook = forms.FileField(
        label=_("Corrected workbook"), error_messages={"required": _("Choose the corrected workbook first.")}
    )

    def clean_workbook(self) -> TemporaryUploadedFile:
        file: TemporaryUploadedFile = self.cleaned_data["workbook"]
        if (file.size or 0) > settings.MAX_UPLOAD_BYTES:
            raise forms.ValidationError(_("This file is too large to be the workbook of this import."))
        return file
