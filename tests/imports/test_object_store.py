"""Files in a bucket: a server that speaks S3 over a socket has what no folder of this machine holds any more."""

import os
import signal
import subprocess
import sys
import uuid
from collections.abc import Callable
from contextlib import suppress
from http import HTTPStatus
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from campaigns.models import DoNotCall
from config.backup import making
from config.env import BadEnvironment
from config.launcher.commands import worker_command
from config.launcher.ports import free_port
from config.launcher.programs import answer_status
from config.object_storage import storages_of
from imports.do_not_call import lists
from imports.errors import WorkflowError
from imports.intake import object_store, partial_uploads, storage
from imports.intake import steps as intake
from imports.models import ImportJob, ImportRow, JobState, NumberList, Operation
from imports.operations import runner
from imports.retention import retention
from imports.scheduling import reading_turns
from imports.workflow import requests
from tests.builders import a_campaign
from tests.config.backup.places import another_place
from tests.imports.conftest import checking
from tests.processes import running, wait_until

pytestmark = pytest.mark.any_database  # where files lie is no matter of the database; chaos with two hosts runs on PostgreSQL

CSV = "name,phone number\n" + "".join(f"Ayşe {n},0532 123 4{n:03}\n" for n in range(20)) + "Ali,12\n"


@pytest.fixture(scope="module")
def server() -> str:
    port = free_port()
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with running(command, lambda: answer_status(f"http://127.0.0.1:{port}/moto-api/"), **quiet):
        yield f"s3://key:se%2Fcret@127.0.0.1:{port}/files?tls=no"


@pytest.fixture
def keep_in(settings, tmp_path) -> Callable[[str], None]:
    """`keep_in(url)`: from now on this instance keeps its files there; its own folders are empty."""
    settings.UPLOAD_DIR, settings.REPORT_DIR = tmp_path / "uploads", tmp_path / "reports"
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path / "incoming"
    settings.FILE_UPLOAD_TEMP_DIR.mkdir()

    def keep(url: str) -> None:
        settings.STORAGES = {**settings.STORAGES, **storages_of(url)}

    return keep


@pytest.fixture
def bucket(keep_in, server):
    keep_in(server)
    return an_empty_bucket()


def an_empty_bucket():
    kept = storages["files"].bucket
    with suppress(kept.meta.client.exceptions.BucketAlreadyOwnedByYou):
        kept.create()
    kept.objects.all().delete()
    return kept


def names(bucket) -> list[str]:
    return sorted(one.key for one in bucket.objects.all())


def files_here(tmp_path: Path) -> list[Path]:
    return [path for path in tmp_path.rglob("*") if path.is_file()]


def test_an_import_is_read_reported_and_removed_there(bucket, checked, client, alice, charlie, tmp_path):
    job = checked(CSV, owner=alice)
    assert (job.state, job.total_rows) == (JobState.READY, 21)
    assert names(bucket) == [f"uploads/{job.file_key}"] and files_here(tmp_path) == []
    assert bucket.Object(f"uploads/{job.file_key}").get()["Body"].read() == CSV.encode()

    address = reverse("imports:download", args=[job.pk, "errors", "csv"])
    client.force_login(alice)
    first = client.get(address)
    assert "Ali" in b"".join(first.streaming_content).decode()
    again = client.get(address)
    assert b"".join(again.streaming_content) and len(names(bucket)) == 2 and files_here(tmp_path) == []
    client.force_login(charlie)
    assert client.get(address).status_code == HTTPStatus.NOT_FOUND

    ImportRow.objects.filter(job=job, row_number=22).update(reason="number_too_long")
    ImportJob.objects.filter(pk=job.pk).update(moved_at="2026-01-01T00:00Z")
    client.force_login(alice)
    assert client.get(address).status_code == HTTPStatus.OK
    assert len(names(bucket)) == 2  # the older report has gone

    retention._remove_files_of(job)
    assert names(bucket) == []


def test_a_report_and_a_workbook_of_a_worker_are_handed_over(bucket, checked, client, alice, no_worker_yet, tmp_path):
    job = checked(CSV, owner=alice)
    made = requests.ask_for_report(job, "all", "csv", "en", alice)
    runner.run(made.pk)
    client.force_login(alice)
    answer = client.get(reverse("imports:operation_file", args=[job.pk, made.pk]))
    assert b"".join(answer.streaming_content).count(b"\n") >= 22
    workbook = b"".join(client.get(reverse("imports:workbook", args=[job.pk])).streaming_content)
    taken = requests.ask_to_take(job, SimpleUploadedFile("fix.xlsx", workbook), alice)
    assert f"uploads/{taken.what}" in names(bucket)
    runner.run(taken.pk)
    taken.refresh_from_db()
    assert taken.state == Operation.State.DONE and f"uploads/{taken.what}" not in names(bucket)
    assert files_here(tmp_path) == []


def test_a_file_in_parts_is_joined_there_and_given_up_there(bucket, db, alice, tmp_path):
    """Each part may come to another host: nothing of it is left on this one."""
    campaign = a_campaign()
    upload, other = (partial_uploads.begin(alice, "leads.csv", len(CSV.encode())) for _n in range(2))
    partial_uploads.append(other, 0, [CSV.encode()[:100]])
    partial_uploads.append(upload, 0, [CSV.encode()[:100]])
    assert len(names(bucket)) == 2 and files_here(tmp_path) == []
    partial_uploads.append(upload, 100, [CSV.encode()[100:]])
    job = partial_uploads.receive(upload.pk, campaign, alice)
    partial_uploads.discard(other)
    assert names(bucket) == [f"uploads/{job.file_key}"] and files_here(tmp_path) == []
    assert bucket.Object(f"uploads/{job.file_key}").get()["Body"].read() == CSV.encode()


def test_a_list_of_numbers_is_read_from_there(bucket, db, alice, tmp_path):
    one = lists.accept([b"+90 532 123 45 67\n"], "", campaign=None, note="", user=alice)
    assert names(bucket) == [f"uploads/{one.file_key}"]
    lists.run(one.pk)
    assert DoNotCall.objects.count() == 1 and names(bucket) == [] and files_here(tmp_path) == []


def test_a_worker_of_another_host_needs_database_broker_and_bucket(
    transactional_db, broker, bucket, server, received, process_environment, tmp_path
):
    job = checking(received, CSV)
    elsewhere = {"ROWCALL_VAR": str(tmp_path / "elsewhere"), "FILES_URL": server, "TICK_SECONDS": "1"}
    command = worker_command(
        settings.BASE_DIR, f"test-{os.getpid()}@elsewhere", ",".join(settings.QUEUES), 1, "--loglevel", "WARNING"
    )
    with running(command, env={**process_environment, **elsewhere}, farewell=signal.SIGKILL):  # it has nothing to finish
        wait_until(lambda: ImportJob.objects.get(pk=job.pk).state == JobState.READY)
    assert ImportRow.objects.filter(job=job).count() == 21
    assert not [path for path in files_here(tmp_path) if str(job.file_key) in path.name]


def test_the_files_of_an_archive_are_restored_into_the_bucket(transactional_db, keep_in, received, server, manage, tmp_path):
    job = received(CSV)  # in a folder
    kept = making.make(tmp_path / "one.tar.gz")
    keep_in(server)
    bucket = an_empty_bucket()
    with another_place(tmp_path / "other", manage) as other:
        nobody = f"s3://key:secret@127.0.0.1:{free_port()}/files?tls=no"
        assert "Nothing was changed" in other.run("restore", kept.archive, code=1, FILES_URL=nobody)
        assert other.run("restore", kept.archive, "--json", FILES_URL=server)["files_in_bucket"]
        assert bucket.Object(f"uploads/{job.file_key}").get()["Body"].read() == CSV.encode() and not other.files()


def test_what_nobody_owns_is_swept_and_what_is_missing_is_said(bucket, received, monkeypatch, settings, tmp_path):
    job = received(CSV)
    bucket.put_object(Key="uploads/of-a-crash", Body=b"x")
    settings.FILE_UPLOAD_TEMP_DIR.joinpath("copy-of-a-crash").touch()
    monkeypatch.setattr(storage, "ORPHANED_AFTER", -storage.ORPHANED_AFTER)  # a day from now
    assert storage.sweep_orphans() == 1 and names(bucket) == [f"uploads/{job.file_key}"] and files_here(tmp_path) == []
    bucket.objects.all().delete()
    with pytest.raises(WorkflowError) as refused:
        intake.preview_of(job)
    assert refused.value.reason.code == "file_gone"


def test_a_service_that_is_away_fails_nothing(bucket, received, checked, keep_in, no_worker_yet, tmp_path):
    """An upload is refused with a sentence, a check waits: a file that cannot be asked for is not one that is gone."""
    ready, job = checked(CSV), checking(received, CSV)
    keep_in(f"s3://key:secret@127.0.0.1:{free_port()}/files?tls=no")
    with pytest.raises(WorkflowError, match="does not answer"):
        received("Tel\n0555\n")
    assert ImportJob.objects.count() == 2 and files_here(tmp_path) == []
    one = NumberList.objects.create(file_key=uuid.uuid4())
    taking = Operation.objects.create(job=ready, kind=Operation.Kind.TAKE_WORKBOOK, what=str(uuid.uuid4()))
    assert [reading_turns.read_next() for _ in range(4)][2:] == [False, False]  # what could not be read is not free again at once
    for row in (job, one, taking):
        row.refresh_from_db()
    assert (job.state, job.check_attempts) == (JobState.CHECKING, 0)
    assert (one.state, one.attempts, taking.state, taking.attempts) == ("waiting", 0, "waiting", 0)
    with pytest.raises(object_store.ObjectStoreError):
        retention.forget("+905321234000")
    assert ImportRow.objects.filter(job=ready, phone="+905321234000").exists()  # by it the file is found the next time


@pytest.mark.parametrize("url", ["s3://host/bucket", "s3://a:hidden@host", "s3://a:hidden@host/b/c", "s3://a:hidden@host/b?x=1"])
def test_an_address_that_makes_no_sense_is_refused_without_its_secret(url):
    with pytest.raises(BadEnvironment, match="FILES_URL") as refused:
        storages_of(url)
    assert "hidden" not in str(refused.value)
    options = storages_of("s3://k:a%2Fb@minio:9000/files?tls=no&region=eu")["files"]["OPTIONS"]
    assert (options["endpoint_url"], options["secret_key"], options["region_name"]) == ("http://minio:9000", "a/b", "eu")
    assert storages_of("") == {}
