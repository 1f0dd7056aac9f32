"""From whom a second factor is required: from the stricter of SECOND_FACTOR_FOR and what admins have chosen on the page."""

from django.conf import settings

from people import audit
from people.models import SignInRules, User
from people.roles import Role, role_of

LEAST_ROLES = {"": None, "admins": Role.ADMIN, "managers": Role.MANAGER}
ONLY_ROW = 1


def is_owed(user: User) -> bool:
    """Whether `user` must set one up before anything else."""
    if user.second_factor_at or role_of(user) < Role.MANAGER:
        return False
    read_along: str | None = getattr(user, "_second_factor_for", None)
    return _is_among(user, settings.SECOND_FACTOR_FOR) or _is_among(user, chosen() if read_along is None else read_along)


def is_required_of(user: User) -> bool:
    """Whether `user` may not be without one."""
    return _is_among(user, settings.SECOND_FACTOR_FOR) or _is_among(user, chosen())


def chosen() -> str:
    """The key of LEAST_ROLES that admins have chosen."""
    return SignInRules.objects.filter(pk=ONLY_ROW).values_list("second_factor_for", flat=True).first() or ""


def choose(who: str, by: User) -> None:
    """Require it from `who`, a key of LEAST_ROLES."""
    before = chosen()
    SignInRules.objects.update_or_create(pk=ONLY_ROW, defaults={"second_factor_for": who})
    if before != who:
        words = [{"required_for": one or "nobody"} for one in (before, who)]
        audit.record(by, "require_second_factor", before=words[0], after=words[1])


def _is_among(user: User, who: str) -> bool:
    least = LEAST_ROLES.get(who)
    return least is not None and role_of(user) >= least
