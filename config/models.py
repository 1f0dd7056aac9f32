"""What an instance as a whole must remember."""
from django.db import models


class Clock(models.Model):
    """One row: what `config.clock` adds to the database's wall clock, and the latest steady time that a tick has seen."""

    offset_ms = models.BigIntegerField(default=0)
    seen_ms = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"wall clock {self.offset_ms:+d} ms"
