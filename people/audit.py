"""The audit log: append-only, written where a person's decision takes effect."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from people.models import AuditEntry, User
from ui.folding import fold

_caller: ContextVar[str] = ContextVar("caller", default="")


@contextmanager
def called_from(ip: str) -> Iterator[None]:
    """Within this, entries carry the address `ip` ('': none is known)."""
    before = _caller.set(ip)
    try:
        yield
    finally:
        _caller.reset(before)


def record(
    actor: User | None, action: str, target: str = "", *, before: object = None, after: object = None, ip: str | None = None
) -> None:
    """Note that `actor` (None: the system) did `action` to `target`; `before` and `after` (JSON) hold only what changed.

    `ip`: that of the request unless another one is given. No phone numbers or keys in here: entries outlive the data they name.
    """
    name, target = actor.get_username() if actor else "", target[:200]
    AuditEntry.objects.create(
        actor=actor,
        actor_name=name,
        action=action,
        target=target,
        search=fold(f"{name}\n{target}"),
        before=before,
        after=after,
        ip=ip or _caller.get() or None,
    )
