"""What the machine says of itself: to admins on a page, to other machines in numbers, to everybody in honest words."""

import datetime as dt
import socket

import pytest
from django.urls import reverse
from django.utils import timezone

from background.database_clock import now_ms
from imports.alerts import broker, gathering
from imports.models import Heartbeat, ImportJob, JobState, OutgoingMail
from imports.scheduling import reading_turns
from tests.builders import a_job


@pytest.fixture
def worker_alive(db):
    return Heartbeat.objects.create(name="celery@one", kind="worker", beat_ms=now_ms())


def test_health_is_degraded_without_a_worker_and_says_so(client, db):
    assert client.get("/healthz").json() == {"status": "degraded", "database": True, "workers": 0}


def test_health_with_a_worker(client, worker_alive):
    assert client.get("/healthz").json()["status"] == "ok"


def test_numbers_are_for_this_machine_or_who_knows_the_token(client, db, settings):
    a_job(rows=2)
    text = client.get("/metrics").content.decode()
    assert 'rowcall_imports{state="pushing"} 1' in text and 'rowcall_rows{state="pending"} 2' in text
    assert client.get("/metrics", REMOTE_ADDR="10.0.0.9").status_code == 403
    assert client.get("/metrics", HTTP_X_FORWARDED_FOR="127.0.0.1").status_code == 403
    settings.METRICS_TOKEN = "secret-token"
    assert client.get("/metrics").status_code == 403
    assert client.get("/metrics", REMOTE_ADDR="10.0.0.9", HTTP_AUTHORIZATION="Bearer secret-token").status_code == 200


def test_the_monitor_names_what_stands_still(adam, as_, worker_alive):
    job = a_job(rows=2)
    ImportJob.objects.filter(pk=job.pk).update(moved_at=timezone.now() - dt.timedelta(minutes=3))
    page = as_(adam).get(reverse("imports:monitor")).content.decode()
    assert "stalled" in page and "nothing has moved for 2 minutes" in page


def test_the_monitor_says_when_nobody_works(adam, as_, db):
    assert "No worker is alive." in as_(adam).get(reverse("imports:monitor")).content.decode()


def test_the_monitor_and_pages_say_when_one_kind_of_work_has_no_worker(adam, alice, as_, db):
    Heartbeat.objects.create(name="reader@one", kind="worker", beat_ms=now_ms(), detail={"queues": ["parse"], "processes": 2})
    page = as_(adam).get(reverse("imports:monitor")).content.decode()
    assert "No worker reads these queues:" in page and "maintenance" in page and "No worker is alive." not in page
    assert gathering.is_read("parse") and not gathering.is_read("send")
    Heartbeat.objects.update(detail={"queues": ["parse"], "processes": 2, "is_stopping": True})
    assert not gathering.is_read("parse"), "it takes up nothing new"
    assert reading_turns.processes() == 1
    poll = reverse("imports:poll", args=[a_job(rows=2, owner=alice).pk])
    assert "Nothing is running in the background" in as_(alice).get(poll).content.decode()


def test_a_page_says_when_nobody_works(alice, as_, db):
    job = a_job(rows=2, owner=alice)
    url = reverse("imports:poll", args=[job.pk])
    assert "Nothing is running in the background" in as_(alice).get(url).content.decode()
    Heartbeat.objects.create(name="celery@one", kind="worker", beat_ms=now_ms())
    assert "Nothing is running in the background" not in as_(alice).get(url).content.decode()


def test_errors_are_counted_by_code(adam, as_, checked):
    page = as_(adam).get(reverse("imports:monitor")).content.decode()
    assert "<strong>1</strong> Too short" in page


def test_a_broker_that_hangs_does_not_hold_the_page(settings):
    with socket.create_server(("127.0.0.1", 0)) as silent:  # it takes every connection, and never answers
        settings.BROKER_URL = f"redis://127.0.0.1:{silent.getsockname()[1]}/0"
        assert broker.look(settings.QUEUES).depths is None


def test_a_mail_that_failed_can_be_tried_again(adam, as_, alice):
    mail = OutgoingMail.objects.create(job=a_job(rows=1), kind="done", recipient=alice, state="failed", error="550")
    client = as_(adam)
    assert "550" in client.get(reverse("imports:monitor")).content.decode()
    client.post(reverse("imports:retry_mail", args=[mail.pk]))
    mail.refresh_from_db()
    assert mail.state == "waiting"


@pytest.mark.parametrize("state", [JobState.DONE, JobState.CANCELLED, JobState.FAILED])
def test_asking_again_ends_when_the_import_has(alice, as_, state):
    job = a_job(rows=1, owner=alice, state=state)
    answer = as_(alice).get(reverse("imports:poll", args=[job.pk]), HTTP_HX_REQUEST="true")
    assert answer.headers["HX-Redirect"] == reverse("imports:show", args=[job.pk])
    assert "hx-get" not in answer.content.decode().split("</div>")[0]


def test_home_shows_what_needs_me_and_nothing_of_others(alice, charlie, as_, campaign):
    a_job(campaign, 1, owner=alice, state=JobState.PAUSED, reason="key", file_name="hers.csv")
    assert "hers.csv" in as_(alice).get("/").content.decode()
    page = as_(charlie).get("/").content.decode()
    assert "hers.csv" not in page and "From a spreadsheet to calls in three steps" in page
