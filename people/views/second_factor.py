"""The second factor: shown when signing in, set up and removed in one's settings, required and removed by admins."""

import math

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from people import second_factor, second_factor_rules, sessions
from people.forms import CodeForm, SecondFactorRuleForm
from people.middleware import before_second_factor, open_to_all
from people.models import User
from people.requests import SignedInRequest, client_ip
from people.roles import Role, needs
from people.throttle import WRONG_CODE, record_failure, wait_before_next_try
from people.views.entering import enter_after_code, who_waits
from people.views.waiting import wait_for_code_sentence
from ui.return_addresses import post_only


@open_to_all
@never_cache
@sensitive_post_parameters("code")
def enter_code(request: HttpRequest) -> HttpResponse:
    """After the password or the link: a code of the app, or a recovery code."""
    person = who_waits(request)
    if person is None:
        return redirect("people:sign_in")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _is_right(request, person, form):
        return enter_after_code(request, person)
    return render(request, "people/enter_code.html", {"form": form, "person": person}, status=_status(form))


@before_second_factor
@needs(Role.NOBODY)
@sensitive_post_parameters("code")
def my_second_factor(request: SignedInRequest) -> HttpResponse:
    """Set it up: the first post draws a secret, the next one proves by a code that an app has it."""
    person = request.user
    form = CodeForm(request.POST if "code" in request.POST else None)
    if request.method == "POST" and not form.is_bound:
        second_factor.begin(person)
        return redirect("people:my_second_factor")
    if form.is_bound and form.is_valid():
        if codes := _codes_of_confirmed(request, form):
            sessions.end_others(request, person)
            return _show_codes(request, codes)
    return render(request, "people/my_second_factor.html", {"form": form, **_state(person)}, status=_status(form))


@before_second_factor
@needs(Role.NOBODY)
@never_cache
def qr_code(request: SignedInRequest) -> HttpResponse:
    """The secret as a picture, only while it is being set up."""
    if not second_factor.secret_to_enter(request.user):
        raise Http404
    return HttpResponse(second_factor.qr_code(request.user), content_type="image/svg+xml")


@needs(Role.NOBODY)
@post_only("people:my_second_factor")
@sensitive_post_parameters("code")
def new_codes(request: SignedInRequest) -> HttpResponse:
    form = CodeForm(request.POST)
    if request.user.second_factor_at and form.is_valid() and _is_right(request, request.user, form):
        return _show_codes(request, second_factor.replace_recovery_codes(request.user))
    return render(request, "people/my_second_factor.html", {"form": form, **_state(request.user)}, status=_status(form))


@needs(Role.NOBODY)
@post_only("people:my_second_factor")
@sensitive_post_parameters("code")
def turn_off(request: SignedInRequest) -> HttpResponse:
    """Nobody turns it off who only found a browser signed in: a code is asked for."""
    form = CodeForm(request.POST)
    if request.user.second_factor_at and form.is_valid() and _is_right(request, request.user, form):
        second_factor.remove(request.user, request.user)
        messages.success(request, _("Your second factor is turned off."))
        return redirect("people:my_second_factor")
    return render(request, "people/my_second_factor.html", {"form": form, **_state(request.user)}, status=_status(form))


@needs(Role.ADMIN)
@post_only("people:user", "pk")
def remove_for(request: SignedInRequest, pk: int) -> HttpResponse:
    """For somebody who has lost the phone and the recovery codes: by another admin."""
    person = get_object_or_404(User, pk=pk)
    if person == request.user:
        messages.error(
            request, _("You cannot remove your own second factor here. Another admin can, or you turn it off by a code.")
        )
    elif person.second_factor_at:
        second_factor.remove(person, request.user)
        sessions.end_all(person)  # whoever has the phone may have them too
        messages.success(request, _("%(name)s has no second factor any more.") % {"name": person})
    return redirect("people:user", pk)


@needs(Role.ADMIN)
@post_only("people:users")
def require(request: SignedInRequest) -> HttpResponse:
    form = SecondFactorRuleForm(request.POST)
    if form.is_valid():
        second_factor_rules.choose(form.cleaned_data["required_for"], request.user)
        messages.success(request, _("Saved. People who must have a second factor set it up on the next page that they open."))
    return redirect("people:users")


def _is_right(request: HttpRequest, person: User, form: CodeForm) -> bool:
    """Whether the code of the form is right; otherwise the form says what to do. A wrong one counts like a wrong password."""
    if _must_wait(request, person, form):
        return False
    if second_factor.use(person, form.cleaned_data["code"]):
        return True
    _note_wrong(request, person, form)
    return False


def _codes_of_confirmed(request: SignedInRequest, form: CodeForm) -> list[str]:
    if _must_wait(request, request.user, form):
        return []
    codes = second_factor.confirm(request.user, form.cleaned_data["code"])
    if not codes:
        _note_wrong(request, request.user, form)
    return codes


def _must_wait(request: HttpRequest, person: User, form: CodeForm) -> bool:
    wait = wait_before_next_try(person.username, client_ip(request))
    if wait:
        form.add_error(None, wait_for_code_sentence(math.ceil(wait.total_seconds() / 60)))
    return bool(wait)


def _note_wrong(request: HttpRequest, person: User, form: CodeForm) -> None:
    record_failure(person.username, client_ip(request), WRONG_CODE)
    form.add_error(
        "code",
        _("This code is not right, or was used before. Wait for the next one and see whether your phone's clock is right."),
    )


def _show_codes(request: SignedInRequest, codes: list[str]) -> HttpResponse:
    return render(request, "people/recovery_codes.html", {"codes": codes})


def _state(person: User) -> dict[str, object]:
    return {
        "secret": second_factor.secret_to_enter(person),
        "codes_left": person.recovery_codes.count(),
        "is_required": second_factor_rules.is_required_of(person),
    }


def _status(form: CodeForm) -> int:
    return 422 if form.errors else 200
