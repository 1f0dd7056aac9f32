"""Operations are done once, go on where they were cut short, and end with a word that a page can show."""

import shutil
import subprocess
import sys
from importlib import import_module
from io import BytesIO

import openpyxl
import pytest
from django.apps import apps
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from background import queue, shutdown
from campaigns.models import CampaignNumber
from imports import counters, tasks
from imports.check import corrections
from imports.intake import storage
from imports.models import ImportJob, ImportRow, JobState, Operation, RowState
from imports.operations import runner
from imports.reports import files as reporting
from imports.workflow import release, requests
from imports.workflow import steps as workflow
from tests.builders import a_job, add_rows, phone
from tests.imports.conftest import csv_of

GERMAN = 30
DYING = """
import time, django
django.setup()
from imports.check import bulk_fixes
from imports.operations import runner
bulk_fixes.AT_ONCE, keep, batches = 10, runner._save_or_yield, []
def dying(*given):
    keep(*given)
    batches.append(given)
    if len(batches) == 3:
        print("in the third batch", flush=True)
        time.sleep(60)
runner._save_or_yield = dying
runner.run({operation})
"""


@pytest.fixture(autouse=True)
def own_folders(settings, tmp_path):
    settings.REPORT_DIR, settings.UPLOAD_DIR = tmp_path / "reports", tmp_path / "uploads"


@pytest.fixture
def enqueued(no_worker_yet, monkeypatch) -> list[int]:
    """Operations that were enqueued; no worker runs them."""
    ids: list[int] = []
    note = lambda task, *args: ids.extend(args if task == "imports.tasks.run_operation" else ())  # noqa: E731
    monkeypatch.setattr(queue, "enqueue", note)
    monkeypatch.setattr(requests, "enqueue", note)
    return ids


@pytest.fixture
def job(checked) -> ImportJob:
    """Thirty German numbers in a Turkish list, and one that is nowhere right."""
    return checked(csv_of("05550000001", *(f"030 2345 {n}" for n in range(10, 10 + GERMAN)), "x"))


@pytest.fixture
def in_tens(monkeypatch):
    monkeypatch.setattr("imports.check.bulk_fixes.AT_ONCE", 10)
    monkeypatch.setattr("imports.check.fix_workbook.AT_ONCE", 10)


def again(operation: Operation) -> Operation:
    operation.refresh_from_db()
    return operation


def workbook_of(job: ImportJob, phones: dict[int, str]) -> SimpleUploadedFile:
    """The "fix in Excel" workbook with the phones of these rows typed over."""
    book = openpyxl.load_workbook(reporting.report_file(job, reporting.WORKBOOK, "xlsx", "en"))
    head, *rows = book.active.iter_rows()
    column = [cell.value for cell in head].index("Telefon")
    for row in rows:
        if int(row[1].value) in phones:
            row[column].value = phones[int(row[1].value)]
    file = BytesIO()
    book.save(file)
    return SimpleUploadedFile("corrected.xlsx", file.getvalue())


def test_two_who_ask_for_the_same_wait_for_one(job, enqueued, alice, bob):
    first = requests.ask_for_report(job, "errors", "csv", "en", alice)
    assert requests.ask_for_report(job, "errors", "csv", "en", bob) == first
    assert requests.ask_for_report(job, "errors", "csv", "tr", bob) != first
    runner.run(first.pk)
    assert again(first).state == "done"
    assert requests.ask_for_report(job, "errors", "csv", "en", bob) != first


def test_a_report_is_made_once_and_says_of_which_moment_it_is(job, enqueued):
    operation = requests.ask_for_report(job, "errors", "csv", "en", None)
    runner.run(operation.pk)
    path = reporting.folder_of(job) / again(operation).result["file"]
    made, began = path.stat().st_mtime_ns, operation.began_at
    runner.run(operation.pk)
    assert path.stat().st_mtime_ns == made and again(operation).began_at == began
    assert path == reporting.report_file(job, "errors", "csv", "en")


def test_the_dispatcher_enqueues_what_nobody_is_at(job, enqueued):
    """Also where the broker was away when it was asked for."""
    operation = requests.ask(job, Operation.Kind.FIX_ALL, "region:DE", None)
    enqueued.clear()
    tasks.dispatch_due_work()
    assert enqueued == [operation.pk]
    runner.claim(operation.pk)
    assert runner.due_ids() == []
    Operation.objects.update(lease_ms=0)
    assert runner.due_ids() == [operation.pk]


def test_many_rows_are_put_right_and_counted(job, enqueued, alice):
    operation = requests.ask(job, Operation.Kind.FIX_ALL, "region:DE", alice)
    runner.run(operation.pk)
    assert (again(operation).state, operation.result) == ("done", {"n": GERMAN})
    assert counters.recount(job.pk) and counters.states(job.pk)["invalid"] == 1


def test_what_was_cut_short_goes_on_from_its_last_batch(job, enqueued, in_tens, monkeypatch):
    operation = requests.ask(job, Operation.Kind.FIX_ALL, "region:DE", None)
    corrected, batches = corrections.correct, []

    def dying(*args):
        batches.append(1)
        if len(batches) == 3:
            raise SystemExit  # what no handler of ours may catch, as with kill -9
        return corrected(*args)

    monkeypatch.setattr(corrections, "correct", dying)
    with pytest.raises(SystemExit):
        runner.run(operation.pk)
    assert again(operation).progress == {"n": 20, "after": 22} and counters.states(job.pk)["pending"] == 21
    runner.run(operation.pk)
    assert again(operation).state == "waiting", "its lease has not run out yet"
    Operation.objects.update(lease_ms=0)
    runner.run(operation.pk)
    assert again(operation).result == {"n": GERMAN} and counters.recount(job.pk)


@pytest.mark.django_db(transaction=True)  # it stops once a batch is committed
def test_a_worker_that_is_told_to_stop_leaves_the_rest_to_another(job, enqueued, in_tens):
    operation = requests.ask(job, Operation.Kind.FIX_ALL, "region:DE", None)
    shutdown.ask()
    try:
        runner.run(operation.pk)
    finally:
        shutdown.forget()
    assert (again(operation).state, operation.lease_ms, operation.attempts) == ("waiting", 0, 0)
    assert counters.states(job.pk)["pending"] == 11, "the batch it was at is done"
    runner.run(operation.pk)
    assert again(operation).result == {"n": GERMAN}


def test_one_that_was_frozen_changes_nothing_when_it_wakes(job, enqueued, in_tens, monkeypatch):
    operation = requests.ask(job, Operation.Kind.FIX_ALL, "region:DE", None)
    corrected = corrections.correct

    def overtaken(*args):
        Operation.objects.update(token=1)
        return corrected(*args)

    monkeypatch.setattr(corrections, "correct", overtaken)
    runner.run(operation.pk)
    assert again(operation).state == "waiting" and counters.states(job.pk)["pending"] == 1


def test_what_breaks_three_times_is_given_up_with_a_word(job, enqueued, monkeypatch):
    operation = requests.ask_for_report(job, "errors", "csv", "en", None)
    monkeypatch.setattr(reporting, "_words", lambda *row: 1 / 0)
    for _ in range(4):
        runner.run(operation.pk)
        assert runner.due_ids() == [], "its next try comes at once"
        Operation.objects.update(lease_ms=0)
    assert (again(operation).state, operation.result["reason"][0]) == ("failed", "operation_given_up")


def test_an_import_that_was_cancelled_meanwhile_takes_no_corrections(job, enqueued):
    operation = requests.ask(job, Operation.Kind.FIX_ALL, "region:DE", None)
    ImportJob.objects.filter(pk=job.pk).update(state=JobState.CANCELLED)
    runner.run(operation.pk)
    assert (again(operation).state, operation.result["reason"][0]) == ("failed", "not_now")


def test_rows_that_are_gone_are_told_of_no_more(job, enqueued):
    operation = requests.ask_for_report(job, "all", "csv", "en", None)
    ImportJob.objects.filter(pk=job.pk).update(rows_gone_at=timezone.now())
    runner.run(operation.pk)
    assert (again(operation).state, operation.result["reason"][0]) == ("failed", "rows_gone")


def test_what_was_to_be_forgotten_while_a_report_was_written_is_not_in_it(job, enqueued, monkeypatch):
    operation = requests.ask_for_report(job, "all", "csv", "en", None)
    written = reporting.report_file

    def and_meanwhile(*args):
        path = written(*args)
        ImportJob.objects.filter(pk=job.pk).update(file_gone_at=timezone.now())
        return path

    with monkeypatch.context() as slow:
        slow.setattr(reporting, "report_file", and_meanwhile)
        runner.run(operation.pk)
    assert again(operation).state == "waiting" and list(reporting.folder_of(job).iterdir()) == []
    runner.run(operation.pk)
    assert again(operation).state == "done"


def test_kill_9_in_the_middle_of_a_batch(checked, process_environment, enqueued):
    """The batch that was not committed is as if it had never been; the next worker does the rest."""
    job = checked(csv_of(*(f"030 2345 {n}" for n in range(10, 10 + GERMAN))))
    operation = requests.ask(job, Operation.Kind.FIX_ALL, "region:DE", None)
    victim = [sys.executable, "-c", DYING.format(operation=operation.pk)]
    with subprocess.Popen(victim, env=process_environment, cwd=settings.BASE_DIR, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "in the third batch\n"
        process.kill()
    assert again(operation).progress == {"n": 20, "after": 21} and counters.states(job.pk)["pending"] == 20
    assert runner.due_ids() == [], "until its lease runs out"
    Operation.objects.update(lease_ms=0)
    runner.run(operation.pk)
    assert again(operation).result == {"n": GERMAN} and counters.recount(job.pk)


def test_an_import_that_is_gone_takes_its_operations_along(job, enqueued):
    operation = requests.ask(job, Operation.Kind.FIX_ALL, "region:DE", None)
    ImportRow.objects.filter(job=job).delete()
    CampaignNumber.objects.filter(campaign=job.campaign).delete()
    job.delete()
    runner.run(operation.pk)
    assert not Operation.objects.exists()


@pytest.fixture
def in_fives(settings, monkeypatch):
    settings.ROWS_IN_A_REQUEST = 0
    monkeypatch.setattr(release, "AT_ONCE", 5)


def test_failed_rows_are_tried_again_the_first_at_once(enqueued, in_fives, alice, db):
    job = a_job(rows=0, owner=alice, state=JobState.DONE)
    add_rows(job, [phone(n) for n in range(12)], RowState.FAILED)
    workflow.retry_failed(job, alice)
    assert counters.states(job.pk)["pending"] == 5 and job.state == JobState.PUSHING
    ImportJob.objects.filter(pk=job.pk).update(state=JobState.DONE, finished_at=timezone.now())  # those five were quickly sent
    runner.run(enqueued[-1])
    job.refresh_from_db()
    assert (job.state, job.finished_at, Operation.objects.get().result) == (JobState.PUSHING, None, {"n": 7})
    assert counters.states(job.pk)["pending"] == 12 and counters.recount(job.pk)


def test_what_fails_anew_meanwhile_is_not_tried_for_ever(enqueued, in_fives, alice, db):
    job = a_job(rows=0, owner=alice, state=JobState.DONE)
    add_rows(job, [phone(n) for n in range(12)], RowState.FAILED)
    workflow.retry_failed(job, alice)
    ImportRow.objects.filter(job=job).update(state=RowState.FAILED)
    runner.run(enqueued[-1])
    assert Operation.objects.get().result == {"n": 7}


def test_duplicates_go_the_first_at_once_and_none_after_a_cancel(enqueued, in_fives, bob, checked):
    job = checked(csv_of(*["05550000001"] * 13))
    workflow.confirm(job, bob, allow_duplicates=True)
    assert counters.states(job.pk)["pending"] == 6
    first = enqueued[-1]
    Operation.objects.update(progress={"n": 2})
    runner.run(first)
    assert counters.states(job.pk)["pending"] == 11 and counters.recount(job.pk)
    workflow.cancel(job, bob)
    late = requests.ask(job, Operation.Kind.RELEASE, "duplicates:2", bob)
    runner.run(late.pk)
    assert (again(late).state, late.result["reason"][0]) == ("failed", "not_now")


def test_a_corrected_workbook_is_kept_until_it_is_taken(job, enqueued, in_tens):
    phones = {number: f"0533 000 00 {number:02}" for number in range(3, 28)}
    operation = requests.ask_to_take(job, workbook_of(job, phones), None)
    storage.sweep_orphans()
    runner.run(operation.pk)
    assert again(operation).result == {"taken": [25, 0, 0, 0]}
    assert counters.recount(job.pk) and counters.states(job.pk)["pending"] == 26
    assert not storage.kept_path(operation.what).exists()


def test_a_workbook_that_was_cut_short_counts_no_row_twice(job, enqueued, in_tens, monkeypatch):
    phones = {number: f"0533 000 00 {number:02}" for number in range(3, 28)}
    operation = requests.ask_to_take(job, workbook_of(job, phones), None)
    with monkeypatch.context() as breaking:
        keep, told = runner._save_or_yield, []

        def once(*given):
            keep(*given)
            told.append(given)
            if len(told) == 2:
                raise OSError

        breaking.setattr(runner, "_save_or_yield", once)
        runner.run(operation.pk)
    assert again(operation).progress == {"batches": 1, "taken": [10, 0, 0, 0]}
    Operation.objects.update(lease_ms=0)  # it runs out
    runner.run(operation.pk)
    assert again(operation).result == {"taken": [25, 0, 0, 0]}


def test_a_workbook_whose_file_is_gone_is_asked_for_again(job, enqueued, settings):
    operation = requests.ask_to_take(job, workbook_of(job, {}), None)
    shutil.rmtree(settings.UPLOAD_DIR)
    runner.run(operation.pk)
    assert again(operation).result["reason"][0] == "workbook_gone"


def test_what_an_older_version_gave_up_keeps_its_sentence(job):
    old = Operation.objects.create(job=job, kind="report", what="all.csv.en", result={"reason": ["chore_given_up", {}]})
    done = Operation.objects.create(job=job, kind="report", what="all.xlsx.en", state="done", result={"file": "all.xlsx"})
    import_module("imports.migrations.0017_standard_names").rename_reason(apps, None)
    assert again(old).result == {"reason": ["operation_given_up", {}]} and again(done).result == {"file": "all.xlsx"}
