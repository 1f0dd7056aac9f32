"""Forms of campaigns and accounts."""

import pytest

from campaigns import gateway
from campaigns.forms import AccountForm, AssistantForm, CampaignForm, RequiredVariablesForm
from campaigns.models import Assistant, PhoneLine
from tests.builders import a_campaign, an_account

FIELDS = {
    "name": "Spring",
    "allowed_hours_start_time": "09:30",
    "allowed_hours_end_time": "17:00",
    "allowed_days": ["monday"],
    "max_calls_in_parallel": "3",
    "max_retries": "2",
    "retry_interval": "30",
}


@pytest.fixture
def assistant(db) -> Assistant:
    return Assistant.objects.create(account=an_account(), remote_id="7", name="Ayla", variables={"name": ""})


def test_parameters_are_those_of_the_api(assistant):
    form = CampaignForm(assistant.account, {**FIELDS, "assistant": assistant.pk})
    assert form.is_valid(), form.errors
    assert form.params() == {
        "name": "Spring",
        "assistant_id": "7",
        "allowed_hours_start_time": "09:30",
        "allowed_hours_end_time": "17:00",
        "allowed_days": ["monday"],
        "max_calls_in_parallel": 3,
        "max_retries": 2,
        "retry_interval": 30,
        "retry_on_voicemail": False,
        "retry_on_goal_incomplete": False,
        "mark_complete_when_no_leads": False,
    }


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"allowed_hours_end_time": "09:30"}, "allowed_hours_end_time"),
        ({"retry_on_goal_incomplete": "on"}, "goal_completion_variable"),
        ({"allowed_days": []}, "allowed_days"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(assistant, change, field):
    assert field in CampaignForm(assistant.account, {**FIELDS, "assistant": assistant.pk, **change}).errors


def test_numbers_are_offered_where_there_are_any(assistant):
    assert "phone_number_ids" not in CampaignForm(assistant.account).fields
    PhoneLine.objects.create(account=assistant.account, remote_id=71, phone_number="+902125550100", label="Outbound")
    offered = CampaignForm(assistant.account).fields["phone_number_ids"].choices
    assert list(offered) == [(71, "\u2066+902125550100\u2069 Outbound")]


def test_a_campaign_offers_the_assistants_and_variables_of_its_own(assistant):
    campaign = a_campaign(assistant.account, assistant=assistant, required_variables=["name"])
    assert [choice.name for choice in AssistantForm(campaign).fields["assistant"].queryset] == ["Ayla"]
    form = RequiredVariablesForm(campaign)
    assert (form.fields["required_variables"].choices, form.initial) == ([("name", "Name")], {"required_variables": ["name"]})


@pytest.mark.parametrize(("most", "is_right"), [(0, False), (1, True), (256, True), (257, False)])
def test_requests_in_flight_have_a_limit(assistant, most, is_right):
    fields = {"name": "Main", "base_url": "https://app.whattalk.ai/api", "max_in_flight": most, "max_per_minute": 0, "key": "k"}
    form = AccountForm(fields)
    assert form.is_valid() is is_right and ("max_in_flight" in form.errors) is not is_right


def test_the_key_of_the_environment_is_not_changed_on_a_page(assistant):
    assert not {"key", "base_url"} & set(AccountForm(instance=assistant.account).fields)


@pytest.mark.parametrize(
    ("base_url", "is_right"),
    [
        ("https://app.whattalk.ai/api", True),
        ("https://app.whattalk.ai:8443/api", False),
        ("https://elsewhere.example/api", False),
        ("https://[fec0::1]/api", False),
        ("https://192.0.0.8/api", False),
    ],
)
def test_an_account_leads_only_where_the_operator_allows(db, settings, base_url, is_right):
    settings.WHATTALK_HOSTS = ["app.whattalk.ai"]
    fields = {"name": "Main", "base_url": base_url, "max_in_flight": 32, "max_per_minute": 0, "key": "k"}
    assert ("base_url" not in AccountForm(fields).errors) is is_right
    account = an_account(base_url, from_environment=False)
    if is_right:
        assert gateway.connection_of(account)[0] == base_url
    else:
        with pytest.raises(gateway.RemoteProblem, match="address"):
            gateway.connection_of(account)
