"""Personal data in leads, erased: of one person at their wish, and of everybody once it has been kept long enough.

A lead keeps its row, its status and WhatTalk's id, so that the counters stay right; number, variables, contacts and the record
of the call are erased. A reading of the campaign does not bring them back.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from campaigns.do_not_call import (
    ENDED,
    contact_numbers,
    country_of,
    digest_of,
    e164,
    open_reading,
    open_search,
    open_settlements,
)
from campaigns.home_numbers import contact_texts, recognised
from campaigns.models import Account, Campaign, CampaignNumber, DoNotCall, ForgottenNumber, Lead, Settlement

AT_ONCE = 2_000
NOTHING: dict[str, Any] = {"phone_number": "", "variables": {}, "secondary_contacts": [], "call": None}


# -- one person ------------------------------------------------------------------------------------------------------
def record_forgotten(number: str) -> None:
    """Keep a keyed hash of the number (E.164): by it the number is recognised, and not called, wherever it comes from."""
    ForgottenNumber.objects.get_or_create(digest=digest_of(number))


def erase_number(number: str, written: re.Pattern[str]) -> list[tuple[str, str]]:
    """Erase a number (E.164; `written`: as it may stand in a text) from all that is known of campaigns.

    What WhatTalk would still call is to be taken out of it, where the campaign is still there: what is known, and what a search
    through the accounts and a reading of their campaigns finds. Leads that have ended are returned as (campaign, lead): WhatTalk keeps
    them until somebody deletes them there.
    """
    kept: list[tuple[str, str]] = []
    for campaign in Campaign.objects.select_related("account"):
        sought = Sought(number, written, country_of(campaign.pk))
        for some in _parts(list(_leads_with(campaign, sought))):
            with transaction.atomic():
                kept += _erase(campaign, sought, some)
    with transaction.atomic():
        CampaignNumber.objects.filter(phone_number=number).delete()
        DoNotCall.objects.filter(phone_number=number).delete()
        Settlement.objects.filter(phone_number=number, state=Settlement.State.SETTLED).delete()
        with_note = [
            entry.pk for entry in DoNotCall.objects.exclude(note="").iterator(chunk_size=AT_ONCE) if written.search(entry.note)
        ]
        for some in _parts(with_note):
            DoNotCall.objects.filter(pk__in=some).update(note="")
        _ask_whattalk(number)
    return kept


def _ask_whattalk(number: str) -> None:
    """Somebody else may have added a lead with it that has not been read."""
    with_key = Account.objects.exclude(encrypted_key=b"")
    for account in with_key:
        open_search(number, account.pk)
    for campaign in Campaign.objects.filter(missing_since=None, account__in=with_key):
        open_reading(campaign)


class Sought(NamedTuple):
    """A number in a campaign: as E.164, as it may stand in a text, and the dialing code of all numbers that we have sent there."""

    number: str
    written: re.Pattern[str]
    country: str

    def is_in(self, texts: Iterable[str]) -> bool:
        """Whether one of these, as they are stored of leads, is it: in full, or without the country that evidence names."""
        return any(e164(text) == self.number or recognised(text.removeprefix("+"), self.number, self.country) for text in texts)


def _leads_with(campaign: Campaign, sought: Sought) -> Iterator[int]:
    leads = campaign.leads.values_list("pk", "phone_number", "variables", "secondary_contacts", "call")
    for pk, phone, variables, contacts, call in leads.iterator(chunk_size=AT_ONCE):
        if sought.is_in([phone, *contact_texts(contacts)]) or sought.written.search(f"{variables} {contacts} {call or ''}"):
            yield pk


def _erase(campaign: Campaign, sought: Sought, leads: list[int]) -> list[tuple[str, str]]:
    is_reachable = campaign.missing_since is None and bool(campaign.account.encrypted_key)
    kept, to_take_out = [], []
    for lead in Lead.objects.select_for_update().filter(pk__in=leads).order_by("pk"):
        is_theirs = sought.is_in([lead.phone_number])
        if is_theirs or sought.is_in(contact_texts(lead.secondary_contacts)):
            if lead.status in ENDED:
                kept.append((campaign.remote_id, lead.remote_id))
            elif is_reachable:
                to_take_out.append(lead.remote_id)
        Lead.objects.filter(pk=lead.pk).update(**(NOTHING if is_theirs else _without(lead, sought)))
    if to_take_out:
        open_settlements(campaign, {sought.number: to_take_out}, holds=True)
    return kept


def _without(lead: Lead, sought: Sought) -> dict[str, Any]:
    written = sought.written
    return {
        "variables": {name: "" if written.search(str(value)) else value for name, value in lead.variables.items()},
        "secondary_contacts": [one for one in lead.secondary_contacts if not sought.is_in(contact_texts([one]))],
        "call": None if written.search(str(lead.call)) else lead.call,
    }


def without_contacts(contacts: list[dict[str, Any]], numbers: Iterable[str]) -> list[dict[str, Any]]:
    return [contact for contact, number in zip(contacts, contact_numbers(contacts)) if number not in set(numbers)]


# -- what has been kept long enough ------------------------------------------------------------------------------------
def is_long_over(status: str, moved_at: datetime | None) -> bool:
    """Whether a lead has ended so long ago that the person behind it is no longer kept."""
    return bool(settings.KEEP_ROWS_DAYS and status in ENDED and moved_at and moved_at < _oldest_kept())


def apply_retention() -> None:
    """Erase people from leads that ended long ago or whose campaign WhatTalk no longer has, and delete old settlements."""
    if not settings.KEEP_ROWS_DAYS:
        return
    people = Lead.objects.exclude(phone_number="", call=None)
    gone = Campaign.objects.filter(missing_since__lt=_oldest_kept())
    for campaign in gone:
        _blank(people.filter(campaign=campaign))
        _delete(CampaignNumber.objects.filter(campaign=campaign))
    ended = people.filter(status__in=ENDED).alias(moved=Coalesce("updated_at", "created_at")).filter(moved__lt=_oldest_kept())
    _blank(ended, with_numbers=True)
    _delete(Settlement.objects.filter(state=Settlement.State.SETTLED, settled_at__lt=_oldest_kept()))


def _oldest_kept() -> datetime:
    return timezone.now() - timedelta(days=settings.KEEP_ROWS_DAYS)


def _blank(leads: QuerySet[Lead], with_numbers: bool = False) -> None:
    while some := list(leads.order_by("pk").values_list("pk", "campaign_id", "phone_number")[:AT_ONCE]):
        with transaction.atomic():
            Lead.objects.filter(pk__in=[pk for pk, _campaign, _phone in some]).update(**NOTHING)
            if with_numbers:
                _free_numbers({(campaign, phone) for _pk, campaign, phone in some if phone})


def _free_numbers(pairs: set[tuple[int, str]]) -> None:
    """A number is no longer the campaign's when no lead there has it and no row holds it; WhatTalk still knows duplicates."""
    for campaign in {campaign for campaign, _phone in pairs}:
        phones = {phone for one, phone in pairs if one == campaign}
        phones -= set(Lead.objects.filter(campaign=campaign, phone_number__in=phones).values_list("phone_number", flat=True))
        CampaignNumber.objects.filter(Q(holder=None), campaign=campaign, phone_number__in=phones).delete()


def _delete(rows: QuerySet[Any]) -> None:
    while some := list(rows.order_by("pk").values_list("pk", flat=True)[:AT_ONCE]):
        rows.model.objects.filter(pk__in=some).delete()


def _parts(items: list[int]) -> Iterator[list[int]]:
    for begin in range(0, len(items), 500):
        yield items[begin : begin + 500]
