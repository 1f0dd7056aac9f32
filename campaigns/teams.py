"""Keeping teams: made, changed and deleted by admins, each recorded."""

from django.db import transaction

from campaigns.forms import TeamForm
from campaigns.models import Team
from people import audit
from people.models import User


class HasMembers(Exception):
    """The team cannot be deleted: whoever is in no other team would see every campaign from then on."""


def save(form: TeamForm, by: User) -> Team:
    """The team as the valid `form` has it."""
    with transaction.atomic():
        is_new = form.instance.pk is None
        before = None if is_new else _facts(Team.objects.get(pk=form.instance.pk))
        team = form.save()
        audit.record(by, "create_team" if is_new else "change_team", f"team {team.name}", before=before, after=_facts(team))
        return team


def delete(team: Team, by: User) -> None:
    """Raises HasMembers."""
    with transaction.atomic():
        if team.members.exists():
            raise HasMembers
        audit.record(by, "delete_team", f"team {team.name}", before=_facts(team))
        team.delete()


def freed_by(form: TeamForm) -> list[User]:
    """Who would be in no team once the valid `form` is saved, and see every campaign."""
    if form.instance.pk is None:
        return []
    kept = [person.pk for person in form.cleaned_data["members"]]
    leaving = User.objects.filter(teams=form.instance.pk).exclude(pk__in=kept)
    return [person for person in leaving if not person.teams.exclude(pk=form.instance.pk).exists()]


def _facts(team: Team) -> dict[str, object]:
    return {
        "name": team.name,
        "members": sorted(team.members.values_list("username", flat=True)),
        "campaigns": sorted(team.campaigns.values_list("pk", flat=True)),
    }
