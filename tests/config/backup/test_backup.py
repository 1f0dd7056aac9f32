"""`manage.py backup` and `restore`: into an empty place everything is equal, and what is not fit changes nothing."""

import gzip
import io
import json
import os
import socket
import tarfile
from collections.abc import Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from background.database_clock import now_ms
from campaigns import do_not_call
from campaigns.models import ForgottenNumber
from config.backup import archive, databases, keys, making, manifest, place, postgres, restoring, sqlite, terminal, wording
from config.backup.errors import FAILED, NOT_EMPTY, RUNNING, UNFIT, BackupError
from config.launcher.commands import worker_command
from imports import counters
from imports.models import Heartbeat
from tests.builders import a_campaign, a_job, an_account
from tests.config.backup.places import Place, another_place, rows_of_all_tables
from tests.processes import running, wait_until

ROWS = 400
assert archive and sqlite and terminal  # reached by what these tests run


@pytest.fixture
def folders(tmp_path, settings) -> Path:
    """Folders of files for this test alone, in a place whose database is that of the tests."""
    settings.VAR_DIR = tmp_path / "here"
    settings.UPLOAD_DIR, settings.REPORT_DIR = settings.VAR_DIR / "uploads", settings.VAR_DIR / "reports"
    for folder in (settings.UPLOAD_DIR, settings.REPORT_DIR / "one"):
        folder.mkdir(parents=True)
    (settings.UPLOAD_DIR / "first.").write_bytes(os.urandom(3_000_000))
    (settings.UPLOAD_DIR / "second.part").write_bytes(b"an upload under way")
    (settings.REPORT_DIR / "one" / "errors.csv").write_text("Row;Reason")
    return settings.VAR_DIR


@pytest.fixture
def other(tmp_path, manage, transactional_db) -> Iterator[Place]:
    with another_place(tmp_path / "other", manage) as empty:
        yield empty


def contents_here() -> dict[str, list[str]]:
    if connection.vendor == "postgresql":
        connection.ensure_connection()
        return rows_of_all_tables(connection.connection)
    with closing(databases.sqlite.sqlite3.connect(connection.settings_dict["NAME"])) as database:
        return rows_of_all_tables(database)


def files_here() -> dict[str, bytes]:
    return {name: path.read_bytes() for path, name in place.kept_files()}


def test_a_running_instance_is_kept_and_restored_equal(other, folders, sandbox, broker, process_environment, tmp_path):
    """While a worker sends an import; then once more when it has stopped, so that there is something to compare with."""
    job = a_job(a_campaign(an_account(sandbox.base_url, sandbox.api_key)), ROWS)
    sandbox.control.settings(lead_pace=0, latency_ms=100)
    command = worker_command(
        settings.BASE_DIR, f"test-{os.getpid()}@localhost", ",".join(settings.QUEUES), 2, "--loglevel", "WARNING"
    )
    with running(command, Heartbeat.objects.filter(kind="worker").exists, env={**process_environment, "TICK_SECONDS": "1"}):
        wait_until(lambda: 20 < counters.states(job.pk)["created"], what="the import is being sent")
        during = making.make(tmp_path / "during.tar.gz")
        with pytest.raises(BackupError, match="worked on this database within the last minute") as refused:
            restoring.restore(during.archive, True, True, print)
    assert refused.value.code == RUNNING
    assert not Heartbeat.objects.filter(kind="worker").exists()  # it has stopped in order

    facts = other.run("restore", during.archive, "--json", code=0)
    assert facts["tables"] == during.manifest.tables and facts["tables"]["imports_importrow"] == ROWS
    with other.opened() as database:
        states = dict(database.execute("SELECT state, COUNT(*) FROM imports_importrow GROUP BY state").fetchall())
        kept = dict(database.execute("SELECT key, n FROM imports_importtally WHERE kind = 'state' AND n <> 0").fetchall())
    assert states == kept and 0 < states["created"] <= ROWS  # of one moment: no row has moved without its sums

    after = making.make(tmp_path / "after.tar.gz")
    # What worked a minute ago is part of the backup that was made while it did.
    with other.opened() as database:
        database.execute("UPDATE imports_heartbeat SET beat_ms = 0")
        database.commit()
    said = other.run("restore", after.archive, "--replace")
    assert other.contents() == contents_here()
    assert other.files() == files_here() and len(files_here()) == 2
    assert "ENCRYPTION_KEYS is not the one of the backup" in said
    assert {oct(path.stat().st_mode & 0o777) for path in (other.var / "uploads").iterdir()} == {"0o600"}
    assert after.archive.stat().st_mode & 0o777 == 0o600


# -- archives that are not fit ---------------------------------------------------------------------------------------------
def members_of(path: Path) -> list[tuple[tarfile.TarInfo, bytes]]:
    with tarfile.open(path) as tar:
        return [(member, tar.extractfile(member).read()) for member in tar]


def packed(path: Path, members: list[tuple[tarfile.TarInfo, bytes]]) -> Path:
    with tarfile.open(path, "w:gz") as tar:
        for member, data in members:
            member.size = len(data)
            tar.addfile(member, io.BytesIO(data))
    return path


def with_manifest(path: Path, **changes: Any) -> Path:
    *others, (member, text) = members_of(path)
    return packed(path, [*others, (member, json.dumps({**json.loads(text), **changes}).encode())])


def with_member(path: Path, name: str, **fields: Any) -> Path:
    member = tarfile.TarInfo(name)
    for field, value in fields.items():
        setattr(member, field, value)
    return packed(path, [(member, b""), *members_of(path)])


def with_bytes(path: Path, change) -> Path:
    path.write_bytes(change(path.read_bytes()))
    return path


def with_other_file(path: Path) -> Path:
    members = members_of(path)
    return packed(path, [(m, data[:-1] + b"x" if m.name.startswith("uploads/") else data) for m, data in members])


def with_one_row_too_few(path: Path) -> Path:
    tables = json.loads(members_of(path)[-1][1])["tables"]
    return with_manifest(path, tables={**tables, "people_user": tables["people_user"] + 1})


UNFIT_ARCHIVES = {
    "ends early": lambda path: with_bytes(path, lambda data: data[: len(data) // 2]),
    "one byte changed": lambda path: with_bytes(path, lambda data: data[:1_000_000] + b"\0\0\0\0" + data[1_000_004:]),
    "checksum changed": lambda path: with_bytes(path, lambda data: data[:-8] + b"\0\0\0\0" + data[-4:]),
    "empty": lambda path: with_bytes(path, lambda data: b""),
    "no archive": lambda path: with_bytes(path, lambda data: gzip.compress(b"hello" * 1000)),
    "a file changed": with_other_file,
    "a file missing": lambda path: packed(path, [one for one in members_of(path) if not one[0].name.startswith("uploads/")]),
    "no manifest": lambda path: packed(path, members_of(path)[:-1]),
    "manifest of nonsense": lambda path: with_manifest(path, files=[1]),
    "other rows": with_one_row_too_few,
    "outside": lambda path: with_member(path, "uploads/../../evil"),
    "absolute": lambda path: with_member(path, "/tmp/evil"),
    "a secret": lambda path: with_member(path, "secrets/secret_key"),
    "symbolic link": lambda path: with_member(path, "uploads/link", type=tarfile.SYMTYPE, linkname="/etc/passwd"),
    "hard link": lambda path: with_member(path, "uploads/link", type=tarfile.LNKTYPE, linkname="database.sqlite3"),
    "device": lambda path: with_member(path, "uploads/zero", type=tarfile.CHRTYPE, devmajor=1, devminor=5),
    "folder": lambda path: with_member(path, "uploads/folder", type=tarfile.DIRTYPE),
    "newer version": lambda path: with_manifest(path, version="99.0.0"),
    "newer layout": lambda path: with_manifest(path, format=manifest.FORMAT + 1),
    "newer migration": lambda path: with_manifest(path, migrations=["imports.9999_of_tomorrow"]),
}


def test_an_archive_that_is_not_fit_is_refused_and_changes_nothing(alice, transactional_db, folders, tmp_path):
    whole = making.make(tmp_path / "whole.tar.gz").archive.read_bytes()
    before, files = contents_here(), files_here()
    for name, damage in UNFIT_ARCHIVES.items():
        path = tmp_path / "unfit.tar.gz"
        path.write_bytes(whole)
        with pytest.raises(BackupError, match="Nothing was changed|nothing was changed") as refused:
            restoring.restore(damage(path), True, True, print)
        assert refused.value.code == UNFIT or name == "other rows", name
        assert (contents_here(), files_here()) == (before, files), name
    assert sorted(path.name for path in folders.iterdir()) == ["reports", "up.lock", "uploads"]
    assert not Path("/tmp/evil").exists()


# -- places that are not fit -----------------------------------------------------------------------------------------------
def test_what_works_or_holds_data_is_not_replaced_by_mistake(alice, transactional_db, folders, tmp_path):
    kept = making.make(tmp_path).archive
    with pytest.raises(BackupError, match="not empty") as refused:
        restoring.restore(kept, False, True, print)
    assert refused.value.code == NOT_EMPTY
    Heartbeat.objects.create(name=f"worker@{socket.gethostname()}", kind="worker", beat_ms=now_ms() - 5_000)
    with pytest.raises(BackupError, match="worker@") as refused:
        restoring.restore(kept, True, True, print)
    assert refused.value.code == RUNNING
    Heartbeat.objects.update(beat_ms=now_ms() - 61_000)
    (kept_again := with_manifest(kept, engine="oracle"))
    with pytest.raises(BackupError, match="set DATABASE_URL") as refused:
        restoring.restore(kept_again, True, True, print)
    assert refused.value.code == FAILED


def test_forgotten_people_are_not_made_strangers_by_another_key(other, folders, tmp_path):
    kept = making.make(tmp_path / "nobody.tar.gz")
    assert keys.other_keys(kept.manifest) == {}
    ForgottenNumber.objects.create(digest=do_not_call.digest_of("+905551234567"))
    kept = making.make(tmp_path / "one.tar.gz")
    refused = other.run("restore", kept.archive, "--json", code=FAILED)
    assert not refused["ok"] and "FORGOTTEN_KEY is not the one" in refused["error"]
    assert not other.files()
    assert other.run("restore", kept.archive, "--json", FORGOTTEN_KEY=settings.FORGOTTEN_KEY)["ok"]


class FullBucket(BaseHTTPRequestHandler):
    """Speaks as much S3 as a bucket does that answers, holds nothing and takes nothing."""

    def do_HEAD(self) -> None:
        self.send_response(404)
        self.end_headers()

    def do_PUT(self) -> None:
        self.send_response(403)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *words: object) -> None:
        pass


def test_imports_are_paused_although_the_bucket_takes_no_file(other, folders, tmp_path):
    job = a_job(a_campaign(an_account()), 2, state="pushing", allow_duplicates=True)
    kept = making.make(tmp_path / "kept.tar.gz")
    with ThreadingHTTPServer(("127.0.0.1", 0), FullBucket) as bucket:
        Thread(target=bucket.serve_forever, daemon=True).start()
        url = f"s3://key:secret@127.0.0.1:{bucket.server_port}/files?tls=no"
        refused = other.run("restore", kept.archive, "--other-keys", "--json", code=FAILED, FILES_URL=url)
        bucket.shutdown()
    assert "The database is restored" in refused["error"]
    with other.opened() as database:
        found = database.execute("SELECT id, state, reason FROM imports_importjob").fetchall()
    assert found == [(job.pk, "paused", "restored")]


@pytest.mark.any_database
def test_an_older_database_is_migrated(other, transactional_db):
    other.run("migrate", "imports", "0016", "--verbosity", "0")
    kept = other.var / "older.tar.gz"
    made = other.run("backup", kept, "--json")
    assert made["ok"] and "imports.0017_standard_names" not in json.loads(members_of(kept)[-1][1])["migrations"]
    assert other.run("restore", kept, "--replace", "--json")["tables"] == made["tables"]
    with other.opened() as database:
        applied = {f"{app}.{name}" for app, name in database.execute("SELECT app, name FROM django_migrations").fetchall()}
    assert {name for name in manifest.known_migrations() if name.startswith(("imports.", "people."))} <= applied


# -- making one ------------------------------------------------------------------------------------------------------------
def test_a_backup_replaces_no_file_and_leaves_nothing_behind(transactional_db, folders, tmp_path, settings):
    (tmp_path / "there").write_text("mine")
    with pytest.raises(BackupError, match="exists already"):
        making.make(tmp_path / "there")
    with pytest.raises(BackupError, match="There is no folder"):
        making.make(tmp_path / "nowhere" / "one.tar.gz")
    settings.DISK_FLOOR_BYTES = 10**18
    with pytest.raises(BackupError, match="MB are free"):
        making.make(tmp_path / "new.tar.gz")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["here", "there"]
    assert (tmp_path / "there").read_text() == "mine"


def test_the_output_says_where_the_keys_are_and_holds_none(transactional_db, folders, tmp_path):
    done = making.make(tmp_path / "one.tar.gz")
    said = "\n".join(wording.backup_lines(done)) + json.dumps(wording.facts(done)) + members_of(done.archive)[-1][1].decode()
    assert all(name in said for name in keys.SECRETS)
    assert not [secret for secret in (settings.SECRET_KEY, *settings.ENCRYPTION_KEYS, settings.FORGOTTEN_KEY) if secret in said]


def test_without_postgresqls_programs_there_is_a_sentence(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(BackupError, match="psql is not installed here, so nothing was changed"):
        postgres.load(tmp_path / "database.dump", {})
