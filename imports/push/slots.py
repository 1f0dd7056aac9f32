"""The slots from which an import is sent: one process each, for as long as it renews its lease.

A message names the slot and the token that it had when the message was enqueued. Taking the slot changes the token, so of any
number of messages for one slot, however late or often they come, one is good and the others are dropped at once: a
queue behind a busy worker cannot fill up with work that is done already.
"""

import os
import socket
from collections.abc import Sequence
from typing import NamedTuple

from django.conf import settings
from django.db import connection

from background.database_clock import now_ms, statement_now_ms
from imports.models import ImportJob, SendSlot

SLOTS = SendSlot._meta.db_table
UNDOING = 10_000  # the number of the one slot from which an import is undone


class Slot(NamedTuple):
    """`token`: as it is now; who takes the slot makes it the next one."""

    number: int
    token: int

    @property
    def taken(self) -> "Slot":
        return self._replace(token=self.token + 1)


def lease_ms() -> int:
    return max(3_000, settings.SEND_LEASE_SECONDS * 1000 // 4)


def take(job_id: int, slot: Slot) -> int | None:
    """The id of the slot, which this process holds now; None when somebody has it, or had it since the message was enqueued."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {SLOTS} SET holder = %s, token = token + 1, in_flight = 0, lease_ms = {statement_now_ms()} + %s "
            f"WHERE job_id = %s AND number = %s AND token = %s AND lease_ms < {statement_now_ms()} RETURNING id",
            [f"{socket.gethostname()}:{os.getpid()}"[:80], lease_ms(), job_id, slot.number, slot.token],
        )
        got = cursor.fetchone()
    return got[0] if got else None


def free(job: ImportJob) -> list[Slot]:
    """Slots where one more process would help: as many as the account may have requests in flight for."""
    return _free(job, numbers(job))


def numbers(job: ImportJob) -> range:
    """The numbers of the slots from which an import is sent."""
    useful = -(-job.campaign.account.max_in_flight // settings.MOST_IN_FLIGHT)
    return range(max(1, min(settings.MOST_SENDERS, useful)))


def free_for_undoing(job: ImportJob) -> list[Slot]:
    return _free(job, [UNDOING])


def _free(job: ImportJob, numbers: Sequence[int]) -> list[Slot]:
    known = {
        number: (token, lease)
        for number, token, lease in SendSlot.objects.filter(job=job, number__in=numbers).values_list(
            "number", "token", "lease_ms"
        )
    }
    missing = [SendSlot(job=job, number=number) for number in numbers if number not in known]
    SendSlot.objects.bulk_create(missing, ignore_conflicts=True)
    now = now_ms()
    found = [(number, *known.get(number, (0, 0))) for number in numbers]
    return [Slot(number, token) for number, token, lease in found if lease < now]
