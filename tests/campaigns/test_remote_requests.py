"""What a person asks of WhatTalk, as a worker finds it."""

import time
from types import SimpleNamespace

import pytest

from background import leases
from background.leases import Leases
from campaigns import remote_requests, running
from campaigns.gateway import RemoteProblem
from campaigns.remote_request_models import RemoteRequest
from tests.builders import a_job
from tests.processes import wait_until

pytestmark = pytest.mark.django_db
KIND, STATE = RemoteRequest.Kind, RemoteRequest.State


@pytest.fixture
def asked(nothing_is_done_yet, monkeypatch, alice):
    """Starts that were asked for: `asked(kind)`; `asked.done` holds those that were carried out."""
    campaign, done = a_job(rows=0, owner=alice).campaign, []
    monkeypatch.setattr(running, "start", lambda of, user: done.append("start"))

    def ask(kind):
        return remote_requests.ask(kind, campaign.account, alice, campaign)

    ask.done = done
    return ask


def test_a_start_is_carried_out_once_and_asked_for_once(asked):
    first, second = asked(KIND.START), asked(KIND.START)
    assert first.pk == second.pk and remote_requests.due_ids() == [first.pk]
    remote_requests.run(first.pk)
    remote_requests.run(first.pk)
    assert asked.done == ["start"] and RemoteRequest.objects.get().state == STATE.DONE


@pytest.mark.parametrize("kind, code", [(KIND.REFRESH, "unreachable"), (KIND.LOOK, "unreachable"), (KIND.CREATE, "doubtful")])
def test_what_was_tried_often_enough_is_in_doubt_only_if_it_may_have_changed_something(asked, kind, code):
    request = asked(kind)
    RemoteRequest.objects.update(attempts=remote_requests.MOST_ATTEMPTS)
    remote_requests.run(request.pk)
    assert RemoteRequest.objects.get().result["problem"] == [code, ""]


@pytest.mark.django_db(transaction=True)
def test_its_lease_is_renewed_for_as_long_as_the_task_may_last(asked, monkeypatch):
    monkeypatch.setattr(remote_requests, "LEASES", Leases(RemoteRequest, STATE.WAITING, 1_000, related=("campaign", "asked_by")))

    def last_for_a_minute(of, user):
        first = RemoteRequest.objects.get().lease_ms
        monkeypatch.setattr(leases, "time", SimpleNamespace(monotonic=lambda: time.monotonic() + 60))
        wait_until(lambda: RemoteRequest.objects.get().lease_ms > first, within=10)

    monkeypatch.setattr(running, "start", last_for_a_minute)
    remote_requests.run(asked(KIND.START).pk)
    assert RemoteRequest.objects.get().state == STATE.DONE


def test_what_whattalk_says_against_it_is_kept(asked, monkeypatch):
    def refuse(of, user):
        raise RemoteProblem("doubtful", "no answer")

    monkeypatch.setattr(running, "start", refuse)
    remote_requests.run(asked(KIND.START).pk)
    assert RemoteRequest.objects.get().result["problem"][0] == "doubtful"
