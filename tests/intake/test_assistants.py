"""Which assistant a campaign uses, where WhatTalk does not say."""

import pytest

from campaigns.models import Assistant, Campaign
from imports.intake.assistants import guess_assistant, is_assistant_known, set_assistant
from imports.intake.field_settings import fields_of
from imports.models import ImportJob
from imports.pipeline.readers.table import Preview, Row
from tests.builders import a_campaign

TURKISH = ("Telefon,Ad Soyad,Firma", "05551234567,Ayşe Ak,Acme")
APPOINTMENTS = ("phone,name,appointment_date,doctor", "05551234567,Ayşe Ak,2026-05-01,Dr. Can")
PHONE_ALONE = ("Telefon", "05551234567")


@pytest.fixture
def unassigned(db) -> Campaign:
    """A campaign whose assistant nobody knows; the account has three."""
    campaign = a_campaign()
    for remote_id, variables in (
        ("1", {}),
        ("2", {"name": "", "appointment_date": "", "doctor": ""}),
        ("3", {"name": "", "company": ""}),
    ):
        Assistant.objects.create(account=campaign.account, remote_id=remote_id, name=remote_id, variables=variables)
    return campaign


def guess(campaign: Campaign, lines: tuple[str, ...], named=()) -> str | None:
    headers, *rows = (line.split(",") for line in lines)
    sample = [Row(number, cells) for number, cells in enumerate(rows, 2)]
    guess_assistant(campaign, Preview("csv", "utf-8", ",", [], "", 1, headers, sample, len(rows)), named)
    campaign.refresh_from_db()
    return campaign.assistant and campaign.assistant.remote_id


def test_the_assistant_whose_variables_fit_best_is_guessed_and_may_change(unassigned):
    assert guess(unassigned, TURKISH) == "3"
    assert unassigned.assistant_guessed and not is_assistant_known(unassigned)
    assert guess(unassigned, APPOINTMENTS) == "2"


def test_of_two_that_fit_the_one_that_asks_for_less_is_guessed(unassigned):
    assert guess(unassigned, ("Telefon,Ad Soyad", "05551234567,Ayşe Ak")) == "3"
    Assistant.objects.filter(remote_id="2").update(variables={"name": ""})
    assert guess(unassigned, ("Telefon,Ad Soyad", "05551234567,Ayşe Ak")) == "2"


@pytest.mark.parametrize(
    "campaign, assistant",
    [
        ("Appointment reminders", "Appointment reminder"),
        ("RANDEVU HATIRLATMALARI", "randevu hatırlatmaları"),
        ("İndirim  duyurusu", "indirim duyurusu"),
    ],
)
def test_an_assistant_of_the_campaigns_name_is_the_better_guess(unassigned, campaign, assistant):
    unassigned.name = campaign
    unassigned.save()
    Assistant.objects.filter(remote_id="1").update(name=assistant)
    assert guess(unassigned, TURKISH) == "1"
    assert unassigned.assistant_guessed
    Assistant.objects.filter(remote_id="2").update(name=assistant)
    assert guess(unassigned, TURKISH) == "3", "of two with the name, none is meant"


@pytest.mark.parametrize(
    "campaign, assistant",
    [
        ("May", "Maya"),
        ("Call", "Calls back"),
        ("Remind", "Reminding us"),
        ("Reminder", "Reminderless"),
        ("Spring", "Autumn"),
        ("", ""),
    ],
)
def test_other_names_say_nothing(unassigned, campaign, assistant):
    unassigned.name = campaign
    unassigned.save()
    Assistant.objects.filter(remote_id="1").update(name=assistant)
    assert guess(unassigned, TURKISH) == "3"


def test_variables_that_somebody_names_count(unassigned):
    assert guess(unassigned, ("Telefon,X,Y", "05551234567,a,b"), ["doctor"]) == "2"


def test_where_nothing_fits_nothing_is_guessed_and_an_earlier_guess_stays(unassigned):
    assert guess(unassigned, PHONE_ALONE) is None
    guess(unassigned, TURKISH)
    assert guess(unassigned, PHONE_ALONE) == "3"
    Assistant.objects.all().delete()
    assert guess(unassigned, TURKISH) is None


def test_a_choice_of_a_person_stays(unassigned):
    set_assistant(unassigned, Assistant.objects.get(remote_id="1"), guessed=False)
    assert guess(unassigned, TURKISH) == "1" and is_assistant_known(unassigned)


def test_the_only_assistant_and_the_one_that_whattalk_names_are_no_guess(unassigned):
    unassigned.settings = {"assistant_id": 2}
    unassigned.save()
    assert guess(unassigned, TURKISH) == "2" and not unassigned.assistant_guessed
    Campaign.objects.update(assistant=None, settings={})
    Assistant.objects.exclude(remote_id="3").delete()
    unassigned.refresh_from_db()
    assert guess(unassigned, PHONE_ALONE) == "3" and not unassigned.assistant_guessed


def test_variables_of_an_earlier_mapping_do_not_outlive_the_certain_assistant(unassigned):
    job = ImportJob(campaign=unassigned, mapping={"phone_number": 0, "old_variable": 1})
    assert "old_variable" in {field.key for field in fields_of(job)}
    set_assistant(unassigned, Assistant.objects.get(remote_id="3"), guessed=True)
    assert "old_variable" in {field.key for field in fields_of(job)}
    set_assistant(unassigned, Assistant.objects.get(remote_id="3"), guessed=False)
    assert "old_variable" not in {field.key for field in fields_of(job)}
