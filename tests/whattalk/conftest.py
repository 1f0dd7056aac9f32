"""One sandbox process for these tests, as new for each of them."""

from collections.abc import Iterator

import pytest

from campaigns.whattalk.client import Limits, WhatTalkClient, call
from campaigns.whattalk.sandbox.process import SandboxProcess
from campaigns.whattalk.sandbox.settings import Settings

CAMPAIGN = 1050


@pytest.fixture(scope="session")
def sandbox_process() -> Iterator[SandboxProcess]:
    with SandboxProcess() as process:
        yield process


@pytest.fixture
def sandbox(sandbox_process: SandboxProcess) -> SandboxProcess:
    """Nothing in it but what a new sandbox holds; settings as they come, nobody is called."""
    ordinary = Settings(lead_pace=0).public() | {"api_key": sandbox_process.api_key}
    sandbox_process.control.settings(**ordinary)
    sandbox_process.control.reset()
    return sandbox_process


@pytest.fixture
def ask(sandbox: SandboxProcess):
    """`ask(lambda client: client.me())` asks the sandbox; keyword arguments are those of the client."""

    def asking(question, **options):
        return call(sandbox.base_url, sandbox.api_key, question, **{"allow_local": True, **options})

    return asking


@pytest.fixture
def hurried(sandbox: SandboxProcess) -> WhatTalkClient:
    """A client without patience, not opened yet."""
    limits = Limits(connect=1, read=0.4, total=0.8)
    return WhatTalkClient(sandbox.base_url, sandbox.api_key, allow_local=True, limits=limits)


def lead(number: int = 1, **more) -> dict:
    return {"phone_number": f"+90555{number:07}", "campaign_id": CAMPAIGN, "variables": {"name": "Ayşe"}, **more}


async def several(client: WhatTalkClient, *leads: dict) -> list:
    """The outcomes of these leads, one after the other."""
    return [await client.create_lead(one) for one in leads]
