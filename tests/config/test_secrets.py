"""Secrets are made once and readable by their owner alone."""

import os
import secrets
import stat
import subprocess
import sys

import pytest
from django.conf import settings

from config.env import BadEnvironment
from config.secrets import new_encryption_key, new_secret_key, not_guessed, stored_secret


def test_a_secret_is_made_at_first_use_and_stays(tmp_path):
    path = tmp_path / "secrets" / "key"
    first = stored_secret(path, new_encryption_key)
    assert stored_secret(path, new_encryption_key) == first != new_encryption_key()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600 and [entry.name for entry in path.parent.iterdir()] == ["key"]


def test_of_two_processes_that_start_at_once_the_first_wins(tmp_path):
    path = tmp_path / "key"

    def made_meanwhile() -> str:
        path.write_text("of the other process\n")
        return "ours"

    assert stored_secret(path, made_meanwhile) == "of the other process"


def test_secret_keys_are_long():
    assert len(new_secret_key()) >= 50


@pytest.mark.parametrize(
    "key",
    [
        "changeme",
        "changeme" * 8,
        "secret-key-" * 5,
        "django-insecure-" + "abcdefghij" * 4,
        "x" * 64,
        "0123456789" * 2,
        "your-secret-key-change-me-in-production",
    ],
)
def test_a_key_that_people_guess_first_is_refused_with_a_remedy(key):
    with pytest.raises(BadEnvironment, match="SECRET_KEY is too easy to guess.*openssl rand -hex 32"):
        not_guessed("SECRET_KEY", key)


def test_a_key_that_nobody_chose_is_taken():
    for key in ("", new_secret_key(), secrets.token_hex(16), secrets.token_urlsafe(50), secrets.token_hex(32)):
        assert not_guessed("SECRET_KEY", key) == key


def test_an_instance_with_a_guessed_key_does_not_start_and_one_in_production_has_no_warning(tmp_path):
    def check(**environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
            cwd=settings.BASE_DIR,
            env={"PATH": os.environ["PATH"], "ROWCALL_VAR": str(tmp_path / "var"), **environment},
            capture_output=True,
            text=True,
        )

    refused = check(SECRET_KEY="changeme")
    assert refused.returncode and "SECRET_KEY is too easy to guess" in refused.stderr
    production = check(
        SITE_URL="https://rowcall.example.com",
        TRUSTED_PROXIES="1",
        SECRET_KEY=secrets.token_hex(32),
        WHATTALK_BASE_URL="https://app.whattalk.ai/api",
        WHATTALK_API_KEY="12|a-key",
    )
    assert production.returncode == 0, production.stderr
