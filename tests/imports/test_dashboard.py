"""What the first page shows a person."""

from imports.models import JobState
from imports.pages.dashboard import Dashboard
from tests.builders import a_campaign, a_job


def test_running_and_paused_imports_are_shown_to_who_may_see_them(alice, charlie):
    campaign = a_campaign()
    sending = a_job(campaign, 1, owner=alice)
    a_job(campaign, ["+905550000100"], owner=charlie, state=JobState.PAUSED)
    board = Dashboard(alice)
    assert [progress.job for progress in board.running] == [sending] and board.paused == []


def test_what_was_begun_and_what_failed_waits_for_its_owner(alice):
    campaign = a_campaign()
    ready = a_job(campaign, 0, owner=alice, state=JobState.READY)
    failed = a_job(campaign, 0, owner=alice, state=JobState.FAILED)
    assert (Dashboard(alice).unfinished, Dashboard(alice).failed) == ([ready], [failed])
