"""What tests of pages may ask for: an account with a campaign, a spreadsheet on its way, and browsers that are signed in."""

import pytest
from django.test import Client

from campaigns.models import Account, Assistant, Campaign
from imports.check.run import run_check
from imports.intake import steps as intake
from imports.models import ImportJob
from imports.pipeline.phones.normalise import PhoneFormat
from imports.workflow import steps as workflow
from tests.builders import a_campaign, an_account

SHEET = (
    "Ad Soyad;Telefon;Teklif\n"
    "Ayşe Yılmaz;0532 123 45 67;A\n"
    "Çağrı Öz;0533 123 45 68;B\n"
    "Mehmet Kaya;12;C\n"
    "Ayşe Yılmaz;+90 532 123 45 67;D\n"
)


@pytest.fixture
def account(db) -> Account:
    return an_account(is_sandbox=True)


@pytest.fixture
def assistant(account) -> Assistant:
    return Assistant.objects.create(account=account, remote_id="7", name="Ayla", variables={"name": "friend", "offer": ""})


@pytest.fixture
def campaign(account, assistant) -> Campaign:
    return a_campaign(account, name="Spring offer", assistant=assistant)


@pytest.fixture
def as_(db):
    """`as_(alice)` is a browser in which Alice is signed in."""

    def signed_in(person) -> Client:
        client = Client()
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return signed_in


@pytest.fixture
def uploaded(campaign, alice) -> ImportJob:
    """Alice's spreadsheet, just received."""
    return intake.receive_upload([SHEET.encode()], "leads.csv", campaign, alice)


@pytest.fixture
def checked(uploaded, alice) -> ImportJob:
    """The same, mapped and checked: two rows to send, one invalid, one duplicate."""
    intake.set_mapping(uploaded, {"phone_number": 1, "name": 0, "offer": 2}, alice)
    intake.set_phone_format(uploaded, PhoneFormat("national", "TR"), alice)
    workflow.start_check(uploaded, in_background=False)
    run_check(uploaded.pk)
    uploaded.refresh_from_db()
    assert uploaded.state == "ready", (uploaded.reason, uploaded.reason_detail)
    return uploaded
