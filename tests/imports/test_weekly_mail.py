"""The mail of a week: to who wants it, of what they see, in their language, once, and not about nothing."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import mail as mailbox
from django.urls import reverse

from campaigns import lead_counters
from campaigns.models import Campaign, Lead
from imports.mail import outbox, weekly
from imports.models import Heartbeat, OutgoingMail, PushMinute
from imports.scheduling import dispatcher
from people.models import User
from tests.builders import a_campaign, a_job, phone
from tests.campaigns.test_teams import team_of
from tests.people.test_roles import signed_in

MONDAY = date(2026, 5, 4)
IN_WEEK = datetime(2026, 5, 10, 20, 30, tzinfo=UTC)  # Sunday 23:30 in Istanbul
AFTER = datetime(2026, 5, 10, 21, 30, tzinfo=UTC)


@pytest.fixture
def campaign(alice) -> Campaign:
    """Last week Alice has sent 3 leads into it; two were reached, one of them only this week."""
    campaign = a_campaign(name="İlkbahar")
    job = a_job(campaign, 0, owner=alice)
    PushMinute.objects.create(job=job, minute=int(IN_WEEK.timestamp()) // 60, created=3)
    PushMinute.objects.create(job=job, minute=int(AFTER.timestamp()) // 60, created=40)
    told = [("completed", IN_WEEK), ("completed", AFTER), ("reached-max-retries", IN_WEEK), ("created", IN_WEEK)]
    lead_counters.add(
        [
            Lead(campaign=campaign, remote_id=str(n), phone_number=phone(n), status=status, tries=1, updated_at=at)
            for n, (status, at) in enumerate(told)
        ]
    )
    return campaign


def wants(*people: User, language: str = "en") -> None:
    User.objects.filter(pk__in=[one.pk for one in people]).update(weekly_results=True, language=language)


def test_it_tells_who_wants_it_what_happened_where_they_see_it(campaign, alice, bob, charlie):
    a_campaign(campaign.account, remote_id="2000", name="Quiet")
    team_of(charlie)
    wants(alice, charlie)
    wants(bob, language="tr")
    outbox.owe_weekly(MONDAY)
    outbox.owe_weekly(MONDAY)
    assert outbox.send_due() == 2 and outbox.send_due() == 0
    by_person = {message.to[0]: message for message in mailbox.outbox}
    english, turkish = by_person["alice@example.com"], by_person["bob@example.com"]
    assert english.subject == "Results of the calls, 4 May to 10 May 2026"
    figures = [line.split(maxsplit=1) for line in english.body.splitlines() if line.startswith("   ")]
    assert figures == [["3", "leads sent"], ["1", "reached"], ["1", "not reached"], ["0", "will be tried again"]]
    assert "İlkbahar" in english.body and "Quiet" not in english.body and "+90" not in english.body
    assert reverse("campaigns:results", args=[campaign.pk]) in english.body and reverse("people:my_settings") in english.body
    assert turkish.subject.startswith("Aramaların sonuçları, 4 May") and "ulaşıldı" in turkish.body
    assert len({message.extra_headers["Message-ID"] for message in mailbox.outbox}) == 2


def test_nothing_is_owed_where_nothing_happened_and_nothing_sent_that_nobody_wants_any_more(campaign, alice, bob):
    wants(alice)
    outbox.owe_weekly(MONDAY - timedelta(days=7))
    assert not OutgoingMail.objects.exists()
    outbox.owe_weekly(MONDAY)
    User.objects.update(weekly_results=False)
    assert outbox.send_due() == 0 and mailbox.outbox == [] and not OutgoingMail.objects.exists()
    wants(alice)
    outbox.owe_weekly(MONDAY)
    team_of(alice)
    assert outbox.send_due() == 0 and mailbox.outbox == []
    User.objects.filter(pk=alice.pk).update(is_active=False)
    assert list(weekly.who_want_it()) == []


def test_hours_are_those_of_the_instance_and_one_dispatch_after_monday_owes(campaign, alice, monkeypatch):
    monday = datetime(2026, 5, 11, 4, 0, tzinfo=UTC)  # 07:00 in Istanbul
    assert weekly.due_since(monday) == monday == weekly.due_since(monday + timedelta(days=6))
    assert weekly.due_since(monday - timedelta(seconds=1)) == monday - timedelta(days=7)
    assert weekly.week_before(monday) == MONDAY
    [told] = weekly.told(alice, MONDAY)
    assert (told.sent, told.results.reached, told.results.not_reached, told.name) == (3, 1, 1, "İlkbahar")
    wants(alice)
    for _round in range(2):
        monkeypatch.setattr(dispatcher, "now_ms", lambda: int(monday.timestamp() * 1000) + 1)
        dispatcher._owe_weekly_mails(lambda *_: None)
        assert OutgoingMail.objects.get().week == MONDAY
    monkeypatch.setattr(dispatcher, "now_ms", lambda: int(monday.timestamp() * 1000) + 8 * 86_400_000)
    dispatcher._owe_weekly_mails(lambda *_: None)
    weeks = OutgoingMail.objects.order_by("week").values_list("week", flat=True)
    assert list(weeks) == [MONDAY, MONDAY + timedelta(days=7)]  # in the second 40 leads were sent


def test_everybody_switches_it_for_themselves_and_it_is_off(alice, charlie):
    client, address = signed_in(alice), reverse("people:my_settings")
    assert not alice.weekly_results and "every week" in client.get(address).content.decode()
    client.post(address, {"first_name": "Alice", "email": alice.email, "weekly_results": "on"})
    assert list(User.objects.filter(weekly_results=True)) == [alice]
    client.post(address, {"first_name": "Alice", "email": alice.email})
    assert not User.objects.filter(weekly_results=True).exists() and not Heartbeat.objects.exists()
