"""The leads WhatTalk has: searched, filtered, exported."""

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone

from campaigns.access import campaign_of
from campaigns.lead_counters import lead_counts
from campaigns.lead_export import as_csv
from campaigns.lead_search import matching
from campaigns.templatetags.campaigns import lead_segments
from people import audit
from people.requests import SignedInRequest
from people.roles import Role, needs
from ui.downloads import as_download
from ui.keyset_pagination import below
from ui.return_addresses import part_of

PAGE = 50
LONGEST_QUERY = 200  # characters


@needs(Role.MANAGER)
def leads(request: SignedInRequest, pk: int) -> HttpResponse:
    campaign = campaign_of(request, pk, "assistant")
    filters = _filters(request)
    counts = lead_counts([campaign])[pk]
    return render(
        request,
        "campaigns/leads.html",
        {
            "campaign": campaign,
            "filters": filters,
            "segments": lead_segments(counts),
            "total": sum(counts.values()),
            "slice": below(matching(campaign, filters["q"], filters["status"]), request.GET.get("below", ""), PAGE),
        },
    )


@needs(Role.MANAGER)
@part_of("campaigns:leads", "pk")
def export(request: SignedInRequest, pk: int) -> StreamingHttpResponse:
    """The same leads as csv, streamed."""
    campaign = campaign_of(request, pk, "assistant")
    filters = _filters(request)
    lines = as_csv(campaign, matching(campaign, filters["q"], filters["status"]))
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    audit.record(
        request.user, "export_leads", f"campaign {pk}", after={"status": filters["status"]} if filters["status"] else None
    )
    return as_download(response, f"leads-{campaign.remote_id}-{timezone.localdate():%Y-%m-%d}.csv")


def _filters(request: HttpRequest) -> dict[str, str]:
    return {"q": request.GET.get("q", "").strip()[:LONGEST_QUERY], "status": request.GET.get("status", "").strip()[:40]}
