"""How much a request may carry: SMALL_BODY, and more only to a view that is marked, from who may use it.

The mark is read before a body is received (`config.serving`), so a body that is refused is never read.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from django.conf import settings
from django.http import HttpRequest

from people.roles import Role, role_of

SMALL_BODY = 64 * 1024  # bytes; anybody may send so much anywhere
SomeView = TypeVar("SomeView", bound=Callable[..., Any])
IsAllowed = Callable[[HttpRequest, Mapping[str, Any]], bool]


@dataclass(frozen=True)
class BodyRule:
    """`largest()`: bytes of a whole request. `is_allowed(request, arguments of the view)`: whether this caller may send more than
    SMALL_BODY; it is asked with session and user, before the body is received."""

    largest: Callable[[], int]
    is_allowed: IsAllowed


def takes_large_bodies(largest: Callable[[], int], is_allowed: IsAllowed | None = None) -> Callable[[SomeView], SomeView]:
    """Mark a view that takes requests of up to `largest()` bytes. Without `is_allowed` they are taken from the role that the view
    needs."""

    def mark(view: SomeView) -> SomeView:
        view.body_rule = BodyRule(largest, is_allowed or _allowed_by_role(view.needs_role))  # type: ignore[attr-defined]
        return view

    return mark


def _allowed_by_role(role: Role) -> IsAllowed:
    return lambda request, _arguments: role_of(request.user) >= role


def body_rule(view: Callable[..., Any] | None) -> BodyRule | None:
    """The rule of a marked view; None for all others."""
    rule: BodyRule | None = getattr(view, "body_rule", None)
    return rule


def many_cells() -> int:
    """Bytes of a form with many cells."""
    return int(settings.DATA_UPLOAD_MAX_MEMORY_SIZE)


def one_file() -> int:
    """Bytes of a form with one spreadsheet, or with cells pasted in its place."""
    return int(settings.MAX_UPLOAD_BYTES + settings.DATA_UPLOAD_MAX_MEMORY_SIZE)


takes_cells = takes_large_bodies(many_cells)
takes_a_file = takes_large_bodies(one_file)
