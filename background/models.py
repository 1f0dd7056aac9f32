"""What an instance as a whole must remember."""

from django.db import models


class Clock(models.Model):
    """One row: what `background.database_clock` adds to the database's wall clock, and the latest steady time that was noted.

    The table keeps the name it was made with: an instance that is upgraded keeps its clock.
    """

    offset_ms = models.BigIntegerField(default=0)
    seen_ms = models.BigIntegerField(default=0)

    class Meta:
        db_table = "config_clock"

    def __str__(self) -> str:
        return f"wall clock {self.offset_ms:+d} ms"


class MetricSum(models.Model):
    """A counter of /metrics that outlives processes and is the same for all of them: `background.metric_sums`."""

    name = models.CharField(max_length=40)
    label = models.CharField(max_length=80)  # what is counted apart, parts separated by `|`
    n = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "label"], name="metric_once")]

    def __str__(self) -> str:
        return f"{self.name} {self.label}: {self.n}"


class Turn(models.Model):
    """When somebody's work of one kind last had a turn, in steady milliseconds: what `background.turns` asks for.

    The row of `person` EVERYBODY is the lock under which the processes of a kind choose, one after the other.
    """

    NOBODY, EVERYBODY = 0, -1
    kind = models.CharField(max_length=20)
    person = models.BigIntegerField()  # of a user; NOBODY's work is one person's too
    served_ms = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "person"], name="turn_once")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.person}"
