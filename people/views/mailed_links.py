"""What is reached by mail: a new password for who forgot theirs, the first one for who was invited."""

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from people import audit, mails, password_resets, sessions
from people.forms import ChosenPasswordForm, ForgottenPasswordForm
from people.locking import use_up_link
from people.middleware import open_to_all
from people.models import User
from people.requests import client_ip
from people.sign_in import INVITATION, RESET, MailedLink, person_of
from people.views.entering import SESAME, sign_in_and_redirect


@open_to_all
@never_cache
def forgotten_password(request: HttpRequest) -> HttpResponse:
    """Ask for a link by mail. The answer is the same whether anybody has the address: a worker finds out."""
    form = ForgottenPasswordForm(request.POST or None)
    words: dict[str, object] = {"form": form, "can_mail": mails.are_set_up()}
    if request.method == "POST" and words["can_mail"] and form.is_valid():
        try:
            password_resets.ask(form.cleaned_data["address"], client_ip(request))
            words["is_asked"] = True
        except password_resets.TooMany:
            form.add_error(None, _("Too many links were asked for from here. Wait an hour, or ask an admin for a sign-in link."))
    return render(request, "people/forgotten_password.html", words, status=422 if form.errors else 200)


@open_to_all
@never_cache
@sensitive_post_parameters("new", "token")
def reset_password(request: HttpRequest) -> HttpResponse:
    return _choose_password(request, RESET, "reset_password")


@open_to_all
@never_cache
@sensitive_post_parameters("new", "token")
def accept_invitation(request: HttpRequest) -> HttpResponse:
    return _choose_password(request, INVITATION, "accept_invitation")


def _choose_password(request: HttpRequest, kind: MailedLink, action: str) -> HttpResponse:
    """Opening a link changes nothing (mail scanners open links); the password that is chosen uses it up."""
    token = (request.POST if request.method == "POST" else request.GET).get("token", "")
    person = person_of(token, kind)
    if person is None:
        return _gone(request, kind)
    form = ChosenPasswordForm(person, request.POST or None)
    if request.method == "POST" and form.is_valid():
        if not _set_password(person, form.cleaned_data["new"]):
            return _gone(request, kind)
        audit.record(person, action, f"user {person.username}")
        return sign_in_and_redirect(request, person, backend=SESAME)
    words = {"form": form, "person": person, "token": token, "is_invitation": kind is INVITATION}
    return render(request, "people/choose_password.html", words, status=422 if form.errors else 200)


def _set_password(person: User, password: str) -> bool:
    """Whether this call was the one that used the link up. All sessions that there are end."""
    with transaction.atomic():
        if not use_up_link(person):
            return False
        person.set_password(password)
        person.save(update_fields=["password"])
        sessions.end_all(person)
        person.refresh_from_db(fields=["sessions_ended"])
        return True


def _gone(request: HttpRequest, kind: MailedLink) -> HttpResponse:
    words = {"person": None, "is_invitation": kind is INVITATION, "can_mail": mails.are_set_up()}
    return render(request, "people/choose_password.html", words, status=410)
