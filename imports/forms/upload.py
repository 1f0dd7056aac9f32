"""A spreadsheet comes in."""

import uuid
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from campaigns.models import Campaign
from imports.forms.fields import ACCEPTED, CampaignChoice, campaign_field


class UploadForm(forms.Form):
    """A spreadsheet, as a file or as pasted cells, and where it goes."""

    campaign = CampaignChoice(
        Campaign.objects.none(),
        label=_("Campaign"),
        empty_label=_("Choose a campaign"),
        error_messages={"required": _("Choose the campaign that is to call these people.")},
    )
    file = forms.FileField(label=_("Spreadsheet"), required=False, allow_empty_file=True)
    pasted = forms.CharField(
        label=_("Cells of your spreadsheet"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
        help_text=_("Copy them in your spreadsheet, headers included, and paste them here."),
    )
    upload = forms.UUIDField(widget=forms.HiddenInput, required=False)  # a file that has come in parts
    form_token = forms.CharField(widget=forms.HiddenInput, max_length=64, initial=lambda: uuid.uuid4().hex)

    def __init__(self, *args: Any, campaigns: QuerySet[Campaign], **kwargs: Any) -> None:
        """`campaigns`: those that the person sees."""
        super().__init__(*args, **kwargs)
        campaigns = campaigns.filter(missing_since=None).order_by("-id")
        campaign_field(self).queryset = campaigns
        self.has_campaigns = campaigns.exists()
        self.fields["file"].widget.attrs["accept"] = ACCEPTED

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not any((cleaned.get("file"), cleaned.get("upload"), (cleaned.get("pasted") or "").strip())):
            self.add_error("file", _("Choose a spreadsheet, or paste cells below."))
        return cleaned
