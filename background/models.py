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
