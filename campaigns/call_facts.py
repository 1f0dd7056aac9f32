"""When a lead was last called, as far as the service tells: kept beside the lead, so that results are counted by an index alone."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import models

from campaigns.whattalk.resources import int_of

if TYPE_CHECKING:
    IntegerField = models.IntegerField[int | None, int | None]
else:
    IntegerField = models.IntegerField

QUARTER = 15 * 60  # seconds: no time zone is anything but whole quarters of an hour away from another
MOST_TRIES = 999  # whoever names more names nothing
UNCALLED = ("created", "scheduled", "processing", "blacklisted")  # statuses whose last change was not the end of a call


class LastCall(IntegerField):
    """Quarters of an hour since the epoch, computed from its lead whenever that is saved or created in bulk. Null where no call
    has ended, or the service does not tell when."""

    def pre_save(self, model_instance: Any, add: bool) -> int | None:
        quarter = last_call(model_instance.status, model_instance.tries, model_instance.updated_at)
        setattr(model_instance, self.attname, quarter)
        return quarter


def last_call(status: str, tries: int | None, updated_at: datetime | None) -> int | None:
    """A lead changes last when a call of it ends. Of calls before that the service tells no time."""
    if updated_at is None or status in UNCALLED or tries == 0:
        return None
    return int(updated_at.timestamp()) // QUARTER


def tries_of(value: Any) -> int | None:
    """How often a lead was called, as the service says it; None where it does not, or names no number of calls."""
    tries = int_of(value)
    return tries if tries is not None and 0 <= tries <= MOST_TRIES else None
