"""Signing in and out, one's own settings."""

import math

from django.contrib import messages
from django.contrib.auth import authenticate, logout
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from people import audit, mails, sessions
from people.forms import MySettingsForm, NewPasswordForm, SignInForm
from people.locking import end_links, use_up_link
from people.middleware import open_to_all
from people.models import User
from people.requests import SignedInRequest, client_ip
from people.roles import Role, needs
from people.sign_in import person_of
from people.throttle import wait_before_next_try
from people.views.entering import SESAME, next_page, sign_in_and_redirect
from people.views.waiting import wait_sentence


@open_to_all
@never_cache
@sensitive_post_parameters("password")
def sign_in(request: HttpRequest) -> HttpResponse:
    """User name and password."""
    if request.user.is_authenticated:
        return HttpResponseRedirect(next_page(request))
    form = SignInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        user = _authenticated_user(request, form)
        if user:
            return sign_in_and_redirect(request, user)
    words = {"form": form, "next": next_page(request), "can_mail": mails.are_set_up()}
    return render(request, "people/sign_in.html", words, status=_status(form))


@open_to_all
@never_cache
def sign_in_link(request: HttpRequest) -> HttpResponse:
    """A one-time link: opening it shows whom it is for, the button uses it up."""
    token = (request.POST if request.method == "POST" else request.GET).get("token", "")
    user = person_of(token)
    if not user:
        return render(request, "people/sign_in_link.html", {"person": None}, status=410)
    if request.method == "POST" and use_up_link(user):
        return sign_in_and_redirect(request, user, backend=SESAME)
    if request.method == "POST":
        return render(request, "people/sign_in_link.html", {"person": None}, status=410)
    return render(request, "people/sign_in_link.html", {"person": user, "token": token})


@open_to_all
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        audit.record(request.user, "sign_out", f"user {request.user.username}", ip=client_ip(request) or None)
        sessions.note_sign_out(request)
    logout(request)
    return redirect("people:sign_in")


@open_to_all
@require_POST
def choose_language(request: HttpRequest) -> HttpResponseBase:
    """The language of this browser; a signed-in person's own choice is in their settings."""
    return set_language(request)


@needs(Role.NOBODY)
def my_settings(request: SignedInRequest) -> HttpResponse:
    """Name, address and language."""
    email_before = request.user.email
    form = MySettingsForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        person = form.save()
        if person.email != email_before:
            end_links(person)
            audit.record(person, "change_email", f"user {person.username}", before=email_before, after=person.email)
        translation.activate(person.language or request.LANGUAGE_CODE)
        messages.success(request, _("Your settings are saved."))
        return redirect("people:my_settings")
    return render(request, "people/my_settings.html", {"form": form}, status=_status(form))


@needs(Role.NOBODY)
@sensitive_post_parameters()
def my_password(request: SignedInRequest) -> HttpResponse:
    form = NewPasswordForm(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        request.user.set_password(form.cleaned_data["new"])
        request.user.save(update_fields=["password"])
        sessions.end_others(request, request.user)
        audit.record(request.user, "change_password", f"user {request.user.username}", ip=client_ip(request) or None)
        messages.success(request, _("Your new password is set. Other browsers were signed out."))
        return redirect("people:my_settings")
    return render(request, "people/my_password.html", {"form": form}, status=_status(form))


def _authenticated_user(request: HttpRequest, form: SignInForm) -> User | None:
    """The user whose password was right; otherwise None, and the form says what to do."""
    username, ip = form.cleaned_data["username"], client_ip(request)
    wait = wait_before_next_try(username, ip)
    if wait:
        form.add_error(None, wait_sentence(math.ceil(wait.total_seconds() / 60)))
        return None
    user = authenticate(request, username=username, password=form.cleaned_data["password"])
    if not user:
        form.add_error(None, _("User name and password do not match. Check both, or ask an admin for a sign-in link."))
    return user


def _status(form: BaseForm) -> int:
    """422 for a form that came back with errors, so that scripts and caches see it too."""
    return 422 if form.errors else 200
