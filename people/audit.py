"""The audit log: append-only, written where a person's decision takes effect."""

from people.models import AuditEntry, User


def record(
    actor: User | None, action: str, target: str = "", *, before: object = None, after: object = None, ip: str | None = None
) -> None:
    """Note that `actor` (None: the system) did `action` to `target`; `before` and `after` (JSON) hold only what changed.

    No phone numbers or keys in here: entries outlive the data they name.
    """
    AuditEntry.objects.create(
        actor=actor,
        actor_name=actor.get_username() if actor else "",
        action=action,
        target=target[:200],
        before=before,
        after=after,
        ip=ip,
    )
