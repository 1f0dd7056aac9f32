"""Signing in: one-time links, the caller's address, and the wait that follows wrong passwords (`people.throttle`)."""

from django.conf import settings
from django.urls import reverse
from sesame.utils import get_query_string

from people.models import User
from people.requests import client_ip
from people.throttle import (
    SIGNED_IN,
    WRONG_PASSWORD,
    WRONG_TRIES,
    record_failure,
    record_success,
    wait_before_next_try,
)

__all__ = [
    "SIGNED_IN",
    "WRONG_PASSWORD",
    "WRONG_TRIES",
    "client_ip",
    "one_time_link",
    "record_failure",
    "record_success",
    "wait_before_next_try",
]


def one_time_link(user: User) -> str:
    """An absolute address that signs `user` in; it works once, for a day (SESAME_MAX_AGE).

    Opening it changes nothing (mail scanners open links): the page behind it has the button that does.
    """
    return f"{settings.SITE_URL}{reverse('people:sign_in_link')}{get_query_string(user)}"
