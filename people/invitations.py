"""Inviting somebody by mail to choose a password: sent, withdrawn, sent anew."""

from django.db import transaction
from django.utils import timezone

from people import audit, mails
from people.locking import end_links
from people.models import Invitation, PersonMail, User


def invite(person: User, by: User) -> None:
    """Owe `person` a mail with a link; the links of invitations before no longer work."""
    with transaction.atomic():
        end_links(person)
        Invitation.objects.update_or_create(person=person, defaults={"sent_at": timezone.now(), "withdrawn_at": None})
        mails.owe(PersonMail.Kind.INVITATION, person)
        audit.record(by, "invite_user", f"user {person.username}")


def withdraw(person: User, by: User) -> bool:
    """The link of the invitation no longer works; whether there was one to withdraw."""
    with transaction.atomic():
        if not Invitation.objects.filter(person=person, withdrawn_at=None).update(withdrawn_at=timezone.now()):
            return False
        end_links(person)
        audit.record(by, "withdraw_invitation", f"user {person.username}")
        return True


def may_be_invited(person: User) -> bool:
    """Whoever has a password signs in with it, or asks for another one."""
    return person.is_active and not person.has_usable_password()


def open_invitation(person: User) -> Invitation | None:
    """The invitation of who has not come yet."""
    invitation = Invitation.objects.filter(person=person, withdrawn_at=None).first()
    return None if invitation is None or _has_come(person, invitation) else invitation


def _has_come(person: User, invitation: Invitation) -> bool:
    return person.signed_in_at is not None and person.signed_in_at >= invitation.sent_at


def problem(person: User) -> str:
    """Why the latest invitation has not been mailed, in the mail server's words; '' where nothing is wrong."""
    mail = PersonMail.objects.filter(person=person, kind=PersonMail.Kind.INVITATION).order_by("-pk").first()
    return mail.error if mail else ""
