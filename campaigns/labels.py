"""The service's words for what campaigns and leads are doing, as people read them. Unknown words stay as they are."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

# status -> (words, kind of badge)
CAMPAIGN_STATUSES = {
    "draft": (pgettext_lazy("campaign", "not started"), ""),
    "in-progress": (pgettext_lazy("campaign", "calling"), "live"),
    "stopped": (pgettext_lazy("campaign", "stopped"), "warn"),
    "completed": (pgettext_lazy("campaign", "completed"), "good"),
}
# status -> (words, part of the bar), in the order a lead passes through them
LEAD_STATUSES = {
    "completed": (_("reached"), "sent"),
    "processing": (_("being called"), "moving"),
    "scheduled": (_("queued"), "moving"),
    "rescheduled": (_("will be tried again"), "double"),
    "created": (_("waiting to be called"), "waiting"),
    "reached-max-retries": (_("not reached"), "invalid"),
    "blacklisted": (_("blocked"), "silent"),
}
OTHER_STATUS = "other"  # every status that is not among these: sums and filters know them as one
WAITING = ("created", "scheduled", "rescheduled")  # leads that are called when the campaign runs


def campaign_status(campaign) -> tuple[str, str]:
    if not campaign.is_status_known:
        return pgettext_lazy("campaign", "not known"), "warn"
    return CAMPAIGN_STATUSES.get(campaign.status, (campaign.status, ""))


def lead_status(status: str) -> tuple[str, str]:
    return LEAD_STATUSES.get(status, (_("another status") if status == OTHER_STATUS else status, "silent"))


def status_class(status: str) -> str:
    """What a lead counts as: a status that is known here, or OTHER_STATUS. New ones may be invented without end."""
    return status if status in LEAD_STATUSES else OTHER_STATUS
