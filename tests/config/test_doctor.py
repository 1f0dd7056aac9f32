"""`manage.py doctor`: an instance that is well has no error; each misconfiguration is found, with its remedy."""

import io
import json
import re
import socket

import pytest
from django.conf import settings
from django.core.management import call_command

from background.database_clock import now_ms
from config.doctor import configuration, connections, storage
from config.doctor.checks import CHECKS, findings
from config.doctor.finding import Level
from imports.alerts import machine
from imports.alerts.rules import SILENT_MS
from imports.models import Heartbeat
from tests.builders import an_account


def told(*words: str) -> tuple[int, dict]:
    """The exit status and what it writes as JSON."""
    out = io.StringIO()
    try:
        call_command("doctor", "--json", *words, stdout=out)
    except SystemExit as end:
        return int(end.code or 0), json.loads(out.getvalue())
    return 0, json.loads(out.getvalue())


@pytest.fixture
def well(transactional_db, broker, sandbox, settings, monkeypatch):
    """An instance that nothing is wrong with."""
    monkeypatch.setattr(machine, "memory", lambda: (2**33, 2**34))
    settings.DISK_FLOOR_BYTES = 0
    monkeypatch.setattr(storage, "MUST_BE_ON", ("synchronous_commit",))  # the PostgreSQL of tests need not outlive a power cut
    an_account(sandbox.base_url, sandbox.api_key)
    Heartbeat.objects.create(name="worker@one", kind="worker", beat_ms=now_ms(), detail={"queues": list(settings.QUEUES)})
    Heartbeat.objects.create(name="scheduler@one", kind="scheduler", beat_ms=now_ms())


def test_an_instance_that_is_well(well):
    status, answer = told()
    assert (status, answer["ok"]) == (0, True), [one for one in answer["findings"] if one["level"] == "error"]
    assert {"secrets", "database", "migrations", "clock", "room", "broker", "workers", "mail", "whattalk"} <= {
        one["check"] for one in answer["findings"]
    }


def test_an_error_is_told_with_its_remedy_and_ends_with_1(well, settings, capsys):
    settings.ALLOWED_HOSTS = ["elsewhere.example.com"]
    status, answer = told()
    (finding,) = [one for one in answer["findings"] if one["level"] == "error"]
    assert status == 1 and not answer["ok"] and "ALLOWED_HOSTS" in finding["sentence"] and "Add localhost" in finding["remedy"]
    with pytest.raises(SystemExit):
        call_command("doctor")
    assert "ERROR   site: SITE_URL names localhost" in capsys.readouterr().out


def errors_of(check) -> list[str]:
    found = list(check())
    assert all(one.remedy for one in found if one.level is not Level.OK)
    return [one.check for one in found if one.level is Level.ERROR]


@pytest.mark.parametrize(
    ("check", "name", "value"),
    [
        (configuration.secrets, "ENCRYPTION_KEYS", ["no key"]),
        (configuration.files, "VAR_DIR", "/proc/nowhere"),
        (configuration.site_address, "ALLOWED_HOSTS", ["elsewhere.example.com"]),
        (configuration.site_address, "IS_HTTPS", True),
        (configuration.time_zones, "TIME_ZONE", "Europe/Nowhere"),
        (configuration.collected_files, "STORAGES", {"staticfiles": {"BACKEND": "x.ManifestStorage"}}),
        (connections.broker, "BROKER_URL", "redis://127.0.0.1:1/0"),
    ],
)
def test_settings_that_are_wrong(settings, check, name, value):
    setattr(settings, name, value)
    assert len(errors_of(check)) == 1


@pytest.mark.parametrize(
    ("check", "changed"),
    [
        (configuration.system_checks, {"FORGOTTEN_KEY": "short"}),
        (configuration.secrets, {"METRICS_TOKEN": "short"}),
        (configuration.site_address, {"ALLOWED_HOSTS": ["*"], "SITE_URL": "http://localhost:8000"}),
        (configuration.site_address, {"SITE_URL": "http://rowcall.example.com", "ALLOWED_HOSTS": ["rowcall.example.com"]}),
        (configuration.site_address, {"TRUSTED_PROXIES": 1}),
        (configuration.debug, {"DEBUG": True}),
        (connections.mail_server, {"SITE_URL": "https://rowcall.example.com"}),
    ],
)
def test_settings_that_are_doubtful(settings, check, changed):
    for name, value in changed.items():
        setattr(settings, name, value)
    found = list(check())
    assert [one.level for one in found if one.level is not Level.OK] == [Level.WARNING] and errors_of(check) == []


def test_every_secret_that_may_stand_in_a_file_is_looked_at():
    read = re.findall(r'env_(?:secret|url)\("(\w+)"', (settings.BASE_DIR / "config" / "settings.py").read_text())
    assert {*read} - {"SITE_URL", "WHATTALK_BASE_URL"} == {*configuration.SECRETS}


def test_workers_are_judged_by_the_rules_of_the_alerts(well):
    Heartbeat.objects.filter(kind="worker").update(beat_ms=now_ms() - SILENT_MS)
    found = [one.sentence for one in connections.workers() if one.level is Level.ERROR]
    assert found[0] == "No worker is alive." and "worker@one is frozen or was killed" in found[1]


def test_what_is_connected_to_is_asked(well, settings, sandbox):
    Heartbeat.objects.filter(kind="worker").update(detail={"queues": ["send"]})
    assert errors_of(connections.workers) == ["workers"]
    Heartbeat.objects.all().delete()
    assert errors_of(connections.workers) == ["workers"]
    an_account(sandbox.base_url, "another-key", name="Second")
    assert errors_of(connections.whattalk) == ["whattalk"]
    settings.EMAIL_BACKEND, settings.EMAIL_HOST = "django.core.mail.backends.smtp.EmailBackend", "127.0.0.1"
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # nobody listens
        settings.EMAIL_PORT = taken.getsockname()[1]
        assert errors_of(connections.mail_server) == ["mail"]


def test_a_database_that_may_lose_what_it_has_taken(db, monkeypatch):
    answers = {
        "fsync": "off",
        "journal_mode": "delete",
        "synchronous_commit": "on",
        "synchronous": 2,
        "transaction_read_only": "off",
    }
    monkeypatch.setattr(storage, "_asked", lambda statement: answers[statement.split()[1]])
    assert errors_of(storage.database) == ["database"]


def test_clocks_that_differ(db, monkeypatch):
    monkeypatch.setattr(storage.time, "time", lambda: 1_000.0)
    assert errors_of(storage.clock) == ["clock"]


def test_a_check_that_breaks_is_a_finding():
    def broken():
        raise KeyError("nothing")

    (finding,) = findings((broken,))
    assert finding.level is Level.ERROR and "KeyError" in finding.sentence and len(CHECKS) > 10
