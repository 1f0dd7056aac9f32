"""Sums that are added to where they are, and values that a database refuses."""

from django.db import DataError

from background.counters import add_to_sums
from background.database_errors import REFUSED_VALUE
from imports.models import ImportTally
from tests.builders import a_job


def test_sums_begin_and_grow_and_nothing_is_added_for_nothing(db):
    job = a_job(rows=0)
    key = ("job_id", "kind", "key")
    add_to_sums(ImportTally, key, [(job.pk, "state", "pending", 2), (job.pk, "state", "failed", 0)])
    add_to_sums(ImportTally, key, [(job.pk, "state", "pending", 3), (job.pk, "state", "created", 1)])
    add_to_sums(ImportTally, key, [])
    assert dict(ImportTally.objects.values_list("key", "n")) == {"pending": 5, "created": 1}


def test_a_lost_connection_says_nothing_of_a_value():
    assert issubclass(DataError, REFUSED_VALUE) and not issubclass(ConnectionError, REFUSED_VALUE)
