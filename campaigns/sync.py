"""What WhatTalk has, followed here: campaigns and their status, assistants, lines, and the leads of each campaign.

Leads are read 100 a page. A *full* reading goes through all of them; in between only those added lately are read.
Either may be cut short by the clock and goes on from its page the next time. `Campaign.leads_sync` holds
`{"full_at": when the last full reading began, "full": whether the current one is, "page": its next page,
"last_page", "began_at"}`, times in seconds since the epoch.
"""
import asyncio
import logging
import time
from collections.abc import Collection, Iterable
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone

from campaigns import counts, remote
from campaigns.do_not_call import BLACKLISTED, FORGOTTEN, HeldLead, e164, enforce_on_leads
from campaigns.do_not_call_list import list_blacklisted
from campaigns.forgetting import is_long_over, without_contacts
from campaigns.models import Account, Campaign, CampaignNumber, Lead
from campaigns.remote import RemoteProblem
from campaigns.whattalk import shapes
from campaigns.whattalk.answers import moment, named
from campaigns.whattalk.client import PAGE_SIZE, WhatTalkClient
from config.refusals import REFUSED_VALUE

log = logging.getLogger(__name__)
AT_ONCE = 4  # pages asked for together
SMALL = 2_000  # a campaign with fewer leads is always read in full
HOURS_BETWEEN_FULL = {True: 6, False: 24}  # by "is it calling": statuses move then
OVERLAP = timedelta(days=2)  # WhatTalk's zone is not documented, nor whether a day begins at its midnight


class LeadsRead(NamedTuple):
    """How far a reading came. `complete`: everything there is has been seen."""

    leads: int
    complete: bool


def follow_account(account_id: int) -> None:
    """`sync_account` in the background: should WhatTalk not answer, the next time will do."""
    try:
        sync_account(Account.objects.get(pk=account_id))
    except RemoteProblem as problem:
        log.warning("account %s could not be brought up to date: %s", account_id, problem.code)


def follow_leads(campaign_id: int) -> bool:
    """`sync_leads` in the background; whether there is more to read."""
    try:
        return not sync_leads(Campaign.objects.select_related("account").get(pk=campaign_id)).complete
    except RemoteProblem as problem:
        log.warning("the leads of campaign %s could not be read: %s", campaign_id, problem.code)
        return False


def sync_account(account: Account) -> None:
    """Campaigns, assistants and lines of one account. The campaigns come first: they are what people look at."""
    remote.refresh_campaigns(account)
    remote.refresh_assistants(account)
    remote.refresh_phone_lines(account)


def sync_leads(campaign: Campaign, seconds: float = 25.0) -> LeadsRead:
    """Read the leads of a campaign for at most about `seconds`. RemoteProblem when WhatTalk does not answer."""
    deadline = time.monotonic() + seconds
    reading = _Reading.continued(campaign)
    while True:
        pages = _ask_pages(campaign, reading, deadline)
        for page in pages:
            reading.take(page)
        with transaction.atomic():
            save_leads(campaign, [lead for page in pages for lead in page.leads])
            if reading.is_over:
                reading.finish()
            reading.note()
        if reading.is_over or time.monotonic() > deadline:
            return LeadsRead(reading.count, reading.is_over)


def _ask_pages(campaign: Campaign, reading: "_Reading", deadline: float) -> list[shapes.LeadPage]:
    """The next pages; waits as long as WhatTalk asks to, if that is within the time there is."""
    while True:
        try:
            return remote.ask(campaign.account, reading.next_pages)
        except RemoteProblem as problem:
            wait = problem.retry_after or 1.0
            if problem.code != "rate_limited" or time.monotonic() + wait > deadline:
                raise
            time.sleep(wait)


class _Reading:
    """One pass through the leads of a campaign."""

    def __init__(self, campaign: Campaign, is_full: bool, page: int, last_page: int | None, began_at: float):
        self.campaign, self.is_full, self.page, self.last_page, self.began_at = campaign, is_full, page, last_page, began_at
        self.began_here = page == 1
        self.seen: set[str] = set()
        self.count = 0
        self.total: int | None = None
        self.is_over = False

    @classmethod
    def continued(cls, campaign: Campaign) -> "_Reading":
        """The pass that was cut short, or a new one."""
        noted = campaign.leads_sync
        if noted.get("page"):
            return cls(campaign, noted["full"], noted["page"], noted["last_page"], noted["began_at"])
        return cls(campaign, _is_full_due(campaign), 1, None, time.time())

    async def next_pages(self, client: WhatTalkClient) -> list[shapes.LeadPage]:
        filters = {"campaign_id": self.campaign.remote_id}
        if not self.is_full:
            filters["date_from"] = str((datetime.fromtimestamp(self.campaign.leads_sync["read_at"], UTC) - OVERLAP).date())
        width = 1 if self.last_page is None else min(AT_ONCE, self.last_page - self.page + 1)
        numbers = range(self.page, self.page + max(width, 1))
        return await asyncio.gather(*(_page(client, filters, number) for number in numbers))

    def take(self, page: shapes.LeadPage) -> None:
        news = {lead.id for lead in page.leads} - self.seen
        self.seen |= news
        self.count += len(news)
        self.page, self.last_page, self.total = page.page + 1, page.last_page, page.total
        if page.last_page is None:
            self.is_over = len(page.leads) < PAGE_SIZE or not news
        else:
            self.is_over = page.page >= page.last_page or not page.leads  # a last page that never comes is not waited for

    def finish(self) -> None:
        """Forget the leads that a full pass has not met: somebody deleted them at WhatTalk."""
        met_everything = self.total is None or len(self.seen) >= self.total
        if self.is_full and self.began_here and met_everything:
            _forget_missing(self.campaign, self.seen, datetime.fromtimestamp(self.began_at, UTC))
        if self.is_full and not counts.recount(self.campaign.pk):
            log.error("campaign %s: the sums of its leads were wrong and have been mended", self.campaign.pk)

    def note(self) -> None:
        noted = dict(self.campaign.leads_sync)
        if self.is_over:
            noted = {"read_at": self.began_at, "full_at": self.began_at if self.is_full else noted.get("full_at", 0)}
            self.campaign.leads_synced_at = timezone.now()
        else:
            noted |= {"full": self.is_full, "page": self.page, "last_page": self.last_page, "began_at": self.began_at}
        self.campaign.leads_sync = noted
        self.campaign.save(update_fields=["leads_sync", "leads_synced_at"])


def _is_full_due(campaign: Campaign) -> bool:
    since_full = time.time() - campaign.leads_sync.get("full_at", 0)
    if not 0 <= since_full <= HOURS_BETWEEN_FULL[campaign.is_running] * 3600:
        return True  # also when the last one was read at an hour that has not come yet: the clock was set back
    return campaign.leads.count() < SMALL


async def _page(client: WhatTalkClient, filters: dict, number: int) -> shapes.LeadPage:
    async for page in client.lead_pages(**filters, first_page=number):
        return page
    raise AssertionError("a paginator without a page")  # the client yields one page or raises


def save_leads(campaign: Campaign, leads: Iterable[shapes.Lead]) -> None:
    """Leads and their numbers, as last seen. One that belongs elsewhere is left out: filters may be ignored."""
    leads = [lead for lead in leads if lead.campaign_id in ("", campaign.remote_id)]
    here = {lead.id: _as_model(campaign, lead) for lead in leads if lead.id}
    for odd in (lead for lead in leads if not lead.id):
        log.warning("campaign %s: a lead is left out, its id cannot be one: %s", campaign.pk, named(odd.raw.get("id")))
    _keep_each(campaign, here)
    numbers = {lead.phone_number for lead in here.values() if lead.phone_number}
    CampaignNumber.objects.bulk_create(
        [CampaignNumber(campaign=campaign, phone_number=number) for number in sorted(numbers)], ignore_conflicts=True,
    )


def _keep_each(campaign: Campaign, leads: dict[str, Lead]) -> None:
    """All together; where the database refuses them, one by one, so that only the odd one stays out."""
    try:
        with transaction.atomic():
            _heed(campaign, leads)
            counts.upsert(campaign.pk, leads)
    except REFUSED_VALUE:
        if len(leads) == 1:
            log.exception("campaign %s: lead %s is left out, the database does not take it", campaign.pk, *leads)
            leads.clear()
            return
        for lead_id, lead in list(leads.items()):
            _keep_each(campaign, one := {lead_id: lead})
            if not one:
                del leads[lead_id]


def _heed(campaign: Campaign, leads: dict[str, Lead]) -> None:
    """What the leads tell of who may not be called, and what of them may be kept."""
    models = leads.values()
    known = campaign.leads.filter(remote_id__in=list(leads))
    refused = enforce_on_leads(campaign.pk, [HeldLead(one.remote_id, one.phone_number, one.status, one.secondary_contacts) for one in models])
    _blank_people(models, {number for number, why in refused.items() if why == FORGOTTEN})
    told_before = set(known.filter(status=BLACKLISTED).values_list("remote_id", flat=True))
    list_blacklisted(one.phone_number for one in models if one.status == BLACKLISTED and one.remote_id not in told_before)


def _blank_people(models: Iterable[Lead], forgotten: Collection[str]) -> None:
    """Of people who were forgotten, or whose lead ended long ago, nothing is taken but that the lead is there."""
    for model in models:
        if model.phone_number in forgotten or is_long_over(model.status, model.updated_at or model.created_at):
            model.phone_number, model.variables, model.secondary_contacts = "", {}, []
        elif forgotten:
            model.secondary_contacts = without_contacts(model.secondary_contacts, forgotten)


def _as_model(campaign: Campaign, lead: shapes.Lead) -> Lead:
    return Lead(
        campaign=campaign, remote_id=lead.id, phone_number=e164(lead.phone_number), status=lead.status,
        variables=lead.variables, secondary_contacts=shapes.objects(lead.raw.get("secondary_contacts")),
        created_at=_aware(lead.created_at), updated_at=_aware(moment(lead.raw.get("updated_at"))),
    )


def _aware(moment: datetime | None) -> datetime | None:
    return moment.replace(tzinfo=UTC) if moment and moment.tzinfo is None else moment


def _forget_missing(campaign: Campaign, seen: set[str], before: datetime) -> None:
    """`before`: leads added here after the pass began may have come too late for it."""
    known = campaign.leads.filter(created_at__lt=before - timedelta(minutes=10)).values_list("pk", "remote_id", "phone_number")
    gone = [(pk, number) for pk, remote_id, number in known.iterator() if remote_id not in seen]
    if not gone:
        return
    for begin in range(0, len(gone), 500):
        part = gone[begin : begin + 500]
        with counts.kept(campaign.leads.filter(pk__in=[pk for pk, _ in part])) as missing:
            missing.delete()
        numbers = {number for _, number in part}
        numbers -= set(campaign.leads.filter(phone_number__in=numbers).values_list("phone_number", flat=True))
        campaign.numbers.filter(phone_number__in=numbers).delete()
