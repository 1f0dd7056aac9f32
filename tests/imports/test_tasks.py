"""Messages that an older release has put into the broker are done by this one."""

from unittest import mock

import pytest
from celery import current_app

from imports import tasks  # noqa: F401  registers them
from imports.scheduling import dispatcher, reading_turns, sending_turns


@pytest.mark.parametrize(
    ("name", "args", "does"),
    [
        ("pump", (7, 1, 4), (sending_turns, "send_next")),
        ("chore", (7,), (reading_turns, "read_next")),
        ("tick", (), (dispatcher, "dispatch_due_work")),
    ],
)
def test_a_message_under_an_old_name_is_done(name, args, does):
    with mock.patch.object(*does, return_value=() if name != "pump" else ((), 0)) as done:
        current_app.tasks[f"imports.tasks.{name}"].run(*args)
    done.assert_called_once_with(*(args if name != "chore" else ()))
