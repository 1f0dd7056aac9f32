"""Imports of a database that was restored from a backup: who could be called twice by them waits for a person."""

from imports.messages import lookup
from imports.models import ImportJob, JobState
from imports.workflow import restored
from tests.builders import a_campaign, a_job


def test_imports_that_could_call_twice_wait_for_a_person(db):
    campaign = a_campaign()
    blocked, doubling = a_job(campaign, ["+905550000001"]), a_job(campaign, ["+905550000002"], allow_duplicates=True)
    ready = a_job(campaign, ["+905550000003"], allow_duplicates=True, state=JobState.READY)
    assert restored.pause_where_calls_could_double() == [doubling.pk]
    states = dict(ImportJob.objects.values_list("pk", "state"))
    assert states == {blocked.pk: JobState.PUSHING, doubling.pk: JobState.PAUSED, ready.pk: JobState.READY}
    assert lookup.sentence(ImportJob.objects.get(pk=doubling.pk).reason).startswith("Paused, because the database was restored")
