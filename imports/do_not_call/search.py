"""New entries of the do-not-call list: every lead and every row that may still call them is found, and is to be settled."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import orjson
from django.db import connection, transaction

from campaigns import do_not_call, do_not_call_list, home_numbers
from campaigns.do_not_call import HeldLead, open_reading, open_search, open_settlements
from campaigns.do_not_call_list import Entry
from campaigns.models import Campaign, Lead
from imports.check.contacts_left_out import contacts_of
from imports.models import ImportJob, ImportRow, RowState

AT_ONCE = 50_000  # entries of one search: as many numbers are held in memory
LOOKED_UP = 200  # numbers; more are not looked up one by one: reading the leads of the campaigns is cheaper
PAGE = 5_000
ON_THEIR_WAY = (RowState.SENDING, RowState.UNKNOWN)


def search_new() -> int:
    """Search for all entries that have not been searched for; how many there were. Harmless to repeat, or to run twice."""
    searched = 0
    while entries := do_not_call_list.unsearched(AT_ONCE):
        with transaction.atomic():
            do_not_call.wait_for_askers()
        _search(entries)
        do_not_call_list.mark_searched(entries)
        searched += len(entries)
    return searched


def _search(entries: Sequence[Entry]) -> None:
    everywhere = {entry.phone_number for entry in entries if entry.campaign_id is None}
    within: dict[int, set[str]] = {}
    for entry in entries:
        if entry.campaign_id is not None:
            within.setdefault(entry.campaign_id, set()).add(entry.phone_number)
    campaigns = Campaign.objects.select_related("account")
    for campaign in campaigns if everywhere else campaigns.filter(pk__in=within):
        numbers = everywhere | within.get(campaign.pk, set())
        _settle(campaign, _of_leads(campaign, numbers), {number: [] for number in on_their_way(campaign.pk) & numbers})
    _ask_whattalk(entries, everywhere, within)


def _settle(campaign: Campaign, *groups: Mapping[str, Iterable[str]]) -> None:
    together: dict[str, list[str]] = {}
    for leads_of in groups:
        for number, leads in leads_of.items():
            together.setdefault(number, []).extend(leads)
    numbers = sorted(together)
    for begin in range(0, len(numbers), PAGE):
        with transaction.atomic():
            open_settlements(campaign, {number: together[number] for number in numbers[begin : begin + PAGE]})


def _of_leads(campaign: Campaign, numbers: set[str]) -> dict[str, list[str]]:
    """Number → ids of the campaign's known leads that would call it."""
    at_home = home_numbers.by_home(numbers)
    held: dict[str, list[str]] = {}
    for lead in _leads(campaign.pk):
        if lead.status not in do_not_call.ENDED:
            # Stored numbers have lost whether a country was told: what may be one of these is looked at as it is settled.
            for number in {*lead.numbers} & numbers | home_numbers.matches(lead.numbers, at_home):
                held.setdefault(number, []).append(lead.remote_id)
    return held


def _leads(campaign_id: int) -> Iterator[HeldLead]:
    """All known leads of a campaign, a page at a time; the JSON of contacts is opened only where there are any."""
    sql = (
        f"SELECT id, remote_id, phone_number, status, CAST(secondary_contacts AS text) FROM {Lead._meta.db_table} "
        "WHERE campaign_id = %s AND id > %s ORDER BY id LIMIT %s"
    )
    after = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(sql, [campaign_id, after, PAGE])
            page = cursor.fetchall()
        for after, remote_id, phone, status, contacts in page:
            yield HeldLead(remote_id, phone, status, orjson.loads(contacts) if len(contacts) > 2 else ())
        if len(page) < PAGE:
            return


def on_their_way(campaign_id: int) -> set[str]:
    """Numbers of rows that are on their way into the campaign at this moment: their leads are not known yet."""
    jobs = list(ImportJob.objects.filter(campaign=campaign_id).values_list("pk", flat=True))
    rows = ImportRow.objects.open().filter(job__in=jobs, state__in=ON_THEIR_WAY).values_list("phone", "lead")
    return {number for phone, lead in rows.iterator(chunk_size=PAGE) for number in (phone, *contacts_of(lead))}


def _ask_whattalk(entries: Sequence[Entry], everywhere: set[str], within: Mapping[int, set[str]]) -> None:
    """What we do not know, WhatTalk is asked: numbers are looked up while they are few, and leads not read yet are read."""
    with transaction.atomic():
        if len(entries) <= LOOKED_UP:
            for account in do_not_call_list.accounts_with_key():
                for number in sorted(everywhere):
                    open_search(number, account.pk)
            for campaign in Campaign.objects.select_related("account").filter(pk__in=within):
                open_settlements(campaign, {number: [] for number in within[campaign.pk]})
        for campaign in do_not_call_list.readable_campaigns(entries):
            open_reading(campaign)
