"""One-time links, by which somebody signs in without a password, or chooses one. What follows wrong passwords: `people.throttle`."""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.urls import reverse
from sesame.utils import get_query_string, get_user

from people.models import User


@dataclass(frozen=True)
class MailedLink:
    """A kind of link that is mailed: the page it leads to, and for how long it works. A link of one kind is none of another."""

    scope: str
    page: str
    works_for: timedelta


RESET = MailedLink("reset", "people:reset_password", timedelta(hours=1))
INVITATION = MailedLink("invitation", "people:accept_invitation", timedelta(days=3))


def one_time_link(user: User) -> str:
    """An absolute address that signs `user` in; it works once, for a day (SESAME_MAX_AGE).

    Opening it changes nothing (mail scanners open links): the page behind it has the button that does.
    """
    return f"{settings.SITE_URL}{reverse('people:sign_in_link')}{get_query_string(user)}"


def mailed_link(user: User, kind: MailedLink) -> str:
    """An absolute address under which `user` chooses a password; it works once, until the next sign-in, for `kind.works_for`."""
    return f"{settings.SITE_URL}{reverse(kind.page)}{get_query_string(user, scope=kind.scope)}"


def person_of(token: str, kind: MailedLink | None = None) -> User | None:
    """Whom a link is for (None: a one-time link); None for one that is used up, too old, of another kind or of somebody locked out."""
    if not token:
        return None
    scope, age = (kind.scope, kind.works_for) if kind else ("", None)
    user: User | None = get_user(token, scope, age, update_last_login=False)
    return user
