"""The mail of a week: what became of the calls in the campaigns that its receiver sees. Only to who wants it, and only where something
happened."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count, Sum
from django.urls import reverse
from django.utils import timezone

from campaigns.access import visible_campaigns
from campaigns.call_facts import QUARTER
from campaigns.models import Account, Campaign, Lead
from campaigns.results import Group, Results, quarters_ahead
from imports.access import visible_imports
from imports.models import PushMinute
from people.models import User
from people.roles import Role, role_of

HOUR = time(7)  # of Monday, in the time zone of the instance
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class CampaignWeek:
    """`sent`: leads that imports which the receiver may see have sent; `results`: of leads whose last call ended in the week."""

    campaign: Campaign
    sent: int
    results: Results

    @property
    def name(self) -> str:
        """One line of visible text."""
        return " ".join(self.campaign.name.split())

    @property
    def link(self) -> str:
        return settings.SITE_URL + reverse("campaigns:results", args=[self.campaign.pk])


def due_since(now: datetime) -> datetime:
    """The last Monday at HOUR that has come: since then the mails of the week before are due."""
    local = timezone.localtime(now)
    due = timezone.make_aware(datetime.combine(_monday(local.date()), HOUR))
    return due if due <= now else timezone.make_aware(datetime.combine(_monday(local.date()) - WEEK, HOUR))


def week_before(due: datetime) -> date:
    """The Monday of the week that a mail due then tells of."""
    return _monday(timezone.localtime(due).date()) - WEEK


def who_want_it() -> Iterable[User]:
    people = User.objects.filter(weekly_results=True, is_active=True).exclude(email="").order_by("pk")
    return (person for person in people if role_of(person) >= Role.UPLOADER)


def told(person: User, week: date) -> list[CampaignWeek]:
    """What happened in the week that begins on Monday `week`, by campaign; empty where nothing did, or this person sees nothing of
    it."""
    begin, end = (timezone.make_aware(datetime.combine(day, time.min)) for day in (week, week + WEEK))
    sent, called = _sent(person, begin, end), _called(person, begin, end)
    campaigns = visible_campaigns(person).filter(pk__in=sent.keys() | called.keys()).order_by("search", "pk")
    return [CampaignWeek(one, sent.get(one.pk, 0), Results(called.get(one.pk, []))) for one in campaigns]


def words_of(person: User, week: date) -> dict[str, Any]:
    """What the templates may use."""
    return {
        "recipient": person,
        "campaigns": told(person, week),
        "first": week,
        "last": week + WEEK - timedelta(days=1),
        "link": settings.SITE_URL + reverse("home"),
        "settings_link": settings.SITE_URL + reverse("people:my_settings"),
    }


def _sent(person: User, begin: datetime, end: datetime) -> dict[int, int]:
    """Campaign id → leads."""
    minutes = PushMinute.objects.filter(minute__gte=_minute(begin), minute__lt=_minute(end), created__gt=0)
    of_person = minutes.filter(job__in=visible_imports(person).order_by().values("pk"))
    return dict(of_person.order_by().values_list("job__campaign").annotate(n=Sum("created")))


def _called(person: User, begin: datetime, end: datetime) -> dict[int, list[Group]]:
    """Campaign id → leads whose last call ended in between."""
    found: dict[int, list[Group]] = {}
    for account in Account.objects.order_by("pk"):
        first, after = (int(at.timestamp()) // QUARTER + quarters_ahead(account) for at in (begin, end))
        campaigns = visible_campaigns(person).filter(account=account).order_by().values("pk")
        leads = Lead.objects.filter(campaign__in=campaigns, last_call__gte=first, last_call__lt=after).order_by()
        for pk, status, n in leads.values_list("campaign_id", "status").annotate(n=Count("*")):
            found.setdefault(pk, []).append(Group(status, None, None, n))
    return found


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _minute(at: datetime) -> int:
    return int(at.timestamp()) // 60
