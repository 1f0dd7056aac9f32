"""A campaign of the sandbox, and an import that is on its way into it."""

from collections.abc import Iterator

import pytest

from background import shutdown
from campaigns.whattalk.sandbox.process import SandboxProcess
from tests.builders import a_campaign, a_job, an_account


@pytest.fixture
def campaign(transactional_db, sandbox: SandboxProcess):
    """The sandbox's campaign 1050, known here."""
    return a_campaign(an_account(sandbox.base_url, sandbox.api_key))


@pytest.fixture
def job_of(campaign):
    """`job_of(rows, **fields)`: an import into that campaign, being sent."""
    return lambda rows=10, **fields: a_job(campaign, rows, **fields)


@pytest.fixture(autouse=True)
def in_a_hurry(settings) -> None:
    """The waits of the sender, made short enough for a test; a lease is long enough for a machine that does much else."""
    settings.SEND_LEASE_SECONDS = 24
    settings.SETTLE_SECONDS = settings.SETTLE_SECONDS_WITH_DUPLICATES = 1
    settings.LOOKUP_GAP_SECONDS = 1


@pytest.fixture(autouse=True)
def nobody_asked_to_stop() -> Iterator[None]:
    shutdown.forget()
    yield
    shutdown.forget()
