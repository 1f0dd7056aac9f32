"""Joined columns, consent and labels on the pages: shown, kept, changed."""

import re

import pytest
from django.urls import reverse

from imports.check.run import run_check
from imports.intake import field_settings
from imports.intake import steps as intake
from imports.models import ImportJob
from imports.pipeline.columns.source import Joined
from imports.pipeline.phones.normalise import PhoneFormat
from imports.workflow import steps as workflow

PARTS = "Ad,Soyad,Telefon,Arama İzni\nAyşe,Yılmaz,05550000001,Evet\nAli,Demir,05550000002,Hayır\n"


@pytest.fixture
def alices(alice, as_):
    return as_(alice)


@pytest.fixture
def uploaded(campaign, alice) -> ImportJob:
    job = intake.receive_upload([PARTS.encode()], "leads.csv", campaign, alice)
    intake.preview_of(job)
    return job


def selects(page: str, key: str) -> list[str]:
    """The value selected in each select of a field."""
    found = re.findall(rf'<select name="column-{key}".*?</select>', page, re.DOTALL)
    return [re.search(r'value="(\d+)" selected', one)[1] if " selected" in one else "" for one in found]


def test_the_mapping_page_shows_a_joined_suggestion_and_keeps_it(alices, uploaded):
    url = reverse("imports:columns", args=[uploaded.pk])
    page = alices.get(url).content.decode()
    assert selects(page, "name") == ["0", "1"] and "Ayşe Yılmaz" in page and "are joined" in page
    assert "Consent to calls" in page and "Label of the phone number" in page
    alices.post(url, {"column-phone_number": "2", "column-name": ["0", "1"], "separator-name": ", ", "column-consent": "3"})
    uploaded.refresh_from_db()
    assert field_settings.mapping_of(uploaded) == {"phone_number": 2, "name": Joined((0, 1), ", "), "consent": 3}
    page = alices.get(url).content.decode()
    assert selects(page, "name") == ["0", "1"] and "Ayşe, Yılmaz" in page


def test_a_column_is_joined_by_a_button_and_taken_away_again(alices, uploaded):
    url = reverse("imports:columns", args=[uploaded.pk])
    page = alices.post(url, {"column-phone_number": "2", "column-name": "0", "join": "name"}).content.decode()
    assert selects(page, "name") == ["0", ""] and "joined with" in page
    page = alices.post(url, {"column-phone_number": "2", "column-name": ["0", "1"], "refresh": "yes"}).content.decode()
    assert selects(page, "name") == ["0", "1"] and "Ayşe Yılmaz" in page
    page = alices.post(url, {"column-phone_number": "2", "column-name": ["0", ""], "refresh": "yes"}).content.decode()
    assert selects(page, "name") == ["0"]
    uploaded.refresh_from_db()
    assert uploaded.mapping == {}, "nothing was confirmed yet"


def test_a_phone_is_joined_with_nothing_between(alices, uploaded):
    page = alices.post(
        reverse("imports:columns", args=[uploaded.pk]),
        {"column-phone_number": ["2", "0"], "refresh": "yes"},
    ).content.decode()
    assert "05550000001Ayşe" in page


@pytest.mark.parametrize("columns", ["9", ["0", "7"]])
def test_a_column_that_is_not_there_changes_nothing(alices, uploaded, columns):
    answer = alices.post(
        reverse("imports:columns", args=[uploaded.pk]), {"column-phone_number": "2", "column-name": columns}, follow=True
    )
    assert "does not exist in this file" in answer.content.decode()
    uploaded.refresh_from_db()
    assert uploaded.mapping == {}


def test_whoever_said_no_is_shown_and_may_be_put_right(alices, alice, uploaded):
    intake.set_mapping(uploaded, {"phone_number": 2, "name": Joined((0, 1)), "consent": 3}, alice)
    intake.set_phone_format(uploaded, PhoneFormat("national", "TR"), alice)
    workflow.start_check(uploaded, in_background=False)
    run_check(uploaded.pk)
    page = alices.get(reverse("imports:rows", args=[uploaded.pk]), {"show": "no_consent"}).content.decode()
    assert "This person said no to calls" in page and 'name="cell-3"' in page and page.count('name="cell-0"') == 1
    assert "said no to calls" in alices.get(reverse("imports:check", args=[uploaded.pk])).content.decode()
    alices.post(reverse("imports:correct", args=[uploaded.pk, 3]), {"cell-3": "Evet"})
    assert uploaded.rows.get(row_number=3).state == "pending"
