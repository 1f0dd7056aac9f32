"""One budget for everything that an account sends, on the database."""

import threading
import time

import pytest
from django.db import connection, transaction

from background import database_clock
from background.database_clock import now_ms
from campaigns.models import Account, AccountBudget
from campaigns.pacing.budget import Budget
from imports import counters
from imports.models import SendSlot
from imports.push import sender, slots
from imports.push.account_share import take_share
from tests.builders import a_job, phone

pytestmark = pytest.mark.django_db


@pytest.fixture
def job(db):
    return a_job(rows=5)


@pytest.fixture
def time_stands_still(db, monkeypatch):
    """By the database's clock and by the machine's: who asked is not forgotten, and what does not divide stays where it is."""
    moment = time.time()
    monkeypatch.setattr(time, "time", lambda: moment)
    monkeypatch.setitem(database_clock.NOW_MS, connection.vendor, str(now_ms()))
    boot = database_clock._since_boot_ms()
    monkeypatch.setattr(database_clock, "_since_boot_ms", lambda: boot)


def renewed(share, in_flight: int = 0):
    share._reported = 0.0
    share.renew(in_flight)
    return share.part


def test_a_slot_is_taken_once_and_free_again_when_its_holder_dies(job, settings):
    settings.MOST_IN_FLIGHT, settings.MOST_SENDERS = 16, 2
    first, second = take_share(job), take_share(job)
    assert first.slot_id != second.slot_id and take_share(job) is None
    SendSlot.objects.filter(pk=first.slot_id).update(lease_ms=1)
    assert take_share(job).slot_id == first.slot_id
    second.release()
    assert take_share(job).slot_id == second.slot_id


def test_f16_of_many_messages_for_one_slot_one_is_good(job):
    (slot,) = slots.free(job)
    share = take_share(job, slot)
    assert share and take_share(job, slot) is None
    share.release()
    assert take_share(job, slot) is None  # the slot is free, but this message was answered already
    assert slots.free(job) == [slot.taken] and take_share(job, slot.taken)


def test_who_was_away_for_too_long_sends_no_more(job):
    late = take_share(job)
    SendSlot.objects.update(lease_ms=1)
    assert renewed(take_share(job)) == 32
    assert renewed(late) == 0 and late.is_lost


def test_parts_never_add_up_to_more_than_the_whole(job, settings):
    settings.MOST_IN_FLIGHT = 32
    first = take_share(job)
    assert renewed(first) == 32
    second = take_share(a_job(job.campaign, [phone(9)]))
    assert renewed(second) == 0  # all is taken just now …
    assert renewed(first, in_flight=32) == 16  # … until the first gives up what is above its part
    assert renewed(second) == 0  # and its requests have come back
    assert renewed(first, in_flight=16) == 16 and renewed(second) == 16


def test_each_import_gets_the_same_whatever_the_number_of_its_senders(job, settings):
    settings.MOST_IN_FLIGHT = 16
    shares = [take_share(job), take_share(job), take_share(a_job(job.campaign, [phone(9)]))]
    for _ in range(3):
        parts = [renewed(share) for share in shares]
    assert sorted(parts) == [8, 8, 16]


def test_more_senders_are_wanted_only_while_they_would_be_allowed_to_send(job, settings):
    settings.MOST_IN_FLIGHT = 16
    assert len(slots.free(job)) == 2
    take_share(job)
    assert len(slots.free(job)) == 1


def test_of_a_limited_rate_each_import_in_turn(job, time_stands_still):
    Account.objects.update(max_per_minute=600)
    job.campaign.account.refresh_from_db()
    shares = [take_share(job), take_share(a_job(job.campaign, [phone(9)]))]
    had = [0, 0]
    for _ in range(200):
        AccountBudget.objects.update(learnt=_with_tokens(1.0))
        # the first always asks first, and would take everything
        for slot, share in enumerate(shares):
            renewed(share)
            n = share.room(0)
            share.spend(n, of=n)
            had[slot] += n
    assert abs(had[0] - had[1]) <= 4 and sum(had) >= 200


def test_of_a_limited_rate_each_person_the_same_however_many_imports_they_have(job, alice, bob, time_stands_still):
    Account.objects.update(max_per_minute=600)
    job.campaign.account.refresh_from_db()
    job.owner = alice
    job.save()
    mine = [job, *(a_job(job.campaign, [phone(n)], owner=alice) for n in (7, 8))]
    shares = [take_share(one) for one in (*mine, a_job(job.campaign, [phone(9)], owner=bob))]
    had = [0, 0, 0, 0]
    for _ in range(3):
        parts = [renewed(share) for share in shares]
    for _ in range(200):
        AccountBudget.objects.update(learnt=_with_tokens(1.0))
        for number, share in enumerate(shares):
            renewed(share)
            n = share.room(0)
            share.spend(n, of=n)
            had[number] += n
    assert abs(sum(had[:3]) - had[3]) <= 20 and max(had[:3]) - min(had[:3]) <= 4 and sum(had) >= 200, had
    assert parts[3] == sum(parts[:3]) == 16, "and of the requests in flight"


def test_s11_who_leaves_for_a_moment_is_neither_waited_for_nor_forgotten(job, time_stands_still):
    """Senders leave their slot after every slice and come back with the next."""
    Account.objects.update(max_per_minute=60)
    job.campaign.account.refresh_from_db()
    one, other = take_share(job), take_share(a_job(job.campaign, [phone(9)]))
    had = {one.job_id: 0, other.job_id: 0}
    for turn in range(100):
        AccountBudget.objects.update(learnt=_with_tokens(1.0))
        for share in (one, other):
            renewed(share)
            n = share.room(0)
            share.spend(n, of=n)
            had[share.job_id] += n
        if turn % 5 == 4:
            with transaction.atomic():
                budget = Budget.locked(job.campaign.account)
                budget.leave(one.job_id)
                budget.save()
    assert abs(had[one.job_id] - had[other.job_id]) <= 4 and sum(had.values()) >= 100


def _with_tokens(tokens: float) -> dict:
    learnt = AccountBudget.objects.get().learnt
    return {**learnt, "pace": {**learnt.get("pace", {}), "in_flight": 32, "tokens": tokens, "begun": [], "refilled_ms": now_ms()}}


@pytest.mark.django_db(transaction=True)
def test_f33_two_imports_share_one_key_at_sixty_a_minute(sandbox, campaign):
    """At eight times the pace, so that it takes eight seconds. Both get their share, together never more than is allowed."""
    Account.objects.update(max_per_minute=8 * 60)
    jobs = [a_job(campaign, [phone(100 * n + i) for i in range(100)]) for n in range(2)]
    threads = [threading.Thread(target=_send, args=(job.pk, 8)) for job in jobs]
    began = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    posts, took = sandbox.ledger.posts(), time.monotonic() - began
    assert len(posts) <= 8 * took + 4
    each = [[post.started for post in posts if post.phone in {phone(100 * n + i) for i in range(100)}] for n in range(2)]
    both_send = max(moments[0] for moments in each), min(moments[-1] for moments in each)  # threads begin when they get to it
    shares = [sum(both_send[0] <= moment <= both_send[1] for moment in moments) for moments in each]
    assert min(shares) >= 0.25 * sum(shares) > 2, shares


def _send(job_id: int, seconds: float) -> None:
    try:
        sender.run_slice(job_id, seconds)
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_f32_two_imports_of_one_file_at_once_send_each_number_once(sandbox, campaign):
    jobs = [a_job(campaign, 120) for _ in range(2)]
    threads = [threading.Thread(target=_send, args=(job.pk, 30)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(sandbox.ledger.accepted()) == 120 and not sandbox.ledger.doubles()
    states = [counters.states(job.pk) for job in jobs]
    assert sum(one["created"] for one in states) == 120 and sum(one["duplicate_in_campaign"] for one in states) == 120


def test_a_budget_is_changed_in_the_transaction_of_the_rows(job):
    share = take_share(job)
    with pytest.raises(RuntimeError), transaction.atomic():
        renewed(share)
        raise RuntimeError
    assert AccountBudget.objects.get().learnt == {"pace": {"in_flight": 32}}
