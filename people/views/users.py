"""Users: for admins."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import Group
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from people import audit, invitations, mails, second_factor_rules
from people.forms import SecondFactorRuleForm, UserForm
from people.locking import end_links, let_in, lock_out
from people.models import User
from people.requests import SignedInRequest, client_ip
from people.roles import Role, needs, role_of
from people.sessions import living
from people.sign_in import one_time_link
from people.views.invitations import send_invitation
from ui.return_addresses import post_only

PAGE = 50


@needs(Role.ADMIN)
def users(request: SignedInRequest) -> HttpResponse:
    people = User.objects.prefetch_related(Prefetch("groups", Group.objects.order_by("name"))).order_by("-is_active", "username")
    rule = SecondFactorRuleForm(initial={"required_for": second_factor_rules.chosen()})
    floor = dict(SecondFactorRuleForm.CHOICES).get(settings.SECOND_FACTOR_FOR, "") if settings.SECOND_FACTOR_FOR else ""
    words = {"page": Paginator(people, PAGE).get_page(request.GET.get("page")), "rule": rule, "floor": floor}
    return render(request, "people/users.html", words)


@needs(Role.ADMIN)
def new_user(request: SignedInRequest) -> HttpResponse:
    form = UserForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        person = form.save()
        audit.record(request.user, "create_user", f"user {person.username}", after=_facts(person), ip=client_ip(request) or None)
        if request.POST.get("invite"):
            send_invitation(request, person)
        else:
            messages.success(request, _("%(name)s can be given a sign-in link now.") % {"name": person})
        return redirect("people:user", person.pk)
    words = {"form": form, "person": None, "can_mail": mails.are_set_up()}
    return render(request, "people/user.html", words, status=422 if form.errors else 200)


@needs(Role.ADMIN)
def user(request: SignedInRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(User, pk=pk)
    before = _facts(person)
    form = UserForm(request.POST or None, instance=person)
    if request.method == "POST" and form.is_valid():
        if person == request.user and form.cleaned_data["role"] != Role.ADMIN.group:
            form.add_error("role", _("You cannot take the admin role from yourself. Another admin can."))
        else:
            person = User.objects.get(pk=form.save().pk)
            if person.email != before["email"]:
                end_links(person)
            audit.record(
                request.user,
                "change_user",
                f"user {person.username}",
                before=before,
                after=_facts(person),
                ip=client_ip(request) or None,
            )
            messages.success(request, _("Saved."))
            return redirect("people:user", pk)
    words = {"form": form, "person": person, **_ways_in(person)}
    return render(request, "people/user.html", words, status=422 if form.errors else 200)


@needs(Role.ADMIN)
@post_only("people:user", "pk")
@never_cache
def sign_in_link_for(request: SignedInRequest, pk: int) -> HttpResponse:
    """Make a link and show it this once."""
    person = get_object_or_404(User, pk=pk, is_active=True)
    audit.record(request.user, "make_sign_in_link", f"user {person.username}", ip=client_ip(request) or None)
    return render(request, "people/user_link.html", {"person": person, "link": one_time_link(person)})


@needs(Role.ADMIN)
@post_only("people:user", "pk")
def set_active(request: SignedInRequest, pk: int) -> HttpResponse:
    """Lock a user out, or let them in again."""
    person = get_object_or_404(User, pk=pk)
    active = request.POST.get("active") == "yes"
    if person == request.user and not active:
        messages.error(request, _("You cannot lock yourself out. Another admin can."))
        return redirect("people:user", pk)
    (let_in if active else lock_out)(person)
    audit.record(
        request.user,
        "let_user_in" if active else "lock_user_out",
        f"user {person.username}",
        ip=client_ip(request) or None,
    )
    sentence = _("%(name)s can sign in again.") if active else _("%(name)s can no longer sign in.")
    messages.success(request, sentence % {"name": person})
    return redirect("people:user", pk)


def _ways_in(person: User) -> dict[str, object]:
    """What the page tells of how `person` signs in."""
    return {
        "can_mail": mails.are_set_up(),
        "may_be_invited": invitations.may_be_invited(person),
        "invitation": invitations.open_invitation(person),
        "invitation_problem": invitations.problem(person),
        "sessions": living(person)[:PAGE],
    }


def _facts(person: User) -> dict[str, object]:
    return {
        "user_name": person.username,
        "role": role_of(person).name.lower(),
        "language": person.language,
        "email": person.email,
    }
