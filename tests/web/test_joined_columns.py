"""Joined columns, consent and labels on the pages: shown, kept, changed."""

import pytest
from django.urls import reverse

from imports import fields, workflow
from imports.models import ImportJob
from imports.pipeline.column_source import Joined
from imports.pipeline.phones import PhoneFormat

PARTS = "Ad,Soyad,Telefon,Arama İzni\nAyşe,Yılmaz,05550000001,Evet\nAli,Demir,05550000002,Hayır\n"


@pytest.fixture
def alices(alice, as_):
    return as_(alice)


@pytest.fixture
def uploaded(campaign, alice) -> ImportJob:
    job = workflow.receive_upload([PARTS.encode()], "leads.csv", campaign, alice)
    workflow.preview_of(job)
    return job


def test_the_mapping_page_shows_a_joined_suggestion_and_keeps_it(alices, uploaded):
    page = alices.get(reverse("imports:columns", args=[uploaded.pk])).content.decode()
    assert '<option value="0+1| " selected>Ad + Soyad</option>' in page and "Ayşe Yılmaz" in page
    assert "Consent to calls" in page and "Label of the phone number" in page
    alices.post(reverse("imports:columns", args=[uploaded.pk]), {"column-phone_number": "2", "column-name": "0+1| ", "column-consent": "3"})
    uploaded.refresh_from_db()
    assert fields.mapping_of(uploaded) == {"phone_number": 2, "name": Joined((0, 1), " "), "consent": 3}
    page = alices.get(reverse("imports:columns", args=[uploaded.pk])).content.decode()
    assert '<option value="0+1| " selected>Ad + Soyad</option>' in page


@pytest.mark.parametrize(("option", "status"), [("0+1", 200), ("0+1|, ", 200), ("2", 200), ("0+9", 404), ("9", 404), ("x", 404), ("0+", 404)])
def test_the_values_of_joined_columns_are_shown(alices, uploaded, option, status):
    assert alices.get(reverse("imports:column_values", args=[uploaded.pk]), {"column-name": option}).status_code == status


def test_a_column_that_is_not_there_is_no_part(alices, uploaded):
    answer = alices.post(reverse("imports:columns", args=[uploaded.pk]), {"column-phone_number": "2", "column-name": "0+7"})
    assert answer.status_code == 422


def test_whoever_said_no_is_shown_and_may_be_put_right(alices, alice, uploaded):
    workflow.set_mapping(uploaded, {"phone_number": 2, "name": Joined((0, 1)), "consent": 3}, alice)
    workflow.set_phone_format(uploaded, PhoneFormat("national", "TR"), alice)
    workflow.start_check(uploaded, in_background=False)
    workflow.run_check(uploaded.pk)
    page = alices.get(reverse("imports:rows", args=[uploaded.pk]), {"show": "no_consent"}).content.decode()
    assert "This person said no to calls" in page and 'name="cell-3"' in page and page.count('name="cell-0"') == 1
    assert "said no to calls" in alices.get(reverse("imports:check", args=[uploaded.pk])).content.decode()
    alices.post(reverse("imports:correct", args=[uploaded.pk, 3]), {"cell-3": "Evet"})
    assert uploaded.rows.get(row_number=3).state == "pending"
