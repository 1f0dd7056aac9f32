"""SQLite has one writer at a time, and no queue for it: who waits looks again every tenth of a second at most. Work that writes
transaction after transaction leaves time between them while somebody sends, whose many small transactions would wait otherwise."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from background.database_clock import now_ms
from imports.models import SendSlot

PAUSE = 3.0  # times as long as the transaction took
LONGEST_PAUSE = 1.0  # seconds


@contextmanager
def leaving_room() -> Iterator[None]:
    """Around a large transaction; PostgreSQL needs nothing of the kind."""
    began = time.monotonic()
    yield
    took = time.monotonic() - began
    if connection.vendor == "sqlite" and SendSlot.objects.filter(lease_ms__gte=now_ms()).exists():
        time.sleep(min(LONGEST_PAUSE, PAUSE * took))
