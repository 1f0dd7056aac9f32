"""How every way of signing in ends: in a session, on the page where the person was going."""

from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.utils.http import url_has_allowed_host_and_scheme

from people.models import User
from people.requests import client_ip
from people.throttle import record_success

SESAME = "sesame.backends.ModelBackend"


def sign_in_and_redirect(request: HttpRequest, user: User, backend: str | None = None) -> HttpResponse:
    target = next_page(request)
    login(request, user, backend=backend)
    record_success(user, client_ip(request))
    return HttpResponseRedirect(target)


def next_page(request: HttpRequest) -> str:
    """The path where the person was going, if that is a page of ours."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    safe = target.startswith("/") and url_has_allowed_host_and_scheme(
        target, {request.get_host()}, require_https=request.is_secure()
    )
    return target if safe else resolve_url("home")
