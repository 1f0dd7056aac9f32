"""A mapping is proposed again for a file with the same headers, said so, and never against what the cells say."""

import pytest
from django.urls import reverse

from imports.intake import field_settings
from imports.intake import steps as intake
from imports.models import ColumnMemory, ImportJob

HEADERS = "Kod;Hat;Diğer\n"
FIRST = HEADERS + "".join(f"Ayşe {n};0532 123 45 {n};0533 123 45 {n}\n" for n in range(10, 30))
SWAPPED = HEADERS + "".join(f"Ayşe {n};Bahar {n};0533 123 46 {n}\n" for n in range(10, 30))


@pytest.fixture
def remembered(campaign, alice) -> ImportJob:
    """Alice's last file: its numbers stand under `Hat`, names under `Kod`."""
    job = intake.receive_upload([FIRST.encode()], "nisan.csv", campaign, alice)
    intake.set_mapping(job, {"phone_number": 1, "name": 0}, alice)
    field_settings.remember(job, intake.preview_of(job))
    return job


def page_of(client, text: str, campaign, person) -> tuple[ImportJob, str]:
    job = intake.receive_upload([text.encode()], "mayis.csv", campaign, person)
    intake.preview_of(job)
    return job, client.get(reverse("imports:columns", args=[job.pk])).content.decode()


def test_it_is_said_and_not_taken_this_time(remembered, alice, as_, campaign):
    client = as_(alice)
    job, page = page_of(client, FIRST.replace("Ayşe", "Ali"), campaign, alice)
    assert "as in <strong>nisan.csv</strong> of" in page and 'name="confirm-phone_number"' not in page
    url = reverse("imports:columns", args=[job.pk])
    page = client.post(url, {"memory": "ignore"}, follow=True).content.decode()
    assert "proposed anew" in page and 'name="confirm-phone_number"' in page, "two columns alike are asked about again"
    assert ColumnMemory.objects.count() == 1
    assert "as in <strong>nisan.csv" in client.post(url, {"memory": "use"}, follow=True).content.decode()


def test_it_does_not_outrank_the_cells(remembered, alice, as_, campaign):
    job, page = page_of(as_(alice), SWAPPED, campaign, alice)
    assert 'name="confirm-phone_number"' in page, "what held numbers holds none: asked"
    assert [one.what for one in field_settings.proposal_for(job, job.preview).questions if one.what == "phone_number"]


def test_the_name_of_somebody_elses_file_is_not_told(remembered, charlie, bob, as_, campaign):
    _job, page = page_of(as_(charlie), FIRST.replace("Ayşe", "Ali"), campaign, charlie)
    assert "as in a file of" in page and "nisan.csv" not in page
    _job, page = page_of(as_(bob), FIRST.replace("Ayşe", "Can"), campaign, bob)
    assert "as in <strong>nisan.csv" in page


def test_other_headers_or_another_order_are_another_source(remembered, alice, as_, campaign):
    lines = [";".join(reversed(line.split(";"))) for line in FIRST.splitlines()]
    _job, page = page_of(as_(alice), "\n".join(lines), campaign, alice)
    assert "which had the same headers" not in page
