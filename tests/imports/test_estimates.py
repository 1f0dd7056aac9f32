"""How long sending takes is said where something is known, and what it rests on."""

import pytest
from django.template.loader import render_to_string

from background.database_clock import now_ms
from campaigns.models import Account, AccountBudget
from imports.models import ImportJob
from imports.pages.estimates import Estimate, estimate
from imports.pages.progress import Progress
from tests.builders import a_job

pytestmark = pytest.mark.django_db


@pytest.fixture
def job(db) -> ImportJob:
    return a_job(rows=3)


def learnt(job: ImportJob, **parts) -> None:
    AccountBudget.objects.update_or_create(account=job.campaign.account, defaults={"learnt": parts})


def sent(for_seconds: int, a_second: float, since: int | None = None) -> dict:
    """An import that has been sent for so long at that rate."""
    now = now_ms()
    ended = [[now // 1000 - ago, a_second] for ago in range(min(for_seconds, 60), 0, -1)]
    return {"since": now - 1000 * (since or for_seconds), "at": now, "ended": ended}


def left(job: ImportJob, rows: int = 1000) -> float | None:
    return Progress.of(job).movement.seconds_for(rows)


def test_s12_before_something_is_known_no_time_is_said(job):
    assert left(job) is None
    learnt(job, pace={}, sent={str(job.pk): sent(20, 50)})
    assert left(job) is None


@pytest.mark.parametrize("a_second", [1, 32, 400])
def test_s12_after_half_a_minute_it_is_what_went_out_lately(job, a_second):
    learnt(job, pace={"ramp": 0}, sent={str(job.pk): sent(30, a_second)})
    assert left(job) == pytest.approx(1000 / a_second, rel=0.05)


def test_s12_an_account_that_waits_for_its_limit_says_when_it_goes_on_and_how_fast(job):
    """Sixty in the first seconds, then the service asks to wait for its minute to end."""
    now = now_ms()
    burst = [[now // 1000 - 30, 30], [now // 1000 - 29, 30]]
    closed = {"refusals": 1, "since_ms": now - 28_000, "asked_ms": 53_000}
    pace = {"ramp": 3000, "closed": closed, "not_before_ms": now + 25_000, "accepted": burst, "total": 60}
    learnt(job, pace=pace, sent={str(job.pk): {"since": now - 31_000, "at": now, "ended": burst}})
    assert left(job, 590) == pytest.approx(25 + 600, rel=0.05)


def test_s12_while_it_still_gets_faster_that_is_reckoned_with(job):
    """Answers after a second: 8 in flight after the first seconds, 32 some twenty seconds later."""
    pace = {"ramp": 5000, "in_flight": 8, "usual_ms": 1000, "is_doubling": True}
    learnt(job, pace=pace, sent={str(job.pk): sent(30, 5)})
    in_flight, left_over, seconds = 8.0, 1600.0, 0.0
    while left_over > 0:
        left_over, seconds = left_over - in_flight / 10, seconds + 0.1
        in_flight = min(32, in_flight * (1 + 1 / 80))
    assert left(job, 1600) == pytest.approx(seconds, rel=0.05)


def test_s12_what_went_out_while_it_grew_says_nothing_of_what_follows(job):
    """32 in flight since three seconds; between two slices a second passes with few."""
    now = now_ms()
    ended = [[now // 1000 - 14 + n, rows] for n, rows in enumerate([8, 7, 8, 10, 11, 13, 14, 16, 17, 19, 22, 24, 26, 9])]
    pace = {"ramp": 0, "in_flight": 32, "usual_ms": 1000, "is_doubling": True, "grown_ms": now - 3_000}
    learnt(job, pace=pace, sent={str(job.pk): {"since": now - 32_000, "at": now, "ended": ended}})
    assert left(job, 1600) == pytest.approx(50, rel=0.1)
    learnt(job, pace={**pace, "usual_ms": 20}, sent={str(job.pk): {"since": now - 32_000, "at": now, "ended": ended}})
    assert left(job, 1600) == pytest.approx(1600 / 16, rel=0.3)  # not the requests in flight limit it, but this machine


def test_s12_two_imports_share_what_the_account_may_send(job):
    now = now_ms()
    pace = {"ramp": 0, "rate": 60, "good": 61, "by_minute": True, "held_ms": now - 2_000}
    learnt(job, pace=pace, sent={str(job.pk): sent(30, 5), "999": sent(30, 5)})
    assert left(job, 60) == pytest.approx(120, rel=0.05)


def test_s12_the_check_says_what_its_estimate_rests_on(job):
    assert estimate(job, 300_000) == Estimate()
    learnt(job, speed={"per_minute": 25_000, "at": now_ms()})
    assert estimate(job, 300_000) == Estimate(720, "measured", 25_000)
    learnt(job, speed={"per_minute": 25_000, "at": now_ms() - 30 * 24 * 3_600_000})
    assert estimate(job, 300_000).basis == ""
    learnt(job, pace={"ramp": 0, "rate": 58.8, "good": 60}, speed={"per_minute": 400, "at": now_ms()})
    assert estimate(job, 588) == Estimate(600, "limit", 58.8)
    Account.objects.update(max_per_minute=30)
    assert estimate(ImportJob.objects.get(), 294).basis == "ceiling"


@pytest.mark.parametrize(
    ("basis", "words"),
    [
        ("measured", "that this account sent lately"),
        ("limit", "that WhatTalk takes"),
        ("ceiling", "that are set for this account"),
    ],
)
def test_s12_the_page_says_it_in_words(basis, words):
    text = render_to_string("imports/_estimate.html", {"estimate": Estimate(720, basis, 25_000)})
    assert "About 12 minutes" in text and words in text
    assert "Not known yet" in render_to_string("imports/_estimate.html", {"estimate": Estimate()})
