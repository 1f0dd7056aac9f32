"""Whose imports a person may see: uploaders their own, managers and admins everybody's; into campaigns that they see."""

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from campaigns.access import where_visible
from imports.models import ImportJob
from people.models import User
from people.requests import SignedInRequest
from people.roles import Role, role_of


def visible_imports(user: User) -> QuerySet[ImportJob]:
    imports = ImportJob.objects.filter(where_visible(user)).select_related("campaign", "campaign__account", "owner")
    return imports if role_of(user) >= Role.MANAGER else imports.filter(owner=user)


def import_of(request: SignedInRequest, pk: int) -> ImportJob:
    """The import; Http404 for who may not see it: to others it does not exist."""
    return get_object_or_404(visible_imports(request.user).select_related("campaign__assistant"), pk=pk)
