"""What people gave us goes after a while, and at once when somebody asks; the sums stay."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from imports import counters
from imports.do_not_call import terminal
from imports.errors import WorkflowError
from imports.intake import storage
from imports.models import ImportJob, ImportRow, JobState, RowState
from imports.reports import files
from imports.retention import retention
from imports.workflow import steps as workflow
from tests.imports.conftest import csv_of

DAYS = timedelta(days=1)
TWO_AND_A_BAD_ONE = ("0555 000 00 01", "0555 000 00 02", "0555 000")


@pytest.fixture(autouse=True)
def own_folders(settings, tmp_path):
    settings.REPORT_DIR, settings.UPLOAD_DIR = tmp_path / "reports", tmp_path / "uploads"


@pytest.fixture
def ended(checked):
    """`ended(days)`: an import that was sent so many days ago."""

    def end(days: float, *phones: str) -> ImportJob:
        job = checked(csv_of(*(phones or TWO_AND_A_BAD_ONE)))
        rows = ImportRow.objects.filter(job=job, state=RowState.PENDING)
        n = rows.update(state=RowState.CREATED, remote_id="7")
        counters.add(job.pk, {("state", "pending"): -n, ("state", "created"): n})
        ImportJob.objects.filter(pk=job.pk).update(state=JobState.DONE, finished_at=timezone.now() - days * DAYS)
        job.refresh_from_db()
        files.report_file(job, "errors", "csv", "en")
        return job

    return end


def test_files_go_first_and_reports_can_still_be_made(ended):
    young, old = ended(29), ended(31)
    retention.sweep()
    assert storage.path_of(young).exists() and not storage.path_of(old).exists()
    assert not files.folder_of(old).exists()
    old.refresh_from_db()
    assert old.preview.sample == [] and "0555" not in str(old.preview)
    assert "0555 000" in files.report_file(old, "errors", "csv", "en").read_text("utf-8-sig")


def test_what_was_said_of_damaged_letters_goes_with_the_file(checked):
    job = checked("Ad Soyad;Telefon\nÝrem Güneþ;0555 000 00 01\nAyþe;0555 000 00 02\n")
    assert "Ýrem" in str(job.preview)
    ImportJob.objects.filter(pk=job.pk).update(state=JobState.DONE, finished_at=timezone.now() - 31 * DAYS)
    retention.sweep()
    job.refresh_from_db()
    assert "Ýrem" not in str(job.preview) and "İrem" not in str(job.preview)


def test_a_removed_file_no_longer_counts_against_its_owner(ended, settings, alice):
    job = ended(31)
    ImportJob.objects.update(owner=alice)
    settings.QUOTA_BYTES = job.file_size
    with pytest.raises(WorkflowError):
        storage.check_room(alice)
    retention.sweep()
    storage.check_room(alice)


def test_rows_go_later_and_the_sums_stay(ended, monkeypatch):
    monkeypatch.setattr(retention, "AT_ONCE", 2)
    young, old = ended(89), ended(91)
    retention.sweep()
    assert ImportRow.objects.filter(job=young).count() == 3 and not ImportRow.objects.filter(job=old).exists()
    assert {state: n for state, n in counters.states(old.pk).items() if n} == {"created": 2, "invalid": 1}


def test_what_a_crash_has_left_goes_with_the_next_sweep(ended):
    job = ended(91)
    ImportJob.objects.update(rows_gone_at=timezone.now())
    retention.sweep()
    assert not ImportRow.objects.exists() and not storage.path_of(job).exists()


@pytest.mark.parametrize("step", [workflow.undo, workflow.retry_failed])
def test_rows_that_are_gone_are_not_worked_on(ended, alice, step):
    job = ended(91)
    counters.add(job.pk, {("state", "failed"): 1})
    retention.sweep()
    job.refresh_from_db()
    with pytest.raises(WorkflowError, match="no longer kept"):
        step(job, alice)
    job.refresh_from_db()
    assert job.state == JobState.DONE and not job.undo_requested_at


def test_an_import_that_nobody_sent_is_given_up(checked):
    job = checked(csv_of(*TWO_AND_A_BAD_ONE))
    ImportJob.objects.update(created_at=timezone.now() - 31 * DAYS)
    retention.sweep()
    job.refresh_from_db()
    assert (job.state, job.reason) == (JobState.CANCELLED, "expired") and not storage.path_of(job).exists()


def test_zero_days_keep_everything(ended, settings):
    settings.KEEP_FILES_DAYS = settings.KEEP_ROWS_DAYS = 0
    job = ended(4000)
    retention.sweep()
    assert storage.path_of(job).exists() and ImportRow.objects.filter(job=job).count() == 3


class TestForgetting:
    def test_a_person_goes_wherever_they_stand_and_nobody_else(self, ended, monkeypatch):
        monkeypatch.setattr(terminal, "GIVE_UP_SECONDS", 0)
        first, other = ended(1, "0555 000 00 01", "0555 000 00 02"), ended(1, "0555 000 00 03", "+90 555 000 00 01 dahili 4")
        told = StringIO()
        with pytest.raises(CommandError, match="WhatTalk could not be asked yet"):  # nobody answers at the account's address
            call_command("forget_number", "0555 000 00 01", stdout=told)
        assert f"Rows emptied: 2 of import {first.pk}, {other.pk}." in told.getvalue()
        assert "5550000001" not in "".join(str(row) for row in ImportRow.objects.values_list("phone", "cells", "lead")).replace(
            " ", ""
        )
        assert sorted(phone for (phone,) in ImportRow.objects.values_list("phone")) == ["", "", "+905550000002", "+905550000003"]
        assert not storage.path_of(first).exists() and not storage.path_of(other).exists()

    def test_sums_and_reports_stay_right(self, ended):
        job = ended(1)
        before = counters.states(job.pk)
        retention.forget("+905550000001")
        counters.recount(job.pk)
        job.refresh_from_db()
        assert counters.states(job.pk) == before
        assert "0001" not in files.report_file(job, "all", "csv", "en").read_text("utf-8-sig")

    def test_what_waits_to_be_sent_is_named_and_kept(self, checked):
        job = checked(csv_of("0555 000 00 01"))
        with pytest.raises(CommandError, match=f"import {job.pk}. Cancel that first"):
            call_command("forget_number", "+905550000001")
        assert ImportRow.objects.get().phone == "+905550000001"

    def test_what_is_no_number_is_said_so(self, db):
        with pytest.raises(CommandError, match="'abc' is not a phone number"):
            call_command("forget_number", "abc")
