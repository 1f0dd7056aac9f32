"""What the list of imports is asked for."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from campaigns.models import Campaign
from people.models import User

if TYPE_CHECKING:
    PersonField = forms.ModelChoiceField[User]
    CampaignField = forms.ModelChoiceField[Campaign]
else:
    PersonField = CampaignField = forms.ModelChoiceField

OUTCOMES = [
    ("", _("any outcome")),
    ("complete", _("every row was sent")),
    ("invalid", _("with rows that cannot be called")),
    ("unsent", _("with rows that could not be sent")),
    ("double", _("with duplicates")),
    ("silent", _("with people who must not be called")),
    ("corrected", _("with corrected rows that wait")),
    ("nothing", _("nothing was sent")),
    ("cancelled", _("cancelled")),
    ("failed", _("the file could not be imported")),
    ("undone", _("undone")),
]


def _date_field(label: Any) -> forms.DateField:
    return forms.DateField(label=label, required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


class ImportFilterForm(forms.Form):
    """What the imports have in common. Every field may be empty. `people` and `campaigns`: whose and which there are to choose."""

    q = forms.CharField(label=_("File or campaign"), required=False, max_length=200, widget=forms.TextInput({"type": "search"}))
    person = PersonField(label=_("Person"), queryset=User.objects.none(), required=False, empty_label=_("everybody"))
    campaign = CampaignField(
        label=_("Campaign"), queryset=Campaign.objects.none(), required=False, empty_label=_("all campaigns")
    )
    outcome = forms.ChoiceField(label=_("Outcome"), required=False, choices=OUTCOMES)
    since = _date_field(_("From"))
    until = _date_field(_("To"))

    def __init__(self, data: Any, people: QuerySet[User], campaigns: QuerySet[Campaign]) -> None:
        super().__init__(data)
        self._choices_of("campaign").queryset = campaigns
        self._choices_of("person").queryset = people
        if len(people[:2]) < 2:
            del self.fields["person"]

    def _choices_of(self, name: str) -> Any:
        return self.fields[name]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("since") and cleaned.get("until") and cleaned["since"] > cleaned["until"]:
            self.add_error("until", _("This is before the first day."))
        return cleaned

    @property
    def has_more(self) -> bool:
        """Whether it asks for more than words."""
        return bool(self.errors) or any(value for name, value in self.cleaned_data.items() if name != "q")

    @property
    def is_filtered(self) -> bool:
        return bool(self.errors) or any(self.cleaned_data.values())
