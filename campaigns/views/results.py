"""What became of a campaign's calls: for everybody who sees the campaign."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from campaigns.access import campaign_of
from campaigns.models import Campaign
from campaigns.reading_schedule import note_look, statuses_known_at
from campaigns.results import Results, results_of
from people.requests import SignedInRequest
from people.roles import Role, needs
from ui.return_addresses import part_of


@needs(Role.UPLOADER)
def results(request: SignedInRequest, pk: int) -> HttpResponse:
    return render(request, "campaigns/results.html", _facts(request, pk))


@needs(Role.UPLOADER)
@part_of("campaigns:results", "pk")
def results_now(request: SignedInRequest, pk: int) -> HttpResponse:
    """The part of the page that asks again by itself."""
    return render(request, "campaigns/_results.html", _facts(request, pk))


def _facts(request: SignedInRequest, pk: int) -> dict[str, Any]:
    campaign = campaign_of(request, pk, "account")
    now = reverse("campaigns:results_now", args=[pk])
    return followed(campaign, results_of(campaign), statuses_known_at(campaign), now)


def followed(campaign: Campaign, results: Results, known_at: datetime | None, address: str) -> dict[str, Any]:
    """What `campaigns/_results.html` shows; whoever looks has the campaign read more often. `address`: that part of the page."""
    may_change = bool(results.total) and not results.is_over
    if may_change:
        note_look(campaign)
    is_followed = may_change and campaign.missing_since is None and not campaign.account.problem
    return {
        "campaign": campaign,
        "results": results,
        "known_at": known_at,
        "address": address,
        "is_followed": is_followed,
        "time_zone": settings.TIME_ZONE,
    }
