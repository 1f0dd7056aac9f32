"""What the mails say: how an import ended or why it waits, in the receiver's language. No numbers, no names of leads."""

from datetime import date
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from imports import counters
from imports.mail import weekly
from imports.messages import lookup
from imports.models import OPEN_STATES, ImportJob, OutgoingMail, RowState
from people.models import User


def is_wanted(mail: OutgoingMail) -> bool:
    """Whether there is still something to tell its receiver. Of a week: they may have switched it off, or see its campaigns no more."""
    return mail.week is None or (mail.recipient.weekly_results and bool(weekly.told(mail.recipient, mail.week)))


def message_of(mail: OutgoingMail, message_id: str) -> EmailMultiAlternatives:
    """The mail, ready to be sent. Templates: `emails/<kind>.subject.txt`, `.txt`, `.html`."""
    with translation.override(mail.recipient.mail_language):
        words = words_of(mail.job, mail.recipient) if mail.job else weekly.words_of(mail.recipient, _week_of(mail))
        subject, text, html = (render_to_string(f"emails/{mail.kind}.{part}", words) for part in ("subject.txt", "txt", "html"))
    message = EmailMultiAlternatives(
        " ".join(subject.split()),
        text.strip() + "\n",
        to=[mail.recipient.email],
        headers={"Message-ID": message_id},
    )
    message.attach_alternative(html, "text/html")
    return message


def _week_of(mail: OutgoingMail) -> date:
    assert mail.week is not None  # of a mail that is about no import
    return mail.week


def words_of(job: ImportJob, recipient: User) -> dict[str, Any]:
    """What the templates may use. Names of files and campaigns are one line of visible text."""
    states = counters.states(job.pk)
    return {
        "recipient": recipient,
        "file_name": " ".join(job.file_name.split()),
        "campaign_name": " ".join(job.campaign.name.split()),
        "is_running": job.campaign.may_be_running,
        "link": settings.SITE_URL + reverse("imports:show", args=[job.pk]),
        "total": job.total_rows or 0,
        "created": states[RowState.CREATED],
        "waiting": sum(states[state] for state in OPEN_STATES),
        "counts": [(RowState(state).label, n) for state, n in states.items() if n and state not in OPEN_STATES],
        "problems": sum(states[state] for state in (RowState.INVALID, RowState.REFUSED, RowState.FAILED, RowState.UNCONFIRMED)),
        "can_retry": states[RowState.FAILED] + states[RowState.UNCONFIRMED],
        "reason": lookup.sentence(job.reason, job.reason_detail) if job.reason else "",
        "remedy": lookup.remedy(job.reason, job.reason_detail) if job.reason else "",
    }
