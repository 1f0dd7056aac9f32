"""SQLite has one writer at a time, and no queue for it: who waits looks again after up to a tenth of a second. A large file, stored
transaction after transaction, leaves time between them while somebody sends: a sender's many small ones would wait otherwise."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from background.database_clock import now_ms
from imports.models import SendSlot

FIRST, LAST = 10, 600  # transactions of a file: fewer are not noticed, and pauses of more would use up the time a reader has
PAUSE = 6.0  # times as long as the transaction took: a sender then waits for a seventh of the time at most
LONGEST_PAUSE = 0.4  # seconds; four minutes in all


@contextmanager
def leaving_room(index: int) -> Iterator[None]:
    """Around a transaction that stores a part of a file, the `index`-th from 0. PostgreSQL needs nothing of the kind."""
    began = time.monotonic()
    yield
    took = time.monotonic() - began
    is_needed = FIRST <= index < LAST and connection.vendor == "sqlite" and not connection.in_atomic_block
    if is_needed and SendSlot.objects.filter(lease_ms__gte=now_ms()).exists():
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(PASSIVE)")  # else a sender's commit would do it, for all that was stored
        time.sleep(min(LONGEST_PAUSE, PAUSE * took))
