"""Copies of what WhatTalk has, kept up to date: campaigns and their status, assistants, lines, and each campaign's leads.

Leads are read 100 a page. A *full* reading goes through all of them and sees every status; in between only those added
lately are read. Where few leads have not ended, these are looked up one by one instead. Every request asks the account's
budget (`campaigns.pacing.budget`); a reading that is cut short by it or by the clock goes on from its page the next time.
`Campaign.leads_sync` holds `{"full_at": when the last full reading began, "open_at": when all leads that have not ended
were looked up, "full": whether the current reading is full, "page": its next page, "last_page", "began_at", "counts": leads
by status after the last full reading, "quiet": full readings in a row that have changed none, "pages": how many the last reading
had}`, times in seconds since the
epoch.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Collection, Iterable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import NamedTuple, TypedDict, TypeVar

from django.db import transaction
from django.utils import timezone

from background.database_errors import REFUSED_VALUE
from campaigns import gateway, lead_counters, reading_schedule
from campaigns.call_facts import tries_of
from campaigns.do_not_call import BLACKLISTED, FORGOTTEN, HeldLead, e164, enforce_on_leads
from campaigns.do_not_call_list import list_blacklisted
from campaigns.erasure import is_long_over, without_contacts
from campaigns.gateway import RemoteProblem
from campaigns.models import Account, Campaign, CampaignNumber, Lead
from campaigns.pacing import budget
from campaigns.whattalk import resources
from campaigns.whattalk.client import LEAST_PAGE, WhatTalkClient
from campaigns.whattalk.replies import moment, named

log = logging.getLogger(__name__)
T = TypeVar("T")
AT_ONCE = 4  # pages asked for together
LONGEST_NAP = 5.0
LOOKED_FOR = 20  # leads that a full reading has not met, of which it is looked whether they are gone
OVERLAP = timedelta(days=2)  # WhatTalk's zone is not documented, nor whether a day begins at its midnight


class LeadFilters(TypedDict, total=False):
    """Of `WhatTalkClient.lead_pages`; `date_from` is `YYYY-MM-DD`."""

    campaign_id: str
    phone_number: str
    date_from: str


class Missing(NamedTuple):
    """A lead that is stored here, and that a full reading has not met."""

    pk: int
    remote_id: str
    phone_number: str


class LeadsRead(NamedTuple):
    """How far a reading came. `complete`: everything there is has been seen."""

    leads: int
    complete: bool


def sync_account_in_background(account_id: int) -> None:
    """`sync_account`; should WhatTalk not answer, that is logged and the next time will do."""
    try:
        sync_account(Account.objects.get(pk=account_id))
    except RemoteProblem as problem:
        log.warning("account %s could not be brought up to date: %s", account_id, problem.code)


def sync_leads_in_background(campaign_id: int) -> bool:
    """`sync_leads`; whether there is more to read at once. What the rate limit or an error holds up is read later."""
    try:
        read = sync_leads(Campaign.objects.select_related("account").get(pk=campaign_id))
        return bool(read.leads) and not read.complete
    except RemoteProblem as problem:
        log.warning("the leads of campaign %s could not be read: %s", campaign_id, problem.code)
        return False


def sync_account(account: Account) -> None:
    """Campaigns, assistants and lines of one account. The campaigns come first: they are what people look at."""
    gateway.refresh_campaigns(account)
    gateway.refresh_assistants(account)
    gateway.refresh_phone_lines(account)


def sync_leads(campaign: Campaign, seconds: float = 25.0) -> LeadsRead:
    """Read the leads of a campaign for at most about `seconds`. RemoteProblem when WhatTalk does not answer."""
    deadline = time.monotonic() + seconds
    if reading_schedule.is_looked_up_singly(campaign) and not _look_up_open(campaign, deadline):
        return LeadsRead(0, False)
    reading = _Reading.continued(campaign)
    while True:
        pages = _ask_pages(campaign, reading, deadline)
        # A transaction for each page: on SQLite everybody else who writes waits for it. Until the place is saved, pages are read again.
        for page in pages:
            reading.add(page)
            save_leads(campaign, page.leads)
        gone = _surely_gone(campaign, reading.not_met(), deadline) if reading.is_over else []
        with transaction.atomic():
            if reading.is_over:
                reading.finish(gone)
            reading.save()
        if not pages or reading.is_over or time.monotonic() > deadline:
            return LeadsRead(reading.count, reading.is_over)


def _ask_pages(campaign: Campaign, reading: "_Reading", deadline: float) -> list[resources.LeadPage]:
    """The next pages; none when the account's rate limit permits none before the deadline."""
    return _permitted(campaign, deadline, reading.width, reading.next_pages) or []


def _permitted(
    campaign: Campaign, deadline: float, most: int, question: Callable[[WhatTalkClient, int], Awaitable[T]]
) -> T | None:
    """The answer to a question of up to `most` requests; it receives how many it may make. None: not before the deadline."""
    while True:
        permit = budget.ask(campaign.account, most)
        wait = permit.wait_ms / 1000
        if permit.requests:
            try:
                return gateway.ask(campaign.account, lambda client: question(client, permit.requests), permitted=permit.requests)
            except RemoteProblem as problem:
                if problem.code != "rate_limited" or time.monotonic() + (problem.retry_after or 1.0) > deadline:
                    raise
        elif time.monotonic() + wait > deadline:
            return None
        time.sleep(min(wait, LONGEST_NAP))


def _look_up_open(campaign: Campaign, deadline: float) -> bool:
    """Look at each lead that has not ended; whether all were looked at. One that is not found stays as it was."""
    began = time.time()
    for number in reading_schedule.open_leads(campaign).order_by("pk").values_list("phone_number", flat=True).distinct():
        filters = LeadFilters(campaign_id=campaign.remote_id, phone_number=number)
        page = _permitted(campaign, deadline, 1, partial(_first_page, filters))
        if page is None:
            return False
        with transaction.atomic():
            save_leads(campaign, resources.with_number(page.leads, number))
    reading_schedule.record_looked_up(campaign, began)
    return True


class _Reading:
    """One pass through the leads of a campaign."""

    def __init__(self, campaign: Campaign, is_full: bool, page: int, last_page: int | None, began_at: float) -> None:
        self.campaign, self.is_full, self.page, self.last_page, self.began_at = campaign, is_full, page, last_page, began_at
        self.began_here = page == 1
        self.seen: set[str] = set()
        self.count = 0
        self.total: int | None = None
        self.is_over = False

    @classmethod
    def continued(cls, campaign: Campaign) -> "_Reading":
        """The pass that was cut short, or a new one."""
        state = campaign.leads_sync
        if state.get("page"):
            return cls(campaign, state["full"], state["page"], state["last_page"], state["began_at"])
        return cls(campaign, reading_schedule.is_full_reading_due(campaign), 1, None, time.time())

    @property
    def width(self) -> int:
        """Pages to ask for together."""
        return 1 if self.last_page is None else max(1, min(AT_ONCE, self.last_page - self.page + 1))

    async def next_pages(self, client: WhatTalkClient, n: int) -> list[resources.LeadPage]:
        filters = LeadFilters(campaign_id=self.campaign.remote_id)
        if not self.is_full:
            filters["date_from"] = str((datetime.fromtimestamp(self.campaign.leads_sync["read_at"], UTC) - OVERLAP).date())
        numbers = range(self.page, self.page + n)
        return await asyncio.gather(*(_page(client, filters, number) for number in numbers))

    def add(self, page: resources.LeadPage) -> None:
        new = {lead.id for lead in page.leads} - self.seen
        self.seen |= new
        self.count += len(new)
        self.page, self.last_page, self.total = page.page + 1, page.last_page, page.total
        if page.last_page is None:
            self.is_over = len(page.leads) < LEAST_PAGE or not new
        else:
            self.is_over = page.page >= page.last_page or not page.leads  # a last page that never comes is not waited for

    def not_met(self) -> list[Missing]:
        """The leads that a full pass has not met: somebody deleted them at WhatTalk, or they slipped from one page to another."""
        met_everything = self.total is None or len(self.seen) >= self.total
        if not (self.is_full and self.began_here and met_everything):
            return []
        # Leads added here after the pass began may have come too late for it.
        before = datetime.fromtimestamp(self.began_at, UTC) - timedelta(minutes=10)
        known = self.campaign.leads.filter(created_at__lt=before).values_list("pk", "remote_id", "phone_number")
        return [Missing(*lead) for lead in known.iterator() if lead[1] not in self.seen]

    def finish(self, gone: Collection[Missing]) -> None:
        """`gone`: the leads that are to be deleted here."""
        _delete_missing(self.campaign, gone)
        if self.is_full and not lead_counters.recount(self.campaign.pk):
            log.error("campaign %s: the counts of its leads were wrong and have been corrected", self.campaign.pk)

    def save(self) -> None:
        state = dict(self.campaign.leads_sync)
        if self.is_over:
            state = {key: state[key] for key in ("full_at", "open_at", "counts", "quiet") if key in state}
            state |= {"read_at": self.began_at, "pages": self.page - 1}
            if self.is_full:
                state |= reading_schedule.state_after_full_reading(self.campaign, self.began_at)
            self.campaign.leads_synced_at = timezone.now()
        else:
            state |= {"full": self.is_full, "page": self.page, "last_page": self.last_page, "began_at": self.began_at}
        self.campaign.leads_sync = state
        self.campaign.save(update_fields=["leads_sync", "leads_synced_at"])


async def _first_page(filters: LeadFilters, client: WhatTalkClient, _n: int) -> resources.LeadPage:
    return await _page(client, filters, 1)


async def _page(client: WhatTalkClient, filters: LeadFilters, number: int) -> resources.LeadPage:
    async for page in client.lead_pages(first_page=number, **filters):
        return page
    raise AssertionError("a paginator without a page")  # the client yields one page or raises


def save_leads(campaign: Campaign, leads: Iterable[resources.Lead]) -> None:
    """Leads and their numbers, as last seen. One that belongs elsewhere is left out: filters may be ignored."""
    leads = [lead for lead in leads if lead.campaign_id in ("", campaign.remote_id)]
    here = {lead.id: _as_model(campaign, lead) for lead in leads if lead.id}
    for nameless in (lead for lead in leads if not lead.id):
        log.warning("campaign %s: a lead is left out, its id cannot be one: %s", campaign.pk, named(nameless.raw.get("id")))
    with transaction.atomic():
        _upsert_each(campaign, here)
        numbers = {lead.phone_number for lead in here.values() if lead.phone_number}
        CampaignNumber.objects.bulk_create(
            [CampaignNumber(campaign=campaign, phone_number=number) for number in sorted(numbers)],
            ignore_conflicts=True,
        )


def _upsert_each(campaign: Campaign, leads: dict[str, Lead]) -> None:
    """All together; where the database refuses them, one by one, so that only the one it refuses stays out."""
    try:
        with transaction.atomic():
            _apply_do_not_call(campaign, leads)
            lead_counters.upsert(campaign.pk, leads)
    except REFUSED_VALUE:
        if len(leads) == 1:
            log.exception("campaign %s: lead %s is left out, the database does not take it", campaign.pk, *leads)
            leads.clear()
            return
        _upsert_alone(campaign, leads)


def _upsert_alone(campaign: Campaign, leads: dict[str, Lead]) -> None:
    """Each in a transaction of its own; one that the database refuses is taken out of `leads`."""
    for lead_id, lead in list(leads.items()):
        _upsert_each(campaign, one := {lead_id: lead})
        if not one:
            del leads[lead_id]


def _apply_do_not_call(campaign: Campaign, leads: dict[str, Lead]) -> None:
    """Enforce the do-not-call list on these leads, and list the numbers that they show as blacklisted."""
    models = leads.values()
    known = campaign.leads.filter(remote_id__in=list(leads))
    refused = enforce_on_leads(
        campaign.pk,
        [HeldLead(one.remote_id, one.told_number or one.phone_number, one.status, one.secondary_contacts) for one in models],
    )
    _erase_people(models, {number for number, why in refused.items() if why == FORGOTTEN})
    blacklisted = [one for one in models if one.status == BLACKLISTED]
    if blacklisted:
        known_before = set(known.filter(status=BLACKLISTED).values_list("remote_id", flat=True))
        list_blacklisted(one.phone_number for one in blacklisted if one.remote_id not in known_before)


def _erase_people(models: Iterable[Lead], forgotten: Collection[str]) -> None:
    """Of people who were forgotten, or whose lead ended long ago, nothing is stored but that the lead exists."""
    for model in models:
        if model.phone_number in forgotten or is_long_over(model.status, model.updated_at or model.created_at):
            model.phone_number, model.variables, model.secondary_contacts = "", {}, []
        elif forgotten:
            model.secondary_contacts = without_contacts(model.secondary_contacts, forgotten)


def _as_model(campaign: Campaign, lead: resources.Lead) -> Lead:
    model = Lead(
        campaign=campaign,
        remote_id=lead.id,
        phone_number=e164(lead.phone_number),
        status=lead.status,
        tries=tries_of(lead.raw.get("call_tries")),
        variables=lead.variables,
        secondary_contacts=resources.objects(lead.raw.get("secondary_contacts")),
        created_at=_aware(lead.created_at),
        updated_at=_aware(moment(lead.raw.get("updated_at"))),
    )
    model.told_number = lead.phone_number
    return model


def _aware(moment: datetime | None) -> datetime | None:
    return moment.replace(tzinfo=UTC) if moment and moment.tzinfo is None else moment


def _surely_gone(campaign: Campaign, missing: list[Missing], deadline: float) -> list[Missing]:
    """Those that WhatTalk does not have any more. Some are looked up: pages shift while leads come and go, and a lead that is there
    must not be forgotten. While one of these is there, the others are left to the next reading."""
    looked_up = [lead for lead in missing if lead.phone_number][:LOOKED_FOR]
    for lead in looked_up:
        filters = LeadFilters(campaign_id=campaign.remote_id, phone_number=lead.phone_number)
        try:
            page = _permitted(campaign, deadline, 1, partial(_first_page, filters))
        except RemoteProblem:
            return []
        if page is None or any(one.id == lead.remote_id for one in page.leads):
            return []
    return missing


def _delete_missing(campaign: Campaign, gone: Collection[Missing]) -> None:
    missing_leads = list(gone)
    for begin in range(0, len(missing_leads), 500):
        part = missing_leads[begin : begin + 500]
        with lead_counters.kept(campaign.leads.filter(pk__in=[lead.pk for lead in part])) as missing:
            missing.delete()
        numbers = {lead.phone_number for lead in part}
        numbers -= set(campaign.leads.filter(phone_number__in=numbers).values_list("phone_number", flat=True))
        campaign.numbers.filter(phone_number__in=numbers).delete()
