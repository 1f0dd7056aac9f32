"""Signing in: one-time links, and the wait that follows wrong passwords."""

import datetime as dt
import hashlib
from ipaddress import ip_address
from itertools import takewhile

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from sesame.utils import get_query_string

from background.database_clock import last
from people import audit
from people.models import AuditEntry, User

WRONG_TRIES = 10
FIRST_WAIT = dt.timedelta(minutes=15)
LONGEST_WAIT = dt.timedelta(hours=4)
SIGNED_IN, WRONG_PASSWORD = "sign_in", "wrong_password"


def one_time_link(user: User) -> str:
    """An absolute address that signs `user` in; it works once, for a day (SESAME_MAX_AGE).

    Opening it changes nothing (mail scanners open links): the page behind it has the button that does.
    """
    return f"{settings.SITE_URL}{reverse('people:sign_in_link')}{get_query_string(user)}"


def client_ip(request: HttpRequest) -> str:
    """The caller's address as the outermost of our own TRUSTED_PROXIES saw it, never what the caller claims; '' if unknown."""
    remote = ip_of(request.META.get("REMOTE_ADDR", ""))
    hops: list[str] = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if hop.strip()]
    proxies = settings.TRUSTED_PROXIES
    return (proxies and len(hops) >= proxies and ip_of(hops[-proxies])) or remote


def ip_of(text: str) -> str:
    """The IP address that a server or a proxy wrote (with a port, in brackets, with a zone, as IPv4 in IPv6) as databases
    store it; '' where it is none."""
    bare = text.strip().partition("%")[0]
    if bare.startswith("["):
        bare = bare[1:].partition("]")[0]
    elif bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        address = ip_address(bare)
    except ValueError:
        return ""
    return str(getattr(address, "ipv4_mapped", None) or address)


def record_success(user: User, ip: str) -> None:
    """Record that `user` signed in; wrong tries before this no longer count."""
    audit.record(user, SIGNED_IN, _target(user.username), ip=ip or None)


def record_failure(username: str, ip: str) -> None:
    """Record a wrong password, under a name that tells nothing when no such person exists."""
    audit.record(None, WRONG_PASSWORD, _target(username), ip=ip or None)


def wait_before_next_try(username: str, ip: str) -> dt.timedelta:
    """How long this name must wait at this IP address; zero while fewer than ten tries were wrong.

    Name and address together: a guesser elsewhere locks nobody out, nor does a colleague behind the same address.
    """
    tries = AuditEntry.objects.filter(
        at__range=last(dt.timedelta(days=1)),
        ip=ip or None,
        target=_target(username),
        action__in=(SIGNED_IN, WRONG_PASSWORD),
    ).values_list("action", "at")[: 2 * WRONG_TRIES]
    wrong = [at for action, at in takewhile(lambda entry: entry[0] == WRONG_PASSWORD, tries)]
    if len(wrong) < WRONG_TRIES:
        return dt.timedelta(0)
    wait: dt.timedelta = min(FIRST_WAIT * 2 ** (len(wrong) - WRONG_TRIES), LONGEST_WAIT)
    return max(dt.timedelta(0), wrong[0] + wait - timezone.now())


def _target(username: str) -> str:
    """`user alice`; for a name nobody has, a keyed digest (people type passwords into the wrong box)."""
    if User.objects.filter(username=username).exists():
        return f"user {username}"
    return "unknown " + hashlib.blake2s(username.encode(), key=settings.SECRET_KEY.encode()[:32], digest_size=8).hexdigest()
