"""After a lost answer it is known that it is not known, until the campaign has been read again."""

from datetime import timedelta

import pytest
from django.utils import timezone

from campaigns import gateway, running
from campaigns.gateway import RemoteProblem
from campaigns.models import Campaign
from campaigns.whattalk import resources
from people.models import AuditEntry

LOST = ("500_after", "reset_after", "close_after", "half")


def faults(sandbox, *rules: dict) -> None:
    sandbox.control.faults(*({"on": "update_status", **rule} for rule in rules))


def status_there(sandbox, campaign) -> str:
    """What the service itself has."""
    return next(
        one.status
        for one in gateway.ask(campaign.account, lambda client: client.list_campaigns())
        if one.id == campaign.remote_id
    )


@pytest.mark.parametrize("fault", LOST)
def test_l1_a_start_whose_answer_is_lost_is_read_and_said(campaign, sandbox, bob, fault):
    faults(sandbox, {"fault": fault, "times": 1})
    running.start(campaign, bob)
    campaign.refresh_from_db()
    assert campaign.is_running and campaign.is_status_known
    assert AuditEntry.objects.get(action="start_campaign").after == {"status": "in-progress"}


@pytest.mark.parametrize("kind", ["html", "empty", "malformed_json", "null", "list"])
def test_l1_garbage_instead_of_an_answer_is_no_answer(campaign, sandbox, bob, kind):
    faults(sandbox, {"fault": "garbage", "kind": kind, "accepted": True, "times": 1})
    running.start(campaign, bob)
    assert campaign.is_running


def test_l1_while_nothing_can_be_read_it_is_not_known_and_then_read(campaign, sandbox, bob, settings):
    faults(sandbox, {"fault": "500_after", "times": 1}, {"fault": "500", "on": "list_campaigns", "times": 1})
    with pytest.raises(RemoteProblem) as problem:
        running.start(campaign, bob)
    assert problem.value.code == "doubtful"
    assert not campaign.is_status_known and not campaign.is_running and campaign.may_be_running
    assert AuditEntry.objects.get(action="start_campaign").after == {"status": "not known"}
    gateway.refresh_campaigns(campaign.account)
    campaign.refresh_from_db()
    assert campaign.is_running


def test_l1_a_request_that_may_still_arrive_is_not_said_to_have_failed(campaign, sandbox, bob, settings):
    faults(sandbox, {"fault": "500_before", "times": 1})
    with pytest.raises(RemoteProblem):
        running.start(campaign, bob)
    gateway.refresh_campaigns(campaign.account)
    campaign.refresh_from_db()
    assert (campaign.status, campaign.is_status_known) == ("draft", False)
    Campaign.objects.update(status_asked_at=timezone.now() - timedelta(seconds=settings.SETTLE_SECONDS + 1))
    gateway.refresh_campaigns(campaign.account)
    campaign.refresh_from_db()
    assert campaign.is_status_known and not campaign.is_running


def test_l1_a_refusal_is_definite_unless_it_says_that_it_calls_already(campaign, sandbox, bob):
    refusal = {"fault": "answer", "status": 422, "body": {"message": "Kampanya zaten başlatıldı."}, "times": 1}
    faults(sandbox, refusal)
    with pytest.raises(RemoteProblem) as problem:
        running.start(campaign, bob)
    assert (problem.value.code, campaign.is_status_known) == ("refused", True)
    faults(sandbox, {**refusal, "accepted": True})
    running.start(campaign, bob)
    assert campaign.is_running


def test_l1_what_never_left_changes_nothing(campaign, sandbox, bob):
    campaign.account.base_url = "http://127.0.0.1:9/api"
    campaign.account.save()
    with pytest.raises(RemoteProblem) as problem:
        running.start(campaign, bob)
    assert (problem.value.code, campaign.is_status_known) == ("unreachable", True)


def test_l1_a_stop_whose_answer_is_lost_is_read_too(campaign, sandbox, bob):
    running.start(campaign, bob)
    faults(sandbox, {"fault": "reset_after", "times": 1})
    running.stop(campaign, bob)
    assert campaign.status == "stopped" == status_there(sandbox, campaign)


def test_l1_a_reading_that_began_before_does_not_overwrite_what_was_learnt_since(campaign, bob):
    began = timezone.now()
    running.start(campaign, bob)
    gateway.upsert_campaign(campaign.account, resources.Campaign(campaign.remote_id, "Test", "draft", {}), began)
    campaign.refresh_from_db()
    assert campaign.is_running


def test_l1_the_dispatcher_reads_what_is_not_known(campaign):
    from imports.scheduling import dispatcher

    Campaign.objects.filter(pk=campaign.pk).update(status_asked="in-progress", status_asked_at=timezone.now())
    enqueued = []
    for _twice in range(2):
        dispatcher._enqueue_campaign_syncs(lambda name, *ids: enqueued.append((name, *ids)))
    assert enqueued.count(("sync_campaigns", campaign.account_id)) >= 2
