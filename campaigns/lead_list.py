"""Looking through a campaign's leads, however many, and taking them along as csv."""

import csv
from collections.abc import Iterator

from django.db.models import Q, QuerySet, Value
from django.db.models.functions import StrIndex
from django.utils.translation import get_language, gettext

from campaigns.models import ENDING, Campaign, Lead
from campaigns.search_text import storable
from campaigns.whattalk.error_texts import fold
from campaigns.words import LEAD_STATUSES, OTHER_STATUS, lead_status

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
MOST_WORDS = 12
DIGITS = "0123456789"
IN_NUMBERS = frozenset(DIGITS + "+-./() \u00a0")  # what people write in a phone number


def matching(campaign: Campaign, query: str = "", status: str = "") -> QuerySet[Lead]:
    """Every lead of the campaign that matches, newest first. A query with + is the beginning of a number; the words of any other are
    looked for in the number and in all values of the lead, whatever the case of their letters."""
    leads = campaign.leads.order_by("-id")
    if status == OTHER_STATUS:
        leads = leads.exclude(status__in=LEAD_STATUSES)
    elif status:
        leads = leads.filter(status=status)
    digits = _digits(query)
    words = [" ".join(_words(query))] if digits else _words(query)
    if query.strip().startswith("+") and digits:
        of_contact = StrIndex("search", Value(f"\n+{digits}"))  # a line each
        return leads.alias(place=of_contact).filter(
            Q(phone_number__gte=f"+{digits}", phone_number__lt=f"+{digits}:") | Q(place__gt=0)
        )
    if not any(words):
        return leads
    places = {f"place_{n}": StrIndex("search", Value(word)) for n, word in enumerate(words)}
    found = Q(*((place + "__gt", 0) for place in places))
    if digits:
        places["number_place"] = StrIndex("search", Value(_dialled(digits)))
        found |= Q(number_place__gt=0)
    return leads.alias(**places).filter(found)


def _words(query: str) -> list[str]:
    """The words of a query, folded as the text of a lead is; so many that nobody notices the limit."""
    return fold(storable(query)).split()[:MOST_WORDS]


def _dialled(digits: str) -> str:
    """A number without what comes before it: `0532 123 45 67` is how people dial +905321234567. Fewer digits may be a part of one,
    with a 0 of its own."""
    whole = digits.lstrip("0")
    return whole if len(whole) >= ENDING else digits


def _digits(query: str) -> str:
    """The digits of a query that can be a number or a part of one; '' for any other."""
    return "".join(c for c in query if c in DIGITS) if IN_NUMBERS.issuperset(query) else ""


def as_csv(campaign: Campaign, leads: QuerySet[Lead]) -> Iterator[bytes]:
    """Lines of a csv that Excel opens right in the reader's language, without ever being a formula."""
    variables = campaign.variables
    writer = csv.writer(_Line(), delimiter=";" if get_language() == "tr" else ",")
    yield "\ufeff".encode()
    yield writer.writerow(
        [gettext("Phone number"), gettext("Status"), gettext("Created"), gettext("WhatTalk id"), *map(inert, variables)]
    )
    for lead in leads.defer("search").iterator(chunk_size=2000):
        yield writer.writerow(
            [
                lead.phone_number,
                inert(lead_status(lead.status)[0]),
                lead.created_at.isoformat(" ", "minutes") if lead.created_at else "",
                inert(lead.remote_id),
                *(inert(lead.variables.get(name, "")) for name in variables),
            ]
        )


def inert(value) -> str:
    """The text with a quote before what a spreadsheet would take for a formula."""
    text = str(value)
    return "'" + text if text.startswith(FORMULA_STARTS) else text


class _Line:
    """A file for csv.writer that hands each line back instead of keeping it."""

    def write(self, text: str) -> bytes:
        return text.encode()
