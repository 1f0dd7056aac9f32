"""How long a process stays with one import, and when the next slice begins."""

import time
from types import SimpleNamespace

import pytest

from background import queue
from campaigns.models import Account, AccountBudget
from imports import tasks
from imports.push import sender

pytestmark = pytest.mark.django_db(transaction=True)


def test_s11_an_account_that_mostly_waits_leaves_its_process_to_others(job_of, sandbox, monkeypatch):
    """Else two imports of one slow account keep every process, and another account waits for its turn."""
    monkeypatch.setattr(sender, "LIMITED_SLICE", 0.5)
    job = job_of(30)
    Account.objects.update(max_per_minute=60)
    began = time.monotonic()
    slot, after = sender.run_at(job.pk, None, None)
    assert slot and after == 0 and time.monotonic() - began < 5


def test_s11_who_is_asked_to_wait_goes_on_when_the_wait_is_over(job_of, sandbox, monkeypatch):
    """Not when the dispatcher happens to run: the minute that begins then would lose seconds."""
    enqueued = []
    monkeypatch.setattr(queue, "_send", lambda task, ids, **when: enqueued.append((ids, when)))
    sandbox.control.settings(rate_limit=5, rate_headers=False)
    job = job_of(30)
    tasks.send_import(job.pk)
    [((job_id, _number, _token), when)] = enqueued
    assert job_id == job.pk and 40 < when["countdown"] < 61


def test_s11_an_account_that_is_new_begins_with_few_requests(job_of, sandbox):
    AccountBudget.objects.update(learnt={})
    sandbox.control.settings(latency_ms=50)
    job = job_of(300)
    sender.run_slice(job.pk, seconds=3)
    moments = [post.started for post in sandbox.ledger.posts()]
    assert 3 <= len(moments) <= 60 and sum(moment < moments[0] + 1 for moment in moments) <= 10


@pytest.mark.parametrize(
    ("in_flight", "usual_ms", "gather", "enough"),
    [(32, 100, 0.008, 17), (32, 1_000, 0.025, 17), (32, 0, 0.004, 17), (15, 100, 0.004, 2), (1, 1_000, 0.004, 1)],
)
def test_answers_are_gathered_for_a_part_of_their_time_where_many_are_in_flight(in_flight, usual_ms, gather, enough):
    asked = []
    pool = SimpleNamespace(in_flight=in_flight, answers=lambda within, gather, enough: asked.append((gather, enough)))
    ledger = SimpleNamespace(share=SimpleNamespace(usual_ms=usual_ms, pause=1.0))
    sender._Slice(None, ledger, pool, None, lambda job: None)._answers()
    assert asked == [(gather, enough)]
