"""How a spreadsheet becomes leads: the import, its rows, and the sums that must always be right.

Times named `*_ms` are milliseconds since the epoch on the database's own clock (`background.database_clock`): leases and
waits must not depend on the clock of whichever machine a worker runs on.
"""

import uuid
from typing import Any, Self, cast

from django.conf import settings
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from campaigns.models import Campaign
from campaigns.whattalk.replies import LONGEST_ID
from imports.pipeline.readers.table import Preview
from imports.pipeline.row_place import Place, place_of


class JobState(models.TextChoices):
    UPLOADED = "uploaded", _("uploaded")
    MAPPED = "mapped", _("mapped")
    CHECKING = "checking", _("checking")
    READY = "ready", _("ready to send")
    PUSHING = "pushing", _("sending")
    PAUSED = "paused", _("paused")
    DONE = "done", _("done")
    CANCELLED = "cancelled", _("cancelled")
    FAILED = "failed", _("failed")


class RowState(models.TextChoices):
    PENDING = "pending", _("waiting to be sent")
    CORRECTED = "corrected", _("corrected, not sent")
    SENDING = "sending", _("being sent")
    UNKNOWN = "unknown", _("answer lost, being looked up")
    CREATED = "created", _("sent")
    INVALID = "invalid", _("cannot be called")
    DUPLICATE_IN_FILE = "duplicate_in_file", _("duplicate in this file")
    DUPLICATE_IN_CAMPAIGN = "duplicate_in_campaign", _("already in the campaign")
    DO_NOT_CALL = "do_not_call", _("on the do-not-call list")
    NO_CONSENT = "no_consent", _("said no to calls")
    REFUSED = "refused", _("refused by WhatTalk")
    FAILED = "failed", _("could not be sent")
    UNCONFIRMED = "unconfirmed", _("not confirmed by WhatTalk")
    CANCELLED = "cancelled", _("cancelled")


OPEN_STATES = (RowState.PENDING, RowState.SENDING, RowState.UNKNOWN)
IS_OPEN = "state IN ('pending', 'sending', 'unknown')"  # word for word the condition of the index `row_open`
FINAL_STATES = tuple(state for state in RowState if state not in OPEN_STATES)


class ImportJob(models.Model):
    """One spreadsheet on its way into one campaign."""

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="imports")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="imports")
    state = models.CharField(max_length=12, choices=JobState, default=JobState.UPLOADED)
    reason = models.CharField(max_length=40, blank=True)  # why paused or failed: a code of imports.messages.lookup
    reason_detail = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)

    # the file
    file_key = models.UUIDField(default=uuid.uuid4, unique=True)
    file_name = models.CharField(max_length=200)
    file_size = models.BigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    form_token = models.CharField(max_length=64, null=True, unique=True)  # a double click gives the same import
    read_options = models.JSONField(default=dict)  # what the person chose: encoding, delimiter, sheet, header_row
    choices = models.JSONField(default=list, db_default=[])  # decisions made for the person: imports.pipeline.evidence.Decision

    # what the person confirmed
    mapping = models.JSONField(default=dict)  # field key -> column index, or {"columns": […], "separator"} of joined ones
    phone_format = models.JSONField(default=dict)  # {"kind": "national", "region": "TR"}
    allow_duplicates = models.BooleanField(default=False)
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    send_limit = models.PositiveIntegerField(null=True)  # "send the first 20, then ask": rows allowed out so far

    # the check
    check_attempts = models.PositiveSmallIntegerField(default=0)  # begun since rows were last stored
    check_token = models.BigIntegerField(default=0)  # fences: only the process that drew it stores rows
    check_lease_ms = models.BigIntegerField(default=0)
    checked_rows = models.PositiveIntegerField(default=0)  # checkpoint: rows stored so far
    checked_chunks = models.PositiveIntegerField(default=0)
    check_hash = models.CharField(max_length=64, blank=True)
    total_rows = models.PositiveIntegerField(null=True)  # null until the whole file has been checked
    notes = models.JSONField(default=list)  # what was noticed while the file was read
    warnings = models.JSONField(default=list)  # what looks wrong with the list as a whole

    # the push
    push_started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    moved_at = models.DateTimeField(null=True)  # when a row last changed its state
    streak = models.JSONField(default=dict, db_default={})  # answers of one bad kind in a row: imports.push.consecutive_failures
    probe = models.JSONField(default=dict, db_default={})  # the tries of a paused import: imports.push.probes
    probe_ms = models.BigIntegerField(default=0, db_default=0)
    undo_requested_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)

    # what is no longer kept: imports.retention.retention
    file_gone_at = models.DateTimeField(null=True)
    rows_gone_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["state"], name="job_state"),
            models.Index(fields=["campaign", "sha256"], name="job_same_file"),
        ]
        verbose_name = _("import")
        verbose_name_plural = _("imports")

    def __str__(self) -> str:
        return f"{self.file_name} → {self.campaign}"

    @property
    def is_being_undone(self) -> bool:
        return bool(self.undo_requested_at and not self.undone_at)

    @cached_property
    def preview(self) -> Preview | None:
        """What the file holds, read with the current choices; None before it was read. Loaded and parsed once for each
        object, until it is refreshed."""
        stored = ImportPreview.objects.filter(job=self).first()
        return Preview.from_json(stored.data) if stored else None

    def refresh_from_db(self, *args: Any, **kwargs: Any) -> None:
        self.__dict__.pop("preview", None)  # the file may have been read in another way since
        super().refresh_from_db(*args, **kwargs)

    @property
    def headers(self) -> list[str]:
        return self.preview.headers if self.preview else []


class ImportPreview(models.Model):
    """What the file of an import holds, with hundreds of its rows: apart from the import, so that only pages that show it load it."""

    job = models.OneToOneField(ImportJob, primary_key=True, on_delete=models.CASCADE, related_name="stored_preview")
    data = models.JSONField()  # Preview.to_json()


def _says(key: str) -> models.Case:
    return models.Case(models.When(detail__has_key=key, then=models.Value(True)))


class RowQuerySet(models.QuerySet["ImportRow"]):
    def open(self) -> Self:
        """Rows that are still to be sent, in flight, or to be looked up. SQLite uses the index only for the literal condition."""
        return cast(Self, self.extra(where=[IS_OPEN]))


class ImportRow(models.Model):
    """One row of the spreadsheet, its lead, and what became of it.

    `cells` is the row as read and never changes; `corrected` holds the cells a person put in their place.
    `lead` is `{"variables": {…}, "secondary_contacts": […]}`; `detail` is
    `{"params": {…}, "repairs": [code…], "warnings": [[code, params]…], "message": the service's words,
    "recovered": true, "refusal": what is to be verified (`imports.push.conclusions.Refusal`)}`, keys only where there is something to say. `token` fences: an outcome is written only by
    the claim that holds it.
    """

    job = models.ForeignKey(ImportJob, on_delete=models.CASCADE, related_name="rows", db_index=False)
    row_number = models.PositiveIntegerField()
    state = models.CharField(max_length=21, choices=RowState)
    reason = models.CharField(max_length=40, blank=True, default="")
    phone = models.CharField(max_length=20, blank=True, default="")
    cells = models.JSONField(default=list)
    corrected = models.JSONField(null=True)
    lead = models.JSONField(null=True)
    detail = models.JSONField(null=True)
    # so that the few rows with a remark are found among a million: true, or null
    repaired = models.GeneratedField(expression=_says("repairs"), output_field=models.BooleanField(null=True), db_persist=True)
    warned = models.GeneratedField(expression=_says("warnings"), output_field=models.BooleanField(null=True), db_persist=True)
    remote_id = models.CharField(max_length=LONGEST_ID, null=True)
    token = models.BigIntegerField(null=True)
    lease_ms = models.BigIntegerField(default=0)
    next_ms = models.BigIntegerField(default=0)
    first_intent_ms = models.BigIntegerField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    unknowns = models.PositiveSmallIntegerField(default=0)  # answers lost so far
    misses = models.PositiveSmallIntegerField(default=0, db_default=0)  # look-ups since the last lost answer that found nothing
    lookup_failures = models.PositiveSmallIntegerField(default=0, db_default=0)  # and those that could not be made

    objects = RowQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["job", "row_number"], name="row_number_once"),
            models.CheckConstraint(condition=models.Q(state__in=RowState.values), name="row_state_known"),
            models.CheckConstraint(
                condition=~models.Q(state="created") | models.Q(remote_id__isnull=False), name="created_has_remote_id"
            ),
        ]
        indexes = [
            models.Index(fields=["job", "state", "row_number"], name="row_by_state"),
            models.Index(
                fields=["job", "state", "next_ms", "row_number"],
                name="row_open",
                condition=models.Q(state__in=["pending", "sending", "unknown"]),
            ),
            models.Index(fields=["job", "row_number"], name="row_repaired", condition=models.Q(repaired__isnull=False)),
            models.Index(fields=["job", "row_number"], name="row_warned", condition=models.Q(warned__isnull=False)),
            models.Index(fields=["job", "reason", "row_number"], name="row_by_reason", condition=~models.Q(reason="")),
            models.Index(fields=["remote_id"], name="row_remote", condition=models.Q(remote_id__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"row {self.place.row}"

    @property
    def place(self) -> Place:
        """The row as the spreadsheet numbers it, and which of several lists side by side it is in. `row_number` stands for both."""
        return place_of(self.row_number)


class ImportTally(models.Model):
    """How many rows of an import are what: kept in the transaction that moves the rows, so that pages never count.

    `kind` is `state`, `reason` (of rows that cannot be called), `repair` or `warning`; `key` its code.
    """

    job = models.ForeignKey(ImportJob, on_delete=models.CASCADE, related_name="tallies", db_index=False)
    kind = models.CharField(max_length=8)
    key = models.CharField(max_length=40)
    n = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["job", "kind", "key"], name="tally_once")]


class PushMinute(models.Model):
    """Answers of the service per import and minute: the throughput line."""

    job = models.ForeignKey(ImportJob, on_delete=models.CASCADE, related_name="minutes", db_index=False)
    minute = models.BigIntegerField()  # minutes since the epoch
    created = models.IntegerField(default=0)
    other = models.IntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["job", "minute"], name="minute_once")]
        indexes = [models.Index(fields=["minute"], name="push_minute")]


class SendSlot(models.Model):
    """The right of one process to send rows of one import, for as long as it renews its lease."""

    job = models.ForeignKey(ImportJob, on_delete=models.CASCADE, related_name="slots")
    number = models.PositiveSmallIntegerField()
    holder = models.CharField(max_length=80, blank=True)
    token = models.BigIntegerField(default=0)
    in_flight = models.PositiveIntegerField(default=0)
    lease_ms = models.BigIntegerField(default=0)
    next_ms = models.BigIntegerField(
        default=0, db_default=0
    )  # not worth taking before; when nothing hinders: when it was last left

    class Meta:
        constraints = [models.UniqueConstraint(fields=["job", "number"], name="slot_once")]


class ColumnMemory(models.Model):
    """The mapping confirmed last for the same headers in the same campaign."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="+", db_index=False)
    headers_hash = models.CharField(max_length=64)
    # field key -> header, {"headers": […], "separator"} of joined ones, or null for one that was to have no column
    mapping = models.JSONField()
    phone_format = models.JSONField(default=dict)
    used_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["campaign", "headers_hash"], name="memory_once")]


class Operation(models.Model):
    """What a person asked of a whole import, where it is too large to be done while they wait: `imports.operations.runner`.

    The table keeps the name it was made with.

    `what` says which report, fix or workbook is meant; `progress` is the checkpoint of those
    that change rows; `result` is what the page says in the end, or `{"reason": [code, params]}` of one that failed.
    """

    class Kind(models.TextChoices):
        REPORT = "report"
        FIX_ALL = "fix_all"
        TAKE_WORKBOOK = "take_workbook"
        RELEASE = "release"

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
    """The outbox: a mail is owed from the moment this row is committed, and sent at least once."""

    class Kind(models.TextChoices):
        DONE = "done"
        PAUSED = "paused"
        FAILED = "failed"

    class State(models.TextChoices):
        WAITING = "waiting"
        SENDING = "sending"
        SENT = "sent"
        FAILED = "failed"

    job = models.ForeignKey(ImportJob, on_delete=models.CASCADE, related_name="mails")
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
        constraints = [models.UniqueConstraint(fields=["job", "kind", "recipient"], name="mail_once")]


class Heartbeat(models.Model):
    """That a worker or the scheduler is alive and does its work (a process that exists may do nothing).

    `detail` of a worker: `{"queues": what it consumes, "processes": how many work}`.
    """

    name = models.CharField(max_length=120, primary_key=True)
    kind = models.CharField(max_length=12)  # worker, scheduler
    beat_ms = models.BigIntegerField(default=0)
    tick_ms = models.BigIntegerField(default=0)
    detail = models.JSONField(default=dict)
