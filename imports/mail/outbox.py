"""Mail that is owed: a row committed together with what it tells of, sent at least once, whatever breaks.

A mail goes out with the same Message-ID however often it is tried, so that a mailbox can tell a repeat. What a mail
server refuses for good (5xx) is final and shown on the import's page; everything else is tried again for 72 hours.
"""

import logging
import smtplib
from collections.abc import Iterable
from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from background.database_clock import now_ms, surely_before
from background.leases import Leases
from imports.mail import messages as emails
from imports.models import OutgoingMail
from people.models import User

log = logging.getLogger(__name__)
LEASES = Leases(OutgoingMail, OutgoingMail.State.SENDING, 120_000, related=("job__campaign", "job__owner", "recipient"))
KEEP_TRYING = timedelta(hours=72)
FIRST_WAIT_MS, LONGEST_WAIT_MS = 15_000, 300_000


def owe(job_id: int, kind: OutgoingMail.Kind, recipients: Iterable[User]) -> None:
    """A mail of `kind` to each, from the moment the caller's transaction is committed.

    One that was sent earlier is owed anew: the import has ended, or stopped, once more.
    """
    for recipient in recipients:
        owed, is_new = OutgoingMail.objects.get_or_create(job_id=job_id, kind=kind, recipient=recipient)
        if not is_new:
            _rearm(OutgoingMail.objects.filter(pk=owed.pk, state__in=(OutgoingMail.State.SENT, OutgoingMail.State.FAILED)))


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
    """As `send`, of a mail that this process has claimed."""
    try:
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
    return f"<{mail.job.file_key.hex}.{mail.kind}.{mail.pk}.{int(mail.created_at.timestamp() * 1000):x}@{host}>"


def _note_failure(mail: OutgoingMail, error: Exception) -> None:
    is_final = _is_final(error) or mail.created_at < surely_before(KEEP_TRYING)
    wait = min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** min(mail.attempts - 1, 10))
    log.warning("mail %s of import %s not sent (%s)", mail.pk, mail.job_id, type(error).__name__)
    state = OutgoingMail.State.FAILED if is_final else OutgoingMail.State.WAITING
    LEASES.release(mail, state=state, next_ms=now_ms() + wait, error=_text_of(error)[:300])


def _is_final(error: Exception) -> bool:
    """A wrong password of this instance (SMTPAuthenticationError, 535) can be mended; a refused recipient cannot."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _text in error.recipients.values())
    if isinstance(error, smtplib.SMTPResponseException):
        return error.smtp_code >= 500 and not isinstance(error, smtplib.SMTPAuthenticationError)
    return isinstance(error, ValidationError)


def _text_of(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return "; ".join(f"{code} {text!r}" for code, text in error.recipients.values())
    if isinstance(error, ValidationError):
        return " ".join(error.messages)
    return f"{type(error).__name__}: {error}"
