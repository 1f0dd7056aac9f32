"""A disk that is full, a database that is locked or away: a page that says so and what to do, and nothing is lost."""

import errno
import threading
from contextlib import contextmanager

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import InterfaceError, OperationalError, connection, transaction
from django.test import Client
from django.urls import reverse

from background.unavailable import Lack, lack_of
from imports.intake import storage
from imports.models import ImportJob, JobState
from people.models import AuditEntry
from tests.builders import a_job
from tests.processes import PATIENCE

ROOM = {"en": "There is no room left on the server.", "tr": "Sunucuda yer kalmadı."}
BUSY = {"en": "The database is busy or cannot be reached at the moment.", "tr": "Veritabanı şu anda meşgul ya da ulaşılamıyor."}


@pytest.fixture
def browser_of():
    def signed_in(person, language: str = "en") -> Client:
        person.language = language
        person.save()
        client = Client(raise_request_exception=False)
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return signed_in


@contextmanager
def full_database():
    """Really full: SQLite may grow no further; PostgreSQL gives the error of a full disk when an import is written."""
    with connection.cursor() as cursor:
        begin, end = SQLITE_FULL if connection.vendor == "sqlite" else POSTGRES_FULL
        for statement in begin:
            cursor.execute(statement)
        try:
            if connection.vendor == "sqlite":
                _fill(cursor)
            yield
        finally:
            for statement in end:
                cursor.execute(statement)


SQLITE_FULL = (
    ["CREATE TABLE filler (x)", "PRAGMA max_page_count = 1"],
    ["PRAGMA max_page_count = 1073741823", "DROP TABLE filler"],
)
POSTGRES_FULL = (
    [
        "CREATE FUNCTION no_room() RETURNS trigger AS $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END $$ "
        "LANGUAGE plpgsql",
        "CREATE TRIGGER no_room BEFORE INSERT OR UPDATE ON imports_importjob FOR EACH STATEMENT EXECUTE FUNCTION no_room()",
    ],
    ["DROP TRIGGER no_room ON imports_importjob", "DROP FUNCTION no_room"],
)


def _fill(cursor) -> None:
    """Pages that were free already are used up."""
    for size in (100_000, 3_000, 100, 1):
        while True:
            try:
                cursor.execute(f"INSERT INTO filler VALUES (zeroblob({size}))")
            except OperationalError:
                break


@contextmanager
def locked_database():
    """Somebody else holds it, and we do not wait long."""
    is_locked, may_end = threading.Event(), threading.Event()

    def hold() -> None:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                if connection.vendor == "postgresql":
                    cursor.execute("LOCK TABLE imports_importjob IN EXCLUSIVE MODE")
                is_locked.set()
                may_end.wait(PATIENCE)
        finally:
            connection.close()

    patience, again = {
        "sqlite": ("PRAGMA busy_timeout = 100", "PRAGMA busy_timeout = 20000"),
        "postgresql": ("SET lock_timeout = 100", "SET lock_timeout = 0"),
    }[connection.vendor]
    holder = threading.Thread(target=hold)
    holder.start()
    assert is_locked.wait(PATIENCE)
    with connection.cursor() as cursor:
        cursor.execute(patience)
        try:
            yield
        finally:
            may_end.set()
            holder.join(PATIENCE)
            cursor.execute(again)


def said(answer) -> str:
    assert answer.status_code == 503 and answer.headers["Retry-After"] == "60"
    return answer.content.decode()


@pytest.mark.parametrize("language", ["en", "tr"])
def test_a_step_while_the_database_is_locked_is_answered_with_a_page_that_says_so(language, browser_of, transactional_db, bob):
    job = a_job(rows=2)
    browser = browser_of(bob, language)
    with locked_database():
        page = said(browser.post(reverse("imports:pause", args=[job.pk])))
    assert BUSY[language] in page and "<main" in page and f'<html lang="{language}"' in page
    job.refresh_from_db()
    assert job.state == JobState.PUSHING
    browser.post(reverse("imports:pause", args=[job.pk]))
    job.refresh_from_db()
    assert job.state == JobState.PAUSED


def fill_what_is_left() -> None:
    """Also the rest of SQLite's pages that are in use."""
    size = 4000 if connection.vendor == "sqlite" else 0
    while size:
        try:
            AuditEntry.objects.create(action="fills", target="x" * 80, after="x" * size)
        except OperationalError:
            size //= 2


@pytest.mark.parametrize("language", ["en", "tr"])
def test_an_upload_onto_a_full_disk_is_answered_with_a_page_that_says_so(language, browser_of, transactional_db, alice):
    campaign = a_job(rows=0).campaign
    browser = browser_of(alice, language)
    line = ";".join(f"{n} {'x' * 60}" for n in range(40))  # what is shown of it fills pages of the database
    sheet = "Telefon;" + line + "\n" + f"0555 000 00 01;{line}\n" * 30
    with full_database():
        fill_what_is_left()
        file = SimpleUploadedFile("leads.csv", sheet.encode())
        page = said(browser.post(reverse("imports:new"), {"campaign": campaign.pk, "file": file, "form_token": "once"}))
    assert ROOM[language] in page
    received = ImportJob.objects.filter(file_name="leads.csv", owner=alice)
    assert all(storage.path_of(job).exists() for job in received)  # what was received before the disk was full is whole
    file = SimpleUploadedFile("leads.csv", sheet.encode())
    assert browser.post(reverse("imports:new"), {"campaign": campaign.pk, "file": file, "form_token": "once"}).status_code == 302
    assert received.all().count() == 1


def test_a_part_of_a_page_that_cannot_be_had_leaves_what_was_typed_and_says_why(browser_of, transactional_db, bob):
    job = a_job(rows=2)
    browser = browser_of(bob)
    with locked_database():
        answer = browser.post(reverse("imports:pause", args=[job.pk]), headers={"HX-Request": "true"})
    assert BUSY["en"] in said(answer) and "<main" not in said(answer)
    assert (answer.headers["HX-Retarget"], answer.headers["HX-Reswap"]) == ("#problem", "innerHTML")
    assert 'id="problem"' in browser.get(reverse("home")).content.decode()


@pytest.mark.parametrize(
    "error", [OSError(errno.ENOSPC, "No space left on device"), OSError(errno.EDQUOT, "Disk quota exceeded")]
)
def test_a_full_disk_under_a_file_is_said_as_well(error, browser_of, db, alice, monkeypatch):
    campaign = a_job(rows=0).campaign

    def full(*_args):
        raise error

    monkeypatch.setattr(storage, "check_room", full)
    form = {"form_token": "once", "campaign": campaign.pk, "pasted": "Telefon\n0555 000 00 01"}
    assert ROOM["en"] in said(browser_of(alice).post(reverse("imports:new"), form))


def test_another_error_is_still_one_of_ours(browser_of, db, alice, monkeypatch):
    monkeypatch.setattr(storage, "check_room", lambda *_args: 1 / 0)
    form = {"form_token": "once", "campaign": a_job(rows=0).campaign.pk, "pasted": "Telefon\n0555 000 00 01"}
    assert browser_of(alice).post(reverse("imports:new"), form).status_code == 500


def test_what_an_error_says_of_the_server():
    try:
        try:
            raise OperationalError("server closed the connection")
        except OperationalError as error:
            raise RuntimeError("while rendering") from error
    except RuntimeError as error:
        assert lack_of(error) is Lack.DATABASE
    assert lack_of(InterfaceError("connection already closed")) is Lack.DATABASE
    assert lack_of(OSError(errno.ENOENT, "no such file")) is lack_of(ValueError()) is lack_of(None) is None
