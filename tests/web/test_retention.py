"""What is no longer kept is said so, and nothing is offered that would need it."""

import pytest
from django.utils import timezone

from imports import counters
from imports.models import ImportJob, ImportRow, JobState, RowState
from imports.retention import retention
from tests.builders import a_job

GONE = "The rows of this import are no longer kept"


@pytest.fixture
def gone(campaign, alice) -> ImportJob:
    job = a_job(campaign, 0, state=JobState.DONE, owner=alice, finished_at=timezone.now(), rows_gone_at=timezone.now())
    counters.add(job.pk, {("state", "created"): 2, ("state", "failed"): 1, ("state", "invalid"): 1})
    return job


def test_the_page_keeps_the_sums_and_offers_no_rows(gone, alice, as_):
    page = as_(alice).get(f"/imports/{gone.pk}/").content.decode()
    assert GONE in page and "2 leads were sent" in page
    assert not [word for word in ("Try failed rows again", "Correct rows", "errors.csv", "Undo this import") if word in page]


@pytest.mark.parametrize("path", ["rows/?show=created", "report/errors.csv", "report/all.xlsx", "workbook/"])
def test_who_asks_all_the_same_is_told(gone, alice, as_, path):
    page = as_(alice).get(f"/imports/{gone.pk}/{path}", follow=True)
    assert page.redirect_chain and page.content.decode().count(GONE) == 2  # the notice that is always there, and the answer


def test_an_emptied_row_keeps_its_place_on_the_page(checked, alice, as_):
    ImportRow.objects.filter(job=checked, state=RowState.PENDING).update(state=RowState.REFUSED, reason="refused")
    retention.forget("+905331234568")
    page = as_(alice).get(f"/imports/{checked.pk}/rows/?show=refused").content.decode()
    assert 'id="row-2"' in page and 'id="row-3"' in page
    assert "Ayşe" in page and "Çağrı" not in page
