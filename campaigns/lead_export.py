"""Leads of a campaign as a csv file that a spreadsheet program opens."""

from codecs import BOM_UTF8
from collections.abc import Iterator, Sequence

from django.db.models import QuerySet
from django.utils.translation import get_language, gettext

from campaigns.labels import lead_status
from campaigns.models import Campaign, Lead
from ui.spreadsheet_csv import csv_delimiter, csv_line


def as_csv(campaign: Campaign, leads: QuerySet[Lead]) -> Iterator[bytes]:
    """The lines of a csv of `leads`, in UTF-8 with a byte order mark; headers and delimiter are those of the active language."""
    variables = list(campaign.variables)
    delimiter = csv_delimiter(get_language() or "en")
    titles = [gettext("Phone number"), gettext("Status"), gettext("Created"), gettext("WhatTalk id"), *variables]
    yield BOM_UTF8 + csv_line(titles, delimiter).encode("utf-8", "replace")
    for lead in leads.defer("search").iterator(chunk_size=2000):
        yield csv_line(_values(lead, variables), delimiter).encode("utf-8", "replace")


def _values(lead: Lead, variables: Sequence[str]) -> list[str]:
    return [
        lead.phone_number,
        str(lead_status(lead.status).label),
        lead.created_at.isoformat(" ", "minutes") if lead.created_at else "",
        str(lead.remote_id),
        *(str(lead.variables.get(name, "")) for name in variables),
    ]
