"""An upload that was answered survives; one that was not leaves nothing behind."""

import os
import threading
import time
import uuid

import pytest
from django.core.files.base import ContentFile

from imports.do_not_call import lists
from imports.errors import WorkflowError
from imports.intake import quota, storage
from imports.intake import steps as intake
from imports.intake.storage import clean_name
from imports.models import ImportJob
from imports.workflow import requests


def stored(settings) -> list[str]:
    return sorted(path.name for path in settings.UPLOAD_DIR.iterdir())


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.UPLOAD_DIR = tmp_path / "uploads"


def test_the_bytes_are_kept_under_a_name_of_ours_readable_by_us_alone(received, settings):
    job = received(b"Tel\n0555\n", "../../etc/leads.csv")
    path = storage.path_of(job)
    assert path.read_bytes() == b"Tel\n0555\n"
    assert uuid.UUID(path.name)
    assert path.stat().st_mode & 0o777 == 0o600
    assert (job.file_name, job.file_size) == ("leads.csv", 9)
    assert storage.is_unchanged(job)


def test_a_file_changed_on_disk_is_noticed(received):
    job = received("Tel\n0555\n")
    storage.path_of(job).write_bytes(b"Tel\n0556\n")
    assert not storage.is_unchanged(job)


def test_the_size_is_capped_while_bytes_arrive(received, settings):
    settings.MAX_UPLOAD_BYTES = 10
    taken = []

    def endless():
        while True:
            taken.append(1)
            yield b"12345"

    with pytest.raises(WorkflowError) as refusal:
        storage.receive(endless(), "a.csv", None, None)
    assert refusal.value.reason.code == "upload_too_large"
    assert len(taken) == 3
    assert stored(settings) == []


def test_an_empty_file_and_one_cut_off_leave_nothing(campaign, settings):
    def cut():
        yield b"Tel\n"
        raise ConnectionError

    with pytest.raises(WorkflowError, match="empty"):
        intake.receive_upload([b""], "a.csv", campaign, None)
    with pytest.raises(ConnectionError):
        intake.receive_upload(cut(), "a.csv", campaign, None)
    assert stored(settings) == [] and not ImportJob.objects.exists()


def test_a_full_disk_is_said_before_a_byte_is_taken(received, settings):
    settings.DISK_FLOOR_BYTES = 1 << 62
    with pytest.raises(WorkflowError, match="room"):
        received("Tel\n0555\n")


def test_one_person_may_keep_so_much_and_others_are_not_affected(received, settings, alice, charlie):
    settings.QUOTA_BYTES = 5
    received("Tel\n0555\n", owner=alice)
    with pytest.raises(WorkflowError) as refusal:
        received("Tel\n0555\n", owner=alice)
    assert refusal.value.reason.code == "quota_full"
    received("Tel\n0555\n", owner=charlie)


def test_what_the_quota_leaves_is_not_passed_by_many_at_once(received, settings, alice):
    """Each has looked before the others were recorded."""
    settings.QUOTA_BYTES = 20
    received("Tel\n0555\n", owner=alice)
    quota.check_room(alice)
    received("Tel\n0555\n", owner=alice)
    quota.check_room(alice)  # there is room for two more bytes
    with pytest.raises(WorkflowError, match="take up"):
        received("Tel\n0555\n", owner=alice)
    assert len(stored(settings)) == 2  # nothing stays behind of the one refused


def test_every_file_of_a_person_counts_whatever_it_is_for(received, settings, alice, charlie, no_worker_yet):
    job = received("Tel\n0555\n", owner=alice)
    settings.QUOTA_BYTES = 30
    requests.ask_to_take(job, ContentFile(b"x" * 15), alice)
    with pytest.raises(WorkflowError, match="take up"):
        lists.accept([b"y" * 10], "", campaign=None, note="", user=alice)
    settings.QUOTA_BYTES, settings.UPLOADS_PER_MINUTE = 0, 3
    lists.accept([b"y" * 10], "", campaign=None, note="", user=alice)
    for refused in (
        lambda: requests.record_workbook(job, 1, alice),
        lambda: requests.ask_to_take(job, ContentFile(b"x"), alice),
        lambda: lists.accept([b"y"], "", campaign=None, note="", user=alice),
        lambda: received("Tel\n0555\n", owner=alice),
    ):
        with pytest.raises(WorkflowError, match="within a minute"):
            refused()
    requests.record_workbook(job, 1, charlie)


def test_one_person_may_upload_so_often_and_others_are_not_affected(received, settings, alice, charlie):
    settings.UPLOADS_PER_MINUTE = 2
    for _ in range(2):
        received("Tel\n0555\n", owner=alice)
    with pytest.raises(WorkflowError) as refusal:
        received("Tel\n0555\n", owner=alice)
    assert refusal.value.reason.code == "upload_too_often"
    received("Tel\n0555\n", owner=charlie)


def test_a_double_click_gives_one_import(received, settings, alice):
    first, second = (received("Tel\n0555\n", owner=alice, form_token="once") for _ in range(2))
    assert first == second
    assert len(stored(settings)) == 1


def test_somebody_elses_token_opens_nothing(received, alice, charlie):
    received("Tel\n0555\n", owner=alice, form_token="once")
    other = received("Tel\n0556\n", owner=charlie, form_token="once")
    assert (other.owner, ImportJob.objects.count()) == (charlie, 2)


@pytest.mark.django_db(transaction=True)
def test_two_halves_of_a_double_click_at_once_give_one_import(campaign, settings, alice):
    got, start = [], threading.Barrier(2)

    def click():
        from django.db import connection

        start.wait()
        got.append(intake.receive_upload([b"Tel\n0555\n"], "a.csv", campaign, alice, "once").pk)
        connection.close()

    threads = [threading.Thread(target=click) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(got) == 2 and len(set(got)) == 1
    assert len(stored(settings)) == 1


def test_pasted_cells_are_tab_separated(campaign):
    job = intake.receive_paste("Tel\tAd\n05551234567\tAyşe; Fatma\n", campaign, None)
    assert intake.preview_of(job).headers == ["Tel", "Ad"]


def test_orphans_are_swept_after_a_day(received, settings):
    kept = received("Tel\n0555\n")
    orphan, young = settings.UPLOAD_DIR / str(uuid.uuid4()), settings.UPLOAD_DIR / f"{uuid.uuid4()}.part"
    for path in (orphan, young):
        path.write_bytes(b"x")
    for path in (orphan, storage.path_of(kept)):
        os.utime(path, (time.time() - 90_000,) * 2)
    gone = settings.UPLOAD_DIR / "gone"
    gone.symlink_to("nowhere")  # as a file that its own process removes when it has been listed
    assert storage.sweep_orphans() == 1
    gone.unlink()
    assert stored(settings) == sorted([str(kept.file_key), young.name])


def test_parts_of_requests_that_were_broken_off_are_swept(db, settings, tmp_path):
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path
    old, young = tmp_path / "old.upload", tmp_path / "young.upload"
    for path in (old, young):
        path.write_bytes(b"x")
    os.utime(old, (time.time() - 2 * 3600,) * 2)
    gone = tmp_path / "gone"
    gone.symlink_to("nowhere")
    assert storage.sweep_incoming() == 1
    gone.unlink()
    assert [path.name for path in tmp_path.iterdir()] == [young.name]


@pytest.mark.parametrize(
    "given, shown",
    [
        ("leads.csv", "leads.csv"),
        ("C:\\Users\\Ayşe\\müşteri listesi.xlsx", "müşteri listesi.xlsx"),
        ("../../etc/passwd", "passwd"),
        ("a\u202evsc.exe\x00\n.csv", "avsc.exe .csv"),
        ("  \t ", "spreadsheet"),
        ("...", "spreadsheet"),
        ("😀.csv", "😀.csv"),
    ],
)
def test_file_names_are_shown_cleaned(given, shown):
    assert clean_name(given) == shown


def test_a_long_file_name_keeps_its_ending():
    name = clean_name("x" * 300 + ".xlsx")
    assert len(name) == storage.LONGEST_NAME and name.endswith("….xlsx")
