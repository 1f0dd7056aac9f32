"""Ways to ask the sandbox."""

import pytest

from campaigns.whattalk.client import WhatTalkClient, call
from campaigns.whattalk.sandbox.process import SandboxProcess
from campaigns.whattalk.transport import Limits

CAMPAIGN = 1050


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
