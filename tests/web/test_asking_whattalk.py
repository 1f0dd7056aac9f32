"""No page speaks to WhatTalk: a worker does, and a page waits for what comes of it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from background.database_clock import now_ms
from campaigns import gateway, remote_requests, running
from campaigns.models import CampaignRequest
from campaigns.remote_request_models import RemoteRequest

pytestmark = pytest.mark.usefixtures("nothing_is_done_yet")


@pytest.fixture
def nobody_is_asked(monkeypatch):
    def call(*_question, **_options):
        raise AssertionError("WhatTalk was asked in a request")

    monkeypatch.setattr(gateway, "call", call)


def shown(answer) -> str:
    return answer.content.decode()


def test_no_request_of_a_person_asks_whattalk(adam, as_, account, campaign, assistant, nobody_is_asked):
    client = as_(adam)
    hours = {"allowed_hours_start_time": "09:00", "allowed_hours_end_time": "18:00", "allowed_days": ["monday"]}
    tries = {"max_calls_in_parallel": 1, "max_retries": 1, "retry_interval": 60}
    new = {"name": "Spring", "assistant": assistant.pk, "form_token": "once", "csrfmiddlewaretoken": "secret", **hours, **tries}
    asked = [
        client.post(reverse("campaigns:refresh"), {"campaign": campaign.pk}),
        client.get(reverse("campaigns:start", args=[campaign.pk])),
        client.post(reverse("campaigns:start", args=[campaign.pk])),
        client.post(reverse("campaigns:stop", args=[campaign.pk])),
        client.post(reverse("campaigns:check_account", args=[account.pk])),
    ]
    assert [answer.status_code for answer in asked] == [302] * 5
    for answer in asked:
        assert not answer.is_ready()
        page = shown(client.get(answer.url))
        assert "WhatTalk is being asked" in page and "hx-get" in page and "Reload" in page
    RemoteRequest.objects.update(asked_ms=0)
    assert "This waits for its turn" in shown(client.get(asked[0].url))
    RemoteRequest.objects.update(attempts=1)  # one has, and failed
    assert "This waits for its turn" not in shown(client.get(asked[0].url))
    assert client.post(reverse("campaigns:new_campaign"), new).status_code == 302
    assert not CampaignRequest.objects.exists()
    kept = RemoteRequest.objects.get(kind="create").params["form"]
    assert "name=Spring" in kept and "secret" not in kept


def test_a_page_of_one_person_is_nobody_else_s(adam, bob, as_, campaign, nobody_is_asked):
    page = as_(adam).post(reverse("campaigns:refresh"), {"campaign": campaign.pk}).url
    assert as_(bob).get(page).status_code == 404


def test_a_double_click_starts_once_and_the_page_says_what_came_of_it(bob, as_, campaign, monkeypatch):
    started = []
    monkeypatch.setattr(running, "start", lambda campaign, user: started.append(user))
    client = as_(bob)
    pages = {client.post(reverse("campaigns:start", args=[campaign.pk])).url for _ in range(2)}
    for request in RemoteRequest.objects.all():
        remote_requests.run(request.pk)
    (page,) = pages
    assert started == [bob]
    assert client.get(page, HTTP_HX_REQUEST="true").headers["HX-Redirect"] == page
    assert "The campaign is started." in shown(client.get(page, follow=True))


def test_a_start_is_not_carried_out_late_nor_after_a_stop_nor_twice(bob, as_, campaign, monkeypatch):
    started = []
    monkeypatch.setattr(running, "start", lambda *_: started.append(1))
    monkeypatch.setattr(running, "stop", lambda *_: None)

    def outcome(**changes) -> str:
        request = remote_requests.ask(RemoteRequest.Kind.START, campaign.account, bob, campaign)
        RemoteRequest.objects.filter(pk=request.pk).update(**changes)
        remote_requests.run(request.pk)
        request.refresh_from_db()
        return request.result["problem"][0]

    assert outcome(asked_ms=0) == remote_requests.NOBODY_THERE
    assert outcome(attempts=1) == "doubtful"  # its worker was killed: what WhatTalk made of it is read, not asked again
    start = remote_requests.ask(RemoteRequest.Kind.START, campaign.account, bob, campaign)
    remote_requests.ask(RemoteRequest.Kind.STOP, campaign.account, bob, campaign)
    remote_requests.run(start.pk)
    start.refresh_from_db()
    assert (start.state, started) == ("failed", [])
    page = as_(bob).get(reverse("campaigns:waiting", args=[start.pk]), follow=True)
    assert "The campaign was not started: it was stopped meanwhile." in shown(page)


def test_what_whattalk_told_is_shown_for_a_minute_whatever_the_clock_of_the_worker(bob, as_, campaign):
    client, page = as_(bob), reverse("campaigns:start", args=[campaign.pk])
    client.get(page)
    RemoteRequest.objects.update(state="done", result={"waiting": 3, "is_counted": True})
    ago, asked = timezone.now() - timedelta(seconds=61), {"asked": RemoteRequest.objects.get().pk}
    for facts in ({"finished_at": ago}, {"finished_at": timezone.now(), "asked_ms": 0}):
        RemoteRequest.objects.update(**facts)
        assert "counted by WhatTalk just now" in shown(client.get(page, asked))
    RemoteRequest.objects.update(finished_at=ago, asked_ms=now_ms() - 61_000)
    assert client.get(page, asked).status_code == 302 and RemoteRequest.objects.count() == 2


def test_what_was_refused_stands_in_the_form_again(bob, as_, campaign, monkeypatch):
    request = remote_requests.ask(
        RemoteRequest.Kind.CREATE,
        campaign.account,
        bob,
        params={"campaign": {"name": "Spring"}, "token": "t", "may_repeat_name": False, "form": "name=Spring&form_token=t"},
    )
    RemoteRequest.objects.update(state="failed", result={"problem": ["refused", "too short"]})
    answer = as_(bob).get(reverse("campaigns:waiting", args=[request.pk]))
    assert answer.status_code == 422 and "too short" in shown(answer) and 'value="Spring"' in shown(answer)
    assert f'action="{reverse("campaigns:new_campaign")}"' in shown(answer)
