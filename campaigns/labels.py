"""Labels of the statuses that WhatTalk gives campaigns and leads. An unknown status is its own label."""

from typing import TYPE_CHECKING, NamedTuple

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

if TYPE_CHECKING:
    from campaigns.models import Campaign


class CampaignStatus(NamedTuple):
    """`kind` is that of a badge."""

    label: str
    kind: str


class LeadStatus(NamedTuple):
    """`style` is that of a segment of the outcome bar."""

    label: str
    style: str


# status -> (label, kind of badge)
CAMPAIGN_STATUSES = {
    "draft": (pgettext_lazy("campaign", "not started"), ""),
    "in-progress": (pgettext_lazy("campaign", "calling"), "live"),
    "stopped": (pgettext_lazy("campaign", "stopped"), "warn"),
    "completed": (pgettext_lazy("campaign", "completed"), "good"),
}
# status -> its name on WhatTalk's own pages: a name, so it is the same in every language
SERVICE_STATUSES = {"draft": "Draft", "in-progress": "In Progress", "stopped": "Paused", "completed": "Completed"}
# status -> (label, style of its segment), in the order a lead passes through them
LEAD_STATUSES = {
    "completed": (_("reached"), "sent"),
    "processing": (_("being called"), "moving"),
    "scheduled": (_("queued"), "moving"),
    "rescheduled": (_("will be tried again"), "double"),
    "created": (_("waiting to be called"), "waiting"),
    "reached-max-retries": (_("not reached"), "invalid"),
    "blacklisted": (_("blocked"), "silent"),
}
OTHER_STATUS = "other"  # every status that is not among these: counters and filters know them as one
WAITING = ("created", "scheduled", "rescheduled")  # leads that are called when the campaign runs


def campaign_status(campaign: "Campaign") -> CampaignStatus:
    if not campaign.is_status_known:
        return CampaignStatus(pgettext("campaign", "not known"), "warn")
    label, kind = CAMPAIGN_STATUSES.get(campaign.status, (campaign.status, ""))
    return CampaignStatus(str(label), kind)


def service_word(campaign: "Campaign") -> str:
    """What WhatTalk's own pages call the status; '' while it is not known, and where they call it as we do."""
    word = SERVICE_STATUSES.get(campaign.status, "") if campaign.is_status_known else ""
    return word if word.casefold() != campaign_status(campaign).label.casefold() else ""


def lead_status(status: str) -> LeadStatus:
    label, style = LEAD_STATUSES.get(status, (_("another status") if status == OTHER_STATUS else status, "silent"))
    return LeadStatus(str(label), style)


def status_class(status: str) -> str:
    """The status under which a lead is counted: one that is known here, or OTHER_STATUS for any that the service may add."""
    return status if status in LEAD_STATUSES else OTHER_STATUS
