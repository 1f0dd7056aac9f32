"""Users and the audit log: for admins."""

from django.contrib import messages
from django.contrib.auth.models import Group
from django.core.paginator import Paginator
from django.db.models import Prefetch, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from people import audit
from people.forms import UserForm
from people.locking import let_in, lock_out
from people.models import AuditEntry, User
from people.requests import SignedInRequest, client_ip
from people.roles import Role, needs, role_of
from people.sign_in import one_time_link
from ui.keyset_pagination import below
from ui.return_addresses import post_only

PAGE = 50


@needs(Role.ADMIN)
def users(request: SignedInRequest) -> HttpResponse:
    people = User.objects.prefetch_related(Prefetch("groups", Group.objects.order_by("name"))).order_by("-is_active", "username")
    return render(request, "people/users.html", {"page": Paginator(people, PAGE).get_page(request.GET.get("page"))})


@needs(Role.ADMIN)
def new_user(request: SignedInRequest) -> HttpResponse:
    form = UserForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        person = form.save()
        audit.record(request.user, "create_user", f"user {person.username}", after=_facts(person), ip=client_ip(request) or None)
        messages.success(request, _("%(name)s can be given a sign-in link now.") % {"name": person})
        return redirect("people:user", person.pk)
    return render(request, "people/user.html", {"form": form, "person": None}, status=422 if form.errors else 200)


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
    return render(request, "people/user.html", {"form": form, "person": person}, status=422 if form.errors else 200)


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


@needs(Role.ADMIN)
def audit_log(request: SignedInRequest) -> HttpResponse:
    query = request.GET.get("q", "").strip()[:100]
    entries = AuditEntry.objects.all()
    if query:
        entries = entries.filter(
            Q(actor_name__icontains=query) | Q(target__icontains=query) | Q(action__icontains=query.replace(" ", "_"))
        )
    return render(request, "people/audit_log.html", {"slice": below(entries, request.GET.get("below", ""), PAGE), "query": query})


def _facts(person: User) -> dict[str, object]:
    return {
        "user_name": person.username,
        "role": role_of(person).name.lower(),
        "language": person.language,
        "email": person.email,
    }
