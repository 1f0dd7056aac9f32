"""Teams: who sees which campaigns. For admins."""

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from campaigns import teams as keeping
from campaigns.forms import TeamForm
from campaigns.models import Team
from people.bodies import takes_cells
from people.requests import SignedInRequest
from people.roles import Role, needs
from ui.return_addresses import post_only


@needs(Role.ADMIN)
def teams(request: SignedInRequest) -> HttpResponse:
    listed = Team.objects.annotate(people=Count("members", distinct=True), seen=Count("campaigns", distinct=True))
    return render(request, "campaigns/teams.html", {"teams": listed})


@takes_cells
@needs(Role.ADMIN)
def new_team(request: SignedInRequest) -> HttpResponse:
    return _form_of(request, Team())


@takes_cells
@needs(Role.ADMIN)
def team(request: SignedInRequest, pk: int) -> HttpResponse:
    return _form_of(request, get_object_or_404(Team, pk=pk))


@needs(Role.ADMIN)
@post_only("campaigns:team", "pk")
def delete_team(request: SignedInRequest, pk: int) -> HttpResponse:
    one = get_object_or_404(Team, pk=pk)
    try:
        keeping.delete(one, request.user)
    except keeping.HasMembers:
        messages.error(request, _("Remove its people first: people who are in no team see all campaigns."))
        return redirect("campaigns:team", pk)
    messages.success(request, _("The team is deleted."))
    return redirect("campaigns:teams")


def _form_of(request: SignedInRequest, one: Team) -> HttpResponse:
    form = TeamForm(request.POST or None, instance=one)
    if request.method == "POST" and form.is_valid():
        freed = keeping.freed_by(form)
        saved = keeping.save(form, request.user)
        messages.success(request, _("Saved."))
        if freed:
            names = ", ".join(str(person) for person in freed)
            messages.warning(request, _("In no team any more, so these people see all campaigns: %(names)s.") % {"names": names})
        return redirect("campaigns:team", saved.pk)
    return render(request, "campaigns/team.html", {"form": form, "team": one}, status=422 if form.errors else 200)
