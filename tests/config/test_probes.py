"""/livez and /readyz: what they touch, what they name, and that neither waits."""

import socket

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from config import probes


@pytest.fixture
def tables_unknown(monkeypatch):
    monkeypatch.setattr(probes, "_migrated", probes.threading.Event())


def test_livez_touches_nothing(client, adam):
    client.force_login(adam)  # its session would be read
    with CaptureQueriesContext(connection) as queries:
        answer = client.get("/livez", HTTP_HOST="10.0.0.7")
    assert (answer.status_code, answer.json(), len(queries)) == (200, {"status": "ok"}, 0)
    assert answer.headers["X-Request-ID"]
    assert client.post("/livez").status_code == 405 and client.head("/livez").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_readyz_names_what_is_missing_and_no_more(client, broker, settings, tables_unknown, monkeypatch):
    assert client.get("/readyz").json() == {"status": "ok", "missing": []}
    with socket.create_server(("127.0.0.1", 0)) as silent:  # takes every connection, and never answers
        settings.BROKER_URL = f"redis://:hush@127.0.0.1:{silent.getsockname()[1]}/0"
        answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (503, {"status": "unready", "missing": ["broker"]})
    settings.BROKER_URL = broker
    monkeypatch.setattr(probes, "_migrated", probes.threading.Event())
    call_command("migrate", "background", "0001", verbosity=0)
    try:
        assert client.get("/readyz").json()["missing"] == ["migrations"]
    finally:
        call_command("migrate", verbosity=0)
    assert client.get("/readyz").status_code == 200


def test_readyz_does_not_wait_for_a_database_that_hangs(monkeypatch):
    is_over = probes.threading.Event()
    monkeypatch.setattr(probes, "is_database_there", lambda: is_over.wait(60))
    monkeypatch.setattr(probes, "is_broker_there", lambda: True)
    try:
        assert probes.missing_parts(seconds=0.05) == ["database"]
    finally:
        is_over.set()
