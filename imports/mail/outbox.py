"""Mail that is owed: a row committed together with what it tells of, sent at least once, whatever breaks.

A mail goes out with the same Message-ID however often it is tried, so that a mailbox can tell a repeat. What a mail
server refuses for good (5xx) is final and shown on the import's page; everything else is tried again for 72 hours.
"""

import logging
from collections.abc import Iterable
from datetime import date
from urllib.parse import urlsplit

from django.conf import settings
from django.core.validators import validate_email
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from background import mail_retries
from background.database_clock import now_ms, surely_before
from background.leases import Leases
from campaigns.access import who_see
from imports.mail import messages as emails
from imports.mail import weekly
from imports.models import ImportJob, OutgoingMail
from people.models import User

log = logging.getLogger(__name__)
LEASES = Leases(OutgoingMail, OutgoingMail.State.SENDING, 120_000, related=("job__campaign", "job__owner", "recipient"))


def owe(job_id: int, kind: OutgoingMail.Kind, recipients: Iterable[User]) -> None:
    """A mail of `kind` to each who sees the import's campaign, from the moment the caller's transaction is committed.

    One that was sent earlier is owed anew: the import has ended, or stopped, once more.
    """
    campaign_id = ImportJob.objects.values_list("campaign_id", flat=True).get(pk=job_id)
    for recipient in who_see(campaign_id, User.objects.filter(pk__in=[person.pk for person in recipients])):
        owed, is_new = OutgoingMail.objects.get_or_create(job_id=job_id, kind=kind, recipient=recipient)
        if not is_new:
            _rearm(OutgoingMail.objects.filter(pk=owed.pk, state__in=(OutgoingMail.State.SENT, OutgoingMail.State.FAILED)))


def owe_weekly(week: date) -> None:
    """The mail of the week that begins on this Monday, to everybody who wants it and for whom something happened."""
    for person in weekly.who_want_it():
        if weekly.told(person, week):
            OutgoingMail.objects.get_or_create(kind=OutgoingMail.Kind.WEEKLY, recipient=person, week=week)


def try_again(mail: OutgoingMail) -> None:
    """A person has mended the address or the mail server: start anew."""
    _rearm(OutgoingMail.objects.filter(pk=mail.pk, state=OutgoingMail.State.FAILED))


def hurry() -> None:
    """The mail server is there again: what waits for its next try need not wait longer."""
    OutgoingMail.objects.filter(state=OutgoingMail.State.WAITING, attempts__gt=0).update(next_ms=0)


def _rearm(mails: QuerySet[OutgoingMail]) -> None:
    mails.update(
        state=OutgoingMail.State.WAITING,
        attempts=0,
        next_ms=0,
        lease_ms=0,
        error="",
        sent_at=None,
        created_at=timezone.now(),
    )


def due_ids(most: int = 50) -> list[int]:
    """Mails that may be tried now, oldest first."""
    return list(claimable().order_by("pk").values_list("pk", flat=True)[:most])


def claimable() -> QuerySet[OutgoingMail]:
    """Mails that may be tried now."""
    now = now_ms()
    may_be_claimed = Q(state=OutgoingMail.State.WAITING) | Q(state=OutgoingMail.State.SENDING, lease_ms__lt=now)
    return OutgoingMail.objects.filter(may_be_claimed, next_ms__lte=now)


def send(mail_id: int) -> bool:
    """Try one mail; whether it went out. Somebody else may be at it: then nothing happens."""
    mail = claim(mail_id)
    return mail is not None and send_claimed(mail)


def claim(mail_id: int) -> OutgoingMail | None:
    return LEASES.claim(mail_id, claimable(), state=OutgoingMail.State.SENDING, attempts=F("attempts") + 1)


def send_claimed(mail: OutgoingMail) -> bool:
    """As `send`, of a mail that this process has claimed. One that nobody wants any more is not owed any more."""
    try:
        if not emails.is_wanted(mail):
            LEASES.mine(mail).delete()
            return False
        validate_email(mail.recipient.email)
        emails.message_of(mail, message_id(mail)).send()
    except Exception as error:  # noqa: BLE001 - whatever a mail server or its library does, the mail stays owed
        _note_failure(mail, error)
        return False
    LEASES.release(mail, state=OutgoingMail.State.SENT, sent_at=timezone.now(), error="")
    return True


def send_due() -> int:
    """Try every mail whose time has come; how many went out."""
    return sum(send(mail_id) for mail_id in due_ids())


def message_id(mail: OutgoingMail) -> str:
    """The same for every try of one mail; another when it is owed anew (`created_at` moves)."""
    host = urlsplit(settings.SITE_URL).hostname
    about = mail.job.file_key.hex if mail.job else f"week-{mail.week}"
    return f"<{about}.{mail.kind}.{mail.pk}.{int(mail.created_at.timestamp() * 1000):x}@{host}>"


def _note_failure(mail: OutgoingMail, error: Exception) -> None:
    is_final = mail_retries.is_final(error) or mail.created_at < surely_before(mail_retries.KEEP_TRYING)
    about = f"import {mail.job_id}" if mail.job_id else f"week {mail.week}"
    log.warning("mail %s of %s not sent (%s)", mail.pk, about, type(error).__name__)
    state = OutgoingMail.State.FAILED if is_final else OutgoingMail.State.WAITING
    LEASES.release(mail, state=state, next_ms=now_ms() + mail_retries.wait_ms(mail.attempts), error=mail_retries.text_of(error))
