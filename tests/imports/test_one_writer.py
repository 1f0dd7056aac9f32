"""A large file leaves senders time between its transactions, where the database has one writer; not for so long that its reader gives up."""

import pytest
from django.db import connection

from background.database_clock import now_ms
from imports.check import one_writer
from imports.models import SendSlot
from imports.pipeline.process import parent
from tests.builders import a_job


@pytest.fixture
def pauses(monkeypatch) -> list[float]:
    slept: list[float] = []
    monkeypatch.setattr(one_writer.time, "sleep", slept.append)
    return slept


@pytest.mark.django_db(transaction=True)
def test_only_while_somebody_sends_and_only_a_large_file(pauses):
    def store(index: int) -> int:
        with one_writer.leaving_room(index):
            pass
        return len(pauses)

    job, is_sqlite = a_job(rows=1), connection.vendor == "sqlite"
    assert store(one_writer.FIRST) == 0
    SendSlot.objects.create(job=job, number=0, lease_ms=now_ms() + 60_000)
    assert store(one_writer.FIRST - 1) == 0 and store(one_writer.LAST) == 0
    assert store(one_writer.FIRST) == is_sqlite


def test_all_pauses_together_are_a_small_part_of_the_time_a_reader_has():
    assert (one_writer.LAST - one_writer.FIRST) * one_writer.LONGEST_PAUSE < parent.CHECK_SECONDS / 3
