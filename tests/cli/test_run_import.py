"""What the command in a terminal decides by itself: the assistant, columns by name, and when to stop waiting."""

import pytest

from background.database_clock import now_ms
from campaigns.models import AccountBudget, Assistant, Campaign
from imports.cli import run_import
from imports.cli.columns_by_name import columns_by_name
from imports.errors import CannotBegin
from imports.intake import steps as intake
from imports.intake.assistants import guess_assistant
from imports.intake.field_settings import fields_of
from imports.models import JobState
from imports.pipeline.columns.source import Joined
from tests.builders import a_campaign, a_job

HEADERS = ["Ad Soyad", "Cep Tel", "CEP TEL", "", "Şirket Adı"]


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


def previewed(campaign, text: str):
    job = intake.receive_upload([text.encode()], "a.csv", campaign, None, in_background=False)
    return job, intake.preview_of(job)


def guess(campaign, text: str, named=()) -> str | None:
    guess_assistant(campaign, previewed(campaign, text)[1], named)
    return campaign.assistant and campaign.assistant.remote_id


def test_the_assistant_whose_variables_fit_best_is_guessed_and_may_change(unassigned):
    assert guess(unassigned, "Telefon,Ad Soyad,Firma\n05551234567,Ayşe Ak,Acme\n") == "3"
    assert unassigned.assistant_guessed
    assert guess(unassigned, "phone,name,appointment_date,doctor\n05551234567,Ayşe Ak,2026-05-01,Dr. Can\n") == "2"


@pytest.mark.parametrize(
    "campaign, assistant",
    [
        ("Appointment reminders", "Appointment reminder"),
        ("RANDEVU HATIRLATMALARI", "randevu hatırlatmaları"),
        ("İndirim  duyurusu", "indirim duyurusu"),
    ],
)
def test_a2_an_assistant_of_the_campaign_s_name_is_the_better_suggestion(unassigned, campaign, assistant):
    Campaign.objects.update(name=campaign)
    Assistant.objects.filter(remote_id="1").update(name=assistant)
    unassigned.refresh_from_db()
    assert guess(unassigned, "Telefon,Ad Soyad,Firma\n05551234567,Ayşe Ak,Acme\n") == "1"
    assert unassigned.assistant_guessed


@pytest.mark.parametrize("campaign, assistant", [("May", "Maya"), ("Call", "Calls back"), ("Spring", "Autumn"), ("", "")])
def test_a2_other_names_say_nothing(unassigned, campaign, assistant):
    Campaign.objects.update(name=campaign)
    Assistant.objects.filter(remote_id="1").update(name=assistant)
    unassigned.refresh_from_db()
    assert guess(unassigned, "Telefon,Ad Soyad,Firma\n05551234567,Ayşe Ak,Acme\n") == "3"


def test_variables_that_the_operator_names_count(unassigned):
    assert guess(unassigned, "Telefon,X,Y\n05551234567,a,b\n", ["doctor"]) == "2"


def test_where_nothing_fits_nothing_is_guessed(unassigned):
    assert guess(unassigned, "Telefon\n05551234567\n") is None


def test_a_choice_of_a_person_stays(unassigned):
    unassigned.assistant = Assistant.objects.get(remote_id="1")
    assert guess(unassigned, "Telefon,Ad Soyad,Firma\n05551234567,Ayşe Ak,Acme\n") == "1"


def test_the_only_assistant_is_no_guess(unassigned):
    Assistant.objects.exclude(remote_id="3").delete()
    assert guess(unassigned, "Telefon\n05551234567\n") == "3"
    assert not unassigned.assistant_guessed


def test_variables_of_an_earlier_mapping_do_not_outlive_the_certain_assistant(unassigned):
    job, _preview = previewed(unassigned, "Telefon,Ad\n05551234567,Ayşe\n")
    job.mapping = {"phone_number": 0, "old_variable": 1}
    assert "old_variable" in {field.key for field in fields_of(job)}
    unassigned.assistant = Assistant.objects.get(remote_id="3")
    job.campaign = unassigned
    assert "old_variable" not in {field.key for field in fields_of(job)}


@pytest.mark.parametrize(
    "wanted, column",
    [
        ("Cep Tel", 1),
        ("CEP TEL", 2),
        ("cep tel", 1),
        ("ceptel", 1),
        ("sirket adi", 4),
        ("ŞİRKET ADI", 4),
    ],
)
def test_headers_are_met_exactly_or_else_loosely(wanted, column):
    assert columns_by_name({"phone_number": wanted}, HEADERS) == {"phone_number": column}


@pytest.mark.parametrize("wanted, near", [("Cep Tlf", "Cep Tel"), ("Sirket", "Şirket Adı"), ("zzz", "Ad Soyad")])
def test_a_header_that_is_not_there_is_answered_with_near_ones(wanted, near):
    with pytest.raises(CannotBegin, match=near):
        columns_by_name({"phone_number": wanted}, HEADERS)


def test_one_column_is_one_field_and_an_empty_header_leaves_a_field_out():
    with pytest.raises(CannotBegin):
        columns_by_name({"phone_number": "Cep Tel", "name": "ceptel"}, HEADERS)
    assert columns_by_name({"name": ""}, HEADERS) == {"name": None}


def test_a_script_for_which_nothing_moves_ends_unless_whattalk_asked_it_to_wait(db, monkeypatch):
    monkeypatch.setattr(run_import, "GIVE_UP_SECONDS", -1)
    job = a_job(rows=2)
    budget = AccountBudget.objects.get(account=job.campaign.account)
    budget.not_before_ms = now_ms() + 60_000
    budget.save()
    patience = run_import.StallDetector(lambda job: None)
    for _ in range(3):
        patience(job)
    job.refresh_from_db()
    assert job.state == JobState.PUSHING
    budget.delete()
    patience(job)
    job.refresh_from_db()
    assert (job.state, job.reason) == (JobState.PAUSED, "unreachable")


PLUS = ["Ad", "Soyad", "Alan Kodu", "Telefon", "A+B", "C|D"]


@pytest.mark.parametrize(
    "key, wanted, source",
    [
        ("name", "Ad+Soyad", Joined((0, 1))),
        ("name", ' "Ad" + "soyad" ', Joined((0, 1))),
        ("name", "Soyad+Ad|, ", Joined((1, 0), ", ")),
        ("name", "Ad+Soyad|", Joined((0, 1), "")),
        ("name", "A+B", 4),
        ("name", '"A+B"', 4),
        ("name", '"A+B"+"Ad"', Joined((4, 0))),
        ("name", "C|D", 5),
        ("name", "Ad+Soyad+Telefon", Joined((0, 1, 3))),
        ("phone_number", "Alan Kodu+Telefon", Joined((2, 3), "")),
        ("secondary_phone_2", '"Alan Kodu"+"Telefon"', Joined((2, 3), "")),
        ("secondary_phone_2_label", "Ad+Soyad", Joined((0, 1), " ")),
        ("consent", "ad", 0),
    ],
)
def test_columns_are_joined_by_name(key, wanted, source):
    assert columns_by_name({key: wanted}, PLUS) == {key: source}


def test_a_part_that_is_not_there_is_named():
    with pytest.raises(CannotBegin, match="Soyadi"):
        columns_by_name({"name": "Ad+Soyadi"}, ["Ad", "Soyad"])
    assert columns_by_name({"name": "Ad+Soyad", "first": "Ad"}, PLUS) == {"name": Joined((0, 1)), "first": 0}, (
        "a part may be a field as well"
    )
