"""A message to the broker: after the commit, ids only, and nobody's work fails for it. Rows F13 and F14 of the fault table."""

import pytest

from background import queue
from config.celery import app

SEND = "imports.tasks.send_import"


@pytest.fixture(autouse=True)
def no_quiet_time(monkeypatch):
    monkeypatch.setattr(queue, "_quiet_until", 0.0)


@pytest.mark.django_db(transaction=True)
def test_f13_a_broker_that_is_down_fails_nobody(monkeypatch):
    def down(*_args, **_kwargs):
        raise OSError("nobody listens")

    monkeypatch.setattr(app, "send_task", down)
    queue.enqueue(SEND, 1)
    asked: list = []
    monkeypatch.setattr(app, "send_task", lambda *args, **kwargs: asked.append(args))
    queue.enqueue(SEND, 1)
    assert asked == [], "for a while it is not even asked"
    monkeypatch.setattr(queue, "_quiet_until", 0.0)
    queue.enqueue(SEND, 1)
    assert len(asked) == 1


def test_f14_a_frozen_broker_is_not_waited_for_longer_than_the_socket_is():
    options = app.conf.broker_transport_options
    assert options["socket_timeout"] <= 5 and options["socket_connect_timeout"] <= 3
    assert app.conf.task_publish_retry_policy["max_retries"] <= 1


def test_a_message_of_ids_is_all_that_the_broker_sees(db, monkeypatch):
    sent = {}
    monkeypatch.setattr(app, "send_task", lambda name, **kwargs: sent.update(kwargs, name=name))
    queue._send(SEND, (7, 0, 3))
    assert sent == {"name": SEND, "args": (7, 0, 3)}


def test_a_message_leaves_only_once_the_work_is_committed(db, monkeypatch, django_capture_on_commit_callbacks):
    heard: list[tuple] = []
    monkeypatch.setattr(queue, "_send", lambda task, ids: heard.append((task, *ids)))
    with django_capture_on_commit_callbacks(execute=True):
        queue.enqueue(SEND, 7)
        assert heard == []
    assert heard == [(SEND, 7)]
