"""The people who use Rowcall, and the record of what they did."""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from people.mail_models import Invitation as Invitation
from people.mail_models import PersonMail as PersonMail
from people.second_factor_models import RecoveryCode as RecoveryCode
from people.second_factor_models import SecondFactor as SecondFactor
from people.second_factor_models import SignInRules as SignInRules
from people.sign_in_models import SignIn as SignIn

NEVER = datetime(1970, 1, 1, tzinfo=UTC)  # the year of the last sign-in of somebody who was locked out before the first


class User(AbstractUser):
    """Somebody who signs in. Roles are groups (see `people.roles`)."""

    language = models.CharField(
        _("language"),
        max_length=8,
        blank=True,
        choices=settings.LANGUAGES,
        help_text=_("Pages, mails and reports come in this language."),
    )

    # the language of the last page of somebody who has chosen none: people.middleware
    last_language = models.CharField(max_length=8, blank=True, default="", db_default="", editable=False)
    weekly_results = models.BooleanField(
        _("Mail me the results of the calls every week"),
        default=False,
        db_default=False,
        help_text=_("On Mondays, for the campaigns you see. Nothing is mailed when nothing happened."),
    )

    # how often all sessions of this person were ended: people.locking
    sessions_ended = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    # since when sign-ins of this person need a second factor: people.second_factor
    second_factor_at = models.DateTimeField(null=True, editable=False)

    def __str__(self) -> str:
        return self.get_full_name() or self.username

    @property
    def mail_language(self) -> str:
        """The code of the language of mails to this person: the one chosen, or that of the last page seen, or the instance's."""
        return self.language or self.last_language or settings.LANGUAGE_CODE

    @property
    def signed_in_at(self) -> datetime | None:
        """When this person last signed in; None for never."""
        return self.last_login if self.last_login and self.last_login.year > NEVER.year else None

    def get_session_auth_hash(self) -> str:
        """What a session must hold to be this person's: with each end of all sessions it is another one."""
        return self._of_sessions_now(super().get_session_auth_hash())

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        yield from map(self._of_sessions_now, super().get_session_auth_fallback_hash())

    def _of_sessions_now(self, auth_hash: str) -> str:
        n = self.sessions_ended
        return hashlib.sha256(f"{auth_hash} {n}".encode()).hexdigest() if n else auth_hash


class AuditEntry(models.Model):
    """One thing somebody did. Written by `people.audit.record` alone, never changed.

    `before` and `after` hold only what changed; `target` is text (`import 12`), so that an entry
    outlives what it speaks of.
    """

    at = models.DateTimeField(auto_now_add=True, db_index=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    actor_name = models.CharField(max_length=150, blank=True)
    action = models.CharField(max_length=60)
    target = models.CharField(max_length=200, blank=True)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    ip = models.GenericIPAddressField(null=True)
    search = models.TextField(default="", db_default="", editable=False)  # who and what it speaks of, as `ui.folding` leaves it

    class Meta:
        ordering = ["-id"]
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit log")

    def __str__(self) -> str:
        return f"{self.actor_name or 'system'} {self.action} {self.target}"
