"""What the monitor shows beside its alerts."""

import datetime as dt

import pytest
from django.utils import timezone

from imports import counters
from imports.alerts.rules import SILENT_MS
from imports.models import Heartbeat, ImportJob, OutgoingMail, PushMinute
from imports.pages import monitor
from tests.builders import a_job, add_rows, phone

NOW_MS = 100 * 60_000 + 30_000  # half a minute into minute 100


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    monkeypatch.setattr(monitor, "now_ms", lambda: NOW_MS)


def test_the_last_hour_is_drawn_minute_by_minute(db):
    first, second = a_job(rows=0), a_job(ImportJob.objects.get().campaign, rows=0)
    for job, minute, created, other in (
        (first, 100, 40, 0),
        (first, 99, 20, 4),
        (second, 99, 24, 0),
        (first, 41, 6, 0),
        (first, 40, 999, 0),
        (first, 101, 9, 0),
    ):
        PushMinute.objects.create(job=job, minute=minute, created=created, other=other)
    shown = monitor.throughput()
    assert len(shown.minutes) == monitor.MINUTES and shown.minutes[0] == 6 and shown.minutes[-2:] == [48, 40]
    assert (shown.most, shown.last) == (48, 48)
    assert shown.points.startswith("0,88.0 ") and shown.points.endswith(" 58,4.0 59,20.0")
    assert shown.area.startswith("0,100 0,88.0 ") and shown.area.endswith(" 59,20.0 59,100")


def test_an_hour_in_which_nothing_was_sent_is_a_flat_line(db):
    shown = monitor.throughput()
    assert (shown.most, shown.last, set(shown.minutes)) == (0, 0, {0})
    assert {point.partition(",")[2] for point in shown.points.split()} == {"100.0"}
    assert (monitor.Throughput([7]).last, monitor.Throughput([]).last, monitor.Throughput([]).most) == (0, 0, 0)


def test_processes_are_alive_while_their_heartbeat_is_recent(db):
    for name, kind, age in (("b@x", "worker", 0), ("a@x", "worker", SILENT_MS - 1), ("c@x", "worker", SILENT_MS), ("s@x", "scheduler", 4_999),
                            ("mail", "timer", 0), ("d@x", "worker", -60_000)):  # fmt: skip
        Heartbeat.objects.create(name=name, kind=kind, beat_ms=NOW_MS - age)
    assert [(one.name, one.seconds, one.is_alive) for one in monitor.processes()] == [
        ("s@x", 4, True), ("a@x", 19, True), ("b@x", 0, True), ("c@x", 20, False), ("d@x", -60, True),
    ]  # fmt: skip


def an_import(campaign, state: str, **rows: int) -> ImportJob:
    job = a_job(campaign, rows=0, state=state, finished_at=timezone.now() if state == "done" else None)
    counters.add(job.pk, {("state", one): n for one, n in rows.items()})
    return job


def test_imports_under_way_and_those_with_rows_to_try_again_are_shown(campaign):
    shown = [an_import(campaign, state) for state in ("checking", "ready", "pushing", "paused")]
    an_import(campaign, "uploaded")
    an_import(campaign, "cancelled", failed=1)
    an_import(campaign, "done", created=3, refused=1)
    again = [an_import(campaign, "done", failed=1), an_import(campaign, "done", unconfirmed=1)]
    too_long_ago = an_import(campaign, "done", failed=1)
    ImportJob.objects.filter(pk=too_long_ago.pk).update(finished_at=timezone.now() - monitor.LATELY - dt.timedelta(minutes=1))
    counters.add(an_import(campaign, "done", failed=1).pk, {("state", "failed"): -1})  # they were tried again
    expected = [job.pk for job in reversed(shown + again)]
    assert [one.progress.job.pk for one in monitor.monitored_imports()] == expected
    assert [one.progress.job.pk for one in monitor.monitored_imports(2)] == expected[:2]


def test_what_went_wrong_is_told_the_most_frequent_first(campaign):
    job = an_import(campaign, "pushing", created=90, refused=3, failed=7, invalid=14, pending=5)
    counters.add(job.pk, {("reason", "phone_too_short"): 9, ("reason", "phone_missing"): 5, ("reason", "phone_pager"): 0})
    an_import(campaign, "pushing", created=1)
    without, with_errors = monitor.monitored_imports()
    assert [n for _words, n in with_errors.errors] == [9, 7, 5, 3] and with_errors.errors[0][0] == "Too short"
    assert without.errors == []


@pytest.mark.parametrize(
    ("is_sqlite", "rows", "workers", "expected"),
    [
        (True, 10, 4, False),
        (True, 10, 5, True),
        (True, 200_000, 1, False),
        (True, 200_001, 1, True),
        (True, None, 1, False),
        (False, 10**6, 99, False),
    ],
)
def test_what_is_too_large_for_sqlite(campaign, settings, is_sqlite, rows, workers, expected):
    settings.IS_SQLITE = is_sqlite
    a_job(campaign, rows=0, total_rows=rows)
    assert monitor.is_too_large_for_sqlite(monitor.monitored_imports(), workers) == expected


def test_mails_are_counted_by_what_became_of_them(campaign, alice):
    assert monitor.mail_counts() == {"waiting": 0, "sent": 0, "failed": 0}
    for state in ("waiting", "sending", "sent", "failed", "failed"):
        OutgoingMail.objects.create(job=a_job(campaign, rows=0), kind="done", recipient=alice, state=state)
    assert monitor.mail_counts() == {"waiting": 2, "sent": 1, "failed": 2}


def test_rows_that_wait_are_no_errors(campaign):
    job = a_job(campaign, rows=2)
    add_rows(job, [phone(9)], "duplicate_in_file", first_row=9)
    [shown] = monitor.monitored_imports()
    assert shown.errors == [] and shown.progress.waiting == 2
