"""The facts that pages gather themselves: the broker, and imports that stand still."""

import datetime as dt

import pytest
from django.utils import timezone

from background.database_clock import now_ms
from imports.alerts import broker, still_imports
from imports.models import ImportJob
from tests.builders import a_job


def test_a_broker_that_is_not_there_is_said_at_once(settings, tmp_path):
    settings.BROKER_URL = f"redis+socket://{tmp_path}/nobody.sock"
    look = broker.look(("send",))
    assert not look.facts.answers and look.depths is None


@pytest.mark.django_db
def test_an_import_with_rows_that_are_due_and_that_nobody_sends_stands_still():
    job = a_job(rows=1)
    ImportJob.objects.update(moved_at=timezone.now())
    assert still_imports.still_imports(now_ms()) == []
    ImportJob.objects.update(moved_at=timezone.now() - dt.timedelta(hours=1))
    [still] = still_imports.still_imports(now_ms())
    assert still.still_ms > 3_500_000 and still.is_sending
    assert still_imports.since_moved_ms() >= still.still_ms - 2_000 and job.pk
