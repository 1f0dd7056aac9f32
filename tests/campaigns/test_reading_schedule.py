"""Statuses follow until every lead has ended, within the budget of the account; pages say how old they are."""

import datetime as dt
import time

import pytest
from django.template import Context, Template
from django.utils import timezone
from django.utils.html import strip_tags

from background.database_clock import now_ms
from campaigns import gateway, lead_counters, reading_schedule
from campaigns.gateway import RemoteProblem
from campaigns.models import Account, AccountBudget, Campaign, Lead
from campaigns.pacing import budget
from campaigns.sync import sync_leads
from imports.scheduling import dispatcher
from tests.builders import phone

DAYS = 24 * 3600


def leads_of(campaign, sandbox, n: int) -> None:
    sandbox.control.add_leads(int(campaign.remote_id), [phone(i) for i in range(n)])
    sync_leads(campaign)


def end(leads) -> None:
    with lead_counters.kept(leads):
        leads.update(status="completed")


def read(campaign, ago: float) -> None:
    """As if it had been read so many seconds earlier than it was."""
    noted = campaign.leads_sync
    campaign.leads_sync = noted | {key: noted[key] - ago for key in ("full_at", "open_at") if key in noted}
    campaign.save()


def readings(sandbox) -> int:
    return sum(event["event"] == "start" and event["operation"] == "find_leads" for event in sandbox.ledger.events())


def gaps_by_name() -> dict[str, float]:
    return {
        campaign.name: gap for campaign, gap in reading_schedule.due_for_reading(Campaign.objects.filter(status="in-progress"))
    }


# -- until they have ended -------------------------------------------------------------------------------------------
@pytest.mark.parametrize("status", ["stopped", "completed", "draft"])
def test_l3_a_campaign_that_rests_is_followed_until_every_lead_has_ended(campaign, sandbox, status):
    leads_of(campaign, sandbox, 3)
    Campaign.objects.update(status=status)
    assert gaps_by_name() == {"Test": reading_schedule.SHORTEST}
    end(campaign.leads)
    assert gaps_by_name() == {}


def test_l3_one_that_calls_is_followed_always_and_one_that_is_gone_never(campaign, sandbox):
    leads_of(campaign, sandbox, 3)
    end(campaign.leads)
    Campaign.objects.update(status="in-progress")
    assert gaps_by_name() == {"Test": reading_schedule.SHORTEST}
    Campaign.objects.update(missing_since=timezone.now())
    assert gaps_by_name() == {}


def test_l3_the_longer_nothing_changes_the_more_rarely_it_is_read_and_a_change_is_followed_closely(campaign, sandbox):
    leads_of(campaign, sandbox, 3)
    gaps = []
    for _ in range(12):
        sync_leads(campaign)
        gaps.append(gaps_by_name()["Test"])
    assert gaps == sorted(gaps) and gaps[-1] == 24 * 3600
    one = campaign.leads.get(phone_number=phone(1))
    gateway.ask(campaign.account, lambda client: client.update_lead(one.remote_id, status="completed"))
    sync_leads(campaign)
    assert gaps_by_name()["Test"] == reading_schedule.SHORTEST


def test_l3_of_many_leads_the_few_that_have_not_ended_are_looked_up_however_old_they_are(campaign, sandbox, monkeypatch):
    monkeypatch.setattr(reading_schedule, "PAGE_SIZE", 5)
    leads_of(campaign, sandbox, 150)
    moment = timezone.now() - dt.timedelta(days=10)
    end(campaign.leads.exclude(phone_number__in=[phone(1), phone(2)]))
    Lead.objects.update(created_at=moment)
    read(campaign, 3600)
    one = campaign.leads.get(phone_number=phone(1))
    gateway.ask(campaign.account, lambda client: client.update_lead(one.remote_id, status="completed"))
    before = readings(sandbox)
    sync_leads(campaign)
    assert readings(sandbox) - before == 2 + 2  # two look-ups, and the pages of what was added lately
    one.refresh_from_db()
    assert one.status == "completed" and time.time() - reading_schedule.statuses_known_at(campaign).timestamp() < 60


def test_l3_where_many_have_not_ended_all_are_read_again_at_growing_gaps(campaign, sandbox, monkeypatch):
    monkeypatch.setattr(reading_schedule, "PAGE_SIZE", 5)
    leads_of(campaign, sandbox, 150)
    assert not reading_schedule.is_full_reading_due(campaign) and not reading_schedule.is_looked_up_singly(campaign)
    read(campaign, reading_schedule.SHORTEST + 10)
    assert reading_schedule.is_full_reading_due(campaign)
    end(campaign.leads)
    assert not reading_schedule.is_full_reading_due(campaign)


def test_l3_the_page_says_how_old_the_statuses_are(campaign, sandbox):
    page = Template("{% load campaigns %}{% statuses_age campaign %}")
    assert page.render(Context({"campaign": campaign})) == "not read from WhatTalk yet"
    leads_of(campaign, sandbox, 3)
    read(campaign, 180)
    shown = page.render(Context({"campaign": campaign}))
    known = timezone.localtime(reading_schedule.statuses_known_at(campaign))
    assert strip_tags(shown) == "as of 3\xa0minutes ago" and f'title="{known:%-d %b %Y, %H:%M}"' in shown


# -- within the budget -------------------------------------------------------------------------------------------------
@pytest.fixture
def sixty(campaign) -> Campaign:
    Account.objects.update(max_per_minute=60)
    return Campaign.objects.select_related("account").get()


def test_l4_readings_keep_to_the_ceiling_of_the_account(sixty, sandbox):
    sandbox.control.add_leads(int(sixty.remote_id), [phone(n) for n in range(2_000)])
    found = sync_leads(sixty, seconds=4)
    assert not found.complete and found.leads and readings(sandbox) <= 4 + 2


def test_l4_readings_leave_the_rate_to_an_import_that_asks_for_it(sixty):
    AccountBudget.objects.update(
        learnt={
            "pace": {"ramp": 0, "tokens": 1.5, "refilled_ms": now_ms()},
            "asking": {"7": {"at": now_ms(), "had": 3, "asks": True}},
        }
    )
    permit = budget.ask(sixty.account, 4)
    assert permit.requests == 0 and permit.wait_ms > 20_000  # one in fifty
    AccountBudget.objects.update(learnt={"pace": {"ramp": 0, "tokens": 1.5, "refilled_ms": now_ms()}})
    assert budget.ask(sixty.account, 4).requests == 1


def test_l4_what_a_person_asks_for_is_counted_and_does_not_wait(sixty):
    for _ in range(20):  # more than come back meanwhile, one a second
        gateway.refresh_phone_lines(sixty.account)
    assert AccountBudget.objects.get().learnt["pace"]["tokens"] < -2
    assert budget.ask(sixty.account).wait_ms > 2_000


def test_l4_a_reading_that_is_refused_closes_the_account_for_everybody(campaign, sandbox):
    sandbox.control.fault("429", on="find_leads", times=1, retry_after=30)
    with pytest.raises(RemoteProblem):
        sync_leads(campaign, seconds=1)
    assert budget.ask(campaign.account).wait_ms > 25_000


# -- a key that is refused ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("status", "words"), [(401, "Unauthenticated."), (403, "Your package allows no more of these.")])
def test_l4_a_single_call_that_is_refused_does_not_make_the_key_a_bad_one(campaign, sandbox, status, words):
    sandbox.control.fault("answer", status=status, body={"message": words}, on="find_leads", times=1)
    with pytest.raises(RemoteProblem) as problem:
        sync_leads(campaign)
    campaign.account.refresh_from_db()
    assert (problem.value.code, problem.value.message, campaign.account.problem) == ("refused", words, "")
    assert sync_leads(campaign).complete


def test_l4_a_refused_key_is_tried_again_by_itself_but_slowly(campaign, sandbox):
    sandbox.control.settings(api_key="another|key")
    with pytest.raises(RemoteProblem):
        gateway.refresh_campaigns(campaign.account)
    enqueued = []
    for _ in range(3):
        dispatcher._enqueue_campaign_syncs(lambda name, *ids: enqueued.append(name))
    assert enqueued == ["sync_campaigns"]
    sandbox.control.settings(api_key=sandbox.api_key)
    gateway.refresh_campaigns(campaign.account)
    assert Account.objects.get().problem == ""
