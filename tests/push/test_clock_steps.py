"""F30: the database's clock is set back or ahead by an hour, and by more. Nothing stands still for it, and no lease is lost."""

import threading
import time
from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from background import database_clock
from background.database_clock import _Look, now_ms, step_ms
from background.models import Clock
from campaigns.models import AccountBudget
from campaigns.reading_schedule import is_full_reading_due
from imports import counters
from imports.check import run
from imports.errors import WorkflowError
from imports.intake import steps as intake
from imports.intake import storage
from imports.mail import outbox
from imports.models import ImportJob, ImportRow, JobState, Operation, OutgoingMail
from imports.operations import runner
from imports.push import row_claims, sender, slots
from imports.push.account_share import take_share
from imports.scheduling import dispatcher
from people.throttle import WRONG_TRIES, record_failure, wait_before_next_try
from tests.builders import a_job
from tests.processes import PATIENCE
from tests.push.test_push import counts

pytestmark = [pytest.mark.clock_is_set, pytest.mark.django_db]
HOUR = 3600
STEPS = pytest.mark.parametrize("hours", [-1, 1, -24 * 400, 24 * 400])


@pytest.fixture
def set_clock(monkeypatch):
    """`set_clock(seconds)`: the database's wall clock is that far from the real one from now on."""
    wall = database_clock.NOW_MS[connection.vendor]
    monkeypatch.setattr(database_clock, "_last", None)

    def set_to(seconds: int) -> None:
        database_clock.NOW_MS[connection.vendor] = f"({wall} + {1000 * seconds})"

    now_ms()
    yield set_to
    database_clock.NOW_MS[connection.vendor] = wall


def other_process() -> None:
    """From now on this is a process that has just begun."""
    database_clock._last = None


def look(steady: int, boot: int, took: int = 0, offset: int = 0) -> _Look:
    return _Look(steady, boot, boot + took, offset)


@pytest.mark.parametrize(
    ("last", "now", "seen", "step"),
    [
        (None, look(5_000_000, 7), 0, 0),
        (look(0, 0), look(10_000, 10_000), 0, 0),
        (look(0, 0), look(11_000, 10_000), 0, 0),  # a slow answer
        (look(0, 0), look(40_000, 10_000, took=30_000), 0, 0),  # a database that was frozen while it was asked
        (look(0, 0), look(36_000_000 + 300_000, 36_000_000), 0, 0),  # brought right slowly, over ten hours
        (look(0, 0), look(3_610_000, 10_000), 0, 3_600_000),
        (look(3_600_000, 0), look(10_000, 10_000), 0, -3_600_000),
        (None, look(1_000_000, 0), 4_600_000, -3_600_000),
        (None, look(4_600_000, 0), 1_000_000, 0),  # nobody was there: time may have passed
        (look(3_600_000, 0), look(10_000, 10_000), 3_605_000, -3_600_000),
        (look(3_600_000, 0), look(10_000, 10_000, offset=-3_600_000), 0, 0),  # who began after the step is put right by another
        (look(0, 0), look(10_000, 10_000, offset=-3_600_000), 0, 0),  # set, and made up for by another
    ],
)
def test_f30_how_a_clock_that_was_set_is_told_from_time_that_passes(last, now, seen, step):
    assert step_ms(last, now, seen) == step


@STEPS
def test_f30_steady_time_goes_on_whatever_the_wall_says(hours, set_clock):
    before = now_ms()
    set_clock(hours * HOUR)
    assert 0 <= now_ms() - before < 2_000 and 0 <= now_ms() - before < 2_000
    set_clock(0)
    assert 0 <= now_ms() - before < 2_000


def test_f30_who_was_not_there_does_not_fall_behind_the_last_dispatch(set_clock):
    before = now_ms()
    assert dispatcher.dispatch_due_work(lambda *_: None)
    set_clock(-HOUR)
    other_process()
    assert 0 <= now_ms() - before < 2_000


def test_f30_of_many_who_notice_one_makes_up_for_it(transactional_db, set_clock):
    set_clock(-HOUR)
    start, read = threading.Barrier(4), []

    def notice() -> None:
        start.wait()
        read.append(now_ms())
        connection.close()

    threads = [threading.Thread(target=notice) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert len(read) == 4 and max(read) - min(read) < 2_000
    assert abs(Clock.objects.get().offset_ms - 3_600_000) < 2_000


def test_f30_what_was_made_up_for_in_vain_is_made_up_for_again(set_clock):
    before = now_ms()
    set_clock(-HOUR)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        assert 0 <= now_ms() - before < 2_000
        assert 0 <= now_ms() - before < 2_000
        1 / 0
    assert 0 <= now_ms() - before < 2_000


@pytest.mark.slow
@STEPS
def test_f30_dispatching_goes_on(hours, set_clock, settings):
    settings.DISPATCH_SECONDS = 4
    assert dispatcher.dispatch_due_work(lambda *_: None)
    set_clock(hours * HOUR)
    assert not dispatcher.dispatch_due_work(lambda *_: None)  # neither too late nor too early
    time.sleep(4)
    assert dispatcher.dispatch_due_work(lambda *_: None)


@pytest.mark.slow
@STEPS
def test_f30_a_row_s_lease_lasts_as_long_as_it_was_given(hours, set_clock, settings):
    settings.SEND_LEASE_SECONDS = 2
    job = a_job(rows=3)
    row_claims.claim(job.pk, 2)
    set_clock(hours * HOUR)
    sender._settle_expired(job)
    assert counts(job) == {"sending": 2, "pending": 1}
    time.sleep(2.1)
    sender._settle_expired(job)
    assert counts(job) == {"unknown": 2, "pending": 1}


@pytest.mark.slow
@STEPS
def test_f30_an_intent_that_is_recorded_before_anybody_notices_has_its_true_time(hours, set_clock):
    """Else our own lead seems to have been there before, and the row a duplicate."""
    job = a_job(rows=1)
    before = now_ms()
    set_clock(hours * HOUR)
    [row] = row_claims.claim(job.pk, 1)
    assert before <= row.first_intent_ms < before + 2_000
    assert 0 < ImportRow.objects.get().lease_ms - before < 1000 * settings.SEND_LEASE_SECONDS + 2_000


@STEPS
def test_f30_a_wait_is_as_long_as_it_was_meant(hours, set_clock):
    job = a_job(rows=2)
    soon, later = ImportRow.objects.order_by("pk")
    ImportRow.objects.filter(pk=soon.pk).update(next_ms=now_ms() + 500)
    ImportRow.objects.filter(pk=later.pk).update(next_ms=now_ms() + 60_000)
    set_clock(hours * HOUR)
    enqueued = []
    time.sleep(0.6)
    dispatcher._enqueue_rows(lambda name, *ids: enqueued.append(name))
    assert enqueued and [row.id for row in row_claims.claim(job.pk, 2)] == [soon.pk]


@pytest.mark.slow
@STEPS
def test_f30_the_slot_of_a_sender_stays_its_own_and_is_free_when_it_dies(hours, set_clock, settings):
    settings.SEND_LEASE_SECONDS, settings.MOST_SENDERS = 12, 1  # a slot is held for three seconds
    job = a_job(rows=3)
    share = take_share(job)
    set_clock(hours * HOUR)
    assert slots.free(job) == [] and take_share(job) is None
    share._reported = 0
    share.renew(0)
    assert share.part and not share.is_lost
    time.sleep(3.1)
    assert take_share(job)


@pytest.mark.slow
@STEPS
def test_f30_budget_and_breaker_wait_as_long_as_they_were_told(hours, set_clock):
    job = a_job(rows=3)
    pace = {
        "not_before_ms": now_ms() + 1_000,
        "refilled_ms": now_ms(),
        "breaker": {"open_ms": 1_000, "until_ms": now_ms() + 1_000},
    }
    AccountBudget.objects.filter(account=job.campaign.account).update(learnt={"pace": pace})
    set_clock(hours * HOUR)
    share = take_share(job)
    share.renew(0)
    assert share.part == 0 and 0 < share.wait_ms <= 1_000
    time.sleep(1.1)
    share._reported = 0
    share.renew(0)
    assert share.part == 1  # the probe of the breaker


@pytest.mark.slow
@STEPS
def test_f30_mails_checks_and_operations_go_on(hours, set_clock, alice):
    job, check = a_job(rows=1), a_job(rows=0, state=JobState.CHECKING)
    outbox.owe(job.pk, "done", [alice])
    operation = Operation.objects.create(job=job, kind="report", what="all.csv.en")
    for model, field in ((OutgoingMail, "next_ms"), (ImportJob, "check_lease_ms"), (Operation, "lease_ms")):
        model.objects.update(**{field: now_ms() + 1_000})
    set_clock(hours * HOUR)
    assert outbox.due_ids() == runner.due_ids() == [] and run.claim(check.pk) is None
    time.sleep(1.1)
    assert outbox.due_ids() == [OutgoingMail.objects.get().pk] and runner.due_ids() == [operation.pk]
    assert run.claim(check.pk)


def test_f30_sending_goes_on_while_the_clock_is_set_again_and_again(transactional_db, job_of, sandbox, set_clock):
    sandbox.control.settings(latency_ms=20)
    sandbox.control.faults({"fault": "500_after", "rate": 0.1}, {"fault": "429", "rate": 0.05, "retry_after": 1}, seed=7)
    job, is_over = job_of(60), threading.Event()

    def set_it() -> None:
        for hours in [-1, 1, -3, 0, 24, 0, -1] * 20:
            if is_over.wait(0.3):
                return
            set_clock(hours * HOUR)

    setter = threading.Thread(target=set_it)
    setter.start()
    began = time.monotonic()
    job = sender.push_to_end(job.pk)
    is_over.set()
    setter.join(PATIENCE)
    assert job.state == JobState.DONE and counts(job) == {"created": 60} and counters.recount(job.pk)
    assert not sandbox.ledger.doubles() and not sandbox.ledger.overlaps()
    assert time.monotonic() - began < PATIENCE


# -- what is measured by other clocks ------------------------------------------------------------------------------------
def later(**span) -> object:
    return timezone.now() + timedelta(**span)


def test_f30_uploads_of_an_hour_that_has_not_come_yet_hold_nobody_off(alice, settings):
    settings.UPLOADS_PER_MINUTE = 2
    campaign = a_job(rows=0, owner=alice).campaign
    a_job(campaign, 0, owner=alice)
    with pytest.raises(WorkflowError):
        storage.check_room(alice)
    ImportJob.objects.update(created_at=later(hours=1))
    storage.check_room(alice)


def test_f30_wrong_passwords_of_an_hour_that_has_not_come_yet_hold_nobody_off(alice):
    for _ in range(WRONG_TRIES):
        record_failure("alice", "192.0.2.1")
    assert wait_before_next_try("alice", "192.0.2.1")
    AccessAttempt.objects.update(attempt_time=later(hours=1))
    assert not wait_before_next_try("alice", "192.0.2.1")


def test_f30_a_reading_at_an_hour_that_has_not_come_yet_is_made_again(monkeypatch):
    asked = []
    monkeypatch.setattr(intake, "enqueue_task", lambda *words: asked.append(words[0]))
    campaign = a_job(rows=0).campaign
    for read_at in (later(seconds=-30), later(hours=1)):
        campaign.leads_synced_at = read_at
        intake._ask_for_known_numbers(campaign)
    assert asked == ["sync_leads"]
    monkeypatch.setattr("campaigns.reading_schedule._total", lambda _campaign: 1_000_000)
    campaign.leads_sync = {"full_at": time.time() - 60}
    assert not is_full_reading_due(campaign)
    campaign.leads_sync = {"full_at": time.time() + HOUR}
    assert is_full_reading_due(campaign)
