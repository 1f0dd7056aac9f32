"""Inviting people by mail: for admins."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from people import invitations, mails
from people.models import User
from people.requests import SignedInRequest
from people.roles import Role, needs
from ui.return_addresses import post_only


@needs(Role.ADMIN)
@post_only("people:user", "pk")
def invitation(request: SignedInRequest, pk: int) -> HttpResponse:
    """Send an invitation, send it anew, or withdraw it."""
    person = get_object_or_404(User, pk=pk, is_active=True)
    if request.POST.get("action") == "withdraw":
        _withdraw(request, person)
    else:
        send_invitation(request, person)
    return redirect("people:user", pk)


def send_invitation(request: SignedInRequest, person: User) -> None:
    """Invite `person`, and say so; or say why not."""
    if not mails.are_set_up():
        messages.error(request, _("No mail server is set up. Make a sign-in link, and hand it over yourself."))
    elif not person.email:
        messages.error(request, _("%(name)s has no e-mail address yet.") % {"name": person})
    elif not invitations.may_be_invited(person):
        messages.error(request, _("%(name)s has a password already.") % {"name": person})
    else:
        invitations.invite(person, request.user)
        messages.success(
            request, _("An invitation goes to %(address)s. Its link works for three days.") % {"address": person.email}
        )


def _withdraw(request: SignedInRequest, person: User) -> None:
    if invitations.withdraw(person, request.user):
        messages.success(request, _("The invitation is withdrawn: its link no longer works."))
    else:
        messages.error(request, _("There is no invitation to withdraw."))
