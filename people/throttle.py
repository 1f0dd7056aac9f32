"""The wait that follows wrong passwords and codes: django-axes keeps the counts and guards `authenticate`, the rules stand here.

Three counts, of wrong tries within a day:

    name and address   soon, and long: somebody guesses one person's password
    address            later: somebody tries many names; behind one address there may be a whole office
    name               later, and short: many addresses guess one person's password

Nobody can be locked out by others: where a person has signed in before, only the first count holds for them; the third makes
everybody else wait for minutes at most; and a one-time link needs no password. A refused try counts as none. The rules are the same
for names that nobody has.
"""

import datetime as dt
import hashlib
from dataclasses import dataclass
from typing import Any

from axes.backends import AxesStandaloneBackend
from axes.handlers.database import AxesDatabaseHandler
from axes.models import AccessAttempt
from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Max, QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from background.database_clock import last
from people import audit
from people.models import AuditEntry, User
from people.requests import client_ip, network_of

SIGNED_IN, WRONG_PASSWORD, WRONG_CODE = "sign_in", "wrong_password", "wrong_code"
WRONG_TRIES = 10  # of one name at one address
WINDOW = dt.timedelta(days=1)
KNOWN_FOR = dt.timedelta(days=90)  # an address where a person has signed in
NOT_AT_ALL = dt.timedelta(0)


@dataclass(frozen=True)
class Rule:
    """After `tries` wrong ones: `first` to wait since the last of them, doubled by each further one, `longest` at most."""

    tries: int
    first: dt.timedelta
    longest: dt.timedelta

    def wait(self, attempts: QuerySet[AccessAttempt]) -> dt.timedelta:
        found = attempts.aggregate(n=Sum("failures_since_start"), last=Max("attempt_time"))
        beyond = (found["n"] or 0) - self.tries
        if beyond < 0:
            return NOT_AT_ALL
        wait = min(self.first * 2 ** min(beyond, 30), self.longest)
        left: dt.timedelta = found["last"] + wait - timezone.now()
        return max(NOT_AT_ALL, left)


NAME_AND_ADDRESS = Rule(WRONG_TRIES, dt.timedelta(minutes=15), dt.timedelta(hours=4))
ADDRESS = Rule(40, dt.timedelta(minutes=15), dt.timedelta(hours=4))
NAME = Rule(30, dt.timedelta(seconds=30), dt.timedelta(minutes=10))


def wait_before_next_try(username: str, ip: str) -> dt.timedelta:
    """How long this name must wait at this IP address ('': unknown)."""
    recent = AccessAttempt.objects.filter(attempt_time__range=last(WINDOW))
    name, network = name_key(username), network_of(ip)
    waits = [NAME.wait(recent.filter(username=name))]
    if network is not None:
        waits.append(ADDRESS.wait(recent.filter(ip_address=network)))
    if any(waits) and _is_known_here(username, ip):
        waits = []
    return max([NAME_AND_ADDRESS.wait(recent.filter(username=name, ip_address=network)), *waits])


def record_success(user: User, ip: str) -> None:
    """Record that `user` signed in; wrong tries before this no longer count here."""
    audit.record(user, SIGNED_IN, f"user {user.username}", ip=ip or None)
    AccessAttempt.objects.filter(username=name_key(user.username), ip_address=network_of(ip)).delete()


def record_failure(username: str, ip: str, what: str = WRONG_PASSWORD) -> None:
    """Record and count a wrong password (or WRONG_CODE of a second factor), under a name that tells nothing when no such person exists."""
    name, network, now = name_key(username), network_of(ip), timezone.now()
    audit.record(None, what, name if name.startswith(UNKNOWN) else f"user {name}", ip=ip or None)
    AccessAttempt.objects.filter(attempt_time__lt=now - WINDOW).delete()
    if _count(name, network, now):
        return
    try:
        with transaction.atomic():
            AccessAttempt.objects.create(username=name, ip_address=network, user_agent="", failures_since_start=1)
    except IntegrityError:  # the first of two at once was faster
        _count(name, network, now)


def _count(name: str, network: str | None, now: dt.datetime) -> int:
    same = AccessAttempt.objects.filter(username=name, ip_address=network, user_agent="")
    n: int = same.update(failures_since_start=F("failures_since_start") + 1, attempt_time=now)
    return n


UNKNOWN = "unknown "  # no user name has a space in it


def name_key(username: str) -> str:
    """The name; for one that nobody has, a keyed digest (people type passwords into the wrong box)."""
    if User.objects.filter(username=username).exists():
        return username
    return UNKNOWN + hashlib.blake2s(username.encode("utf-8", "replace"), key=_digest_key(), digest_size=8).hexdigest()


def _digest_key() -> bytes:
    key: bytes = settings.SECRET_KEY.encode()[:32]
    return key


def _is_known_here(username: str, ip: str) -> bool:
    return _sign_ins(ip=ip or None).filter(actor__username=username).exists()


def has_signed_in(person: User, ip: str | None = None) -> bool:
    """Whether the audit log knows a sign-in of `person` in KNOWN_FOR, from this address if one is given."""
    return _sign_ins(**({} if ip is None else {"ip": ip or None})).filter(actor=person).exists()


def _sign_ins(**of: str | None) -> QuerySet[AuditEntry]:
    return AuditEntry.objects.filter(action=SIGNED_IN, at__range=last(KNOWN_FOR), **of)


# -- what django-axes asks -----------------------------------------------------------------------------------------------
class Backend(AxesStandaloneBackend):  # type: ignore[misc]  # axes has no types
    """The first backend of `authenticate`: lets no password be tried while its name or address must wait."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **kwargs: Any
    ) -> None:
        if request is not None and username is not None:
            super().authenticate(request, username=username, password=password, **kwargs)


class Handler(AxesDatabaseHandler):  # type: ignore[misc]  # axes has no types
    """Counts by the rules above, and keeps nothing of a request but its name and address."""

    def is_locked(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> bool:
        return bool(wait_before_next_try(str((credentials or {}).get("username", "")), client_ip(request)))

    def get_failures(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> int:
        name = name_key(str((credentials or {}).get("username", "")))
        attempts = AccessAttempt.objects.filter(username=name, ip_address=network_of(client_ip(request)))
        return attempts.aggregate(n=Sum("failures_since_start"))["n"] or 0

    def user_login_failed(
        self, sender: object, credentials: dict[str, Any], request: HttpRequest | None = None, **kwargs: Any
    ) -> None:
        if request is not None and "username" in credentials and not getattr(request, "axes_locked_out", False):
            record_failure(str(credentials["username"]), client_ip(request))

    def user_logged_in(self, sender: object, request: HttpRequest, user: User, **kwargs: Any) -> None:
        """Nothing: whoever signs a person in records it, with the address."""

    def user_logged_out(self, sender: object, request: HttpRequest, user: User | None, **kwargs: Any) -> None:
        """Nothing."""


def own_response(request: HttpRequest, response: HttpResponse, credentials: dict[str, Any] | None) -> HttpResponse:
    """What a page of ours says of the wait."""
    return response


def axes_ip(request: HttpRequest) -> str | None:
    return client_ip(request) or None
