"""The heartbeat of a process: that it is written, that it calls the dispatcher, and that nothing ends it but the process itself."""

import logging
import threading
from types import SimpleNamespace

import pytest
from django.db import OperationalError

from background import shutdown
from background.database_clock import now_ms
from imports.alerts.gathering import MAIL_SERVER
from imports.models import Heartbeat, OutgoingMail
from imports.scheduling import heartbeat
from imports.scheduling.heartbeat import HeartbeatThread, beat, end, note_mail_server
from tests.builders import a_job
from tests.processes import PATIENCE

MACHINE = {"name": "elsewhere", "disk_free": 1, "memory_free": 1, "memory_total": 2}


@pytest.fixture(autouse=True)
def nobody_asked_to_stop():
    shutdown.forget()
    yield
    shutdown.forget()


@pytest.fixture
def dispatched(monkeypatch) -> list[int]:
    """One entry for each call of the dispatcher; the connection of the test stays open."""
    calls: list[int] = []
    monkeypatch.setattr(heartbeat, "dispatch_due_work", lambda: calls.append(1))
    monkeypatch.setattr(heartbeat, "connection", SimpleNamespace(close=lambda: None))
    return calls


@pytest.fixture
def clock(monkeypatch) -> list[float]:
    """What `time.monotonic` says there; sleeping moves it."""
    now = [1_000.0]
    monkeypatch.setattr(heartbeat.time, "monotonic", lambda: now[0])
    return now


def detail_of(name: str) -> dict:
    return Heartbeat.objects.get(name=name).detail


def away() -> bool:
    raise OperationalError("secret: the database is away")


def test_a_heartbeat_tells_of_its_machine_and_since_when_it_is_alive(db, dispatched):
    thread = HeartbeatThread("worker@one", "worker", {"queues": ["send"]})
    assert thread._beat({"machine": MACHINE, "stopped": 0}) and dispatched == [1]
    first = detail_of("worker@one")
    assert (first["machine"], first["queues"], first["stopped"]) == (MACHINE, ["send"], 0) and "write_ms" not in first
    assert thread._beat({"machine": MACHINE, "stopped": 2})
    second = detail_of("worker@one")
    assert second["write_ms"] >= 0 and (second["started_ms"], second["stopped"]) == (first["started_ms"], 2)


def test_a_name_that_is_too_long_is_cut_alike_when_it_begins_and_ends(db, dispatched):
    name = "celery@" + "x" * 200
    HeartbeatThread(name, "worker")._beat({})
    assert [len(one.name) for one in Heartbeat.objects.all()] == [120]
    end(name)
    assert not Heartbeat.objects.exists()


def test_the_dispatcher_is_called_less_often_than_a_heartbeat_is_written(db, dispatched, clock, settings):
    settings.DISPATCH_SECONDS = 10
    thread = HeartbeatThread("worker@one", "worker")
    for _ in range(5):
        thread._beat({})
        clock[0] += 5
    assert len(dispatched) == 3


def test_a_database_that_is_away_ends_no_heartbeat_and_is_tried_again_sooner(
    db, dispatched, clock, monkeypatch, caplog, settings
):
    settings.DISPATCH_SECONDS, waits = 60, []

    def sleep(seconds: float) -> None:
        waits.append(seconds)
        clock[0] += seconds
        if len(waits) == 3:
            shutdown.ask()

    monkeypatch.setattr(heartbeat.time, "sleep", sleep)
    monkeypatch.setattr(heartbeat, "error_of_mail_server", lambda: "")
    thread = HeartbeatThread("worker@one", "worker")
    answers = iter([away, lambda: True, away])
    monkeypatch.setattr(thread, "_note", lambda **found: next(answers)())
    monkeypatch.setattr(thread, "_is_look_due", lambda: False)
    with caplog.at_level(logging.WARNING):
        thread.run()
    assert waits == [heartbeat.AGAIN_SECONDS, heartbeat.BEAT_SECONDS, heartbeat.AGAIN_SECONDS]
    assert "OperationalError" in caplog.text and "secret" not in caplog.text


def test_a_dispatcher_that_fails_is_a_heartbeat_that_is_tried_again(db, dispatched, monkeypatch):
    monkeypatch.setattr(heartbeat, "dispatch_due_work", away)
    assert not HeartbeatThread("worker@one", "worker")._beat({})
    assert Heartbeat.objects.filter(name="worker@one").exists()


def test_who_was_asked_to_stop_writes_no_further_heartbeat_but_that_it_is_stopping(db, dispatched):
    shutdown.ask()
    thread = HeartbeatThread("worker@one", "worker", {"queues": ["send"]})
    thread.run()
    assert not Heartbeat.objects.exists()  # `end` may have taken it away
    beat("worker@one", "worker")
    thread.run()
    assert detail_of("worker@one") == {"queues": ["send"], "is_stopping": True} and dispatched == []


def test_the_end_takes_the_heartbeat_away_and_asks_for_no_more(db, dispatched):
    beat("worker@one", "worker", {"queues": ["send"]})
    beat("worker@two", "worker")
    end("worker@one")
    assert [one.name for one in Heartbeat.objects.all()] == ["worker@two"] and shutdown.is_asked()
    end("worker@one")


def test_the_end_does_not_wait_for_ever_for_the_last_heartbeat(db, dispatched, monkeypatch):
    beat("worker@one", "worker")
    monkeypatch.setattr(heartbeat, "END_SECONDS", 0.01)
    holding, may_go = threading.Event(), threading.Event()

    def hold() -> None:
        with heartbeat._between_forks:
            holding.set()
            may_go.wait(PATIENCE)

    holder = threading.Thread(target=hold)
    holder.start()
    holding.wait(PATIENCE)
    end("worker@one")
    may_go.set()
    holder.join(PATIENCE)
    assert Heartbeat.objects.exists()


def test_an_end_without_a_database_lets_go_of_the_lock(dispatched, monkeypatch, caplog):
    monkeypatch.setattr(heartbeat, "Heartbeat", SimpleNamespace(objects=SimpleNamespace(filter=lambda **of: away())))
    with caplog.at_level(logging.WARNING):
        end("worker@one")
    assert "the heartbeat stays: OperationalError" in caplog.text and not heartbeat._between_forks.locked()


@pytest.mark.parametrize(
    ("before", "now", "hurried"), [("ConnectionRefusedError", "", True), ("", "", False), ("x", "TimeoutError", False)]
)
def test_mails_are_tried_at_once_when_their_server_answers_again(db, alice, before, now, hurried):
    Heartbeat.objects.create(name=MAIL_SERVER, kind="timer", last_run_ms=now_ms(), detail={"error": before})
    mail = OutgoingMail.objects.create(job=a_job(rows=1), kind="done", recipient=alice, attempts=4, next_ms=now_ms() + 300_000)
    assert note_mail_server(now)
    mail.refresh_from_db()
    assert (mail.next_ms == 0) == hurried and detail_of(MAIL_SERVER) == {"error": now}


def test_one_process_at_a_time_looks_at_the_mail_server(db, dispatched):
    assert HeartbeatThread("worker@one", "worker")._is_look_due()
    assert not HeartbeatThread("worker@two", "worker")._is_look_due()
    Heartbeat.objects.filter(name=MAIL_SERVER).update(last_run_ms=now_ms() - heartbeat.LOOK_EVERY_MS)
    assert HeartbeatThread("worker@two", "worker")._is_look_due()


def test_a_mail_server_that_keeps_a_look_waiting_keeps_no_heartbeat_waiting(transactional_db, monkeypatch):
    may_answer = threading.Event()
    monkeypatch.setattr(heartbeat, "error_of_mail_server", lambda: "" if may_answer.wait(PATIENCE) else "nobody let it answer")
    thread = HeartbeatThread("worker@one", "worker")
    assert thread._is_look_due()
    thread._begin_look()
    assert not thread._is_look_due(), "one look at a time"
    may_answer.set()
    thread._look.join(PATIENCE)
    assert detail_of(MAIL_SERVER) == {"error": ""}


def test_what_celery_starts_is_named_as_celery_names_it(monkeypatch):
    begun, at_exit = [], []
    monkeypatch.setattr(HeartbeatThread, "start", lambda thread: begun.append((thread._owner, thread._kind, thread._detail)))
    monkeypatch.setattr(heartbeat.atexit, "register", lambda *given: at_exit.append(given))
    queues = SimpleNamespace(queues=SimpleNamespace(consume_from={"send": 1, "check": 2}))
    heartbeat._start_in_worker(
        SimpleNamespace(hostname="a@b", app=SimpleNamespace(amqp=queues), controller=SimpleNamespace(concurrency=3))
    )
    heartbeat._start_in_scheduler(None)
    assert begun[0] == ("a@b", "worker", {"queues": ["check", "send"], "processes": 3})
    assert begun[1][0].startswith("scheduler@") and begun[1][1:] == ("scheduler", {})
    assert at_exit == [(heartbeat.end, begun[1][0])]
