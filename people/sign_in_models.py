"""Where people have signed in."""

from django.conf import settings
from django.db import models


class SignIn(models.Model):
    """A browser in which somebody is or was signed in. `session_key` is '' once it was ended or left.

    `ip` and `seen_at` are those of a recent request, not of each one. `browser`: see `people.browsers`.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="sign_ins")
    session_key = models.CharField(max_length=40, blank=True, db_index=True)
    at = models.DateTimeField()
    seen_at = models.DateTimeField()
    ip = models.GenericIPAddressField(null=True)
    browser = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering = ["-seen_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["session_key"], name="sign_in_once", condition=~models.Q(session_key="")),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.browser}"
