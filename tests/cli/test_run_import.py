"""What the command in a terminal decides by itself: the assistant, columns by name, and when to stop waiting."""

import pytest

from background.database_clock import now_ms
from campaigns.models import AccountBudget
from imports.cli import run_import
from imports.cli.columns_by_name import columns_by_name
from imports.errors import CannotBegin
from imports.models import JobState
from imports.pipeline.columns.source import Joined
from tests.builders import a_job

HEADERS = ["Ad Soyad", "Cep Tel", "CEP TEL", "", "Şirket Adı"]


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
