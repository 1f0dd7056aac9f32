"""Looking through a campaign's leads, however many, and taking them along as csv."""

import csv
from collections.abc import Iterator

from django.db.models import QuerySet, Value
from django.db.models.functions import StrIndex
from django.utils.translation import get_language, gettext

from campaigns.models import ENDING, Campaign, Lead
from campaigns.words import lead_status

MOST_FOUND = 500  # by a part of a number; who needs more asks more exactly
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def matching(campaign: Campaign, query: str = "", status: str = "") -> QuerySet[Lead]:
    """The campaign's leads, newest first. A query with + is the beginning of a number, without it its end or a part."""
    leads = campaign.leads.order_by("-id")
    if status:
        leads = leads.filter(status=status)
    digits = "".join(c for c in query if c.isdecimal())
    if query.strip().startswith("+") and digits:
        # a range, not LIKE: both databases answer it from the index
        return leads.filter(phone_number__gte=f"+{digits}", phone_number__lt=f"+{digits}:")
    return leads.filter(pk__in=_holding(campaign, digits)) if digits else leads


def _holding(campaign: Campaign, digits: str) -> list[int]:
    """Leads whose number holds these digits.

    So many that they must be its end are found by it, with a 0 before them or without: `0532 123 45 67` is how people
    dial. Fewer are looked for in the index of numbers alone, which is a tenth of the leads.
    """
    dialled = digits.lstrip("0")
    if len(dialled) >= ENDING:
        found = campaign.leads.filter(ending=dialled[-ENDING:], phone_number__endswith=dialled).order_by("pk")
    else:
        holding = campaign.leads.alias(place=StrIndex("phone_number", Value(digits))).filter(place__gt=0)
        found = holding.order_by("phone_number")
    return list(found.values_list("pk", flat=True)[:MOST_FOUND])


def as_csv(campaign: Campaign, leads: QuerySet[Lead]) -> Iterator[bytes]:
    """Lines of a csv that Excel opens right in the reader's language, without ever being a formula."""
    variables = campaign.variables
    writer = csv.writer(_Line(), delimiter=";" if get_language() == "tr" else ",")
    yield "\ufeff".encode()
    yield writer.writerow(
        [gettext("Phone number"), gettext("Status"), gettext("Created"), gettext("WhatTalk id"), *map(inert, variables)]
    )
    for lead in leads.iterator(chunk_size=2000):
        yield writer.writerow(
            [
                lead.phone_number,
                str(lead_status(lead.status)[0]),
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
