"""A campaign of the sandbox, known here."""

import pytest

from campaigns.models import Account, Campaign
from tests.builders import an_account


@pytest.fixture
def account(db, sandbox) -> Account:
    return an_account(sandbox.base_url, sandbox.api_key)


@pytest.fixture
def campaign(account, sandbox) -> Campaign:
    remote_id = sandbox.control.add_campaign("Test")
    return Campaign.objects.create(account=account, remote_id=str(remote_id), name="Test")
