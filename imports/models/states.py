"""What an import, and what each of its rows, can be."""

from collections.abc import Iterable
from functools import reduce
from operator import or_

from django.db import models
from django.utils.translation import gettext_lazy as _


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
    LEFT_OUT = "left_out", _("left out")
    REFUSED = "refused", _("refused by WhatTalk")
    FAILED = "failed", _("could not be sent")
    UNCONFIRMED = "unconfirmed", _("not confirmed by WhatTalk")
    CANCELLED = "cancelled", _("cancelled")


OPEN_STATES = (RowState.PENDING, RowState.SENDING, RowState.UNKNOWN)
# The condition of the index `row_open`, in the words that SQLite compares.
IS_OPEN = "(state = 'pending' OR state = 'sending' OR state = 'unknown')"


def is_one_of(states: Iterable[str]) -> models.Q:
    """As `state__in`, for constraints and conditions of indexes: for IN (…) SQLite builds a list anew for every row that is written."""
    return reduce(or_, (models.Q(state=str(state)) for state in states))
