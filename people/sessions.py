"""Where a person is signed in: listed, ended one by one or all at once; and the mail after a sign-in somewhere new."""

import hashlib
import logging
from importlib import import_module

from django.conf import settings
from django.contrib.auth import update_session_auth_hash
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import DatabaseError
from django.db.models import F, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from background.database_clock import last, surely_before
from background.quick_writes import quick_write
from people import mails
from people.browsers import browser_of
from people.models import PersonMail, SignIn, User
from people.requests import client_ip, network_of
from people.throttle import KNOWN_FOR, has_signed_in

log = logging.getLogger(__name__)
SEEN_EVERY = 300  # seconds between two notes that a session was used, in one process


def note_sign_in(request: HttpRequest, person: User) -> None:
    """Record that `person` has just signed in here; a mail is owed to them where neither browser nor address is known."""
    ip, browser = client_ip(request), browser_of(request.headers.get("user-agent", ""))
    if person.email and mails.are_set_up() and _is_new(person, ip, browser):
        facts = {"ip": ip, "browser": browser, "at": timezone.now().isoformat()}
        mails.owe(PersonMail.Kind.NEW_SIGN_IN, person, facts=facts)
    SignIn.objects.filter(person=person, seen_at__lt=surely_before(KNOWN_FOR)).exclude(session_key__in=_living_keys()).delete()
    _add(request, person)


def note_seen(request: HttpRequest) -> None:
    """Note now and then that this session is used. A database that is busy or away is not waited for: another request does it."""
    key = request.session.session_key or ""
    mark = f"seen-{hashlib.sha256(key.encode()).hexdigest()}"
    if not cache.add(mark, True, SEEN_EVERY):
        return
    try:
        with quick_write():
            seen = SignIn.objects.filter(session_key=key, person=request.user.pk)
            if not seen.update(seen_at=timezone.now(), ip=client_ip(request) or None):
                _add(request, request.user)  # type: ignore[arg-type]  # a session that began before there was such a list
    except DatabaseError as error:
        cache.delete(mark)
        log.info("a session's use was not noted (%s)", type(error).__name__)


def note_sign_out(request: HttpRequest) -> None:
    SignIn.objects.filter(session_key=request.session.session_key or "-").update(session_key="")


def sweep() -> None:
    """Delete sessions whose time is over; Django itself leaves them."""
    Session.objects.filter(expire_date__lt=timezone.now()).delete()


def living(person: User) -> QuerySet[SignIn]:
    """Where `person` is signed in, the latest used first."""
    return SignIn.objects.filter(person=person, session_key__in=_living_keys()).exclude(session_key="")


def end(sign_in: SignIn) -> None:
    """Whoever uses that browser has to sign in again."""
    _store(sign_in.session_key).delete()
    SignIn.objects.filter(pk=sign_in.pk).update(session_key="")


def end_all(person: User) -> None:
    """All sessions of `person` end, whether they are listed or not."""
    keys = list(SignIn.objects.filter(person=person).exclude(session_key="").values_list("session_key", flat=True))
    User.objects.filter(pk=person.pk).update(sessions_ended=F("sessions_ended") + 1)
    SignIn.objects.filter(person=person).update(session_key="")
    Session.objects.filter(session_key__in=keys).delete()


def end_others(request: HttpRequest, person: User) -> None:
    """All sessions of `person` end but the one of this request, which gets another key."""
    mine = SignIn.objects.filter(person=person, session_key=request.session.session_key or "-").first()
    keys = SignIn.objects.filter(person=person).exclude(session_key="").exclude(pk=mine.pk if mine else 0)
    Session.objects.filter(session_key__in=list(keys.values_list("session_key", flat=True))).delete()
    SignIn.objects.filter(person=person).update(session_key="")
    User.objects.filter(pk=person.pk).update(sessions_ended=F("sessions_ended") + 1)
    person.refresh_from_db(fields=["sessions_ended", "password"])
    update_session_auth_hash(request, person)
    if mine:
        SignIn.objects.filter(pk=mine.pk).update(session_key=request.session.session_key or "")


def _living_keys() -> QuerySet[Session, str]:
    return Session.objects.filter(expire_date__gt=timezone.now()).values_list("session_key", flat=True)


def _is_new(person: User, ip: str, browser: str) -> bool:
    """Not the first sign-in of all, and none like this in KNOWN_FOR. Of sign-ins before there was this list the addresses are known."""
    before = SignIn.objects.filter(person=person, at__range=last(KNOWN_FOR))
    if not before.exists():
        return has_signed_in(person) and not has_signed_in(person, ip)
    here = network_of(ip)
    return not any(network_of(one.ip or "") == here for one in before.filter(browser=browser))


def _add(request: HttpRequest, person: User) -> None:
    key, now = request.session.session_key or "", timezone.now()
    browser = browser_of(request.headers.get("user-agent", ""))
    facts = {"person": person, "at": now, "seen_at": now, "ip": client_ip(request) or None, "browser": browser}
    SignIn.objects.get_or_create(session_key=key, defaults=facts)  # two of its first requests may come at once


def _store(key: str):  # type: ignore[no-untyped-def]  # the class is a setting's
    return import_module(settings.SESSION_ENGINE).SessionStore(key)
