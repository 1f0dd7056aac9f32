"""A campaign with an assistant, and imports made of text as if somebody had uploaded it."""

from collections.abc import Callable

import pytest

from campaigns.models import Assistant, Campaign
from imports.check.run import run_check
from imports.intake import steps as intake
from imports.models import ImportJob
from imports.pipeline.phones.normalise import PhoneFormat
from imports.workflow import steps as workflow
from tests.builders import a_campaign

TURKEY = PhoneFormat("national", "TR")


@pytest.fixture
def campaign(db) -> Campaign:
    campaign = a_campaign()
    campaign.assistant = Assistant.objects.create(
        account=campaign.account,
        remote_id="7",
        name="Ayda",
        variables={"name": "", "company": ""},
    )
    campaign.save()
    return campaign


@pytest.fixture
def received(campaign) -> Callable[..., ImportJob]:
    """`received(csv_text)`: an import whose file has just arrived."""

    def receive(text: str | bytes, name: str = "leads.csv", **fields) -> ImportJob:
        content = text.encode() if isinstance(text, str) else text
        return intake.receive_upload([content], name, campaign, fields.pop("owner", None), **fields)

    return receive


@pytest.fixture
def checked(received) -> Callable[..., ImportJob]:
    """`checked(csv_text)`: an import that has been mapped as suggested, and checked."""

    def check(text: str, phone_format: PhoneFormat = TURKEY, **fields) -> ImportJob:
        job = checking(received, text, phone_format, **fields)
        run_check(job.pk)
        job.refresh_from_db()
        return job

    return check


def checking(received, text: str, phone_format: PhoneFormat = TURKEY, **fields) -> ImportJob:
    job = received(text, **fields)
    intake.set_mapping(job, intake.suggestion_for(job).mapping, None)
    intake.set_phone_format(job, phone_format, None)
    workflow.start_check(job, in_background=False)
    return job


def person(row_number: int) -> str:
    """Who stands in a row of `csv_of`."""
    first, last = ("Ayşe", "Ali", "Çağrı", "Ece", "İsmail"), ("Yılmaz", "Demir", "Şahin")
    return f"{first[row_number % 5]} {last[row_number % 3]}"


def csv_of(*phones: str) -> str:
    """A file with these phone cells, each with a name, from row 2 on."""
    return "Telefon,Ad Soyad\n" + "".join(f"{phone},{person(n)}\n" for n, phone in enumerate(phones, start=2))


def many(n: int) -> str:
    """A file of `n` good rows."""
    return csv_of(*(f"0555{number:07d}" for number in range(0, 7 * n, 7)))
