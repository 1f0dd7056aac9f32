"""How campaigns and their leads look on a page."""

from collections.abc import Iterable
from typing import NamedTuple

from django import template
from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils import formats
from django.utils.html import format_html
from django.utils.translation import gettext as _

from campaigns import reading_schedule
from campaigns.calling_hours import effect_of_calling
from campaigns.labels import LEAD_STATUSES, campaign_status, lead_status, service_word
from campaigns.lead_counters import lead_counts
from campaigns.models import Campaign, Lead
from campaigns.results import CALLED, Results
from campaigns.results import percent as percent_of
from campaigns.variable_labels import variable_label
from ui.charts import WIDTH, Column, Rect, drawn
from ui.outcome_bar import Segment
from ui.templatetags.page import ago

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
    return format_html(_("as of %(when)s") % {"when": "{}"}, ago(seen)) if seen else _("not read from WhatTalk yet")


register.filter("variable_label", variable_label)


@register.simple_tag
def lead_segments(counts: dict[str, int]) -> list[Segment]:
    """The segments of a campaign's outcome bar, reached first."""
    order = [*LEAD_STATUSES, *(status for status in counts if status not in LEAD_STATUSES)]
    statuses = {status: lead_status(status) for status in order if counts.get(status)}
    return [Segment(shown.style, shown.label, counts[status], status) for status, shown in statuses.items()]


@register.inclusion_tag("campaigns/_chart.html")
def chart_of_days(results: Results) -> dict[str, object]:
    """Calls by the day of the last one of each lead, as a picture and as a table."""
    lines = [_line(formats.date_format(column.key, _("D j M")), column, rects) for column, rects in drawn(results.days)]
    short = [formats.date_format(column.key, _("j M")) for column in results.days]
    return _chart(lines, short, _("Day"), _("Most calls on one day: %(most)s"))


@register.inclusion_tag("campaigns/_chart.html")
def chart_of_hours(results: Results) -> dict[str, object]:
    """The same by the hour of the day."""
    lines = [_line(f"{column.key:02d}:00", column, rects) for column, rects in drawn(results.hours)]
    return _chart(lines, [line.label for line in lines], _("Hour"), _("Most calls in one hour: %(most)s"))


class ChartLine(NamedTuple):
    """A column of a chart, and the line of the table that says the same. `rate`: percent reached of those whose calls have ended."""

    label: str
    parts: list[Segment]
    n: int
    rects: list[tuple[str, Rect]]
    rate: int | None


def _line(label: str, column: Column, rects: list[Rect]) -> ChartLine:
    looks = [lead_status(status) for status in CALLED]
    parts = [Segment(look.style, look.label, n) for look, n in zip(looks, column.parts, strict=True)]
    reached, not_reached, _retry = column.parts
    rate = percent_of(reached, reached + not_reached) if reached + not_reached else None
    return ChartLine(label, parts, column.total, [(looks[rect.part].style, rect) for rect in rects], rate)


def _chart(lines: list[ChartLine], scale: list[str], kind: str, most: str) -> dict[str, object]:
    """`scale`: what is written below the columns; the first, the middle and the last of it."""
    places = sorted({0, len(scale) // 2, len(scale) - 1}) if len(scale) > 2 else range(len(scale))
    return {
        "lines": lines,
        "scale": [scale[place] for place in places],
        "width": len(lines) * int(WIDTH),
        "kind": kind,
        "most": most % {"most": intcomma(max((line.n for line in lines), default=0))},
        "legend": [lead_status(status) for status in CALLED],
    }


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
