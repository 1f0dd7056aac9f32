"""One form, one campaign, whatever becomes of the answer."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections
from django.utils import timezone

from campaigns import creating, gateway
from campaigns.creating import SameName
from campaigns.gateway import RemoteProblem
from campaigns.models import Campaign, CampaignRequest


@pytest.fixture
def params(account) -> dict:
    assistant = gateway.refresh_assistants(account)[0]
    return {"name": "Yaz İndirimi", "assistant_id": assistant.remote_id, "max_retries": 2, "timezone": "Europe/Istanbul"}


def named(account, name: str) -> list[str]:
    """The ids of the campaigns that the service has under this name."""
    return [one.id for one in gateway.ask(account, lambda client: client.list_campaigns()) if one.name == name]


def faults(sandbox, *rules: dict) -> None:
    sandbox.control.faults(*({"on": "create_campaign", "times": 1, **rule} for rule in rules))


def long_ago() -> None:
    CampaignRequest.objects.update(asked_at=timezone.now() - timedelta(minutes=5))


@pytest.mark.parametrize("fault", ["500_after", "reset_after", "close_after", "half"])
def test_l2_a_campaign_whose_answer_is_lost_is_found_by_its_name(account, params, sandbox, bob, fault):
    faults(sandbox, {"fault": fault})
    campaign = creating.create_campaign(account, params, bob, "form-1")
    assert [campaign.remote_id] == named(account, params["name"])
    assert (campaign.assistant.remote_id, campaign.timezone) == (str(params["assistant_id"]), "Europe/Istanbul")


def test_l2_a_lost_request_is_repeated_only_when_it_can_no_longer_arrive(account, params, sandbox, bob):
    faults(sandbox, {"fault": "500_before"})
    for _try in range(2):
        with pytest.raises(RemoteProblem) as problem:
            creating.create_campaign(account, params, bob, "form-1")
        assert problem.value.code == "doubtful"
    long_ago()
    campaign = creating.create_campaign(account, params, bob, "form-1")
    assert [campaign.remote_id] == named(account, params["name"])


def test_l2_what_could_not_be_looked_for_is_found_at_the_next_try(account, params, sandbox, bob):
    faults(sandbox, {"fault": "500_after"}, {"fault": "500", "on": "list_campaigns", "at": 2})
    with pytest.raises(RemoteProblem) as problem:
        creating.create_campaign(account, params, bob, "form-1")
    assert problem.value.code == "doubtful"
    campaign = creating.create_campaign(account, params, bob, "form-1")
    assert [campaign.remote_id] == named(account, params["name"])


def test_l2_while_whattalk_cannot_be_read_nothing_is_created(account, params, sandbox, bob):
    faults(sandbox, {"fault": "500", "on": "list_campaigns"})
    with pytest.raises(RemoteProblem) as problem:
        creating.create_campaign(account, params, bob, "form-1")
    assert problem.value.code == "unreachable"
    assert named(account, params["name"]) == [] and not CampaignRequest.objects.exists()


def test_l2_one_form_sent_twice_makes_one(account, params, bob):
    first = creating.create_campaign(account, params, bob, "form-1")
    assert creating.create_campaign(account, params, bob, "form-1") == first
    assert len(named(account, params["name"])) == 1


def test_l2_another_form_makes_a_second_one_only_when_told_so(account, params, sandbox, bob, alice):
    creating.create_campaign(account, params, bob, "form-1")
    with pytest.raises(SameName):
        creating.create_campaign(account, {**params, "name": " yaz  i̇ndirimi"}, alice, "form-2")
    creating.create_campaign(account, params, alice, "form-2", may_repeat_name=True)
    assert len(named(account, params["name"])) == 2


def test_l2_another_form_waits_for_a_lost_request_of_its_name(account, params, sandbox, bob, alice):
    faults(sandbox, {"fault": "500_before"})
    with pytest.raises(RemoteProblem):
        creating.create_campaign(account, params, bob, "form-1")
    with pytest.raises(SameName):
        creating.create_campaign(account, params, alice, "form-2", may_repeat_name=True)
    long_ago()
    creating.create_campaign(account, params, alice, "form-2")
    assert len(named(account, params["name"])) == 1


def test_l2_a_refused_form_can_be_corrected_and_sent_again(account, params, bob):
    with pytest.raises(RemoteProblem):
        creating.create_campaign(account, {**params, "assistant_id": "999999"}, bob, "form-1")
    assert creating.create_campaign(account, params, bob, "form-1").name == params["name"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("tokens", [("form-1", "form-1"), ("form-1", "form-2")])
def test_l2_two_at_once_make_one(transactional_db, account, params, sandbox, bob, tokens):
    sandbox.control.faults({"fault": "slow", "seconds": 1, "on": "create_campaign"})

    def make(token: str) -> str:
        try:
            return creating.create_campaign(account, params, bob, token).remote_id
        except SameName:
            return "told"
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        made = list(pool.map(make, tokens))
    there = named(account, params["name"])
    assert len(there) == 1 and set(made) <= {*there, "told"}
    assert ("told" in made) == (tokens[0] != tokens[1])
    assert Campaign.objects.filter(name=params["name"]).count() == 1
