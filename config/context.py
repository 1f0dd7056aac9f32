"""What every page may say of the house."""
from django.conf import settings

from campaigns.accounts import default_account


def house(request) -> dict:
    """`is_sandbox`: pages must say plainly when no real call is made."""
    account = default_account() if getattr(request, "user", None) and request.user.is_authenticated else None
    return {"site_url": settings.SITE_URL, "is_sandbox": bool(account and account.is_sandbox)}
