"""How every way of signing in ends: in a session, on the page where the person was going. Who has a second factor shows it first."""

import time

from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, resolve_url
from django.utils.crypto import constant_time_compare
from django.utils.http import url_has_allowed_host_and_scheme

from people import sessions
from people.models import User
from people.requests import client_ip
from people.throttle import record_success

SESAME = "sesame.backends.ModelBackend"


WAITING = "waits_for_code"  # in the session of who has shown a password or a link, and no second factor yet
WAITS_FOR = 600  # seconds


def sign_in_and_redirect(request: HttpRequest, user: User, backend: str | None = None) -> HttpResponse:
    """Sign in who has shown a password or a link; or ask for the second factor, where there is one."""
    target, backend = next_page(request), backend or str(getattr(user, "backend", ""))
    if not user.second_factor_at:
        return enter(request, user, backend, target)
    request.session.cycle_key()
    shown = {"person": user.pk, "hash": user.get_session_auth_hash(), "at": time.time()}
    request.session[WAITING] = {**shown, "backend": backend, "target": target}
    return redirect("people:enter_code")


def who_waits(request: HttpRequest) -> User | None:
    """Who must still show the second factor in this browser; None after WAITS_FOR, a lock or a new password."""
    waiting = request.session.get(WAITING)
    if not waiting or not 0 <= time.time() - waiting["at"] <= WAITS_FOR:
        return None
    user = User.objects.filter(pk=waiting["person"], is_active=True).first()
    return user if user and constant_time_compare(user.get_session_auth_hash(), waiting["hash"]) else None


def enter_after_code(request: HttpRequest, user: User) -> HttpResponse:
    """Sign in who waited and has shown the second factor."""
    waiting = request.session.pop(WAITING)
    return enter(request, user, waiting["backend"], waiting["target"])


def enter(request: HttpRequest, user: User, backend: str, target: str) -> HttpResponse:
    login(request, user, backend=backend)
    sessions.note_sign_in(request, user)
    record_success(user, client_ip(request))
    return HttpResponseRedirect(target)


def next_page(request: HttpRequest) -> str:
    """The path where the person was going, if that is a page of ours."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    safe = target.startswith("/") and url_has_allowed_host_and_scheme(
        target, {request.get_host()}, require_https=request.is_secure()
    )
    return target if safe else resolve_url("home")
