"""Numbers that must not be called."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from campaigns.models import Campaign
from imports.forms.fields import ACCEPTED, CampaignChoice, campaign_field


class DoNotCallForm(forms.Form):
    """Numbers that must not be called, typed, pasted or in a spreadsheet; for all campaigns or for one."""

    numbers = forms.CharField(
        label=_("Numbers"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
        help_text=_("One a line. Numbers without a country code are read as numbers of the default country."),
    )
    file = forms.FileField(
        label=_("Or a spreadsheet"),
        required=False,
        help_text=_("The numbers of all its phone columns are added."),
    )
    campaign = CampaignChoice(
        Campaign.objects.none(), label=_("Must not be called in"), required=False, empty_label=_("all campaigns")
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=200, help_text=_("Who asked for it, or why."))

    def __init__(self, *args: Any, campaigns: QuerySet[Campaign], **kwargs: Any) -> None:
        """`campaigns`: those that the person sees."""
        super().__init__(*args, **kwargs)
        campaign_field(self).queryset = campaigns.order_by("-id")
        self.fields["file"].widget.attrs["accept"] = ACCEPTED

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("file") and not cleaned.get("numbers") and not self.errors:
            self.add_error("numbers", _("Enter a number, or choose a spreadsheet."))
        return cleaned
