"""What every page knows of the instance and its user."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from campaigns.models import Account
from people.roles import Role, role_of


def instance(request: HttpRequest) -> dict[str, object]:
    """`is_sandbox`: pages say plainly when no real call is made. `may_manage`, `may_administer`: what to show."""
    user = getattr(request, "user", None)
    if not (user and user.is_authenticated):
        return {"site_url": settings.SITE_URL, "is_sandbox": False, "may_manage": False, "may_administer": False}
    role = role_of(user)
    return {
        "site_url": settings.SITE_URL,
        "is_sandbox": SimpleLazyObject(_is_sandbox),  # parts of pages, which ask again by themselves, do not say it
        "may_manage": role >= Role.MANAGER,
        "may_administer": role >= Role.ADMIN,
    }


def _is_sandbox() -> bool:
    return Account.objects.filter(is_default=True, is_sandbox=True).exists()
