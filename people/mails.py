"""The outbox of mails about signing in: a row is committed with what it tells of, a worker sends it, and again if need be.

Links are made when a mail is sent and stand in no table.
"""

import hashlib
import logging
from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.core.validators import validate_email
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from background import mail_retries
from background.database_clock import now_ms, surely_before
from background.leases import Leases
from background.queue import enqueue
from people import audit
from people.mail_texts import message_of
from people.models import Invitation, PersonMail, User

log = logging.getLogger(__name__)
LEASES = Leases(PersonMail, PersonMail.State.SENDING, 120_000, related=("person",))
# After so long a mail is no longer wanted: who forgot a password has asked anew by then.
KEEP_TRYING = {PersonMail.Kind.RESET: timedelta(hours=1)}
KEPT_FOR = timedelta(days=30)
MOST_OF_ONE_ADDRESS = 5  # people who share an address


def are_set_up() -> bool:
    """Whether mails reach anybody. Without a mail server they are written to files."""
    return bool(settings.EMAIL_URL)


def owe(
    kind: PersonMail.Kind,
    person: User | None = None,
    *,
    address: str = "",
    key: str = "",
    ip: str = "",
    facts: dict[str, str] | None = None,
) -> None:
    """A mail of `kind` from the moment the caller's transaction is committed: to `person`, or to whoever has this address."""
    mail = PersonMail.objects.create(kind=kind, person=person, address=address, key=key, ip=ip or None, facts=facts or {})
    enqueue("imports.tasks.send_person_mail", mail.pk)


def due_ids(most: int = 50) -> list[int]:
    """Mails that may be tried now, oldest first."""
    return list(_claimable().order_by("pk").values_list("pk", flat=True)[:most])


def send(mail_id: int) -> bool:
    """Try one mail; whether nothing is left to be done about it. Another process may have it: then nothing happens."""
    mail = LEASES.claim(mail_id, _claimable(), state=PersonMail.State.SENDING, attempts=F("attempts") + 1)
    if mail is None:
        return False
    try:
        recipients = _recipients(mail)
        for person in recipients:
            validate_email(person.email)
            message_of(mail, person, _message_id(mail, person)).send()
        _record(mail, recipients)
    except Exception as error:  # noqa: BLE001 - whatever a mail server or its library does, the mail stays owed
        _note_failure(mail, error)
        return False
    return LEASES.release(mail, state=PersonMail.State.SENT, sent_at=timezone.now(), error="", address="")


def errors(but: str) -> list[str]:
    """Why mails wait that were tried, latest first, without errors that match the expression `but`."""
    failing = PersonMail.objects.filter(state__in=(PersonMail.State.WAITING, PersonMail.State.SENDING), attempts__gt=0)
    texts = failing.exclude(error="").exclude(error__regex=but).order_by("-pk").values_list("error", flat=True)
    return list(texts[:1000])


def sweep() -> None:
    """Delete what has been kept long enough."""
    PersonMail.objects.filter(created_at__lt=surely_before(KEPT_FOR)).delete()


def _claimable() -> QuerySet[PersonMail]:
    now = now_ms()
    may_be_claimed = Q(state=PersonMail.State.WAITING) | Q(state=PersonMail.State.SENDING, lease_ms__lt=now)
    return PersonMail.objects.filter(may_be_claimed, next_ms__lte=now)


def _recipients(mail: PersonMail) -> list[User]:
    """Nobody, where the address is nobody's, the person is locked out by now, or the invitation is withdrawn."""
    active = User.objects.filter(is_active=True).exclude(email="")
    if mail.kind == PersonMail.Kind.RESET:
        return list(active.filter(email__iexact=mail.address).order_by("pk")[:MOST_OF_ONE_ADDRESS])
    if mail.kind == PersonMail.Kind.INVITATION:
        active = active.filter(pk__in=Invitation.objects.filter(withdrawn_at=None).values("person"))
    return list(active.filter(pk=mail.person_id or 0))


def _record(mail: PersonMail, recipients: list[User]) -> None:
    """Who asked for a new password, under a digest that tells nothing where the address is nobody's."""
    if mail.kind == PersonMail.Kind.RESET:
        for target in [f"user {person.username}" for person in recipients] or [f"unknown {mail.key[:16]}"]:
            audit.record(None, "mail_reset_link" if recipients else "ask_for_reset", target, ip=mail.ip)


def _message_id(mail: PersonMail, person: User) -> str:
    """The same for every try of one mail, so that a mailbox can tell a repeat."""
    seed = f"{settings.SECRET_KEY} {mail.pk} {person.pk} {mail.created_at.timestamp()}"
    return f"<{hashlib.sha256(seed.encode()).hexdigest()[:32]}@{urlsplit(settings.SITE_URL).hostname}>"


def _note_failure(mail: PersonMail, error: Exception) -> None:
    longest = KEEP_TRYING.get(PersonMail.Kind(mail.kind), mail_retries.KEEP_TRYING)
    is_final = mail_retries.is_final(error) or mail.created_at < surely_before(longest)
    log.warning("mail %s about signing in not sent (%s)", mail.pk, type(error).__name__)
    state = PersonMail.State.FAILED if is_final else PersonMail.State.WAITING
    address = "" if is_final else mail.address
    next_ms = now_ms() + mail_retries.wait_ms(mail.attempts)
    LEASES.release(mail, state=state, next_ms=next_ms, error=mail_retries.text_of(error), address=address)
