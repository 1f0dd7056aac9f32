"""The leads of a campaign, read page by page, cut short, continued, and forgotten when they are gone there."""

import pytest
from django.db import connection

from campaigns import gateway, lead_counters, reading_schedule, sync
from campaigns.gateway import RemoteProblem
from campaigns.models import CampaignNumber, Lead
from campaigns.sync import sync_leads
from tests.builders import phone


def numbers(campaign) -> set[str]:
    return set(campaign.numbers.values_list("phone_number", flat=True))


def test_every_lead_and_its_number_is_known_afterwards(campaign, sandbox):
    sandbox.control.add_leads(int(campaign.remote_id), [phone(n) for n in range(1_234)])
    read = sync_leads(campaign)
    assert (read.leads, read.complete) == (1_234, True)
    assert numbers(campaign) == {phone(n) for n in range(1_234)}
    assert campaign.leads.count() == 1_234
    assert campaign.leads_synced_at


def test_reading_again_adds_what_is_new_and_doubles_nothing(campaign, sandbox):
    for begin in (0, 150):
        sandbox.control.add_leads(int(campaign.remote_id), [phone(n) for n in range(begin, begin + 150)])
        sync_leads(campaign)
    assert campaign.leads.count() == len(numbers(campaign)) == 300


def test_a_number_that_a_row_has_claimed_stays_its(campaign, sandbox):
    CampaignNumber.objects.create(campaign=campaign, phone_number=phone(1), holder=42)
    sandbox.control.add_leads(int(campaign.remote_id), [phone(1), phone(2)])
    sync_leads(campaign)
    assert dict(campaign.numbers.values_list("phone_number", "holder")) == {phone(1): 42, phone(2): None}


def test_out_of_time_it_goes_on_from_its_page_the_next_time(campaign, sandbox, monkeypatch):
    monkeypatch.setattr(sync, "AT_ONCE", 2)
    sandbox.control.add_leads(int(campaign.remote_id), [phone(n) for n in range(1_000)])
    runs = [sync_leads(campaign, seconds=0) for _ in range(6)]
    assert [run.complete for run in runs] == [False] * 5 + [True]
    assert sum(run.leads for run in runs) == 1_000
    assert len(numbers(campaign)) == 1_000


@pytest.mark.django_db(transaction=True)
def test_others_may_write_between_two_pages(campaign, sandbox, monkeypatch):
    """On SQLite a transaction keeps everybody else from writing: it holds one page, not all that were asked for together."""
    monkeypatch.setattr(sync, "AT_ONCE", 4)
    sandbox.control.add_leads(int(campaign.remote_id), [phone(n) for n in range(450)])
    written, upsert = [], lead_counters.upsert
    monkeypatch.setattr(lead_counters, "upsert", lambda pk, leads: written.append(len(leads)) or upsert(pk, leads))
    begun = []
    monkeypatch.setattr(
        sync, "save_leads", lambda *page, save=sync.save_leads: begun.append(connection.in_atomic_block) or save(*page)
    )
    assert sync_leads(campaign).complete
    assert written == [100, 100, 100, 100, 50] and not any(begun)


def test_leads_deleted_at_whattalk_free_their_numbers(campaign, sandbox, account):
    sandbox.control.add_leads(int(campaign.remote_id), [phone(1), phone(2)])
    sync_leads(campaign)
    gone = campaign.leads.get(phone_number=phone(1))
    gateway.ask(account, lambda client: client.delete_lead(gone.remote_id))
    Lead.objects.update(created_at="2026-01-01T00:00:00Z")  # added long before this reading began
    sync_leads(campaign)
    assert numbers(campaign) == {phone(2)}
    assert list(campaign.leads.values_list("phone_number", flat=True)) == [phone(2)]


def test_a_large_campaign_is_read_in_full_only_now_and_then(campaign, sandbox, monkeypatch):
    monkeypatch.setattr(reading_schedule, "PAGE_SIZE", 1)
    sandbox.control.add_leads(int(campaign.remote_id), [phone(n) for n in range(200)])
    sync_leads(campaign)
    with lead_counters.kept(campaign.leads):
        campaign.leads.update(status="completed")  # whatever has ended cannot change
    asked = []
    monkeypatch.setattr(sync, "_page", remember(asked, sync._page))
    sync_leads(campaign)
    assert all("date_from" in filters for filters in asked) and asked
    campaign.leads_sync["full_at"] -= 25 * 3600
    asked.clear()
    sync_leads(campaign)
    assert asked and not any("date_from" in filters for filters in asked)


def remember(asked, page):
    async def asking(client, filters, number):
        asked.append(filters)
        return await page(client, filters, number)

    return asking


def test_asked_to_slow_down_it_waits_and_goes_on(campaign, sandbox):
    sandbox.control.add_leads(int(campaign.remote_id), [phone(n) for n in range(150)])
    sandbox.control.fault("429", on="find_leads", times=1, retry_after=1)
    assert sync_leads(campaign).complete
    assert len(numbers(campaign)) == 150


def test_what_was_read_before_the_error_stays(campaign, sandbox):
    sandbox.control.add_leads(int(campaign.remote_id), [phone(n) for n in range(50)])
    sync_leads(campaign)
    sandbox.stop()
    try:
        with pytest.raises(RemoteProblem):
            sync_leads(campaign)
    finally:
        sandbox.start()
    assert len(numbers(campaign)) == 50


def test_in_the_background_an_error_is_a_line_in_the_log_and_more_to_read_is_told(campaign, sandbox, monkeypatch):
    sandbox.control.add_leads(int(campaign.remote_id), [phone(n) for n in range(300)])
    monkeypatch.setattr(sync, "sync_leads", lambda campaign: sync_leads(campaign, seconds=0))
    assert sync.sync_leads_in_background(campaign.pk) is True
    sandbox.stop()
    try:
        assert sync.sync_leads_in_background(campaign.pk) is False
        sync.sync_account_in_background(campaign.account_id)
    finally:
        sandbox.start()
    sync.sync_account_in_background(campaign.account_id)
    assert campaign.account.phone_lines.exists()


@pytest.mark.parametrize(
    "written, kept",
    [
        ("+905551234567", "+905551234567"),
        ("905551234567", "+905551234567"),
        ("0090 555 123 45 67", "+905551234567"),
        ("", ""),
    ],
)
def test_numbers_are_compared_in_one_spelling(written, kept):
    assert sync.e164(written) == kept


@pytest.mark.parametrize("bare", [False, True])
def test_a_service_that_gives_fewer_leads_a_page_is_read_to_its_end(bare, campaign, sandbox):
    sandbox.control.settings(bare_lists=bare, most_per_page=50)
    sandbox.control.add_leads(int(campaign.remote_id), [phone(n) for n in range(120)])
    assert sync_leads(campaign).leads == campaign.leads.count() == 120


@pytest.mark.parametrize("told", [[], {"data": [], "current_page": 1, "last_page": 1, "total": 0}])
def test_leads_that_a_reading_has_not_met_are_looked_up_before_they_are_forgotten(told, campaign, sandbox):
    sandbox.control.add_leads(int(campaign.remote_id), [phone(n) for n in range(30)])
    sync_leads(campaign)
    campaign.leads.update(created_at="2026-01-01T00:00:00Z")
    sandbox.control.fault("answer", on="find_leads", status=200, body=told, times=1)
    sync_leads(campaign)
    assert campaign.leads.count() == len(numbers(campaign)) == 30
