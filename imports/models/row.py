"""The rows of an import, and the sums that are kept of them."""

from typing import Self, cast

from django.db import models

from campaigns.whattalk.replies import LONGEST_ID
from imports.models.job import ImportJob
from imports.models.states import IS_OPEN, OPEN_STATES, RowState, is_one_of
from imports.pipeline.row_place import Place, place_of


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
            models.CheckConstraint(condition=is_one_of(RowState.values), name="row_state_known"),
            models.CheckConstraint(
                condition=~models.Q(state="created") | models.Q(remote_id__isnull=False), name="created_has_remote_id"
            ),
        ]
        indexes = [
            models.Index(fields=["job", "state", "row_number"], name="row_by_state"),
            models.Index(
                fields=["job", "state", "next_ms", "row_number"],
                name="row_open",
                condition=is_one_of(OPEN_STATES),
            ),
            models.Index(fields=["job", "row_number"], name="row_repaired", condition=models.Q(repaired__isnull=False)),
            models.Index(fields=["job", "row_number"], name="row_warned", condition=models.Q(warned__isnull=False)),
            models.Index(fields=["job", "reason", "row_number"], name="row_by_reason", condition=~models.Q(reason="")),
            models.Index(fields=["job", "phone"], name="row_by_phone"),
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
