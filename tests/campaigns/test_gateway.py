"""Asking WhatTalk from views and commands, over a real socket."""

import pytest

from campaigns import creating, gateway, running
from campaigns.accounts import set_key
from campaigns.gateway import RemoteProblem
from campaigns.models import Assistant, Campaign
from people.models import AuditEntry
from tests.builders import an_account


def test_campaigns_follow_the_service(account, sandbox):
    first = gateway.refresh_campaigns(account)
    assert {campaign.remote_id for campaign in first} >= {"1050", "1051", "1052"}
    added = sandbox.control.add_campaign("Yeni")
    gateway.refresh_campaigns(account)
    assert Campaign.objects.get(remote_id=str(added)).name == "Yeni"
    sandbox.control.delete_campaign(added)
    gateway.refresh_campaigns(account)
    assert Campaign.objects.get(remote_id=str(added)).missing_since
    assert Campaign.objects.filter(missing_since=None).count() == len(first)


def test_what_only_we_know_of_a_campaign_survives_a_refresh(account):
    gateway.refresh_campaigns(account)
    assistant = gateway.refresh_assistants(account)[0]
    Campaign.objects.filter(remote_id="1050").update(assistant=assistant, required_variables=["name"])
    gateway.refresh_campaigns(account)
    gateway.refresh_assistants(account)
    campaign = Campaign.objects.get(remote_id="1050")
    assert (campaign.assistant, campaign.required_variables) == (assistant, ["name"])


def test_assistants_come_with_variables_and_schema_and_unused_ones_go(account):
    Assistant.objects.create(account=account, remote_id="gone", name="Gone")
    assistants = gateway.refresh_assistants(account)
    assert all(isinstance(assistant.variables, dict) for assistant in assistants)
    assert any(assistant.variables for assistant in assistants)
    assert not Assistant.objects.filter(remote_id="gone").exists()


def test_lines_follow_the_service(account):
    lines = gateway.refresh_phone_lines(account)
    assert lines and all(line.phone_number.startswith("+") for line in lines)


def test_a_campaign_is_made_started_and_stopped_and_who_did_it_is_on_record(account, bob):
    assistant = gateway.refresh_assistants(account)[0]
    campaign = creating.create_campaign(
        account, {"name": "Yaz", "assistant_id": assistant.remote_id, "max_retries": 2, "timezone": ""}, bob
    )
    assert (campaign.status, campaign.assistant) == ("draft", assistant)
    running.start(campaign, bob)
    assert campaign.is_running
    running.stop(campaign, bob)
    campaign.refresh_from_db()
    assert campaign.status == "stopped"
    assert [entry.action for entry in AuditEntry.objects.filter(actor=bob).order_by("pk")] == [
        "create_campaign",
        "start_campaign",
        "stop_campaign",
    ]


def test_the_key_is_checked_and_the_sandbox_recognised(account):
    assert gateway.check_key(account).email
    account.refresh_from_db()
    assert account.is_sandbox and account.balance and account.checked_at


def test_a_wrong_key_is_a_problem_of_the_account_until_a_right_one_is_entered(sandbox, account):
    wrong = an_account(sandbox.base_url, "another|key", is_default=False)
    with pytest.raises(RemoteProblem) as problem:
        gateway.refresh_campaigns(wrong)
    assert (problem.value.code, wrong.problem) == ("key", "key")
    assert "key" in str(problem.value) and problem.value.remedy
    set_key(wrong, sandbox.api_key)
    wrong.save()
    gateway.refresh_campaigns(wrong)
    wrong.refresh_from_db()
    assert wrong.problem == ""


def test_what_cannot_be_reached_or_is_no_whattalk_is_told_apart(db):
    with pytest.raises(RemoteProblem) as problem:
        gateway.refresh_campaigns(an_account("http://127.0.0.1:9/api"))
    assert problem.value.code == "unreachable"
    with pytest.raises(RemoteProblem) as problem:
        gateway.refresh_campaigns(an_account("http://127.0.0.1:9/api", is_default=False, from_environment=False))
    assert problem.value.code == "address"


def test_an_account_without_key_says_so(db):
    with pytest.raises(RemoteProblem) as problem:
        gateway.refresh_campaigns(an_account(key=""))
    assert problem.value.code == "no_key"


def test_the_service_s_own_words_reach_the_person(account, bob):
    with pytest.raises(RemoteProblem) as problem:
        creating.create_campaign(account, {"name": "Yaz", "assistant_id": "999999"}, bob)
    assert problem.value.message in str(problem.value)
