"""Secrets are made once and readable by their owner alone."""

import stat

from config.secrets import new_encryption_key, new_secret_key, stored_secret


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
