"""What is asked of WhatTalk to take a number out of a campaign. Speaks HTTP through the client, never to the database.

WhatTalk's API cannot change the secondary contacts of a lead. A lead that nobody has been called for yet is deleted and made
anew without the contact; one that is being called already is deleted as a whole: to make it anew would begin from the start.

Where a lead stands is `{"at": word, …}`, kept in the settlement between any two requests, so that a process may die anywhere:

    {}           to be looked at; `holds`: it has the number among its contacts, though it is no longer stored here
    deleting     to be deleted
    parting      to be deleted and made anew; `lead` is what is made
    making       deleted; to be made anew

With `begun` a request may have been carried out; with `tried` an earlier one may. With neither, and where
calls have begun, what WhatTalk lists decides anew before a request leaves.

    doubtful     told without its country, which no evidence names; `listed`: by WhatTalk, when it was looked at. Nothing is asked for it

    deleted · deleted_whole · made (`id`) · not_made (`said`) · stopped · ended (`status`) · gone     settled
"""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from campaigns import home_numbers
from campaigns.do_not_call import ENDED, HeldLead, contact_numbers, e164
from campaigns.whattalk import resources
from campaigns.whattalk.client import WhatTalkClient
from campaigns.whattalk.errors import Invalid, Nonsense, NotFound, PlanLimit, Unreachable, WhatTalkError
from campaigns.whattalk.lead_request import lead_request
from campaigns.whattalk.replies import Created, Duplicate, Outcome, Refused, Unknown

NOT_CALLED = ("created", "scheduled")
MOST_PAGES = 5  # of a service that ignores the number asked for
OPEN = frozenset({"", "deleting", "parting", "making"})
STOPPING = "reached-max-retries"  # the status that ends a lead which cannot be deleted

Leads = dict[str, dict[str, Any]]  # id → where it stands


class Known(NamedTuple):
    """A lead as we have it: `primary` where the number is called first; `called`: WhatTalk has begun to call."""

    phone_number: str
    status: str
    called: bool
    variables: Mapping[str, Any]
    secondary_contacts: list[Mapping[str, Any]]


class Task(NamedTuple):
    """One number in one campaign (`campaign` None: anywhere in the account). `refused`: numbers that may not be called there.
    `country`: the dialing code of all numbers that we have sent there, '' where there is no such one."""

    number: str
    campaign: str | None
    leads: Leads
    known: Mapping[str, Known]
    refused: frozenset[str]
    country: str = ""


class Looked(NamedTuple):
    """`leads` and where they stand now; `elsewhere`: campaign → leads that were found by a search through the account."""

    leads: Leads
    elsewhere: dict[str, list[HeldLead]]
    error: WhatTalkError | None = None


def requests_of_look(task: Task) -> int:
    return 2 + len({task.known[lead].phone_number for lead in task.leads if lead in task.known})


async def look(client: WhatTalkClient, task: Task) -> Looked:
    """Which leads hold the number, as WhatTalk has them now, and what is to be done with each."""
    try:
        listed = await _find(client, task.campaign, task.number, as_contact=True)
        listed += await _find(client, task.campaign, task.number, as_contact=True, asked=home_numbers.at_home(task.number))
        if task.campaign is None:
            return _by_campaign(listed, task.number)
        primaries = {known.phone_number for known in task.known.values()} - {task.number, ""}
        for primary in sorted(primaries):
            listed += [lead for lead in await _find(client, task.campaign, primary) if lead.id in task.leads]
    except WhatTalkError as error:
        return Looked(task.leads, {}, error)
    by_id = {lead.id: lead for lead in listed}
    leads = {**{lead: {} for lead in by_id}, **task.leads}
    return Looked({lead: _next(task, lead, stands, by_id.get(lead)) for lead, stands in leads.items()}, {})


async def _find(
    client: WhatTalkClient, campaign: str | None, number: str, as_contact: bool = False, asked: str = ""
) -> list[resources.Lead]:
    """Leads with exactly this primary number, or `as_contact` with it as a secondary contact, should the service find those too.

    `asked`: the part of the number to ask for; then leads count too that tell it without its country. Those of a service that ignores what it is asked for end after some pages.
    """
    leads: list[resources.Lead] = []
    pages = 0
    async for page in client.lead_pages(campaign_id=campaign, phone_number=asked or number):
        here = [lead for lead in page.leads if lead.id and campaign in (None, lead.campaign_id or campaign)]
        leads += [lead for lead in here if e164(lead.phone_number) == number or as_contact and number in _contacts_of(lead)]
        leads += [lead for lead in here if asked and _may_hold(lead, number)]
        pages += 1
        if pages == MOST_PAGES and not leads:
            break
    return leads


def _may_hold(lead: resources.Lead, number: str) -> bool:
    """Whether it tells a number without its country that may be this one."""
    contacts = resources.objects(lead.raw.get("secondary_contacts"))
    return any(home_numbers.may_be(text, number) for text in (lead.phone_number, *home_numbers.contact_texts(contacts)))


def _by_campaign(leads: Iterable[resources.Lead], number: str) -> Looked:
    elsewhere: dict[str, list[HeldLead]] = {}
    nowhere: Leads = {}
    for lead in {lead.id: lead for lead in leads}.values():
        if lead.campaign_id:
            contacts = resources.objects(lead.raw.get("secondary_contacts"))
            elsewhere.setdefault(lead.campaign_id, []).append(HeldLead(lead.id, lead.phone_number, lead.status, contacts))
        elif lead.status in ENDED:
            nowhere[lead.id] = {"at": "ended", "status": lead.status}
        else:  # of which campaign it is the service does not say; it must go in any case
            is_it = number in (e164(lead.phone_number), *_contacts_of(lead))
            nowhere[lead.id] = {"at": "deleting"} if is_it else {"at": "doubtful", "listed": True}
    return Looked(nowhere, elsewhere)


def _contacts_of(lead: resources.Lead) -> list[str]:
    return contact_numbers(resources.objects(lead.raw.get("secondary_contacts")))


def _next(task: Task, lead_id: str, stands: dict[str, Any], lead: resources.Lead | None) -> dict[str, Any]:
    """What is to be done with a lead. A known lead that is not listed is still tried: lists may lag, a deletion tells."""
    if stands.get("at") == "doubtful" and lead is None and (stands.get("listed") or lead_id not in task.known):
        return {"at": "gone"}
    if stands.get("missing") and lead is None and stands.get("at") != "making":
        return {"at": "gone"}  # neither listed nor found by its id
    if stands.get("at") and (lead is None or not _is_to_be_decided_anew(stands, lead)):
        return stands
    known = task.known.get(lead_id)
    if lead is not None:
        known = _as_known(lead, known)
    if known is None:
        return {"at": "deleting"}
    if known.status in ENDED:
        return {"at": "ended", "status": known.status}
    known = _recognised(known, task, lead, task.known.get(lead_id))
    if _is_doubtful(known, task, lead):
        return {"at": "doubtful", "listed": lead is not None}
    contacts = contact_numbers(known.secondary_contacts)
    if e164(known.phone_number) in task.refused:
        return {"at": "deleting"}
    if not task.refused & set(contacts) and (lead is not None and "secondary_contacts" in lead.raw or not stands.get("holds")):
        return {"at": "gone"}
    kept: dict[str, Any] = {key: stands[key] for key in ("begun", "tried", "holds") if key in stands}
    if known.called or known.status not in NOT_CALLED:
        return {**kept, "at": "deleting", "whole": True}
    return {**kept, "at": "parting", "lead": _without(known, task)}


def _is_to_be_decided_anew(stands: Mapping[str, Any], lead: resources.Lead) -> bool:
    """Whether what WhatTalk lists now comes before what was decided: no request for it has left, or calls have begun meanwhile."""
    is_unasked = stands["at"] == "doubtful" or stands["at"] in ("deleting", "parting") and stands.get("begun") is False
    return is_unasked or stands["at"] == "parting" and (bool(lead.raw.get("call_tries")) or lead.status not in NOT_CALLED)


def _as_known(lead: resources.Lead, before: Known | None) -> Known:
    """As WhatTalk lists it; where it does not tell of contacts or calls, as we know them."""
    contacts: list[Mapping[str, Any]] = before.secondary_contacts if before else []
    if "secondary_contacts" in lead.raw:
        contacts = [*resources.objects(lead.raw["secondary_contacts"])]
    variables = lead.variables if "variables" in lead.raw or before is None else before.variables
    called = bool(lead.raw.get("call_tries")) or before is not None and before.called
    stored = before.phone_number if before is not None and not before.phone_number.startswith("+0") else ""
    number = stored if stored and resources.without_country(lead.phone_number, stored) else lead.phone_number
    return Known(number, lead.status, called, variables, contacts)


def _recognised(known: Known, task: Task, lead: resources.Lead | None, before: Known | None) -> Known:
    """The lead with its numbers as they are known where it tells them without their country, and evidence says which they are."""
    stored = [before.phone_number, *contact_numbers(before.secondary_contacts)] if before else []
    ours = [number for number in stored if not number.startswith("+0")]
    numbers = sorted({*ours, *task.refused})

    def as_known(told: str) -> str:
        return next((one for one in numbers if home_numbers.recognised(told, one, task.country, ours)), told)

    number = as_known(_told(known.phone_number, lead))
    contacts: list[Mapping[str, Any]] = [
        {**contact, "phone_number": as_known(resources.text_of(contact.get("phone_number")))}
        for contact in known.secondary_contacts
    ]
    return known._replace(phone_number=number, secondary_contacts=contacts)


def _told(number: str, lead: resources.Lead | None) -> str:
    """A lead's number as WhatTalk tells it. A stored one begins with + in any case; with +0 it names no country for certain."""
    return number.removeprefix("+") if lead is None and number.startswith("+0") else number


def _is_doubtful(known: Known, task: Task, lead: resources.Lead | None) -> bool:
    """Whether it holds the number only if one that is told without its country is that, which nothing says."""
    told = known.phone_number if lead is not None else known.phone_number.removeprefix("+")
    texts = [told, *home_numbers.contact_texts(known.secondary_contacts)]
    is_there = any(e164(text) in task.refused for text in (known.phone_number, *texts))
    return not is_there and any(home_numbers.may_be(text, task.number) for text in texts)


def _without(known: Known, task: Task) -> dict[str, Any]:
    """The lead to be made: all that it was, but for the contacts that may not be called."""
    kept = [contact for contact in known.secondary_contacts if contact_numbers([contact])[0] not in task.refused]
    contacts = (
        {
            "phone_number": _as_made(contact.get("phone_number"), task.country),
            "variables": resources.object_of(contact.get("variables")),
        }
        for contact in kept
    )
    return lead_request(task.campaign or "", _as_made(known.phone_number, task.country), known.variables, contacts)


def _as_made(told: Any, country: str) -> str:
    """A number for a lead that is made anew: one that is told without its country is of the campaign's, or stays as it is."""
    text = resources.text_of(told)
    if not e164(text).startswith("+0"):
        return e164(text)
    return f"+{country}{resources.digits(text).lstrip('0')}" if country else text


# -- acting ------------------------------------------------------------------------------------------------------------
class Acted(NamedTuple):
    leads: Leads
    error: WhatTalkError | None = None


def requests_of_act(leads: Leads) -> int:
    return sum(stands.get("at") in OPEN for stands in leads.values())


async def _act_on(client: WhatTalkClient, task: Task, lead_id: str, stands: dict[str, Any]) -> dict[str, Any]:
    match stands.get("at"):
        case "deleting":
            return await _delete(client, lead_id, stands)
        case "parting":
            return await _part(client, lead_id, stands)
        case "making":
            return await _make(client, task, stands)
    return stands


async def act(client: WhatTalkClient, task: Task) -> Acted:
    """The next request for each lead that is not settled. The first error ends it; what was done before holds."""
    done: Leads = {}
    for lead_id, stands in task.leads.items():
        try:
            done[lead_id] = await _act_on(client, task, lead_id, stands)
        except WhatTalkError as error:
            return Acted({**unasked(task.leads), lead_id: _failed(stands, error), **done}, error)
    return Acted(done)


def begun(leads: Leads) -> Leads:
    """What is recorded before the requests of `act` leave."""
    return {
        lead: {**stands, "tried": bool(stands.get("begun")), "begun": True} if stands.get("at") in OPEN else stands
        for lead, stands in leads.items()
    }


def is_half_done(leads: Leads) -> bool:
    """Whether a lead has been deleted that is to be made anew, or a request may have been carried out."""
    return any(stands.get("at") == "making" or stands.get("begun") for stands in leads.values())


def unasked(leads: Leads) -> Leads:
    """Takes `begun` back where no request has left. What an earlier one may have done is still in doubt."""
    return {
        lead: {**stands, "begun": stands["tried"]} if stands.get("at") in OPEN and "tried" in stands else stands
        for lead, stands in leads.items()
    }


def _failed(stands: dict[str, Any], error: WhatTalkError) -> dict[str, Any]:
    if isinstance(error, Unreachable) and error.sent or isinstance(error, Undecided) and isinstance(error.outcome, Unknown):
        return stands  # it may have been carried out all the same
    missing = {"missing": True} if isinstance(error, NotFound) else {}
    return {**stands, "begun": stands["tried"], **missing}


async def _delete(client: WhatTalkClient, lead_id: str, stands: dict[str, Any]) -> dict[str, Any]:
    deleted = {"at": "deleted_whole" if stands.get("whole") else "deleted"}
    try:
        # Not found after a try whose answer was lost: that try deleted it.
        return deleted if await client.delete_lead(lead_id) or stands.get("tried") else {"at": "gone"}
    except (Invalid, PlanLimit, Nonsense, NotFound):
        await client.update_lead(lead_id, status=STOPPING)
        return {"at": "stopped"}


async def _part(client: WhatTalkClient, lead_id: str, stands: dict[str, Any]) -> dict[str, Any]:
    """Delete a lead in order to make it anew. One that somebody else has deleted is not made again."""
    is_there = await client.delete_lead(lead_id)
    return {"at": "making", "lead": stands["lead"]} if is_there or stands.get("tried") else {"at": "gone"}


async def _make(client: WhatTalkClient, task: Task, stands: dict[str, Any]) -> dict[str, Any]:
    """Make the lead anew, with the duplicate block on. After a lost answer it is looked for first."""
    if stands.get("tried"):
        for lead in await _find(client, task.campaign, stands["lead"]["phone_number"]):
            return {"at": "made", "id": lead.id, "lead": stands["lead"]}
    outcome: Outcome = await client.create_lead(stands["lead"])
    match outcome:
        case Created(remote_id=made):
            return {"at": "made", "id": made, "lead": stands["lead"]}
        case Duplicate(message=message) | Refused(message=message):
            return {"at": "not_made", "said": message}
    raise Undecided(outcome)


class Undecided(WhatTalkError):
    """WhatTalk has not taken the lead yet, or nobody knows: it is looked for and tried again."""

    retryable = True

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(getattr(outcome, "message", "") or type(outcome).__name__)
        self.outcome = outcome
