"""Mails about signing in, and who has been invited."""

from django.conf import settings
from django.db import models


class PersonMail(models.Model):
    """A mail about signing in: owed from the moment this row is committed, sent at least once (`people.mails`).

    A request for a new password has no `person` yet: whose the typed `address` is, a worker finds out, so that the page
    answers alike in either case. `key` is a keyed digest of the typed address, by which its requests are counted; the
    address itself is forgotten once the mail is sent. `facts`: what the mail tells, by its kind.
    """

    class Kind(models.TextChoices):
        RESET = "reset"
        INVITATION = "invitation"
        NEW_SIGN_IN = "new_sign_in"

    class State(models.TextChoices):
        WAITING = "waiting"
        SENDING = "sending"
        SENT = "sent"
        FAILED = "failed"

    kind = models.CharField(max_length=20, choices=Kind)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+")
    address = models.CharField(max_length=254, blank=True)
    key = models.CharField(max_length=32, blank=True)
    ip = models.GenericIPAddressField(null=True)
    facts = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_ms = models.BigIntegerField(default=0)
    token = models.BigIntegerField(default=0)  # fences: only the process that drew it says what became of the mail
    lease_ms = models.BigIntegerField(default=0)
    error = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["kind", "created_at"], name="person_mails_by_kind"),
            models.Index(fields=["next_ms"], name="person_mails_due", condition=models.Q(state__in=("waiting", "sending"))),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Invitation(models.Model):
    """That somebody was asked by mail to choose a password. The link in the mail works while this is not withdrawn."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="invitation")
    sent_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"invitation of {self.person_id}"
