"""Where leads go: WhatTalk accounts, their campaigns, the leads in them, and who must not be called.

Knows nothing of spreadsheets. Remote ids are kept as text: the service may send numbers or strings.
Times named `*_ms` are milliseconds since the epoch on the database's own clock (`background.database_clock`).
"""

from django.conf import settings
from django.db import models
from django.db.models.functions import Right
from django.utils.translation import gettext_lazy as _

from campaigns.call_facts import LastCall
from campaigns.do_not_call_models import DoNotCall as DoNotCall
from campaigns.do_not_call_models import ForgottenNumber as ForgottenNumber
from campaigns.do_not_call_models import Settlement as Settlement
from campaigns.remote_request_models import RemoteRequest as RemoteRequest
from campaigns.search_text import DigitsInValues, FoldedText, SearchText
from campaigns.team_models import Team as Team
from campaigns.whattalk.replies import LONGEST_ID


class Account(models.Model):
    """A WhatTalk account: one key, one budget of requests shared by everything that sends."""

    name = models.CharField(_("name"), max_length=100)
    base_url = models.CharField(_("API address"), max_length=300)
    encrypted_key = models.BinaryField(default=bytes, editable=False)
    key_ending = models.CharField(max_length=4, blank=True, editable=False)
    is_default = models.BooleanField(default=False)
    from_environment = models.BooleanField(
        default=False,
        editable=False,
        help_text=_("Address and key come from the environment; the address may then be a local one."),
    )
    is_sandbox = models.BooleanField(default=False, editable=False)
    max_in_flight = models.PositiveIntegerField(_("requests in flight, at most"), default=32)
    max_per_minute = models.PositiveIntegerField(
        _("requests a minute, at most"),
        default=0,
        help_text=_("0: no limit of ours; Rowcall finds out WhatTalk's own limits."),
    )
    duplicate_words = models.TextField(
        _("words of a duplicate answer"),
        blank=True,
        help_text=_("One a line; empty: the usual ones."),
    )
    # of its webhook's address: campaigns.webhook
    webhook_number = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    webhook_changed_at = models.DateTimeField(null=True, editable=False)
    balance = models.CharField(max_length=40, blank=True, editable=False)
    checked_at = models.DateTimeField(null=True, editable=False)
    problem = models.CharField(max_length=40, blank=True, editable=False)  # what pages say is wrong
    stopped_by = models.CharField(max_length=40, blank=True, db_default="", editable=False)  # what a refused lead has stopped
    # how far the service's clock is ahead of the database's: imports.push.service_clock
    service_clock = models.JSONField(default=dict, db_default={}, editable=False)
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
    """How fast an account may be used right now: shared by all workers, changed in short transactions
    (`campaigns.pacing.budget`)."""

    account = models.OneToOneField(Account, primary_key=True, on_delete=models.CASCADE, related_name="budget")
    not_before_ms = models.BigIntegerField(default=0)  # the service asked for a pause until then
    learnt = models.JSONField(default=dict, db_default={})  # campaigns.pacing.budget


class AnswerMeaning(models.Model):
    """What look-ups have shown of a text with which this account's service refuses leads: `imports.push.refusal_meanings`.

    `text` is `error_texts.text_key` of it: nothing of any lead stands in it. `agreed`: the number was there; `denied`: it was
    not; `untold`: leads could not be looked up. `believed`: rows judged by it without a look-up of their own.
    """

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="meanings", db_index=False)
    text = models.CharField(max_length=220)
    agreed = models.PositiveIntegerField(default=0)
    denied = models.PositiveIntegerField(default=0)
    untold = models.PositiveIntegerField(default=0)
    believed = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "text"], name="meaning_once")]

    def __str__(self) -> str:
        return self.text


class Assistant(models.Model):
    """An outbound assistant of an account and the variables it speaks of (`{name: default}`)."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="assistants")
    remote_id = models.CharField(max_length=LONGEST_ID)
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
    """A campaign of WhatTalk. Its status and limits follow the service; assistant and required variables are chosen here.

    `status` is the service's own word (`draft`, `in-progress`, `stopped`, `completed`; a new one may appear).
    """

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="campaigns")
    remote_id = models.CharField(max_length=LONGEST_ID)
    name = models.CharField(max_length=255)
    search = FoldedText("name", default="", db_default="", editable=False)
    status = models.CharField(max_length=40, default="draft")
    # the status that a start or stop asked for while nobody knows whether it was carried out; then `status` is an old one
    status_asked = models.CharField(max_length=40, blank=True, default="", db_default="")
    status_asked_at = models.DateTimeField(null=True)
    assistant = models.ForeignKey(Assistant, null=True, blank=True, on_delete=models.SET_NULL, related_name="campaigns")
    assistant_guessed = models.BooleanField(default=False, editable=False)  # chosen by us from a file's headers
    required_variables = models.JSONField(default=list)
    timezone = models.CharField(max_length=64, blank=True)
    settings = models.JSONField(default=dict)  # the service's other fields, in its own words
    missing_since = models.DateTimeField(null=True)  # no longer listed by the service
    synced_at = models.DateTimeField(null=True)
    leads_synced_at = models.DateTimeField(null=True)
    leads_sync = models.JSONField(default=dict)  # where the incremental reading of leads stands
    leads_wanted_at = models.DateTimeField(null=True)  # since then something is known that only a reading of the leads can tell
    looked_at = models.DateTimeField(null=True)  # when somebody last had the results of its calls on the screen
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["account", "remote_id"], name="campaign_once")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_status_known(self) -> bool:
        return not self.status_asked

    @property
    def is_running(self) -> bool:
        return self.status == "in-progress" and self.is_status_known

    @property
    def may_be_running(self) -> bool:
        """Whether leads that are sent now may be called now."""
        return self.is_running or not self.is_status_known

    @property
    def are_leads_old(self) -> bool:
        """Whether it is known that WhatTalk has other leads by now than were read."""
        wanted, read = self.leads_wanted_at, self.leads_synced_at
        return wanted is not None and (read is None or read < wanted)

    @property
    def variables(self) -> list[str]:
        """Names of the assistant's variables, in its order; empty while the assistant is not known."""
        return list(self.assistant.variables) if self.assistant and isinstance(self.assistant.variables, dict) else []


class CampaignRequest(models.Model):
    """A form that asks for a new campaign, and what became of it: `campaigns.creating`.

    `known` are the ids of the campaigns that were there before; `params` what WhatTalk was sent.
    """

    class State(models.TextChoices):
        ASKING = "asking", "the answer is waited for"
        DOUBTFUL = "doubtful", "the answer was lost"
        MADE = "made", "made"

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    token = models.CharField(max_length=64)  # of the form; one person's
    name_key = models.CharField(max_length=255)
    params = models.JSONField(default=dict)
    known = models.JSONField(default=list)
    state = models.CharField(max_length=10, choices=State, default=State.ASKING)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    asked_at = models.DateTimeField()
    campaign = models.ForeignKey(Campaign, null=True, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "name_key"],
                condition=models.Q(state__in=["asking", "doubtful"]),
                name="one_request_a_name",
            ),
            models.UniqueConstraint(fields=["asked_by", "token"], name="one_request_a_form"),
        ]


ENDING = 8  # last digits of a number: enough to find it by, however its beginning is written


class Lead(models.Model):
    """A lead that WhatTalk has, as last seen there. `status` is the service's own word."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="leads", db_index=False)
    remote_id = models.CharField(max_length=LONGEST_ID)
    phone_number = models.CharField(max_length=20)
    ending = models.GeneratedField(
        expression=Right("phone_number", ENDING), output_field=models.CharField(max_length=ENDING), db_persist=True
    )
    status = models.CharField(max_length=40, default="created")
    variables = models.JSONField(default=dict)
    secondary_contacts = models.JSONField(default=list)
    search = SearchText(default="", db_default="", editable=False)
    digits_in_values = DigitsInValues(null=True, editable=False)
    call = models.JSONField(null=True)  # of the post-call webhook: duration, tries, extracted variables
    tries = models.PositiveSmallIntegerField(null=True)  # how often it was called; null: the service has not said
    last_call = LastCall(null=True, editable=False)
    # what sent it, as whoever sends numbers it (an import); null: it was added elsewhere, or before this was kept
    origin = models.BigIntegerField(null=True, editable=False)
    created_at = models.DateTimeField(null=True)
    updated_at = models.DateTimeField(null=True)
    told_number = ""  # of a lead that was just read: its number as the service wrote it

    class Meta:
        constraints = [models.UniqueConstraint(fields=["campaign", "remote_id"], name="lead_once")]
        indexes = [
            models.Index(fields=["campaign", "phone_number", "id"], name="lead_number"),  # PostgreSQL reads nothing but it
            models.Index(fields=["campaign", "status", "id"], name="lead_status_newest"),
            models.Index(fields=["campaign", "id"], name="lead_newest"),
            models.Index(fields=["campaign", "ending"], name="lead_ending"),
            # all that `campaigns.results` asks of a lead, so that neither database reads the leads themselves
            models.Index(fields=["campaign", "origin", "status", "tries", "last_call"], name="lead_results"),
            models.Index(fields=["campaign", "id"], name="lead_digits", condition=models.Q(digits_in_values__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.phone_number


class LeadCount(models.Model):
    """How many leads of a campaign have a status: kept by `campaigns.lead_counters` in the transaction that changes the leads."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="+", db_index=False)
    status = models.CharField(max_length=40)
    n = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["campaign", "status"], name="lead_count_once")]


class CampaignNumber(models.Model):
    """A number that a campaign has, or that a row has claimed for it: what the database rules out duplicates by.

    `holder` is the id of the row that claimed it, null when the service has it.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="numbers", db_index=False)
    phone_number = models.CharField(max_length=20)
    holder = models.BigIntegerField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["campaign", "phone_number"], name="number_once_a_campaign")]
