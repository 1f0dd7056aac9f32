"""The parts that several forms share."""

from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from campaigns.labels import campaign_status
from campaigns.models import Campaign

ACCEPTED = ".csv,.xlsx,.xls,.xlsm,.xlsb,.ods,.fods,.tsv,.txt,.htm,.html,.mht,.xml"

if TYPE_CHECKING:
    CampaignField = forms.ModelChoiceField[Campaign]
else:
    CampaignField = forms.ModelChoiceField


class CampaignChoice(CampaignField):
    """A campaign by its name and its status."""

    def label_from_instance(self, campaign: Campaign) -> str:
        return f"{campaign.name} ({campaign_status(campaign)[0]})"


class LongSelect(forms.Select):
    """As Django's, of options without groups: with a template for each of them, 250 countries take as long as the rest of a page."""

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        selected = self.format_value(value)
        options = (
            (option, flatatt({"selected": True}) if str(option) in selected else "", label) for option, label in self.choices
        )
        return format_html(
            '<select name="{}"{}>{}</select>',
            name,
            flatatt(self.build_attrs(self.attrs, attrs)),
            format_html_join("", '<option value="{}"{}>{}</option>', options),
        )


def choice_field(form: forms.Form, name: str) -> forms.ChoiceField:
    return cast(forms.ChoiceField, form.fields[name])


def campaign_field(form: forms.Form) -> CampaignChoice:
    return cast(CampaignChoice, form.fields["campaign"])
