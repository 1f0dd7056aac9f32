"""Turns go by person: reading, sending, mails. One file is read by one process at a time, however long a part of it takes."""

import threading
import time
import uuid

import pytest
from django.db import connection

from background import log_context, queue, turns
from background.database_clock import now_ms
from background.leases import Leases
from campaigns.models import DoNotCall
from imports import tasks
from imports.check import run
from imports.do_not_call import lists
from imports.mail import outbox
from imports.models import Heartbeat, ImportJob, JobState, NumberList, OutgoingMail, SendSlot
from imports.pipeline.process import parent
from imports.scheduling import mail_turns, reading_turns, sending_turns
from imports.workflow import requests
from tests.builders import a_job
from tests.imports.conftest import checking, csv_of, many

GIANT = 68_000_000


@pytest.fixture
def enqueued(monkeypatch) -> list[tuple]:
    messages: list[tuple] = []
    monkeypatch.setattr(queue, "_send", lambda task, ids, **when: messages.append((task.rsplit(".")[-1], *ids)))
    return messages


@pytest.fixture
def two_processes(db) -> None:
    detail = {"queues": ["parse"], "processes": 2}
    Heartbeat.objects.create(name="reader@here", kind="worker", beat_ms=now_ms(), detail=detail)


def a_check(campaign, owner, size: int = 200) -> ImportJob:
    return a_job(campaign, rows=0, state=JobState.CHECKING, owner=owner, file_size=size)


def claimed() -> tuple[str, int] | None:
    """What a free process begins now."""
    chosen = reading_turns._claim_next()
    return chosen and (chosen[0].kind, chosen[0].pk)


def end(job: ImportJob) -> None:
    ImportJob.objects.filter(pk=job.pk).update(state=JobState.READY)


def test_log_lines_name_what_has_its_turn_and_not_what_the_message_was_about(campaign, alice, enqueued, monkeypatch):
    named, job = a_check(campaign, alice), a_check(campaign, alice)
    ImportJob.objects.filter(pk=named.pk).update(check_lease_ms=now_ms() + 60_000)
    seen: list[dict] = []
    monkeypatch.setattr(run, "run_claimed", lambda *_args, **_options: seen.append(dict(log_context.current())))
    tasks.check.apply((named.pk,), task_id="one")
    mail = OutgoingMail.objects.create(job=job, kind="done", recipient=alice)
    monkeypatch.setattr(outbox, "send_claimed", lambda _mail: seen.append(dict(log_context.current())))
    tasks.send_mail.apply((mail.pk + 1,), task_id="two")
    assert seen == [{"task_id": "one", "import_id": job.pk}, {"task_id": "two", "mail_id": mail.pk, "import_id": job.pk}]
    assert log_context.current() == {}


def test_a_small_file_does_not_wait_for_somebody_else_s_giants(campaign, alice, bob, two_processes, enqueued):
    giants = [a_check(campaign, alice, GIANT) for _ in range(3)]
    assert claimed() == ("check", giants[0].pk)
    assert claimed() is None, "the other process is kept for small work"
    small = a_check(campaign, bob)
    report = requests.ask_for_report(a_job(campaign, state=JobState.DONE), "errors", "csv", "en", bob)
    pasted = NumberList.objects.create(file_key=uuid.uuid4(), added_by=alice)
    assert claimed() == ("check", small.pk)
    assert claimed() == ("number list", pasted.pk), "of two people, who has nothing under way"
    assert claimed() == ("operation", report.pk)
    other = a_check(campaign, bob, GIANT)
    end(giants[0])
    assert claimed() == ("check", other.pk), "who had no turn yet comes before who had one"
    end(other)
    assert claimed() == ("check", giants[1].pk)


def test_what_a_packed_workbook_a_list_and_an_operation_weigh(campaign, alice, settings, tmp_path):
    settings.UPLOAD_DIR = tmp_path
    for name, size in (("small.csv", 1_500_000), ("large.xlsx", 1_500_000)):
        ImportJob.objects.filter(pk=a_check(campaign, alice, size).pk).update(file_name=name)
    lists.accept([b"0" * 3_000_000], "", campaign=None, note="", user=alice)
    requests.ask(a_job(campaign, rows=0, total_rows=30_000), "report", "all.csv.en", alice)
    waiting, _running = reading_turns.waiting_and_running()
    assert [work.is_large for work in sorted(waiting)] == [False, True, True, True]


def test_a_message_is_about_whatever_has_its_turn_and_another_follows(
    received, alice, enqueued, django_capture_on_commit_callbacks
):
    first, second = (checking(received, csv_of("05550000001"), owner=alice) for _ in range(2))
    enqueued.clear()
    with django_capture_on_commit_callbacks(execute=True):
        tasks.check(second.pk)
    first.refresh_from_db(), second.refresh_from_db()
    assert (first.state, second.state) == (JobState.READY, JobState.CHECKING) and enqueued == [("read_next",)]
    with django_capture_on_commit_callbacks(execute=True):
        tasks.read_next()
    second.refresh_from_db()
    assert second.state == JobState.READY and len(enqueued) == 1, "no message without work"


def test_with_one_process_a_giant_gives_way_and_goes_on(received, campaign, alice, bob, monkeypatch, enqueued):
    for module, name in ((turns, "GIVES_WAY_AFTER"), (turns, "WORTH_GIVING_WAY"), (reading_turns, "LOOKS_EVERY")):
        monkeypatch.setattr(module, name, 0)
    monkeypatch.setattr(reading_turns, "LARGE_BYTES", 1_000)
    giant = checking(received, many(6_500), owner=alice)
    small, store = [], run._store

    def somebody_comes(job, *rest):
        store(job, *rest)
        if not small:
            small.append(checking(received, csv_of("05550000003"), owner=bob))

    monkeypatch.setattr(run, "_store", somebody_comes)
    assert reading_turns.read_next(), "there is more to do"
    giant.refresh_from_db()
    assert (giant.state, giant.checked_chunks, giant.check_attempts) == (JobState.CHECKING, 1, 0)
    assert reading_turns.read_next() and ImportJob.objects.get(pk=small[0].pk).state == JobState.READY
    assert not reading_turns.read_next()
    giant.refresh_from_db()
    assert (giant.state, giant.total_rows, giant.rows.count()) == (JobState.READY, 6_500, 6_500)


@pytest.mark.django_db(transaction=True)
def test_one_file_is_never_read_by_two_processes_however_long_a_part_takes(received, monkeypatch):
    job = checking(received, many(10))
    monkeypatch.setattr(run, "LEASES", Leases(ImportJob, JobState.CHECKING, 200, prefix="check_", related=("campaign",)))
    is_open, may_go_on, read = threading.Event(), threading.Event(), parent.check_file
    readers = []

    def slowly(*args):
        readers.append(args)
        is_open.set()
        assert may_go_on.wait(20)
        yield from read(*args)

    def other_process():
        try:
            run.run_check(job.pk)
        finally:
            connection.close()

    monkeypatch.setattr(parent, "check_file", slowly)
    thread = threading.Thread(target=other_process)
    thread.start()
    assert is_open.wait(20)
    longer_than_two_leases = time.monotonic() + 0.5
    while time.monotonic() < longer_than_two_leases:
        run.run_check(job.pk)  # whoever else is asked to
        assert reading_turns._claim_next() is None
    may_go_on.set()
    thread.join(20)
    job.refresh_from_db()
    assert (job.state, job.total_rows, len(readers)) == (JobState.READY, 10, 1)


def test_a_list_that_has_been_read_is_searched_for(alice, enqueued, settings, tmp_path, django_capture_on_commit_callbacks):
    settings.UPLOAD_DIR = tmp_path
    one = lists.accept([b"0555 000 00 01\n"], "", campaign=None, note="", user=alice)
    with django_capture_on_commit_callbacks(execute=True):
        tasks.read_number_list(one.pk)
    assert DoNotCall.objects.count() == 1 and enqueued == [("search_do_not_call",)]


def test_mails_go_out_by_turns_of_who_gets_them(campaign, alice, bob, monkeypatch):
    for _ in range(3):
        outbox.owe(a_job(campaign, rows=0).pk, "done", [alice])
    outbox.owe(a_job(campaign, rows=0).pk, "done", [bob])
    sent: list[int] = []
    monkeypatch.setattr(outbox, "send_claimed", lambda mail: bool(sent.append(mail.recipient_id)) or True)
    for mail in OutgoingMail.objects.order_by("pk"):
        tasks.send_mail(mail.pk)
    assert sent == [alice.pk, bob.pk, alice.pk, alice.pk] and not mail_turns.send_next()


def test_slices_of_sending_go_by_person_and_each_import_keeps_its_message(
    campaign, alice, bob, monkeypatch, enqueued, django_capture_on_commit_callbacks
):
    """Ten imports of one person do not keep the one of another waiting for ten slices."""
    mine = [a_job(campaign, owner=alice, rows=[f"+90555000000{n}"]) for n in range(3)]
    theirs = a_job(campaign, owner=bob, rows=["+905550000009"])
    sent: list[int] = []

    def a_slice(job_id, number, token):
        sent.append(job_id)
        SendSlot.objects.filter(job=job_id, number=number, token=token).update(token=token + 1)
        return sending_turns.Slot(number, token + 1), 0.0

    monkeypatch.setattr(sending_turns.sender, "run_at", a_slice)
    messages = [("send_import", job.pk) for job in (*mine, theirs)]
    for _ in range(12):
        with django_capture_on_commit_callbacks(execute=True):
            _task, *ids = messages.pop(0)
            tasks.send_import(*ids)
        messages += enqueued
        enqueued.clear()
    assert sent[:2] == [mine[0].pk, theirs.pk] and sent[2] in {job.pk for job in mine}
    assert sent.count(theirs.pk) >= 3 and {*sent} == {job.pk for job in (*mine, theirs)}, sent
    assert {ids[0] for _task, *ids in messages} >= {job.pk for job in mine}, "nobody's message is lost"


def test_an_import_that_has_to_wait_is_not_preferred(campaign, alice, bob, monkeypatch, enqueued):
    mine, theirs = a_job(campaign, owner=alice), a_job(campaign, owner=bob, rows=["+905550000009"])
    SendSlot.objects.create(job=theirs, number=0, next_ms=now_ms() + 60_000)
    sent: list[int] = []
    monkeypatch.setattr(sending_turns.sender, "run_at", lambda job_id, *slot: (sent.append(job_id), (None, 0.0))[1])
    for _ in range(2):
        tasks.send_import(mine.pk)
    assert sent == [mine.pk, mine.pk]
