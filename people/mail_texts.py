"""What mails about signing in say, in the receiver's language. Templates: `emails/person_<kind>.subject.txt`, `.txt`, `.html`."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from people.models import PersonMail, User
from people.sign_in import INVITATION, RESET, mailed_link


def message_of(mail: PersonMail, person: User, message_id: str) -> EmailMultiAlternatives:
    """The mail to `person`, ready to be sent."""
    with translation.override(person.mail_language):
        words = _words(mail, person)
        parts = (f"emails/person_{mail.kind}.{part}" for part in ("subject.txt", "txt", "html"))
        subject, text, html = (render_to_string(template, words) for template in parts)
    headers = {"Message-ID": message_id, "Auto-Submitted": "auto-generated"}
    message = EmailMultiAlternatives(" ".join(subject.split()), text.strip() + "\n", to=[person.email], headers=headers)
    message.attach_alternative(html, "text/html")
    return message


def _words(mail: PersonMail, person: User) -> dict[str, Any]:
    words = {"person": person, "link": _link(mail, person), "site": settings.SITE_URL, **mail.facts}
    if at := mail.facts.get("at"):
        words["at"] = datetime.fromisoformat(at)
    return words


def _link(mail: PersonMail, person: User) -> str:
    if mail.kind == PersonMail.Kind.NEW_SIGN_IN:
        return f"{settings.SITE_URL}{reverse('people:my_sessions')}"
    return mailed_link(person, INVITATION if mail.kind == PersonMail.Kind.INVITATION else RESET)
