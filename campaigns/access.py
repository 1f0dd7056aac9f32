"""Which campaigns a person sees: all of them, or those of their teams. What is not seen does not exist for that person.

Every view, form, download and poll takes campaigns from here, and imports from `imports.access`, which builds on this.
"""

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.shortcuts import get_object_or_404

from campaigns.models import Campaign, DoNotCall, Team
from people.models import User
from people.requests import SignedInRequest
from people.roles import Role, role_of


def is_limited(user: User) -> bool:
    """Whether `user` sees the campaigns of some teams alone; read once per user object."""
    limited: bool | None = getattr(user, "_is_limited", None)
    if limited is None:
        limited = role_of(user) < Role.ADMIN and Team.members.through.objects.filter(user=user).exists()
        user._is_limited = limited  # type: ignore[attr-defined]  # the user object is new in each request
    return limited


def visible_campaigns(user: User) -> QuerySet[Campaign]:
    campaigns = Campaign.objects.all()
    return campaigns.filter(pk__in=_of_teams(user)) if is_limited(user) else campaigns


def campaign_of(request: SignedInRequest, pk: int, *related: str) -> Campaign:
    """The campaign, read with what is `related`; Http404 for who may not see it."""
    campaigns = visible_campaigns(request.user)
    return get_object_or_404(campaigns.select_related(*related) if related else campaigns, pk=pk)


def where_visible(user: User, field: str = "campaign") -> Q:
    """The condition that the campaign in `field`, where there is one, is seen by `user`."""
    if not is_limited(user):
        return Q()
    return Q(**{f"{field}__isnull": True}) | Q(**{f"{field}__in": _of_teams(user)})


def visible_do_not_call(user: User) -> QuerySet[DoNotCall]:
    """Entries for all campaigns, and those for campaigns that `user` sees."""
    return DoNotCall.objects.filter(where_visible(user))


def who_see(campaign_id: int, people: QuerySet[User]) -> QuerySet[User]:
    """Those of `people` who see the campaign."""
    teams = Team.objects.filter(members=OuterRef("pk"))
    is_admin = Exists(User.groups.through.objects.filter(user=OuterRef("pk"), group__name=Role.ADMIN.group))
    return people.filter(is_admin | ~Exists(teams) | Exists(teams.filter(campaigns=campaign_id)))


def show_to_teams_of(user: User | None, campaign: Campaign) -> None:
    """A campaign that somebody limited has made is one of their teams' campaigns."""
    if user is not None and is_limited(user):
        for team in Team.objects.filter(members=user):
            team.campaigns.add(campaign)


def _of_teams(user: User) -> QuerySet[Campaign, int]:
    return Campaign.objects.filter(teams__members=user).values_list("pk", flat=True)
