"""Forms of campaigns and accounts."""

from functools import lru_cache
from typing import TYPE_CHECKING, Any, cast
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.db.models import Q
from django.http import QueryDict
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from campaigns.calling_hours import DAYS
from campaigns.labels import campaign_status
from campaigns.models import Account, Assistant, Campaign, Team
from campaigns.variable_labels import named_variable
from campaigns.whattalk.addresses import UnusableAddress, check_base_url
from campaigns.whattalk.transport import is_sendable
from people.models import User

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    AccountModelForm = forms.ModelForm[Account]
    TeamModelForm = forms.ModelForm[Team]
    Campaigns = forms.ModelMultipleChoiceField[Campaign]
    People = forms.ModelMultipleChoiceField[User]
else:
    AccountModelForm = TeamModelForm = forms.ModelForm
    Campaigns = People = forms.ModelMultipleChoiceField

ADDRESS_PROBLEMS = {
    "malformed": _("This is not an address. It looks like https://app.whattalk.ai/api."),
    "not_https": _("The address must begin with https://; otherwise the key would be sent unencrypted."),
    "userinfo": _("Leave user name and password out of the address; the key goes into its own field."),
    "local": _("This address points into a private network. Only the operator can allow that, with WHATTALK_BASE_URL."),
    "not_allowed": _("The operator does not allow this host."),
    "port": _("The operator does not allow this port. Leave it out of the address."),
}


def _day_choices() -> "list[tuple[str, StrOrPromise]]":
    return [(name, WEEKDAYS[number]) for number, name in enumerate(DAYS)]


@lru_cache
def _zones() -> tuple[tuple[str, str], ...]:
    """Every time zone; read once, because that means walking through the system's folders."""
    return tuple((zone, zone.replace("_", " ")) for zone in sorted(available_timezones()) if "/" in zone)


def _zone_choices() -> "list[tuple[str, StrOrPromise]]":
    return [("", _("The time zone of the WhatTalk account")), *_zones()]


class CampaignForm(forms.Form):
    """Every parameter of a new campaign, in WhatTalk's terms and limits."""

    name = forms.CharField(label=_("Name"), max_length=255)
    assistant = forms.ModelChoiceField(
        Assistant.objects.none(),
        label=_("Assistant"),
        empty_label=_("Choose an assistant"),
        help_text=_("Who speaks on the phone. Its variables become columns of your spreadsheet."),
    )
    allowed_hours_start_time = forms.TimeField(
        label=_("From"), initial="09:00", widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    allowed_hours_end_time = forms.TimeField(
        label=_("Until"), initial="18:00", widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    allowed_days = forms.MultipleChoiceField(
        label=_("Days"),
        choices=_day_choices,
        initial=list(DAYS[:5]),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one day, or nobody is ever called.")},
    )
    timezone = forms.ChoiceField(label=_("Time zone"), choices=_zone_choices, required=False)
    max_calls_in_parallel = forms.IntegerField(
        label=_("Calls at the same time"),
        min_value=1,
        max_value=10,
        initial=3,
        help_text=_("1 to 10; your WhatTalk plan may allow fewer."),
    )
    max_retries = forms.IntegerField(label=_("Tries for each lead"), min_value=1, max_value=5, initial=3, help_text=_("1 to 5."))
    retry_interval = forms.IntegerField(
        label=_("Minutes between tries"),
        min_value=10,
        max_value=4320,
        initial=60,
        help_text=_("10 to 4,320 (three days)."),
    )
    retry_on_voicemail = forms.BooleanField(label=_("Try again when a voicemail answers"), required=False)
    retry_on_goal_incomplete = forms.BooleanField(label=_("Try again when the goal was not reached"), required=False)
    goal_completion_variable = forms.CharField(
        label=_("Variable that says the goal was reached"),
        max_length=255,
        required=False,
        help_text=_("A yes-or-no variable of what the assistant notes after a call."),
    )
    mark_complete_when_no_leads = forms.BooleanField(
        label=_("Mark as completed when no leads are left"), required=False, initial=True
    )
    phone_number_ids = forms.TypedMultipleChoiceField(
        label=_("Numbers to call from"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: WhatTalk's own choice."),
    )

    def __init__(self, account: Account, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer_assistants(self, account)
        lines = account.phone_lines.filter(is_available=True)
        # Isolated, as a number is written from left to right in every language.
        _offer(
            self,
            "phone_number_ids",
            [(line.remote_id, f"\u2066{line.phone_number}\u2069 {line.label}".strip()) for line in lines],
        )
        if not lines:
            del self.fields["phone_number_ids"]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("retry_on_goal_incomplete") and not cleaned.get("goal_completion_variable"):
            self.add_error("goal_completion_variable", _("Name the variable, so that it is known whether the goal was reached."))
        start, end = cleaned.get("allowed_hours_start_time"), cleaned.get("allowed_hours_end_time")
        if start and end and start >= end:
            self.add_error("allowed_hours_end_time", _("This is not later than the start."))
        return cleaned

    def params(self) -> dict[str, Any]:
        """The parameters as `POST /user/campaign` takes them."""
        chosen = {key: value for key, value in self.cleaned_data.items() if value not in (None, "", [])}
        chosen["assistant_id"] = chosen.pop("assistant").remote_id
        for hour in ("allowed_hours_start_time", "allowed_hours_end_time"):
            chosen[hour] = chosen[hour].strftime("%H:%M")
        return chosen


class AssistantForm(forms.Form):
    """Which assistant a campaign uses; WhatTalk does not say."""

    assistant = forms.ModelChoiceField(
        Assistant.objects.none(), label=_("Assistant of this campaign"), empty_label=_("Choose an assistant")
    )

    def __init__(self, campaign: Campaign, data: QueryDict | None = None) -> None:
        super().__init__(data, initial={"assistant": campaign.assistant_id})
        _offer_assistants(self, campaign.account)


class RequiredVariablesForm(forms.Form):
    """Which variables a lead must have to be sent."""

    required_variables = forms.MultipleChoiceField(
        label=_("Variables that must be filled"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("A row where one of these is empty is not sent. Others fall back to what the assistant says by default."),
    )

    def __init__(self, campaign: Campaign, data: QueryDict | None = None) -> None:
        super().__init__(data, initial={"required_variables": campaign.required_variables})
        _offer(self, "required_variables", [(name, named_variable(name)) for name in campaign.variables])


def _offer_assistants(form: forms.Form, account: Account) -> None:
    cast("forms.ModelChoiceField[Assistant]", form.fields["assistant"]).queryset = account.assistants.all()


def _offer(form: forms.Form, name: str, choices: list[tuple[str | int, str]]) -> None:
    cast(forms.ChoiceField, form.fields[name]).choices = choices


class AccountForm(AccountModelForm):
    """An account. The key can be written, never read."""

    key = forms.CharField(
        label=_("API key"),
        required=False,
        strip=True,
        max_length=500,
        widget=forms.PasswordInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    class Meta:
        model = Account
        fields = ["name", "base_url", "max_in_flight", "max_per_minute", "duplicate_words"]
        widgets = {"duplicate_words": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.base_url_before = self.instance.base_url
        if self.instance.from_environment:
            del self.fields["base_url"], self.fields["key"]
        elif self.instance.pk:
            self.fields["key"].help_text = _("Leave empty to keep the key. A new API address needs the key again.")
        else:
            self.fields["base_url"].initial = "https://app.whattalk.ai/api"
            self.fields["key"].required = True

    def clean_base_url(self) -> str:
        try:
            return check_base_url(
                self.cleaned_data["base_url"],
                allowed_hosts=settings.WHATTALK_HOSTS,
                allowed_ports=settings.WHATTALK_PORTS,
            )
        except UnusableAddress as error:
            raise forms.ValidationError(ADDRESS_PROBLEMS[error.code]) from error

    def clean_key(self) -> str:
        key: str = self.cleaned_data["key"]
        if not is_sendable(key):
            raise forms.ValidationError(_("A key has only English letters, digits and signs. Copy it from WhatTalk again."))
        return key

    def clean_max_in_flight(self) -> int:
        most: int = self.cleaned_data["max_in_flight"]
        if not 1 <= most <= 256:
            raise forms.ValidationError(_("Choose from 1 to 256."))
        return most

    @property
    def moves_elsewhere(self) -> bool:
        """Whether the address changed: the key must then not be sent to the new one unasked."""
        base_url: str = self.cleaned_data.get("base_url", self.base_url_before)
        return bool(self.base_url_before) and base_url != self.base_url_before


class CampaignsChoice(Campaigns):
    """Campaigns by their names and states."""

    def label_from_instance(self, campaign: Campaign) -> str:
        return f"{campaign.name} ({campaign_status(campaign)[0]})"


class TeamForm(TeamModelForm):
    """A team, its people and the campaigns that they see."""

    members = People(
        User.objects.filter(is_active=True).order_by("username"),
        label=_("People"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("They see only the campaigns of their teams. Admins always see all campaigns."),
    )
    campaigns = CampaignsChoice(
        Campaign.objects.none(), label=_("Campaigns"), required=False, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Team
        fields = ["name", "members", "campaigns"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = Q(pk__in=self.instance.campaigns.values("pk")) if self.instance.pk else Q(pk=None)
        cast(CampaignsChoice, self.fields["campaigns"]).queryset = Campaign.objects.filter(Q(missing_since=None) | mine)
        stay = Q(pk__in=self.instance.members.values("pk")) if self.instance.pk else Q(pk=None)
        cast(People, self.fields["members"]).queryset = User.objects.filter(Q(is_active=True) | stay).order_by("username")
