"""The parts that several forms share."""

from typing import TYPE_CHECKING, cast

from django import forms

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


def choice_field(form: forms.Form, name: str) -> forms.ChoiceField:
    return cast(forms.ChoiceField, form.fields[name])


def campaign_field(form: forms.Form) -> CampaignChoice:
    return cast(CampaignChoice, form.fields["campaign"])
