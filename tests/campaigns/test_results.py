"""What became of the calls: every figure, where its time is from, and how soon it is read again while somebody looks."""

import datetime as dt

import pytest
from django.db import connection
from django.utils import timezone

from campaigns import call_events, lead_counters, reading_schedule
from campaigns.call_facts import last_call, tries_of
from campaigns.models import Campaign, Lead
from campaigns.results import Results, results_of
from campaigns.sync import sync_leads
from tests.builders import a_campaign, phone
from ui.outcome_bar import Segment

DAY = dt.datetime(2026, 5, 4, 21, 30, tzinfo=dt.UTC)  # 00:30 of the next day in Istanbul, the time zone of the instance


def leads(campaign: Campaign, *facts: tuple[str, int | None, dt.datetime | None], origin: int | None = None) -> None:
    first = Lead.objects.count()
    lead_counters.add(
        [
            Lead(
                campaign=campaign,
                remote_id=str(n),
                phone_number=phone(n),
                status=status,
                tries=tries,
                updated_at=at,
                origin=origin,
            )
            for n, (status, tries, at) in enumerate(facts, first)
        ]
    )


@pytest.fixture
def called(db) -> Campaign:
    campaign = a_campaign()
    hour = dt.timedelta(hours=1)
    leads(
        campaign,
        ("completed", 1, DAY),
        ("completed", 1, DAY - hour),
        ("completed", 3, DAY - 40 * dt.timedelta(days=1)),
        ("reached-max-retries", 4, DAY - hour),
        ("rescheduled", 2, DAY),
        ("rescheduled", None, None),
        ("processing", 1, DAY),
        ("created", 0, None),
        ("blacklisted", 0, DAY),
        ("on-the-moon", 1, DAY),
    )
    leads(campaign, ("completed", 12, DAY), ("created", 0, DAY), origin=7)
    return campaign


def test_every_lead_is_counted_once_under_our_word_and_whattalk_s(called):
    results = results_of(called)
    assert (results.reached, results.not_reached, results.retry, results.waiting, results.total) == (4, 1, 2, 3, 12)
    assert (results.rate, results.is_over, sum(segment.n for segment in results.segments)) == (80, False, 12)
    assert Segment("sent", "reached", 4, "completed") in results.segments
    assert results.counts == lead_counters.lead_counts([called])[called.pk]
    assert results_of(called, 7).counts == {"completed": 1, "created": 1}
    assert results_of(called, 8) == Results([]) and results_of(called, 8).rate is None and results_of(called, 8).days == []


def test_tries_and_times_are_what_whattalk_tells_and_no_more(called):
    results = results_of(called)
    assert [(one.tries, one.is_more, one.leads, one.reached) for one in results.tries] == [
        (1, False, 2, 2),
        (2, False, 1, 0),
        (3, False, 1, 1),
        (4, False, 1, 0),
        (9, True, 1, 1),
    ]
    assert (results.median_tries, results.untold_tries, results.untimed) == (3.0, 1, 1)
    assert [(column.key.isoformat(), *column.parts) for column in results.days if column.total] == [
        ("2026-05-04", 1, 1, 0),
        ("2026-05-05", 2, 0, 1),
    ]
    assert (len(results.days), results.before_days) == (31, 1)
    assert [(column.key, *column.parts) for column in results.hours if column.total] == [(0, 3, 0, 1), (23, 1, 1, 0)]
    assert last_call("completed", 0, DAY) is None and tries_of("2") == 2 and tries_of(-1) is tries_of("x") is None


def test_hours_are_ours_where_the_service_writes_times_of_its_own_zone(called):
    called.account.service_clock = {"leads": [3 * 3_600_000 - 400, 3 * 3_600_000 + 900, False]}
    assert [column.key for column in results_of(called).hours if column.total] == [20, 21]
    called.account.service_clock = {"leads": [-2_000, 61_000, False]}
    assert [column.key for column in results_of(called).hours if column.total] == [0, 23]


@pytest.mark.parametrize("origin", [None, 7])
def test_an_index_alone_is_read(called, origin, monkeypatch):
    if connection.vendor == "postgresql":  # of so few leads it would read all: asked is whether it has to
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
    asked: list[str] = []

    def explained(execute, sql, params, many, context):
        asked.append(sql)
        if "GROUP BY" in sql:
            prefix = "EXPLAIN QUERY PLAN " if connection.vendor == "sqlite" else "EXPLAIN "
            with connection.connection.cursor() if connection.vendor == "postgresql" else _closing() as cursor:
                cursor.execute(prefix + (sql if connection.vendor == "postgresql" else sql.replace("%s", "?")), params)
                plans.append(" ".join(str(line) for line in cursor.fetchall()))
        return execute(sql, params, many, context)

    plans: list[str] = []
    with connection.execute_wrapper(explained):
        results_of(called, origin)
    [plan] = plans
    assert "lead_results" in plan and ("COVERING INDEX" in plan or "Index Only Scan" in plan), plan


def _closing():
    from contextlib import closing

    return closing(connection.connection.cursor())


def test_a_reading_and_a_reported_call_bring_tries_and_times(campaign, sandbox):
    sandbox.control.add_leads(int(campaign.remote_id), [phone(1)], status="completed", call_tries=2)
    sandbox.control.add_leads(int(campaign.remote_id), [phone(2)])
    sync_leads(campaign)
    results = results_of(campaign)
    assert results.counts == {"completed": 1, "created": 1} and [one.tries for one in results.tries] == [2]
    assert sum(column.total for column in results.hours) == 1
    waiting = campaign.leads.get(status="created")
    told = {"id": waiting.remote_id, "phone_number": phone(2), "status": "completed", "call_tries": 3}
    call = {"lead": told, "campaign_id": campaign.remote_id, "finished_at": timezone.now().isoformat()}
    assert call_events.apply(campaign.account_id, call) == call_events.APPLIED
    assert (results_of(campaign).reached, results_of(campaign).median_tries, results_of(campaign).untimed) == (2, 2.5, 0)


def test_what_sent_a_lead_is_kept_also_of_one_that_a_reading_met_first(campaign, sandbox):
    [lead_id] = sandbox.control.add_leads(int(campaign.remote_id), [phone(1)], status="completed", call_tries=1)
    sync_leads(campaign)
    sent = [Lead(campaign=campaign, remote_id=str(lead_id), phone_number=phone(1), origin=number) for number in (7, 8)]
    for lead in sent:
        lead_counters.add([lead])
    sync_leads(campaign)
    assert campaign.leads.get().origin == 7 and results_of(campaign, 7).reached == 1


def test_a_campaign_that_somebody_looks_at_is_read_every_few_seconds(campaign, sandbox):
    sandbox.control.add_leads(int(campaign.remote_id), [phone(1)])
    sync_leads(campaign)

    def gap() -> float:
        [(_campaign, seconds)] = reading_schedule.due_for_reading(Campaign.objects.none())
        return seconds

    assert gap() == reading_schedule.SHORTEST
    reading_schedule.note_look(campaign)
    assert gap() <= 25
    Campaign.objects.update(looked_at=timezone.now() - reading_schedule.LOOKED_FOR)
    assert gap() == reading_schedule.SHORTEST
    campaign.refresh_from_db()
    long_ago = timezone.now() - dt.timedelta(days=3)
    campaign.leads_sync = {**campaign.leads_sync, "full_at": long_ago.timestamp()}
    known = reading_schedule.statuses_known_of
    assert known(campaign, long_ago) == known(campaign, None) == reading_schedule.statuses_known_at(campaign)
    assert timezone.now() - known(campaign, timezone.now()) < dt.timedelta(minutes=1)
