"""Answers that neither take nor refuse a row, again and again: of everything that is sent, or of the row alone."""

import pytest

from campaigns.models import Account, AccountBudget
from imports.models import ImportRow, JobState, RowState
from imports.push import deferrals, sender
from imports.push.deferrals import WAIT, Deferral, Progress, after, is_of_the_row
from imports.workflow import steps as workflow
from tests.builders import phone
from tests.push.test_push import counts

BAD = phone(4)


def of_answers(
    n: int, taken_between: int = 0, others_between: int = 0, kind: str = WAIT, minutes: float = 0.01, before: int = 10
):
    """What a row keeps after so many answers, and whether it is blamed by the last."""
    row = Deferral()
    for i in range(n):
        progress = Progress(before + i * taken_between, 0, i * others_between, 1, int(i * minutes * 60_000))
        row = after(row, progress)
    return row, is_of_the_row(row, kind, progress)


@pytest.mark.parametrize(
    ("is_blamed", "how"),
    [
        (True, {"n": 9, "taken_between": 1}),  # each time others were taken after it
        (False, {"n": 8, "taken_between": 1}),
        (False, {"n": 30, "taken_between": 1, "others_between": 1}),  # as many others are put off: by chance
        (True, {"n": 40, "taken_between": 1, "others_between": 1}),  # which no chance explains for ever
        (False, {"n": 60, "taken_between": 1, "others_between": 9}),
        (False, {"n": 14, "minutes": 1}),  # the only one left, and nothing was sent after it
        (True, {"n": 15, "minutes": 1}),
        (False, {"n": 15, "minutes": 1, "before": 0}),  # nothing was taken ever
        (False, {"n": 500, "minutes": 2, "others_between": 2}),  # one of a few left: a limit of some hours
        (True, {"n": 500, "minutes": 4, "others_between": 2}),  # longer than a day
        (True, {"n": 4, "taken_between": 2, "kind": "key"}),
        (False, {"n": 3, "taken_between": 2, "kind": "key"}),
        (False, {"n": 9, "taken_between": 2, "others_between": 2, "kind": "key"}),
        (False, {"n": 50, "kind": "key"}),
    ],
)
def test_only_what_chance_cannot_explain_is_said_of_the_row(is_blamed, how):
    assert of_answers(**how)[1] is is_blamed


def test_a_row_that_was_passed_by_others_and_is_alone_has_twelve_tries_in_two_minutes():
    row = after(after(Deferral(), Progress(5, 1, 0, 9, 0)), Progress(14, 0, 0, 1, 1_000))
    assert row.against == 1 and not is_of_the_row(row, WAIT, Progress(14, 0, 0, 1, 400_000))
    row = row._replace(n=12)
    assert not is_of_the_row(row, WAIT, Progress(14, 0, 0, 1, 119_000)) and is_of_the_row(
        row, WAIT, Progress(14, 0, 0, 1, 120_000)
    )
    assert not is_of_the_row(row, WAIT, Progress(14, 0, 20, 1, 120_000))  # others were put off as well


def test_a_look_up_that_is_answered_right_after_shows_that_a_key_is_accepted():
    row = Deferral(4, 0, taken=5, checked=3)
    assert not is_of_the_row(row, "key", Progress(5, 0, 4, 2, 0))  # two of seven
    assert is_of_the_row(row, "key", Progress(5, 0, 4, 1, 0)) and not is_of_the_row(row, WAIT, Progress(5, 0, 0, 1, 0))
    assert not is_of_the_row(row._replace(taken=0), "key", Progress(0, 0, 4, 1, 0))  # nothing was ever taken with it


@pytest.fixture
def no_waits(monkeypatch):
    """Rows that were put off are due at once, and the account is not left alone."""
    monkeypatch.setattr(deferrals.Deferral, "wait_ms", lambda self: 20)
    monkeypatch.setattr("imports.push.service_signals.backoff_ms", lambda attempts, draw=None: 20)
    monkeypatch.setattr(deferrals, "LAST_MS", 0)
    monkeypatch.setattr(deferrals, "ALONE_MS", 0)


def opened(job_id: int) -> None:
    """The account's wait is over."""
    AccountBudget.objects.update(not_before_ms=0, learnt={"pace": {"in_flight": 4}})
    sender.run_slice(job_id, 5)


@pytest.mark.parametrize("n", [3, 30])
def test_a_row_that_is_asked_to_wait_for_ever_ends_by_name_and_the_others_are_sent(n, job_of, sandbox, no_waits):
    sandbox.control.fault("429", phones=[BAD if n > 3 else phone(0)], retry_after="0")
    job = job_of(n)
    for _ in range(40):
        opened(job.pk)
        if ImportRow.objects.filter(state=RowState.FAILED).exists():
            break
    assert counts(job) == {"created": n - 1, "failed": 1}
    row = ImportRow.objects.get(state=RowState.FAILED)
    assert row.phone == (BAD if n > 3 else phone(0)) and row.reason == "not_taken" and "deferral" not in row.detail
    assert row.detail["params"]["count"] >= 9
    sandbox.control.clear_faults()
    job.refresh_from_db()
    assert job.state == JobState.DONE
    workflow.retry_failed(job, None, in_background=False)
    assert counts(sender.push_to_end(job.pk)) == {"created": n}


@pytest.mark.parametrize(("status", "at"), [(401, 0), (403, 4), (404, 11)])
def test_a_row_alone_that_is_refused_like_a_dead_key_pauses_nothing(status, at, job_of, sandbox, no_waits, adam):
    sandbox.control.fault("answer", status=status, body={"message": "Unauthenticated."}, phones=[phone(at)])
    job = sender.push_to_end(job_of(12).pk)
    assert job.state == JobState.DONE and counts(job) == {"created": 11, "failed": 1}
    row = ImportRow.objects.get(state=RowState.FAILED)
    assert row.phone == phone(at) and row.reason == "not_taken" and row.detail["message"] == "Unauthenticated."


def test_a_key_that_dies_costs_no_row_and_is_asked_of_three(job_of, sandbox, adam):
    sandbox.control.fault("key_refused", at=4, **{"for": "posts"})
    job = sender.push_to_end(job_of(40).pk)
    assert (job.state, job.reason) == (JobState.PAUSED, "key") and not ImportRow.objects.filter(state=RowState.FAILED).exists()
    sandbox.control.settings(key_refused="")


def test_a_number_whose_look_up_is_refused_pauses_nothing(job_of, sandbox, no_waits):
    sandbox.control.fault("reset_after", phones=[BAD], times=1)
    sandbox.control.fault("answer", on="find_leads", status=403, body={"message": "Forbidden."}, phones=[BAD])
    Account.objects.update(max_in_flight=1)
    job = sender.push_to_end(job_of(60).pk)
    assert job.state == JobState.DONE and counts(job) == {"created": 59, "unconfirmed": 1}
