"""A page that waits for a worker finds out by itself that the work is done, and then asks no more."""

import pytest
from playwright.sync_api import expect

from imports.models import JobState, Operation
from imports.operations import runner
from imports.pipeline.readers.table import Preview
from tests.browser.conftest import elsewhere
from tests.builders import a_campaign, a_job

pytestmark = pytest.mark.any_database

PREVIEW = Preview("csv", "utf-8", ",", [], "", 1, ["phone", "name"], [], 5)


@pytest.fixture(autouse=True)
def everything_is_large(settings, monkeypatch, tmp_path):
    settings.ROWS_IN_A_REQUEST, settings.REPORT_DIR = 0, tmp_path
    monkeypatch.setattr("background.queue._send", lambda task, ids, **when: None)


def test_a_large_report(watched, transactional_db, alice):
    job = a_job(a_campaign(), 5, owner=alice, state=JobState.DONE, preview=PREVIEW)
    page = watched().sign_in(alice)
    page.goto(f"/imports/{job.pk}/")
    page.get_by_role("link", name="csv").last.click()
    expect(page.get_by_role("heading", name="Your file is being made")).to_be_visible()
    with page.expect_download() as begun_by_itself:
        elsewhere(runner.run, Operation.objects.get().pk)
        expect(page.get_by_role("heading", name="Your file is ready")).to_be_visible()
    assert begun_by_itself.value.suggested_filename.endswith(".csv")
    page.wait_for_load_state("networkidle")
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.wait_for_timeout(2_500)
    assert asked == []
    with page.expect_download() as download:
        page.get_by_role("link", name="Download").click()
    assert download.value.path().read_bytes().startswith(b"\xef\xbb\xbf")
