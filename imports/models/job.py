"""An import: its file, what a person confirmed, its check and its push; and the preview of its file."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from campaigns.models import Campaign
from campaigns.search_text import FoldedText
from imports.models.states import JobState
from imports.pipeline.readers.table import Preview


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
    search = FoldedText("file_name", default="", db_default="", editable=False)
    file_size = models.BigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    form_token = models.CharField(max_length=64, null=True)  # a double click of one person gives the same import
    read_options = models.JSONField(default=dict)  # what the person chose: encoding, delimiter, sheet, header_row
    ignores_memory = models.BooleanField(default=False, db_default=False)  # "not this time": ColumnMemory is not used
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
    consecutive_failures = models.JSONField(default=dict, db_default={})  # one kind in a row: imports.push.consecutive_failures
    # answers that put off rows which may be like all others: imports.push.deferrals
    put_off_answers = models.PositiveIntegerField(default=0, db_default=0)
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
        # Of one person: a form that somebody else has sent before is another form.
        constraints = [models.UniqueConstraint(fields=["owner", "form_token"], name="form_of_a_person_once")]
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

    @property
    def list_starts(self) -> list[int]:
        """The first column (0-based) of each list that is read; empty before the file was."""
        if "preview" in self.__dict__:
            return self.preview.list_starts if self.preview else []
        return self._stored_list_starts

    @cached_property
    def _stored_list_starts(self) -> list[int]:
        """Of the preview, which is large, nothing else is loaded."""
        return ImportPreview.objects.filter(job=self).values_list("data__list_starts", flat=True).first() or []

    def refresh_from_db(self, *args: Any, **kwargs: Any) -> None:
        for read in ("preview", "_stored_list_starts"):  # the file may have been read in another way since
            self.__dict__.pop(read, None)
        super().refresh_from_db(*args, **kwargs)

    @property
    def headers(self) -> list[str]:
        return self.preview.headers if self.preview else []


class ImportPreview(models.Model):
    """What the file of an import holds, with hundreds of its rows: apart from the import, so that only pages that show it load it."""

    job = models.OneToOneField(ImportJob, primary_key=True, on_delete=models.CASCADE, related_name="stored_preview")
    data = models.JSONField()  # Preview.to_json()


class ColumnMemory(models.Model):
    """The mapping confirmed last for the same headers in the same campaign: shared by all who see that campaign."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="+", db_index=False)
    headers_hash = models.CharField(max_length=64)
    # field key -> header, {"headers": […], "separator"} of joined ones, or null for one that was to have no column
    mapping = models.JSONField()
    phone_format = models.JSONField(default=dict)
    job = models.ForeignKey(ImportJob, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)  # the last one
    used_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["campaign", "headers_hash"], name="memory_once")]
