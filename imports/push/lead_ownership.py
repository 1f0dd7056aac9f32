"""Whose lead a look-up has found: the row's own, somebody else's, or nobody can tell. Pure.

A lead is a row's own only if it was made after the row's first request, on the service's own clock, and says what the row
says, in variables and secondary contacts; and only if no other row has it. A service that tells neither proves nothing.
"""

from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum
from typing import Any, NamedTuple

from campaigns.whattalk import resources
from campaigns.whattalk.clock import Offset, span_ms
from imports.push.row_claims import Claimed

MARGIN_MS = 100  # by which two readings of one clock may differ
UNTOLD = Offset(-300_000, 300_000)  # of a service that says nothing of its time
FURTHEST_MS = 26 * 3600 * 1000  # its leads may be dated so far from its answers: another server, another zone


class ServiceClock(NamedTuple):
    """How far the service is ahead of the database's clock: by the dates of our own leads, and by its answers' `Date`."""

    leads: Offset | None = None
    answers: Offset | None = None


class Made(StrEnum):
    """When a lead was made, seen from the row's first request."""

    BEFORE = "before"
    ABOUT = "about"  # then or later, as far as the clocks can be told apart
    AFTER = "after"
    UNTOLD = "untold"


class Whose(StrEnum):
    OURS = "ours"
    ELSE = "else"
    UNCLEAR = "unclear"


class Known(NamedTuple):
    """What is known beside the row. `of_others`: ids of leads of other rows; `defaults`: what the service puts in place of
    variables that a lead does not have; `allow_duplicates`: the number may have several leads."""

    clock: ServiceClock = ServiceClock()
    of_others: Collection[str] = ()
    defaults: Mapping[str, Any] = {}
    allow_duplicates: bool = False


def whose(lead: resources.Lead, row: Claimed, known: Known, is_named: bool = False) -> Whose:
    """`is_named`: the service has answered our request with this very lead, in words that say that it was there before."""
    made = when(lead, row.first_intent_ms, known.clock)
    if lead.id in known.of_others or made is Made.BEFORE:
        return Whose.ELSE
    same = says_the_same(lead, row.lead, known.defaults)
    if is_named and (same is False or same is None and made is Made.UNTOLD):
        return Whose.ELSE  # nothing speaks against the words
    if same is False:
        # Where a number has one lead, the service may have changed our words; where it may have several, this is another.
        return Whose.ELSE if known.allow_duplicates else Whose.UNCLEAR
    # A lead that says nothing is like any other: it can only be told by its time.
    is_told_apart = made is Made.AFTER or made is Made.ABOUT and (is_named or says_anything(row.lead))
    return Whose.OURS if same and is_told_apart else Whose.UNCLEAR


def when(lead: resources.Lead, intent_ms: int, clock: ServiceClock) -> Made:
    if lead.created_at is None:
        return Made.UNTOLD
    first, last = span_ms(lead.created_at)
    if clock.leads:
        if last - clock.leads.low + MARGIN_MS < intent_ms:
            # A clock that was seen to jump may have jumped further.
            jumps = clock.leads.high - clock.leads.low if clock.leads.is_spread else 0
            return Made.BEFORE if last - clock.leads.low + MARGIN_MS + jumps < intent_ms else Made.UNTOLD
        return Made.AFTER if first - clock.leads.high - MARGIN_MS >= intent_ms else Made.ABOUT
    if last + FURTHEST_MS < intent_ms:
        return Made.BEFORE
    # The leads' dates may be of another clock, or another zone, than the answers': what seems old may be new.
    return Made.ABOUT if last - (clock.answers or UNTOLD).low + MARGIN_MS >= intent_ms else Made.UNTOLD


def says_anything(lead: Mapping[str, Any]) -> bool:
    """Whether there is more to a lead than its number."""
    return bool(_texts(lead.get("variables"))) or bool(lead.get("secondary_contacts"))


def says_the_same(lead: resources.Lead, sent: Mapping[str, Any], defaults: Mapping[str, Any]) -> bool | None:
    """Whether a lead has the variables and secondary contacts that were sent; None where the service does not list them."""
    contacts, sent_contacts = lead.raw.get("secondary_contacts"), sent.get("secondary_contacts") or []
    lists_contacts = isinstance(contacts, list)
    if not isinstance(lead.raw.get("variables"), (dict, list)) or sent_contacts and not lists_contacts:
        return None
    if not _same_variables(lead.variables, sent.get("variables") or {}, defaults):
        return False
    return not lists_contacts or _same_contacts(resources.objects(contacts), sent_contacts)


def _same_variables(listed: Mapping[str, Any], sent: Mapping[str, Any], defaults: Mapping[str, Any]) -> bool:
    """The service may fill in what was not sent, or leave out what was empty."""
    wanted, filled_in = _texts(sent), _texts(defaults)
    texts = _texts(listed)
    return all(texts.get(name) == text for name, text in wanted.items()) and all(
        filled_in.get(name) == text for name, text in texts.items() if name not in wanted
    )


def _same_contacts(listed: Sequence[Mapping[str, Any]], sent: Sequence[Mapping[str, Any]]) -> bool:
    """Whether the numbers are the same, in whatever order; the service may tell one without its country."""
    told, ours = _numbers(listed), _numbers(sent)
    for number in ours:
        same = next((one for one in told if resources.digits(one) == resources.digits(number)), None)
        same = same or next((one for one in told if resources.without_country(one, number)), None)
        if same is None:
            return False
        told.remove(same)
    return not told


def _numbers(contacts: Sequence[Mapping[str, Any]]) -> list[str]:
    return [resources.text_of(contact.get("phone_number")) for contact in contacts]


def _texts(variables: Any) -> dict[str, str]:
    """Name → text of the variables that say something."""
    texts = {
        str(name): " ".join(str(value).split()) for name, value in resources.object_of(variables).items() if value is not None
    }
    return {name: text for name, text in texts.items() if text}
