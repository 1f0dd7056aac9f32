"""What an instance writes is readable by its own user alone, also where a version before has made it."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from config.checks import data_is_private
from config.private_files import keep_private


def open_to_others(folder: Path) -> list[str]:
    return [str(path) for path in (folder, *folder.rglob("*")) if path.lstat().st_mode & 0o077 and not path.is_symlink()]


@pytest.fixture
def usual_umask():
    before = os.umask(0o022)
    yield
    os.umask(before)


def test_an_older_instance_is_mended_when_a_process_starts(tmp_path, usual_umask):
    var = tmp_path / "var"
    (var / "mail").mkdir(mode=0o755, parents=True)
    (var / "mail" / "1.log").write_text("To: ayse@example.com")
    (var / "elsewhere").symlink_to(tmp_path)
    assert len(open_to_others(var)) == 3
    keep_private(var)
    assert open_to_others(var) == [] and stat.S_IMODE(var.stat().st_mode) == 0o700
    (var / "new").write_text("")
    (var / "folder").mkdir()
    assert open_to_others(var) == []


def test_every_command_writes_for_its_own_user_alone(tmp_path, usual_umask):
    """The database, its log, and mails: written by libraries that know nothing of this."""
    code = (
        "import django; django.setup(); from django.db import connection; from django.core.mail import send_mail;"
        "connection.cursor().execute('CREATE TABLE t (x)'); send_mail('a', 'b', None, ['a@example.com']);"
        "connection.cursor().execute('INSERT INTO t VALUES (1)')"
    )
    var = tmp_path / "var"
    environment = {"PATH": os.environ["PATH"], "ROWCALL_VAR": str(var), "DJANGO_SETTINGS_MODULE": "config.settings"}
    subprocess.run([sys.executable, "-c", code], cwd=settings.BASE_DIR, env=environment, check=True)
    assert (var / "rowcall.sqlite3").exists() and list((var / "mail").iterdir())
    assert open_to_others(var) == []


def test_a_folder_that_others_can_open_is_named(tmp_path, settings):
    settings.VAR_DIR = tmp_path
    tmp_path.chmod(0o700)
    assert data_is_private(None) == []
    tmp_path.chmod(0o755)
    assert data_is_private(None)[0].id == "rowcall.W008"
