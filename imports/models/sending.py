"""Who sends an import at the moment, and how many answers came in each minute."""

from django.db import models

from imports.models.job import ImportJob


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
    # Not worth taking before; when nothing hinders: when it was last left.
    next_ms = models.BigIntegerField(default=0, db_default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["job", "number"], name="slot_once")]
