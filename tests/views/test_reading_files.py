"""The beginning of a file is read by a worker: the pages wait for it and go on by themselves."""

import pytest
from django.urls import reverse

from imports.intake import steps as intake
from imports.intake import storage
from imports.models import ImportJob, JobState, Operation
from imports.operations import runner
from imports.pipeline.process import parent

pytestmark = pytest.mark.usefixtures("nothing_is_done_yet")


@pytest.fixture
def nothing_is_read(monkeypatch):
    def read(*_file):
        raise AssertionError("a file was read in a request")

    monkeypatch.setattr(parent, "_answers", read)


def shown(answer) -> str:
    return answer.content.decode()


def the_worker_comes(job: ImportJob) -> Operation:
    operation = Operation.objects.get(job=job, state="waiting")
    runner.run(operation.pk)
    operation.refresh_from_db()
    return operation


def test_no_request_reads_a_file(alice, as_, campaign, nothing_is_read):
    client = as_(alice)
    form = {"campaign": campaign.pk, "pasted": "Telefon\n0555 000 00 01", "form_token": "t"}
    answer = client.post(reverse("imports:new"), form)
    assert answer.status_code == 302 and not answer.is_ready()
    job = ImportJob.objects.get()
    for name in ("imports:columns", "imports:phones"):
        page = client.get(reverse(name, args=[job.pk]), follow=True)
        assert "Your file is being read" in shown(page) and "Nothing is running in the background" in shown(page)
    assert client.post(reverse("imports:reread", args=[job.pk]), {"encoding": "cp1254"}).status_code == 302
    assert client.get(reverse("imports:phone_table", args=[job.pk])).status_code == 302
    assert Operation.objects.filter(job=job).count() == 2


def test_a_page_waits_and_then_goes_on_to_the_columns(alice, as_, uploaded):
    client = as_(alice)
    columns = reverse("imports:columns", args=[uploaded.pk])
    assert "hx-get" in shown(client.get(columns)) and "Reload" in shown(client.get(columns))
    operation = the_worker_comes(uploaded)
    page = reverse("imports:operation", args=[uploaded.pk, operation.pk])
    assert client.get(page, HTTP_HX_REQUEST="true").headers["HX-Redirect"] == columns
    assert client.get(page).url == columns
    assert "Telefon" in shown(client.get(columns))


def test_read_in_another_way_by_a_worker(alice, as_, uploaded):
    client = as_(alice)
    intake.preview_of(uploaded)
    options = {"encoding": "utf-8", "delimiter": ";", "header_row": "2"}
    page = client.post(reverse("imports:reread", args=[uploaded.pk]), options).url
    assert "Your file is being read" in shown(client.get(page))
    assert the_worker_comes(uploaded).state == "done"
    uploaded.refresh_from_db()
    assert uploaded.headers[0] == "Ayşe Yılmaz"


@pytest.mark.parametrize("reason", ["file_gone", "operation_given_up"])
def test_what_nobody_can_read_fails_its_import_and_is_not_asked_for_without_end(alice, as_, uploaded, reason):
    client = as_(alice)
    client.get(reverse("imports:columns", args=[uploaded.pk]))
    if reason == "file_gone":
        storage.path_of(uploaded).unlink()
    else:
        Operation.objects.update(attempts=3)
    operation = the_worker_comes(uploaded)
    end = client.get(reverse("imports:operation", args=[uploaded.pk, operation.pk]), follow=True)
    uploaded.refresh_from_db()
    assert (uploaded.state, uploaded.reason, end.status_code) == (JobState.FAILED, reason, 200)
    assert end.redirect_chain[-1][0] == reverse("imports:show", args=[uploaded.pk])
    assert Operation.objects.count() == 1


def test_a_file_that_cannot_be_read_says_why(alice, as_, campaign):
    client = as_(alice)
    job = intake.receive_upload([b"PK\x03\x04 no zip at all"], "leads.xlsx", campaign, alice)
    page = client.get(reverse("imports:columns", args=[job.pk]))
    assert "Your file is being read" in shown(page)
    operation = the_worker_comes(job)
    job.refresh_from_db()
    assert (operation.state, job.state) == ("failed", JobState.FAILED)
    end = client.get(reverse("imports:operation", args=[job.pk, operation.pk]), follow=True)
    assert end.redirect_chain[-1][0] == reverse("imports:show", args=[job.pk])
