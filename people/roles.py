"""Roles: three groups, each allowed all of the ones before it.

Every address names its role with `@needs(...)`; `tests/people/test_roles.py` fails on an address that names none.
"""

from collections.abc import Callable
from enum import IntEnum
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar, cast

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import Subquery
from django.http import HttpRequest

from people.models import SignInRules, User
from people.requests import SignedInRequest

P = ParamSpec("P")
Response = TypeVar("Response")
View = Callable[Concatenate[HttpRequest, P], Response]
SignedInView = Callable[Concatenate[SignedInRequest, P], Response]


class Role(IntEnum):
    NOBODY = 0
    UPLOADER = 1
    MANAGER = 2
    ADMIN = 3

    @property
    def group(self) -> str:
        return self.name.capitalize()


GROUPS = {role.group: role for role in Role if role}


def role_of(user: User | AnonymousUser) -> Role:
    """The highest role of a person, read once per user object; NOBODY for who has not signed in or is locked out."""
    if isinstance(user, AnonymousUser) or not user.is_active:
        return Role.NOBODY
    role: Role | None = getattr(user, "_role", None)
    if role is None:
        found = list(user.groups.values_list("name", Subquery(SignInRules.objects.values("second_factor_for")[:1])))
        role = max((GROUPS.get(name, Role.NOBODY) for name, _ in found), default=Role.NOBODY)
        user._role = role  # type: ignore[attr-defined]  # the user object is new in each request
        # Read along, since it is asked about whoever has a role right afterwards (`people.second_factor_rules`).
        user._second_factor_for = found[0][1] or "" if found else None  # type: ignore[attr-defined]
    return role


def needs(role: Role) -> Callable[[SignedInView[P, Response]], View[P, Response]]:
    """Let a view be called by `role` and above; for everybody else it raises PermissionDenied."""

    def decorate(view: SignedInView[P, Response]) -> View[P, Response]:
        @wraps(view)
        def restricted(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> Response:
            if role_of(request.user) < role:
                raise PermissionDenied
            return view(cast(SignedInRequest, request), *args, **kwargs)

        restricted.needs_role = role  # type: ignore[attr-defined]  # read by tests/people/test_roles.py
        return restricted

    return decorate
