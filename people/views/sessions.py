"""Where one is signed in, and ending that; for admins, that of others."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from people import audit, sessions
from people.models import User
from people.requests import SignedInRequest
from people.roles import Role, needs
from ui.return_addresses import post_only

SHOWN = 100


@needs(Role.NOBODY)
def my_sessions(request: SignedInRequest) -> HttpResponse:
    words = {"sessions": sessions.living(request.user)[:SHOWN], "this_key": request.session.session_key}
    return render(request, "people/my_sessions.html", words)


@needs(Role.NOBODY)
@post_only("people:my_sessions")
def end_mine(request: SignedInRequest, pk: int) -> HttpResponse:
    sessions.end(get_object_or_404(sessions.living(request.user), pk=pk))
    audit.record(request.user, "end_session", f"user {request.user.username}")
    messages.success(request, _("That browser is signed out."))
    return redirect("people:my_sessions")


@needs(Role.NOBODY)
@post_only("people:my_sessions")
def end_others(request: SignedInRequest) -> HttpResponse:
    sessions.end_others(request, request.user)
    audit.record(request.user, "end_other_sessions", f"user {request.user.username}")
    messages.success(request, _("All other browsers are signed out."))
    return redirect("people:my_sessions")


@needs(Role.ADMIN)
@post_only("people:user", "pk")
def end_all_of(request: SignedInRequest, pk: int) -> HttpResponse:
    """Without locking the person out. One's own sessions end but the one that asks."""
    person = get_object_or_404(User, pk=pk)
    if person == request.user:
        sessions.end_others(request, request.user)
    else:
        sessions.end_all(person)
    audit.record(request.user, "end_sessions", f"user {person.username}")
    messages.success(request, _("%(name)s is signed out everywhere.") % {"name": person})
    return redirect("people:user", pk)
