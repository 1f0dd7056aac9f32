"""Who sees an import, and from which state it may be moved."""

import pytest
from django.http import Http404

from imports import access, transitions
from imports.errors import WorkflowError
from imports.models import JobState
from tests.builders import a_job


def test_an_uploader_sees_own_imports_and_a_manager_all(alice, bob, charlie, rf):
    job = a_job(rows=0, owner=alice)
    assert job in access.visible_imports(alice) and job in access.visible_imports(bob)
    request = rf.get("/")
    request.user = charlie
    with pytest.raises(Http404):
        access.import_of(request, job.pk)


def test_a_state_is_changed_only_from_those_that_allow_it(db):
    job = a_job(rows=0, state=JobState.PAUSED, reason="key")
    transitions.change_state(job, (JobState.PAUSED,), JobState.PUSHING, **transitions.NO_REASON)
    assert (job.state, job.reason) == (JobState.PUSHING, "")
    with pytest.raises(WorkflowError):
        transitions.change_state(job, (JobState.PAUSED,), JobState.DONE)
    with pytest.raises(WorkflowError):
        transitions.require_state(job, JobState.DONE)
    job.rows_gone_at = "2026-05-01T12:00Z"
    with pytest.raises(WorkflowError):
        transitions.require_rows(job)
