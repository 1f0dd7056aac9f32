"""How imports and their rows look on a page."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.template import Context
from django.utils import formats, timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from campaigns.calling_hours import CallingHours
from campaigns.models import Campaign
from imports.access import visible_imports
from imports.intake.column_labels import label_of
from imports.intake.steps import CHANGEABLE
from imports.messages import lookup, service_words
from imports.messages.encodings import encoding_label
from imports.messages.phone_reasons import REPAIRS
from imports.models import ImportJob, JobState, RowState
from imports.pages.fix_offers import ReasonOffer, offers_for_reasons
from imports.pages.progress import LOOKS, Progress
from imports.pipeline.columns.fields import Field
from imports.pipeline.phones.normalise import country_name
from imports.row_place_labels import shown_place
from ui.lengths_of_time import spoken

register = template.Library()
JOB_STYLES = {
    JobState.CHECKING: "live",
    JobState.PUSHING: "live",
    JobState.PAUSED: "warn",
    JobState.READY: "warn",
    JobState.DONE: "good",
    JobState.FAILED: "bad",
}
# what a person is asked for next says more than the state's own name
JOB_LABELS = {
    JobState.UPLOADED: gettext_lazy("columns to confirm"),
    JobState.MAPPED: gettext_lazy("phone format to confirm"),
}
ROW_STYLES = {"sent": "good", "moving": "live", "invalid": "warn", "refused": "bad", "silent": ""}
ROWS_TITLES = {
    "all": gettext_lazy("All rows"),
    "ready": gettext_lazy("Rows that will be sent"),
    "repaired": gettext_lazy("Repaired numbers"),
    "warned": gettext_lazy("Rows with a remark"),
    RowState.PENDING: gettext_lazy("Rows waiting to be sent"),
    RowState.CORRECTED: gettext_lazy("Rows that were corrected and not sent"),
    RowState.SENDING: gettext_lazy("Rows being sent"),
    RowState.UNKNOWN: gettext_lazy("Rows whose answer was lost"),
    RowState.CREATED: gettext_lazy("Rows that were sent"),
    RowState.INVALID: gettext_lazy("Rows that cannot be called"),
    RowState.DUPLICATE_IN_FILE: gettext_lazy("Duplicates in this file"),
    RowState.DUPLICATE_IN_CAMPAIGN: gettext_lazy("Rows already in the campaign"),
    RowState.DO_NOT_CALL: gettext_lazy("Rows on the do-not-call list"),
    RowState.NO_CONSENT: gettext_lazy("Rows of people who said no to calls"),
    RowState.LEFT_OUT: gettext_lazy("Rows that were left out"),
    RowState.REFUSED: gettext_lazy("Rows that WhatTalk refused"),
    RowState.FAILED: gettext_lazy("Rows that could not be sent"),
    RowState.UNCONFIRMED: gettext_lazy("Rows that WhatTalk did not confirm"),
    RowState.CANCELLED: gettext_lazy("Rows left out because the import was cancelled"),
}
# queue of workers -> the work in it
QUEUE_LABELS = {
    "parse": gettext_lazy("reading and checking"),
    "send": gettext_lazy("sending to WhatTalk"),
    "mail": gettext_lazy("mails"),
    "ask": gettext_lazy("questions to WhatTalk"),
    "maintenance": gettext_lazy("maintenance"),
}
STEPS = ("upload", "columns", "phones", "check", "send", "done")


@register.inclusion_tag("imports/_service_word.html")
def service_word(reason: str, beside: str = "") -> dict[str, str]:
    """WhatTalk's own name for a reason, unless the words that it stands `beside` begin with it."""
    name = service_words.service_word(reason)
    return {"name": name if not beside.startswith(name) else ""}


@register.filter
def queue_label(queue: str) -> str:
    """The kind of work that waits in a queue."""
    return str(QUEUE_LABELS.get(queue, queue))


@register.inclusion_tag("_badge.html")
def job_badge(job: ImportJob) -> dict[str, Any]:
    state = JobState(job.state)
    return {"words": JOB_LABELS.get(state, state.label), "kind": JOB_STYLES.get(state, "")}


@register.inclusion_tag("_badge.html")
def progress_badge(progress: Progress) -> dict[str, Any]:
    """The import's state, or that nothing moves although it should."""
    return {"words": _("stalled"), "kind": "warn"} if progress.is_stalled else job_badge(progress.job)


@register.inclusion_tag("_badge.html")
def row_badge(state: str) -> dict[str, Any]:
    return {"words": RowState(state).label, "kind": ROW_STYLES.get(LOOKS[RowState(state)], "")}


@register.inclusion_tag("imports/_steps.html")
def steps(current: str, job: ImportJob | None = None) -> dict[str, Any]:
    """Which step of an import this page is, with links to earlier steps while they can be changed."""
    names = dict(zip(STEPS, (_("Upload"), _("Columns"), _("Phone format"), _("Check"), _("Send"), _("Done")), strict=True))
    at = STEPS.index(current)
    may_go_back = job and job.state in CHANGEABLE
    return {
        "job": job,
        "steps": [
            {
                "key": key,
                "name": names[key],
                "is_past": number < at,
                "is_current": number == at,
                "is_link": bool(may_go_back and number < at and key in ("columns", "phones")),
            }
            for number, key in enumerate(STEPS)
        ],
    }


@register.inclusion_tag("imports/_imports_of.html", takes_context=True)
def imports_of(context: Context, campaign: Campaign) -> dict[str, Any]:
    """The campaign's newest imports that this person may see."""
    jobs = visible_imports(context["user"]).filter(campaign=campaign)[:5]
    return {
        "lines": [(one.job, one) for one in Progress.of_all(jobs)],
        "campaign": campaign,
        "request": context["request"],
    }


@register.simple_tag
def sentence(code: str, params: Mapping[str, Any] | None = None) -> str:
    return lookup.sentence(code, params or {})


@register.simple_tag
def remedy(code: str, params: Mapping[str, Any] | None = None) -> str:
    return lookup.remedy(code, params or {})


@register.filter
def repair(code: str) -> str:
    return str(REPAIRS.get(code, code))


@register.filter
def country(region: str) -> str:
    return country_name(region, get_language() or "en") if region else ""


@register.filter
def row_place(number: int, job: ImportJob) -> str:
    """A row's number as the spreadsheet shows it: `5`, or `5, column D` where the import reads several lists side by side."""
    return shown_place(job, number)


@register.filter
def encoding_name(encoding: str) -> str:
    return encoding_label(encoding)


@register.filter
def of_key(by_key: Mapping[str, Any], key: str) -> Any:
    return by_key.get(key, ())


@register.filter
def field_label(field: Field) -> str:
    return label_of(field)


@register.simple_tag
def rows_title(kind: str) -> str:
    """The heading over the rows behind a count (`kind`: a key of `imports.pages.rows.KINDS`)."""
    return str(ROWS_TITLES[kind])


@register.simple_tag
def offers_for(job: ImportJob, reason: str) -> list[ReasonOffer]:
    """What can be done at once with the rows that cannot be called, those of one reason where it is named."""
    return offers_for_reasons(job, reason)


@register.simple_tag
def calling_moment(campaign: Campaign) -> str:
    """When leads sent now will be called."""
    hours, now = CallingHours.of(campaign), timezone.now()
    start = hours.next_start(now)
    if start is None:
        return _("It has no calling days, so nobody is called.")
    if not campaign.is_status_known:
        return _(
            "Rowcall does not know whether this campaign is calling. If it is, the leads are called within its calling hours."
        )
    when = {"when": formats.date_format(start, "l H:i"), "zone": hours.timezone}
    if not campaign.is_running:
        return (
            _("Nobody is called yet: leads wait until the campaign is started. Then calls begin at once.")
            if start <= now
            else _(
                "Nobody is called yet: leads wait until the campaign is started. Started now, "
                "it would begin to call on %(when)s (%(zone)s)."
            )
            % when
        )
    if start <= now:
        return _("Calls start at once.")
    return _("It is outside the calling hours: calls start on %(when)s (%(zone)s).") % when


@register.filter
def calls_now(campaign: Campaign) -> bool:
    """Whether it is within the hours in which the campaign calls."""
    now = timezone.now()
    start = CallingHours.of(campaign).next_start(now)
    return start is not None and start <= now


@register.simple_tag
def calling_hours(campaign: Campaign) -> str:
    hours = CallingHours.of(campaign)
    if hours.is_always:
        return _("at any time")
    return _("%(days)s, %(from)s to %(until)s (%(zone)s)") % {
        "days": hours.day_names,
        "from": hours.start.strftime("%H:%M"),
        "until": hours.end.strftime("%H:%M"),
        "zone": hours.timezone,
    }


register.filter("spoken", spoken)
