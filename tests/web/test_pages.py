"""Every page opens for those it is for, and says what matters."""

import pytest
from django.urls import reverse

from campaigns.models import Lead
from imports.models import ImportJob, ImportRow, JobState


@pytest.mark.parametrize(
    "name",
    ["home", "imports:history", "imports:new", "campaigns:campaigns", "people:my_settings", "people:my_password"],
)
def test_pages_of_an_uploader(name, alice, as_, campaign):
    assert as_(alice).get(reverse(name)).status_code == 200


@pytest.mark.parametrize("name", ["imports:do_not_call", "campaigns:new_campaign"])
def test_pages_of_a_manager(name, alice, bob, as_, campaign):
    assert as_(bob).get(reverse(name)).status_code == 200
    assert as_(alice).get(reverse(name)).status_code == 403


@pytest.mark.parametrize(
    "name",
    [
        "imports:monitor",
        "imports:monitor_now",
        "people:users",
        "people:new_user",
        "campaigns:accounts",
        "campaigns:new_account",
        "people:audit_log",
    ],
)
def test_pages_of_an_admin(name, bob, adam, as_, campaign):
    assert as_(adam).get(reverse(name)).status_code == 200
    assert as_(bob).get(reverse(name)).status_code == 403


def test_campaign_page_offers_start_to_managers_only(alice, bob, as_, campaign):
    url = reverse("campaigns:campaign", args=[campaign.pk])
    assert "Start campaign" in as_(bob).get(url).content.decode()
    assert "Start campaign" not in as_(alice).get(url).content.decode()


def test_leads_are_found_by_the_beginning_and_by_a_part_of_a_number(bob, as_, campaign):
    for n, number in enumerate(["+905321234567", "+905331234568"]):
        Lead.objects.create(campaign=campaign, remote_id=str(n), phone_number=number)
    client, url = as_(bob), reverse("campaigns:leads", args=[campaign.pk])
    assert b"+905331234568" not in client.get(url, {"q": "+90532"}).content
    assert b"+905331234568" in client.get(url, {"q": "34568"}).content
    for dialled in ("0533 123 45 68", "533 123 45 68", "90 533 123 45 68", "0090 533 123 45 68"):
        found = client.get(url, {"q": dialled}).content
        assert b"+905331234568" in found and b"+905321234567" not in found, dialled


def test_the_columns_page_suggests_and_shows_real_values(alice, as_, uploaded):
    page = as_(alice).get(reverse("imports:columns", args=[uploaded.pk])).content.decode()
    assert "0532 123 45 67" in page and "Ayşe Yılmaz" in page
    assert '<option value="1" selected>Telefon</option>' in page


def test_the_journey_by_forms_alone(alice, as_, campaign):
    """Without JavaScript: upload, columns, phones, check, each by a plain form."""
    client = as_(alice)
    pasted = "Telefon\tname\n0532 123 45 67\tAyşe\n"
    columns = client.post(reverse("imports:new"), {"campaign": campaign.pk, "pasted": pasted, "form_token": "t"}).url
    phones = client.post(columns, {"column-phone_number": "0", "column-name": "1"}).url
    check = client.post(phones, {"kind": "national", "region": "TR"}).url
    job = ImportJob.objects.get()
    assert job.state == JobState.CHECKING and check == reverse("imports:check", args=[job.pk])
    assert b"being checked" in client.get(check).content


def test_the_check_page_adds_up_to_the_file(alice, as_, checked):
    page = as_(alice).get(reverse("imports:check", args=[checked.pk])).content.decode()
    assert "2 leads are ready to be sent" in page and "Together 4 rows" in page


def test_every_count_opens_its_rows(alice, as_, checked):
    client = as_(alice)
    for kind in ("ready", "repaired", "invalid", "duplicate_in_file", "duplicate_in_campaign", "do_not_call", "warned"):
        assert client.get(reverse("imports:rows", args=[checked.pk]), {"show": kind}).status_code == 200, kind


def test_a_finished_import_shows_what_became_of_it(alice, bob, as_, checked):
    ImportRow.objects.filter(job=checked, state="pending").update(state="cancelled")
    for state in (JobState.PUSHING, JobState.PAUSED, JobState.DONE, JobState.CANCELLED):
        ImportJob.objects.filter(pk=checked.pk).update(state=state, reason="paused_by_person", reason_detail={"who": "Bob"})
        for person in (alice, bob):
            assert as_(person).get(reverse("imports:show", args=[checked.pk])).status_code == 200
