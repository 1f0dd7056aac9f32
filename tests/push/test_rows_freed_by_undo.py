"""Rows that were held back for leads which an undone import has deleted again."""

import pytest

from campaigns.models import CampaignNumber, Lead
from imports import counters
from imports.models import ImportJob, JobState, RowState
from imports.push import rows_freed_by_undo
from imports.push.rows_freed_by_undo import free_rows
from tests.builders import a_campaign, a_job, add_rows, phone


@pytest.fixture
def campaign(db):
    return a_campaign()


@pytest.fixture
def undone(campaign) -> ImportJob:
    """An import whose three leads were deleted."""
    job = a_job(campaign, rows=0, state=JobState.DONE)
    add_rows(job, [phone(n) for n in (1, 2, 3)], RowState.CANCELLED, reason="undone")
    return job


def held(campaign, state: str, *numbers: int, **fields) -> ImportJob:
    job = a_job(campaign, rows=0, state=state, **fields)
    add_rows(job, [phone(n) for n in numbers], RowState.DUPLICATE_IN_CAMPAIGN, reason="duplicate_in_campaign", next_ms=77)
    return job


def rows(job: ImportJob) -> list[tuple[str, str]]:
    assert counters.recount(job.pk)
    return list(job.rows.order_by("row_number").values_list("state", "reason"))


HELD = ("duplicate_in_campaign", "duplicate_in_campaign")


def test_where_sending_has_not_begun_they_wait_like_all_others(campaign, undone):
    job = held(campaign, JobState.READY, 1, 2)
    assert free_rows(undone) == 2 and free_rows(undone) == 0
    assert rows(job) == [("pending", "")] * 2 and set(job.rows.values_list("next_ms", flat=True)) == {0}


@pytest.mark.parametrize("state", [JobState.PUSHING, JobState.PAUSED, JobState.DONE, JobState.CANCELLED])
def test_elsewhere_a_person_decides(campaign, undone, state):
    job = held(campaign, state, 1)
    assert free_rows(undone) == 1 and rows(job) == [("failed", "holder_gone")]


@pytest.mark.parametrize("state", [JobState.FAILED, JobState.UPLOADED])
def test_imports_without_rows_to_send_are_left_alone(campaign, undone, state):
    job = held(campaign, state, 1)
    assert free_rows(undone) == 0 and rows(job) == [HELD]


def test_only_numbers_that_nothing_holds_any_more_are_free(campaign, undone):
    CampaignNumber.objects.create(campaign=campaign, phone_number=phone(1))
    Lead.objects.create(campaign=campaign, remote_id="7", phone_number=phone(2))
    elsewhere = a_campaign(campaign.account, "2000")
    CampaignNumber.objects.create(campaign=elsewhere, phone_number=phone(3))
    Lead.objects.create(campaign=elsewhere, remote_id="8", phone_number=phone(3))
    job = held(campaign, JobState.READY, 1, 2, 3, 9)
    assert free_rows(undone) == 1
    assert rows(job) == [HELD, HELD, ("pending", ""), HELD]


def test_other_rows_other_campaigns_and_imports_whose_rows_are_gone_stay(campaign, undone):
    same_file = ImportJob.objects.get(pk=undone.pk)
    add_rows(same_file, [phone(1)], RowState.DUPLICATE_IN_CAMPAIGN, first_row=90, reason="duplicate_in_campaign")
    elsewhere = held(a_campaign(campaign.account, "2000"), JobState.READY, 1)
    emptied = held(campaign, JobState.DONE, 1, rows_gone_at=undone.created_at)
    doubled = a_job(campaign, rows=0, state=JobState.READY)
    add_rows(doubled, [phone(1)], RowState.DUPLICATE_IN_FILE, reason="duplicate_in_file")
    assert free_rows(undone) == 0
    assert rows(elsewhere) == rows(emptied) == [HELD] and rows(doubled) == [("duplicate_in_file", "duplicate_in_file")]


def test_a_row_that_was_cancelled_otherwise_frees_none(campaign):
    job = a_job(campaign, rows=0, state=JobState.DONE)
    add_rows(job, [phone(1)], RowState.CANCELLED, reason="cancelled")
    add_rows(job, [phone(2)], RowState.CREATED, first_row=9, remote_id="7")
    waiting = held(campaign, JobState.READY, 1, 2)
    assert free_rows(job) == 0 and rows(waiting) == [HELD] * 2


def test_many_are_freed_some_at_a_time(campaign, undone, monkeypatch):
    monkeypatch.setattr(rows_freed_by_undo, "AT_ONCE", 2)
    jobs = [held(campaign, state, 1, 2, 3) for state in (JobState.READY, JobState.DONE)]
    freed = []
    while n := free_rows(undone):
        freed.append(n)
    assert freed == [4, 2]
    assert [set(rows(job)) for job in jobs] == [{("pending", "")}, {("failed", "holder_gone")}]
