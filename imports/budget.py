"""The budget of an account: who may send how much at this moment, shared by all workers and imports."""
import os
import socket
from dataclasses import dataclass

from django.conf import settings
from django.db import connection, transaction

from config.clock import now_ms, now_ms_sql
from imports.models import ImportJob, SendSlot
from imports.push_answers import Weather
from imports.push_rows import new_token

SLOTS = SendSlot._meta.db_table
SLOT_LEASE_MS = 30_000


@dataclass
class Share:
    """One process's right to send rows of one import, and its part of what the account may send."""

    slot_id: int
    token: int
    in_flight: int

    def room(self, in_flight: int, requests_each: int = 1) -> int:
        return self.in_flight - in_flight

    def note(self, weather: Weather, seconds: float, asked_ms: int | None = None) -> None:
        pass

    def renew(self, in_flight: int) -> None:
        pass

    def release(self) -> None:
        SendSlot.objects.filter(pk=self.slot_id, token=self.token).update(holder="", lease_ms=0, in_flight=0)


def take_share(job: ImportJob) -> Share | None:
    """A free place among the senders of this import; None when all are taken."""
    holder, token = f"{socket.gethostname()}:{os.getpid()}"[:80], new_token()
    with transaction.atomic():
        for number in range(settings.MOST_SENDERS):
            SendSlot.objects.get_or_create(job=job, number=number)
        with connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE {SLOTS} SET holder = %s, token = %s, lease_ms = %s WHERE id = "
                f"(SELECT id FROM {SLOTS} WHERE job_id = %s AND lease_ms < {now_ms_sql()} ORDER BY number LIMIT 1) "
                "RETURNING id",
                [holder, token, now_ms() + SLOT_LEASE_MS, job.pk],
            )
            got = cursor.fetchone()
    return Share(got[0], token, settings.MOST_IN_FLIGHT) if got else None


def senders_wanted(job_id: int) -> int:
    """How many more processes should send this import now."""
    return 0 if SendSlot.objects.filter(job_id=job_id, lease_ms__gte=now_ms()).exists() else 1
