"""One-time links, by which somebody signs in without a password. What follows wrong passwords: `people.throttle`."""

from django.conf import settings
from django.urls import reverse
from sesame.utils import get_query_string

from people.models import User


def one_time_link(user: User) -> str:
    """An absolute address that signs `user` in; it works once, for a day (SESAME_MAX_AGE).

    Opening it changes nothing (mail scanners open links): the page behind it has the button that does.
    """
    return f"{settings.SITE_URL}{reverse('people:sign_in_link')}{get_query_string(user)}"
