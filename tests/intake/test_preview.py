"""The preview of a file: in a table of its own, moved there from imports that an older version left in the middle."""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from imports.check.run import run_check
from imports.intake import steps as intake
from imports.models import ImportJob, ImportPreview, JobState
from imports.pipeline.phones.normalise import PhoneFormat
from imports.pipeline.readers.table import Preview
from imports.workflow import steps as workflow
from tests.builders import a_campaign, a_job

BEFORE = [("imports", "0012_probes")]
TURKEY = PhoneFormat("national", "TR")
SHEET = b"Telefon,Ad Soyad\n05550000001,Ada\n05550000008,Bob\n"
SMALL = Preview("csv", "utf-8", ",", [], "", 1, ["phone"], [], 1)


@pytest.fixture
def received(db) -> ImportJob:
    return intake.receive_upload([SHEET], "leads.csv", a_campaign(), None)


@pytest.fixture
def migrate(transactional_db):
    """`migrate(targets)`: the database as it was then, with the models of that time. In the end it is as it is now."""

    def to(targets):
        executor = MigrationExecutor(connection)
        executor.migrate(targets)
        return executor.loader.project_state(targets).apps

    latest = MigrationExecutor(connection).loader.graph.leaf_nodes()
    yield to
    to(latest)


@pytest.fixture
def latest(transactional_db):
    return MigrationExecutor(connection).loader.graph.leaf_nodes()


def check(job: ImportJob) -> ImportJob:
    intake.set_phone_format(job, TURKEY, None)
    workflow.start_check(job, in_background=False)
    run_check(job.pk)
    return ImportJob.objects.get(pk=job.pk)


@pytest.mark.any_database
@pytest.mark.django_db(transaction=True)
def test_an_import_in_the_middle_goes_on_after_the_migration(migrate, latest, received):
    preview = intake.preview_of(received)
    intake.set_mapping(received, {"phone_number": 0}, None)
    old = migrate(BEFORE).get_model("imports", "ImportJob").objects
    assert old.get(pk=received.pk).preview == preview.to_json(), "the older version reads it where it always stood"
    migrate(latest)
    job = ImportJob.objects.get(pk=received.pk)
    assert (job.state, job.preview) == (JobState.MAPPED, preview)
    assert check(job).state == JobState.READY


@pytest.mark.any_database
@pytest.mark.django_db(transaction=True)
def test_an_import_whose_file_was_never_read_is_read_after_the_migration(migrate, latest, received):
    old = migrate(BEFORE).get_model("imports", "ImportJob").objects
    assert old.get(pk=received.pk).preview == {}
    migrate(latest)
    assert not ImportPreview.objects.exists()
    job = ImportJob.objects.get(pk=received.pk)
    intake.set_mapping(job, {"phone_number": 0}, None)
    assert check(job).state == JobState.READY


@pytest.mark.any_database
@pytest.mark.django_db(transaction=True)
def test_more_previews_than_fit_a_batch_are_moved_both_ways(migrate, latest):
    campaign = a_campaign()
    jobs = [a_job(campaign, 0, preview=SMALL if n % 3 else None) for n in range(160)]
    old = migrate(BEFORE).get_model("imports", "ImportJob").objects
    assert [bool(old.get(pk=job.pk).preview) for job in jobs] == [bool(n % 3) for n in range(160)]
    migrate(latest)
    assert [ImportJob.objects.get(pk=job.pk).preview for job in jobs] == [SMALL if n % 3 else None for n in range(160)]


def test_a_preview_is_loaded_and_parsed_once(received, django_assert_num_queries):
    intake.preview_of(received)
    job = ImportJob.objects.get(pk=received.pk)
    with django_assert_num_queries(1):
        assert intake.preview_of(job) is job.preview
        assert job.headers == ["Telefon", "Ad Soyad"]


def test_a_file_that_was_read_in_another_way_is_seen_after_a_refresh(received):
    intake.preview_of(received)
    elsewhere = ImportJob.objects.get(pk=received.pk)
    intake.reread(elsewhere, intake.ReadOptions(header_row=0))
    received.refresh_from_db()
    assert received.preview == elsewhere.preview and received.preview.header_row == 0


def test_the_page_of_phone_formats_parses_it_once(received, alice, client, monkeypatch):
    intake.set_mapping(received, {"phone_number": 0}, None)
    ImportJob.objects.filter(pk=received.pk).update(owner=alice)
    client.force_login(alice, backend="django.contrib.auth.backends.ModelBackend")
    parsed, parse = [], Preview.from_json
    monkeypatch.setattr(Preview, "from_json", lambda data: parsed.append(data) or parse(data))
    assert client.get(f"/imports/{received.pk}/phones/").status_code == 200
    assert len(parsed) == 1
