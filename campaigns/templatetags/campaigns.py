"""How campaigns and their leads look on a page."""

from django import template
from django.contrib.humanize.templatetags.humanize import naturaltime
from django.utils.translation import gettext as _

from campaigns import following
from campaigns.calling_hours import what_calling_means
from campaigns.labels import LEAD_STATUSES, campaign_status, lead_status
from campaigns.lead_counters import lead_counts
from ui.outcome_bar import Part

register = template.Library()


@register.inclusion_tag("_badge.html")
def campaign_badge(campaign) -> dict:
    words, kind = campaign_status(campaign)
    return {"words": words, "kind": kind}


@register.inclusion_tag("_badge.html")
def lead_badge(status: str) -> dict:
    words, part = lead_status(status)
    return {
        "words": words,
        "kind": {"sent": "good", "moving": "live", "invalid": "warn", "silent": "bad"}.get(part, ""),
    }


@register.simple_tag
def statuses_age(campaign) -> str:
    """How old the statuses of its leads are."""
    seen = following.seen_at(campaign)
    return _("as of %(when)s") % {"when": naturaltime(seen)} if seen else _("not read from WhatTalk yet")


@register.simple_tag
def lead_parts(counts: dict[str, int]) -> list[Part]:
    """The parts of a campaign's bar, reached first."""
    order = [*LEAD_STATUSES, *(status for status in counts if status not in LEAD_STATUSES)]
    return [
        Part(lead_status(status)[1], lead_status(status)[0], counts[status], status) for status in order if counts.get(status)
    ]


@register.simple_tag
def total(parts: list[Part]) -> int:
    return sum(part.n for part in parts)


@register.filter
def values_of(lead, campaign) -> list[tuple[str, str]]:
    """The lead's variables with their names, in the order of the campaign's columns."""
    return [(name, lead.variables.get(name, "")) for name in campaign.variables]


@register.inclusion_tag("campaigns/_calling.html", takes_context=True)
def calling(context, campaign) -> dict:
    """What starting or stopping this campaign will do, and the button that does it."""
    return {
        "campaign": campaign,
        **what_calling_means(campaign, lead_counts([campaign])[campaign.pk]),
        "may_manage": context.get("may_manage"),
        "is_sandbox": context.get("is_sandbox"),
        "csrf_token": context.get("csrf_token"),
        "request": context.get("request"),
    }
