"""Every check of the installation: silent where all is well, and naming what is wrong."""

import copy
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import override_settings

from config import checks


def ids(messages) -> list[str]:
    return [message.id for message in messages]


def test_this_installation_has_nothing_to_complain_of():
    call_command("check", fail_level="WARNING")


@pytest.mark.parametrize(
    ("debug", "url", "found"),
    [
        (True, "https://rowcall.example.com", ["rowcall.E001"]),
        (True, "http://localhost:8000", []),
        (False, "https://rowcall.example.com", []),
    ],
)
def test_debug_is_for_this_machine_only(debug, url, found):
    with override_settings(DEBUG=debug, SITE_URL=url):
        assert ids(checks.no_debug_in_the_open(None)) == found


def test_secrets_that_others_can_read_are_named_with_the_remedy(tmp_path):
    folder = tmp_path / "secrets"
    folder.mkdir(mode=0o700)
    (folder / "secret_key").touch(mode=0o600)
    with override_settings(VAR_DIR=tmp_path):
        assert checks.secrets_are_private(None) == []
        (folder / "secret_key").chmod(0o640)
        (message,) = checks.secrets_are_private(None)
    assert message.id == "rowcall.E003" and message.hint == f"chmod 600 {folder / 'secret_key'}"


def test_an_address_without_a_key_is_mentioned():
    with override_settings(WHATTALK_BASE_URL="https://app.whattalk.ai/api", WHATTALK_API_KEY=""):
        assert ids(checks.whattalk_key_is_given(None)) == ["rowcall.W004"]


SAFE_SQLITE = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": "/tmp/rowcall.sqlite3",
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
        },
    }
}


@pytest.mark.parametrize(
    ("option", "value", "named"),
    [
        ("transaction_mode", "DEFERRED", "transaction_mode IMMEDIATE"),
        ("timeout", 5, "a timeout of at least 20 s"),
        ("init_command", "PRAGMA synchronous=FULL;", "journal_mode=WAL"),
        ("init_command", "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;", "synchronous=FULL"),
    ],
)
def test_sqlite_without_its_settings_is_an_error(monkeypatch, option, value, named):
    databases = copy.deepcopy(SAFE_SQLITE)
    monkeypatch.setattr("django.conf.settings.DATABASES", databases)
    assert checks.sqlite_is_durable(None) == []
    databases["default"]["OPTIONS"][option] = value
    (message,) = checks.sqlite_is_durable(None)
    assert message.id == "rowcall.E005" and named in message.msg


def test_sqlite_on_a_network_is_an_error(monkeypatch):
    monkeypatch.setattr("django.conf.settings.DATABASES", SAFE_SQLITE)
    monkeypatch.setattr(checks, "file_system_of", lambda path: "nfs4")
    assert ids(checks.sqlite_is_durable(None)) == ["rowcall.E006"]


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/data/rowcall.sqlite3", "ext4"),
        ("/data/far away/rowcall.sqlite3", "nfs4"),
        ("/proc/x", "proc"),
        ("/elsewhere", "overlay"),
    ],
)
def test_file_systems_are_told_by_the_nearest_mount(tmp_path, path, kind):
    mounts = tmp_path / "mounts"
    mounts.write_text(
        "overlay / overlay rw 0 0\nproc /proc proc rw 0 0\n/dev/sda1 /data ext4 rw 0 0\nhost:/x /data/far\\040away nfs4 rw 0 0\n"
    )
    assert checks.file_system_of(Path(path), mounts) == kind


def test_a_system_without_mounts_is_not_guessed_at(tmp_path):
    assert checks.file_system_of(Path("/data"), tmp_path / "nothing") == ""


WAITS = {
    "visibility_timeout": 600,
    "broker_transport_options": {"visibility_timeout": 600},
    "result_backend_transport_options": {"visibility_timeout": 600},
    "task_time_limit": 120,
}


def test_one_long_visibility_timeout_in_three_places_is_right():
    assert checks.broker_waits_long_enough(None) == []
    assert checks.are_visibility_timeouts_right(WAITS)


@pytest.mark.parametrize(
    "change",
    [
        {"visibility_timeout": 3600},
        {"broker_transport_options": {}},
        {"broker_transport_options": None},
        {"result_backend_transport_options": {"visibility_timeout": 3600}},
        {"task_time_limit": 300},
    ],
)
def test_one_that_is_short_or_missing_somewhere_is_wrong(change):
    assert not checks.are_visibility_timeouts_right({**WAITS, **change})


def test_a_key_of_forgotten_numbers_that_is_easy_to_guess_is_mentioned():
    assert checks.forgotten_numbers_are_not_guessed(None) == []
    with override_settings(FORGOTTEN_KEY="changeme"):
        assert ids(checks.forgotten_numbers_are_not_guessed(None)) == ["rowcall.W009"]
