"""Where leads go: WhatTalk accounts, their campaigns, the leads in them, and who must not be called.

Knows nothing of spreadsheets. Remote ids are kept as text: the service may send numbers or strings.
Times named `*_ms` are milliseconds since the epoch on the database's own clock (`config.clock`).
"""
from django.conf import settings
from django.db import models
from django.db.models.functions import Right
from django.utils.translation import gettext_lazy as _


class Account(models.Model):
    """A WhatTalk account: one key, one budget of requests shared by everything that sends."""

    name = models.CharField(_("name"), max_length=100)
    base_url = models.CharField(_("API address"), max_length=300)
    encrypted_key = models.BinaryField(default=bytes, editable=False)
    key_ending = models.CharField(max_length=4, blank=True, editable=False)
    is_default = models.BooleanField(default=False)
    from_environment = models.BooleanField(
        default=False, editable=False,
        help_text=_("Address and key come from the environment; the address may then be a local one."),
    )
    is_sandbox = models.BooleanField(default=False, editable=False)
    max_in_flight = models.PositiveIntegerField(_("requests in flight, at most"), default=32)
    max_per_minute = models.PositiveIntegerField(
        _("requests a minute, at most"), default=0, help_text=_("0: no ceiling of ours; the service's own limits are learnt."),
    )
    duplicate_words = models.TextField(
        _("words of a duplicate answer"), blank=True, help_text=_("One a line; empty: the usual ones."),
    )
    balance = models.CharField(max_length=40, blank=True, editable=False)
    checked_at = models.DateTimeField(null=True, editable=False)
    problem = models.CharField(max_length=40, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        constraints = [
            models.UniqueConstraint(fields=["is_default"], condition=models.Q(is_default=True), name="one_default_account"),
        ]

    def __str__(self) -> str:
        return self.name


class AccountBudget(models.Model):
    """How fast an account may be used right now: shared by all workers, changed in short transactions.

    `rate_per_minute` is what has been learnt so far (0: not limited), `in_flight` the requests allowed at once.
    """

    account = models.OneToOneField(Account, primary_key=True, on_delete=models.CASCADE, related_name="budget")
    rate_per_minute = models.FloatField(default=0)
    in_flight = models.PositiveIntegerField(default=4)
    tokens = models.FloatField(default=0)
    refilled_ms = models.BigIntegerField(default=0)
    grown_ms = models.BigIntegerField(default=0)
    halved_ms = models.BigIntegerField(default=0)
    not_before_ms = models.BigIntegerField(default=0)
    breaker = models.JSONField(default=dict)
    learnt = models.JSONField(default=dict, db_default={})  # campaigns.pacing.budget


class Assistant(models.Model):
    """An outbound assistant of an account and the variables it speaks of (`{name: default}`)."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="assistants")
    remote_id = models.CharField(max_length=64)
    name = models.CharField(max_length=255)
    variables = models.JSONField(default=dict)
    timezone = models.CharField(max_length=64, blank=True)
    post_call_schema = models.JSONField(default=list)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["account", "remote_id"], name="assistant_once")]

    def __str__(self) -> str:
        return self.name


class PhoneLine(models.Model):
    """A phone number of the account that its campaigns may call from."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="phone_lines")
    remote_id = models.BigIntegerField()
    phone_number = models.CharField(max_length=32)
    label = models.CharField(max_length=100, blank=True)
    is_available = models.BooleanField(default=True)

    class Meta:
        ordering = ["phone_number"]
        constraints = [models.UniqueConstraint(fields=["account", "remote_id"], name="phone_line_once")]

    def __str__(self) -> str:
        return self.phone_number


class Campaign(models.Model):
    """A campaign of WhatTalk. Its status and limits follow the service; assistant and required variables are ours.

    `status` is the service's own word (`draft`, `in-progress`, `stopped`, `completed`; a new one may appear).
    """

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="campaigns")
    remote_id = models.CharField(max_length=64)
    name = models.CharField(max_length=255)
    status = models.CharField(max_length=40, default="draft")
    assistant = models.ForeignKey(Assistant, null=True, blank=True, on_delete=models.SET_NULL, related_name="campaigns")
    assistant_guessed = models.BooleanField(default=False, editable=False)  # chosen by us from a file's headers
    required_variables = models.JSONField(default=list)
    timezone = models.CharField(max_length=64, blank=True)
    settings = models.JSONField(default=dict)  # the service's other fields, in its own words
    missing_since = models.DateTimeField(null=True)  # no longer listed by the service
    synced_at = models.DateTimeField(null=True)
    leads_synced_at = models.DateTimeField(null=True)
    leads_sync = models.JSONField(default=dict)  # where the incremental reading of leads stands
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["account", "remote_id"], name="campaign_once")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_running(self) -> bool:
        return self.status == "in-progress"

    @property
    def variables(self) -> list[str]:
        """Names of the assistant's variables, in its order; empty while the assistant is not known."""
        return list(self.assistant.variables) if self.assistant and isinstance(self.assistant.variables, dict) else []


ENDING = 8  # last digits of a number: enough to find it by, however its beginning is written


class Lead(models.Model):
    """A lead that WhatTalk has, as last seen there. `status` is the service's own word."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="leads", db_index=False)
    remote_id = models.CharField(max_length=64)
    phone_number = models.CharField(max_length=20)
    ending = models.GeneratedField(
        expression=Right("phone_number", ENDING), output_field=models.CharField(max_length=ENDING), db_persist=True
    )
    status = models.CharField(max_length=40, default="created")
    variables = models.JSONField(default=dict)
    secondary_contacts = models.JSONField(default=list)
    call = models.JSONField(null=True)  # of the post-call webhook: duration, tries, extracted variables
    created_at = models.DateTimeField(null=True)
    updated_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["campaign", "remote_id"], name="lead_once")]
        indexes = [
            models.Index(fields=["campaign", "phone_number", "id"], name="lead_number"),  # PostgreSQL reads nothing but it
            models.Index(fields=["campaign", "status", "id"], name="lead_status_newest"),
            models.Index(fields=["campaign", "id"], name="lead_newest"),
            models.Index(fields=["campaign", "ending"], name="lead_ending"),
        ]

    def __str__(self) -> str:
        return self.phone_number


class LeadCount(models.Model):
    """How many leads of a campaign have a status: kept by `campaigns.counts` in the transaction that changes the leads."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="+", db_index=False)
    status = models.CharField(max_length=40)
    n = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["campaign", "status"], name="lead_count_once")]


class CampaignNumber(models.Model):
    """A number that a campaign has, or that a row has claimed for it: the database's own word against doubles.

    `holder` is the row that claimed it (opaque here), null when the service told us of it.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="numbers", db_index=False)
    phone_number = models.CharField(max_length=20)
    holder = models.BigIntegerField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["campaign", "phone_number"], name="number_once_a_campaign")]


class DoNotCall(models.Model):
    """A number that must not be called by anybody, whatever a spreadsheet says."""

    phone_number = models.CharField(_("phone number"), max_length=20, unique=True)
    note = models.CharField(_("note"), max_length=200, blank=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("do-not-call number")
        verbose_name_plural = _("do-not-call list")

    def __str__(self) -> str:
        return self.phone_number
