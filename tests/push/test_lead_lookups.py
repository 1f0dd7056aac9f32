"""Asking for one number, of services that answer with what was asked for and of others."""

import asyncio

import pytest

from campaigns.whattalk.resources import Lead, LeadPage
from imports.push.lead_lookups import MOST_PAGES, LookupImpossible, look_up

PHONE = "+905551234567"


class Service:
    """`lead_pages` of a client whose service gives these pages, whatever it is asked for."""

    def __init__(self, *pages: list[Lead]) -> None:
        self.pages, self.given = pages, 0

    async def lead_pages(self, **asked):
        for leads in self.pages:
            self.given += 1
            yield LeadPage(leads, self.given, None, None)


def lead(id: str, phone: str = PHONE, campaign: str = "7") -> Lead:
    return Lead.of({"id": id, "phone_number": phone, "campaign_id": campaign})


def test_only_leads_of_this_campaign_with_this_number_are_found():
    pages = [lead("1"), lead("2", phone="+905550000000")], [lead("3", campaign="8"), lead("4")]
    found = asyncio.run(look_up(Service(*pages), "7", PHONE))
    assert [one.id for one in found] == ["1", "4"]


def test_a_service_that_ignores_the_number_tells_nothing():
    service = Service(*([lead("2", phone="+905550000000")] for _ in range(MOST_PAGES + 3)))
    with pytest.raises(LookupImpossible):
        asyncio.run(look_up(service, "7", PHONE))
    assert service.given == MOST_PAGES
