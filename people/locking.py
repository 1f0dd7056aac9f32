"""Locking a person out, and letting them in again."""

from datetime import timedelta

from django.utils import timezone

from people.models import NEVER, Invitation, User
from people.sessions import end_all


def lock_out(user: User) -> None:
    """Nobody signs in as `user` any more; sessions and links that there are end, for good."""
    _set_active(user, False)


def let_in(user: User) -> None:
    """`user` may sign in again, with the password or a new link; what was open before stays closed."""
    _set_active(user, True)


def _set_active(user: User, is_active: bool) -> None:
    end_links(user)
    User.objects.filter(pk=user.pk).update(is_active=is_active)
    end_all(user)


def end_links(user: User) -> None:
    """No link that was made for `user` so far works any more: neither one-time sign-in links nor those that were mailed.

    An invitation counts as withdrawn.
    """
    # Links are signed with the moment of the last sign-in: with another moment, however near, they are no longer valid.
    last = User.objects.values_list("last_login", flat=True).get(pk=user.pk) or NEVER
    User.objects.filter(pk=user.pk).update(last_login=last + timedelta(microseconds=1))
    Invitation.objects.filter(person=user, withdrawn_at=None).update(withdrawn_at=timezone.now())


def use_up_link(user: User) -> bool:
    """Use up the one-time link that `user` was read for; whether this call was the one to do it."""
    same = User.objects.filter(pk=user.pk, is_active=True, password=user.password, last_login=user.last_login)
    return same.update(last_login=timezone.now()) == 1
