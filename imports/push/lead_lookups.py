"""Finding out what became of a row whose answer was lost: by asking for the lead, never by guessing."""

from campaigns.whattalk.client import WhatTalkClient
from campaigns.whattalk.resources import Lead, with_number, without_country

MOST_PAGES = 5  # of a service that ignores the number asked for; then the look-up tells nothing


class LookupImpossible(Exception):
    """The service does not let us find one number among its leads."""


async def look_up(client: WhatTalkClient, campaign: str | None, phone: str) -> list[Lead]:
    """The leads of this campaign (None: of the account) with exactly this number; WhatTalkError or LookupImpossible when that cannot be told."""
    leads, pages = [], 0
    async for page in client.lead_pages(campaign_id=campaign, phone_number=phone):
        leads += [lead for lead in _with_number(page.leads, phone) if campaign is None or lead.campaign_id in ("", campaign)]
        pages += 1
        if pages == MOST_PAGES and not leads:
            raise LookupImpossible
    return [lead for lead in leads if lead.id]


def _with_number(leads: list[Lead], phone: str) -> list[Lead]:
    """Those with exactly this number, or with it as it is dialed at home: the service was asked for the whole number."""
    exact = with_number(leads, phone)
    return exact + [lead for lead in leads if lead not in exact and without_country(lead.phone_number, phone)]
