"""How campaigns and their leads look on a page."""

from collections.abc import Iterable

from django import template
from django.contrib.humanize.templatetags.humanize import naturaltime
from django.utils.translation import gettext as _

from campaigns import reading_schedule
from campaigns.calling_hours import effect_of_calling
from campaigns.labels import LEAD_STATUSES, campaign_status, lead_status, service_word
from campaigns.lead_counters import lead_counts
from campaigns.models import Campaign, Lead
from ui.outcome_bar import Segment

register = template.Library()


@register.inclusion_tag("_badge.html")
def campaign_badge(campaign: Campaign) -> dict[str, str]:
    label, kind = campaign_status(campaign)
    return {"words": label, "kind": kind, "service_word": service_word(campaign)}


@register.inclusion_tag("_badge.html")
def lead_badge(status: str) -> dict[str, str]:
    label, style = lead_status(status)
    kind = {"sent": "good", "moving": "live", "invalid": "warn", "silent": "bad"}.get(style, "")
    return {"words": label, "kind": kind}


@register.simple_tag
def statuses_age(campaign: Campaign) -> str:
    """How old the statuses of its leads are."""
    seen = reading_schedule.statuses_known_at(campaign)
    return _("as of %(when)s") % {"when": naturaltime(seen)} if seen else _("not read from WhatTalk yet")


@register.simple_tag
def lead_segments(counts: dict[str, int]) -> list[Segment]:
    """The segments of a campaign's outcome bar, reached first."""
    order = [*LEAD_STATUSES, *(status for status in counts if status not in LEAD_STATUSES)]
    statuses = {status: lead_status(status) for status in order if counts.get(status)}
    return [Segment(shown.style, shown.label, counts[status], status) for status, shown in statuses.items()]


@register.simple_tag
def total(segments: Iterable[Segment]) -> int:
    return sum(segment.n for segment in segments)


@register.filter
def values_of(lead: Lead, campaign: Campaign) -> list[tuple[str, str]]:
    """The lead's variables with their names, in the order of the campaign's columns."""
    return [(name, lead.variables.get(name, "")) for name in campaign.variables]


@register.inclusion_tag("campaigns/_calling.html", takes_context=True)
def calling(context: template.Context, campaign: Campaign) -> dict[str, object]:
    """What starting or stopping this campaign will do, and the button that does it."""
    return {
        "campaign": campaign,
        **effect_of_calling(campaign, lead_counts([campaign])[campaign.pk]),
        "may_manage": context.get("may_manage"),
        "is_sandbox": context.get("is_sandbox"),
        "csrf_token": context.get("csrf_token"),
        "request": context.get("request"),
    }
