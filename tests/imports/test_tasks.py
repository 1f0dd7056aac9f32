"""Messages that an older release has put into the broker are done by this one."""

from unittest import mock

import pytest
from celery import current_app

from imports import tasks  # noqa: F401  registers them
from imports.operations import runner
from imports.push import sender
from imports.scheduling import dispatcher


@pytest.mark.parametrize(
    ("name", "args", "does"),
    [
        ("pump", (7, 1, 4), (sender, "run_at")),
        ("chore", (7,), (runner, "run")),
        ("tick", (), (dispatcher, "dispatch_due_work")),
    ],
)
def test_a_message_under_an_old_name_is_done(name, args, does):
    with mock.patch.object(*does, return_value=(None, 0)) as done:
        current_app.tasks[f"imports.tasks.{name}"].run(*args)
    done.assert_called_once_with(*args)
