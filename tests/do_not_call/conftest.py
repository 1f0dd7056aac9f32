"""A campaign of the sandbox, and a sender without patience."""

from tests.push.conftest import campaign, in_a_hurry, job_of, nobody_asked_to_stop  # noqa: F401
