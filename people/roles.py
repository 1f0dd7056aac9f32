"""Roles: three groups, each allowed all of the ones before it.

Every address names its role with `@needs(...)`; `tests/test_permissions.py` fails on an address that names none.
"""

from collections.abc import Callable
from enum import IntEnum
from functools import wraps

from django.core.exceptions import PermissionDenied


class Role(IntEnum):
    NOBODY = 0
    UPLOADER = 1
    MANAGER = 2
    ADMIN = 3

    @property
    def group(self) -> str:
        return self.name.capitalize()


GROUPS = {role.group: role for role in Role if role}


def role_of(user) -> Role:
    """The highest role of a person, read once per request (the user object is new in each)."""
    if not user.is_authenticated or not user.is_active:
        return Role.NOBODY
    if not hasattr(user, "_role"):
        names = user.groups.values_list("name", flat=True)
        user._role = max((GROUPS.get(name, Role.NOBODY) for name in names), default=Role.NOBODY)
    return user._role


def needs(role: Role) -> Callable:
    """Let a view be called by `role` and above; everybody else is told that they may not."""

    def decorate(view):
        @wraps(view)
        def guarded(request, *args, **kwargs):
            if role_of(request.user) < role:
                raise PermissionDenied
            return view(request, *args, **kwargs)

        guarded.needs_role = role
        return guarded

    return decorate
