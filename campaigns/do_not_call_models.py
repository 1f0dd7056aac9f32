"""Tables of who must not be called: the list, who asked to be forgotten, and what is to be taken out of WhatTalk for it."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class DoNotCall(models.Model):
    """A number that must not be called, whatever a spreadsheet says: in one campaign, or (`campaign` null) in any.

    `note` says why, `source` how it came here. `searched_at` is null until the leads that we know have been searched for it.
    """

    class Source(models.TextChoices):
        PERSON = "person", _("entered")
        FILE = "file", _("from a list")
        TERMINAL = "terminal", _("from the terminal")
        WHATTALK = "whattalk", _("blacklisted at WhatTalk")

    phone_number = models.CharField(_("phone number"), max_length=20)
    campaign = models.ForeignKey("campaigns.Campaign", null=True, on_delete=models.CASCADE, related_name="+", db_index=False)
    note = models.CharField(_("note"), max_length=200, blank=True)
    source = models.CharField(max_length=10, choices=Source, default=Source.PERSON, db_default=Source.PERSON)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)
    searched_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("do-not-call number")
        verbose_name_plural = _("do-not-call list")
        constraints = [models.UniqueConstraint("phone_number", Coalesce("campaign", 0), name="do_not_call_once")]
        indexes = [models.Index(fields=["id"], name="do_not_call_new", condition=models.Q(searched_at=None))]

    def __str__(self) -> str:
        return self.phone_number


class ForgottenNumber(models.Model):
    """A number whose owner asked to be forgotten: a keyed hash of it (`campaigns.do_not_call.digest_of`) and nothing else."""

    digest = models.CharField(max_length=64, primary_key=True)
    forgotten_at = models.DateTimeField(auto_now_add=True)


class Settlement(models.Model):
    """What is to be taken out of WhatTalk because a number must not be called, until WhatTalk has confirmed it.

    With `campaign`: the leads of that campaign that would call the number. Without: the number is looked for among all
    leads of the account. Without `phone_number`: the leads of the campaign are to be read, since any may hold a listed number.
    `outcome` is a code of `imports.messages.lookup`: what was done, or (while `state` is `waiting`) why it is not done yet.
    `detail`: `{"leads": {id: where it stands}, "n": …, "said": …}`.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "waiting"
        SETTLED = "settled", "settled"

    phone_number = models.CharField(max_length=20, blank=True)
    account = models.ForeignKey("campaigns.Account", on_delete=models.CASCADE, related_name="+", db_index=False)
    campaign = models.ForeignKey("campaigns.Campaign", null=True, on_delete=models.CASCADE, related_name="+", db_index=False)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    outcome = models.CharField(max_length=40, blank=True)
    detail = models.JSONField(default=dict)
    tries = models.PositiveIntegerField(default=0)  # in vain, since it was opened
    next_ms = models.BigIntegerField(default=0)
    lease_ms = models.BigIntegerField(default=0)
    token = models.BigIntegerField(default=0)  # fences: only the process that drew it may write
    opened_at = models.DateTimeField(default=timezone.now)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint("phone_number", "account", Coalesce("campaign", 0), name="settlement_once")]
        indexes = [
            models.Index(fields=["account", "next_ms"], name="settlement_due", condition=models.Q(state="waiting")),
            models.Index(fields=["campaign", "state"], name="settlement_of_campaign"),
        ]

    def __str__(self) -> str:
        return f"settlement {self.pk}"
