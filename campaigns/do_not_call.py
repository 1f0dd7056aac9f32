"""May this number be called, in this campaign, now? Everything that sends, changes or starts something asks here.

A number may not be called when it is on the do-not-call list (for all campaigns, or for this one), or when the person
behind it asked to be forgotten. Primary numbers and secondary contacts are asked about alike.

Nothing slips between a question and a listing. Whoever asks holds the list (`hold_list`) until the transaction ends;
whoever searches for leads of new entries waits for all of them first (`wait_for_askers`). So a lead is written either
before the search, which finds it, or after the listing, which `enforce_on_leads` then finds.
"""

import hmac
from collections.abc import Collection, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

import orjson
from django.conf import settings
from django.db import connection
from django.db.models import Q
from django.utils import timezone

from campaigns import home_numbers
from campaigns.models import Campaign, CampaignNumber, DoNotCall, ForgottenNumber, Settlement
from campaigns.whattalk import resources

LISTED, FORGOTTEN = "do_not_call", "forgotten"  # why a number may not be called; codes of imports.messages.lookup
BLACKLISTED = "blacklisted"
ENDED = frozenset({"completed", "reached-max-retries", BLACKLISTED})  # of leads that nobody is called for any more
LOCK = 0x646F6E74  # of PostgreSQL's advisory locks


class HeldLead(NamedTuple):
    """A lead that WhatTalk has: what decides whether somebody may be called for it."""

    remote_id: str
    phone_number: str
    status: str
    secondary_contacts: Sequence[Mapping[str, Any]]

    @property
    def numbers(self) -> list[str]:
        """The primary number first, all in the one spelling that is compared."""
        return [number for number in (e164(self.phone_number), *contact_numbers(self.secondary_contacts)) if number]

    @property
    def told(self) -> list[str]:
        """The same as the service wrote them, as far as that is known."""
        return [text for text in (self.phone_number, *home_numbers.contact_texts(self.secondary_contacts)) if text]


# -- the question ----------------------------------------------------------------------------------------------------
def forbidden(phones: Collection[str], campaign_id: int | None) -> dict[str, str]:
    """Those of `phones` (E.164) that may not be called in the campaign (None: that are listed for all), with the reason."""
    if not phones:
        return {}
    hold_list()
    wanted = list(dict.fromkeys(phones))
    found = dict.fromkeys(_listed(wanted, campaign_id), LISTED)
    return found | dict.fromkeys(_forgotten(wanted), FORGOTTEN)


def is_anybody_forbidden() -> bool:
    return DoNotCall.objects.exists() or ForgottenNumber.objects.exists()


def _listed(phones: Sequence[str], campaign_id: int | None) -> set[str]:
    among, value = among_values(phones)
    where = "campaign_id IS NULL" if campaign_id is None else f"(campaign_id IS NULL OR campaign_id = {int(campaign_id)})"
    return _column(f"SELECT phone_number FROM {DoNotCall._meta.db_table} WHERE phone_number {among} AND {where}", value)


def _forgotten(phones: Sequence[str]) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT 1 FROM {ForgottenNumber._meta.db_table} LIMIT 1")
        if cursor.fetchone() is None:
            return []
    by_digest = {digest_of(phone): phone for phone in phones}
    among, value = among_values(list(by_digest))
    return [by_digest[one] for one in _column(f"SELECT digest FROM {ForgottenNumber._meta.db_table} WHERE digest {among}", value)]


def among_values(values: Sequence[str]) -> tuple[str, Any]:
    """The condition "is one of `values`", however many, and its parameter."""
    if connection.vendor == "postgresql":
        return "= ANY(%s)", list(values)
    return "IN (SELECT value FROM json_each(%s))", orjson.dumps(values).decode()


def _column(sql: str, value: Any) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(sql, [value])
        return {one for (one,) in cursor.fetchall()}


def digest_of(phone: str) -> str:
    """What is kept of a forgotten number. Without the instance's key nobody can try out numbers until one fits."""
    return hmac.digest(settings.FORGOTTEN_KEY.encode(), phone.encode(), "sha256").hex()


# -- numbers of a lead -----------------------------------------------------------------------------------------------
def e164(text: str) -> str:
    """A number as the service writes it, in the one spelling that we compare; '' when there is none."""
    digits = resources.digits(text)
    return f"+{digits}" if 0 < len(digits) <= resources.MOST_DIGITS else ""


def contact_numbers(contacts: Iterable[Mapping[str, Any]]) -> list[str]:
    """The numbers of secondary contacts, in their order; '' where one has none."""
    return [e164(resources.text_of(contact.get("phone_number"))) for contact in contacts if isinstance(contact, Mapping)]


# -- no gap between asking and listing -------------------------------------------------------------------------------
def hold_list() -> None:
    """What is asked now holds until the caller's transaction ends. SQLite has one writer at a time anyway."""
    _lock("pg_advisory_xact_lock_shared")


def wait_for_askers() -> None:
    """Until every transaction that asked before now has ended; inside a transaction of its own."""
    _lock("pg_advisory_xact_lock")


def _lock(function: str) -> None:
    if connection.vendor == "postgresql" and connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {function}({LOCK})")


# -- leads that WhatTalk has ---------------------------------------------------------------------------------------------
def enforce_on_leads(campaign_id: int, leads: Sequence[HeldLead]) -> dict[str, str]:
    """Leads are written: those that would call a number that may not be called are to be taken out of WhatTalk.

    Inside the transaction that writes them. Returns the numbers of these leads that may not be called, with the reason.
    """
    possible = _without_country(campaign_id, leads)
    refused = forbidden({number for lead in leads for number in lead.numbers}.union(*possible.values()), campaign_id)
    waiting = holding((lead for lead in leads if lead.status not in ENDED), refused, possible) if refused else {}
    if waiting:
        open_settlements(Campaign.objects.get(pk=campaign_id), waiting)
    return refused


def _without_country(campaign_id: int, leads: Sequence[HeldLead]) -> dict[str, list[str]]:
    """Numbers that these leads tell without their country, and which each may be; whether it is, is found out as it is settled."""
    told = {text for lead in leads if lead.status not in ENDED for text in lead.told if home_numbers.may_lack_country(text)}
    if not told or not is_anybody_forbidden():
        return {}
    return home_numbers.possible(told, countries_of(campaign_id))


def countries_of(campaign_id: int) -> set[str]:
    """The dialing codes of all numbers that we have sent into a campaign."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT DISTINCT substr(phone_number, 2, 3) FROM {CampaignNumber._meta.db_table} "
            "WHERE campaign_id = %s AND holder IS NOT NULL",
            [campaign_id],
        )
        return {home_numbers.dialing_code(beginning) for (beginning,) in cursor.fetchall() if beginning}


def country_of(campaign_id: int) -> str:
    """The dialing code of all numbers that we have sent into a campaign; '' where they are of several, or none."""
    countries = countries_of(campaign_id)
    return next(iter(countries)) if len(countries) == 1 else ""


def holding(
    leads: Iterable[HeldLead], numbers: Collection[str], possible: Mapping[str, Collection[str]] = MappingProxyType({})
) -> dict[str, list[str]]:
    """Number → ids of the leads that would call it. `possible`: which numbers one that is told without its country may be."""
    held: dict[str, list[str]] = {}
    for lead in leads:
        guessed = (number for text in lead.told for number in possible.get(text, ())) if possible else ()
        for number in {number for number in (*lead.numbers, *guessed) if number in numbers}:
            held.setdefault(number, []).append(lead.remote_id)
    return held


def open_settlements(campaign: Campaign, leads_of: Mapping[str, Iterable[str]], **status: Any) -> None:
    """Have these numbers taken out of the campaign; `leads_of`: the ids of the leads that are known to hold each.

    `status`: what else is known of these leads (`imports.do_not_call.removal_requests`).
    """
    for number in sorted(leads_of):
        _open(number, campaign.account_id, campaign.pk, {lead: dict(status) for lead in leads_of[number]})


def open_search(number: str, account_id: int) -> None:
    """Have a number looked for among all leads of an account."""
    _open(number, account_id, None, {})


def open_reading(campaign: Campaign) -> None:
    """Have all leads of a campaign read: any of them may hold a number that was listed."""
    _open("", campaign.account_id, campaign.pk, {})


def _open(number: str, account_id: int, campaign_id: int | None, leads: dict[str, dict[str, Any]]) -> None:
    """Due at once. What is known of each lead stays known; a process that is at it just now must look again."""
    key = {"phone_number": number, "account_id": account_id, "campaign_id": campaign_id}
    Settlement.objects.bulk_create([Settlement(**key)], ignore_conflicts=True)
    row = Settlement.objects.select_for_update().get(**key)
    is_waiting = row.state == Settlement.State.WAITING
    known = row.detail.get("leads", {}) if is_waiting else {}
    if is_waiting and number and campaign_id and leads and leads.keys() <= known.keys():
        return
    if not is_waiting:
        row.detail, row.tries, row.outcome, row.settled_at = {}, 0, "", None
    row.detail = {**row.detail, "leads": {**leads, **known}}
    row.state, row.opened_at, row.token, row.lease_ms, row.next_ms = Settlement.State.WAITING, timezone.now(), 0, 0, 0
    row.save()


def is_settled(campaign: Campaign) -> bool:
    """Whether the campaign may start: no lead of it can call a number that may not be called, as far as anybody knows.

    Not while entries have not been searched for, a number is being looked for in the account, or leads are still to be read.
    """
    waiting = Settlement.objects.filter(
        Q(campaign=campaign) | Q(account=campaign.account_id, campaign=None), state=Settlement.State.WAITING
    )
    unsearched = DoNotCall.objects.filter(Q(campaign=campaign) | Q(campaign=None), searched_at=None)
    return not (waiting.exists() or unsearched.exists())
