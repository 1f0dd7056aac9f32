"""Work that outlasts a request: operations, lists of numbers, mails."""

from django.conf import settings
from django.db import models

from campaigns.models import Campaign
from imports.models.job import ImportJob


class Operation(models.Model):
    """What a person asked of a whole import, where it is too large to be done while they wait: `imports.operations.runner`.

    The table and its constraint keep the names they were made with.

    `what` says which report, fix or workbook is meant; `progress` is the checkpoint of those
    that change rows; `result` is what the page says in the end, or `{"reason": [code, params]}` of one that failed.
    """

    class Kind(models.TextChoices):
        REPORT = "report"
        FIX_ALL = "fix_all"
        TAKE_WORKBOOK = "take_workbook"
        RELEASE = "release"
        PREVIEW = "preview"

    class State(models.TextChoices):
        WAITING = "waiting"
        DONE = "done"
        FAILED = "failed"

    job = models.ForeignKey(ImportJob, on_delete=models.CASCADE, related_name="operations")
    kind = models.CharField(max_length=20, choices=Kind)
    what = models.CharField(max_length=80)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)  # begun since it last got anywhere
    token = models.BigIntegerField(default=0)  # fences: only the process that drew it may go on
    lease_ms = models.BigIntegerField(default=0)
    progress = models.JSONField(default=dict)
    result = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)
    began_at = models.DateTimeField(null=True)  # what it says of the rows holds for this moment
    finished_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "imports_chore"
        constraints = [
            models.UniqueConstraint(
                fields=["job", "kind", "what"],
                condition=models.Q(state="waiting"),
                name="chore_waits_once",
            )
        ]


class NumberList(models.Model):
    """A list of numbers that must not be called, pasted or by spreadsheet, on its way onto the do-not-call list.

    `progress`: `{"parts": read so far, "new", "known", "doubtful": how many, "named": the first doubtful ones}`. The file is
    kept only until it has been read.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        DONE = "done"
        FAILED = "failed"

    file_key = models.UUIDField(unique=True)
    file_name = models.CharField(max_length=200, blank=True)  # '' for pasted lines
    campaign = models.ForeignKey(Campaign, null=True, on_delete=models.CASCADE, related_name="+")
    note = models.CharField(max_length=200, blank=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    reason = models.JSONField(default=list)  # of one that failed: code and params
    progress = models.JSONField(default=dict)
    attempts = models.PositiveSmallIntegerField(default=0)  # begun since it last got anywhere
    token = models.BigIntegerField(default=0)  # fences: only the process that drew it may go on
    lease_ms = models.BigIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.file_name


class OutgoingMail(models.Model):
    """The outbox: a mail is owed from the moment this row is committed, and sent at least once. It is about an import, or about the
    week that begins on the Monday `week`."""

    class Kind(models.TextChoices):
        DONE = "done"
        PAUSED = "paused"
        FAILED = "failed"
        WEEKLY = "weekly"

    class State(models.TextChoices):
        WAITING = "waiting"
        SENDING = "sending"
        SENT = "sent"
        FAILED = "failed"

    job = models.ForeignKey(ImportJob, null=True, on_delete=models.CASCADE, related_name="mails")
    week = models.DateField(null=True)
    kind = models.CharField(max_length=20, choices=Kind)
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_ms = models.BigIntegerField(default=0)
    token = models.BigIntegerField(default=0, db_default=0)  # fences: only the process that drew it says what became of the mail
    lease_ms = models.BigIntegerField(default=0)
    error = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["job", "kind", "recipient"], name="mail_once"),
            models.UniqueConstraint(
                fields=["recipient", "week"], name="weekly_mail_once", condition=models.Q(week__isnull=False)
            ),
            models.CheckConstraint(condition=models.Q(job__isnull=False) ^ models.Q(week__isnull=False), name="mail_about_one"),
        ]
