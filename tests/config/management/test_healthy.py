"""`manage.py healthy`, as containers call it."""

import socket

import pytest
from django.core.management import CommandError, call_command

from background.database_clock import now_ms
from imports.models import Heartbeat


def heartbeat(kind: str, host: str, age_ms: int) -> None:
    Heartbeat.objects.create(name=f"{kind}@{host}", kind=kind, beat_ms=now_ms() - age_ms, last_run_ms=0)


@pytest.mark.parametrize("kind", ["worker", "scheduler"])
def test_a_fresh_heartbeat_of_this_machine_is_health(db, kind):
    heartbeat(kind, socket.gethostname(), age_ms=5_000)
    call_command("healthy", kind)


@pytest.mark.parametrize(
    ("kind", "host", "age_ms"),
    [
        ("worker", socket.gethostname(), 61_000),
        ("worker", "another-machine", 1_000),
        ("scheduler", socket.gethostname(), 1_000),
    ],
)
def test_an_old_heartbeat_or_somebody_elses_is_not(db, kind, host, age_ms):
    heartbeat(kind, host, age_ms)
    with pytest.raises(CommandError, match="worker of this machine"):
        call_command("healthy", "worker")


def test_the_web_server_is_asked_over_http(live_server, client):
    client.get("/healthz")  # imports every page: on a busy machine the first answer takes seconds
    call_command("healthy", "web", "--port", live_server.thread.port)


def test_a_web_server_that_is_away_is_not_healthy(free_tcp_port):
    with pytest.raises(CommandError, match="web of this machine"):
        call_command("healthy", "web", "--port", free_tcp_port)


@pytest.fixture
def free_tcp_port() -> int:
    from config.launcher.ports import free_port

    return free_port()
