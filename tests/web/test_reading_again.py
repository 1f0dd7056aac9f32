"""A file that could not be read as guessed need not be uploaded again; one column for two fields is said."""

import pytest
from django.urls import reverse

from imports.check.run import run_check
from imports.errors import WorkflowError
from imports.intake import steps as intake
from imports.intake import storage
from imports.models import ImportJob, JobState
from imports.pipeline.phones.normalise import PhoneFormat
from imports.workflow import steps as workflow

# No line after the open quotation mark looks like a row, for so long that the file is given up.
QUOTED = "Telefon;Ad\n" + "0532 123 45 67;Ayşe\n" * 300 + '0532 123 45 68;"Ali\n' + ("x" * 1_000 + "\n") * 9_000
AGAIN = "Read it in another way"


@pytest.fixture
def alices(alice, as_):
    return as_(alice)


def failed(content: str | bytes, campaign, alice) -> ImportJob:
    job = intake.receive_upload([content.encode() if isinstance(content, str) else content], "leads.csv", campaign, alice)
    try:
        intake.preview_of(job)
        intake.set_mapping(job, {"phone_number": 0}, alice)
        intake.set_phone_format(job, PhoneFormat("national", "TR"), alice)
        workflow.start_check(job, in_background=False)
        run_check(job.pk)
    except WorkflowError:
        pass
    job.refresh_from_db()
    assert job.state == JobState.FAILED
    return job


def page_of(client, job) -> str:
    return client.get(reverse("imports:show", args=[job.pk])).content.decode()


def read(client, job, **choices) -> str:
    return client.post(reverse("imports:reread", args=[job.pk]), choices, follow=True).content.decode()


def test_a_file_that_failed_in_the_check_is_read_in_another_way(alices, alice, campaign):
    job = failed(QUOTED, campaign, alice)
    assert job.reason == "quote_not_closed" and AGAIN in page_of(alices, job)
    assert "Which column is what?" in read(alices, job, delimiter=",", encoding="utf-8", header_row="1")
    job.refresh_from_db()
    assert (job.state, job.reason, job.preview.delimiter, job.mapping) == (JobState.UPLOADED, "", ",", {})


def test_one_of_which_nothing_could_be_shown_too(alices, alice, campaign):
    job = failed("Telefon;Ad\n", campaign, alice)
    assert job.preview is None and job.reason == "no_data_rows" and "Automatic" in page_of(alices, job)
    assert AGAIN in read(alices, job, header_row="1"), "still not: it says why and asks again"
    assert "Which column is what?" in read(alices, job, header_row="0")
    job.refresh_from_db()
    assert job.state == JobState.UPLOADED and job.preview.header_row == 0


@pytest.mark.parametrize("content", [b"%PDF-1.7\n" + b"x" * 400, b"\x00\x01\x02" * 300])
def test_no_choice_is_offered_that_could_not_help(alices, alice, campaign, content):
    assert AGAIN not in page_of(alices, failed(content, campaign, alice))


def test_nor_for_a_file_that_is_gone(alices, alice, campaign):
    job = failed(QUOTED, campaign, alice)
    storage.path_of(job).unlink()
    assert AGAIN not in page_of(alices, job)


# -- one column for two fields -----------------------------------------------------------------------------------------
def choose(client, job, **columns: str):
    data = {f"column-{key}": column for key, column in columns.items()}
    return client.post(reverse("imports:columns", args=[job.pk]), data, follow=True)


@pytest.mark.parametrize("other, name", [("secondary_phone_1", "Phone of contact 1"), ("country", "Country of the number")])
def test_one_column_cannot_be_two_phones_or_a_phone_and_a_country(alices, uploaded, other, name):
    answer = choose(alices, uploaded, phone_number="1", **{other: "1"})
    assert answer.status_code == 422
    assert f"The column “Telefon” cannot be “Phone number” and “{name}” at once." in answer.content.decode()
    uploaded.refresh_from_db()
    assert uploaded.mapping == {} and uploaded.state == JobState.UPLOADED


def test_two_contacts_with_one_number_neither(alices, uploaded):
    answer = choose(alices, uploaded, phone_number="1", secondary_phone_1="2", secondary_phone_2="2")
    assert "cannot be “Phone of contact 1” and “Phone of contact 2” at once" in answer.content.decode()


def test_one_column_for_two_variables_is_taken_and_said(alices, uploaded):
    said = "The column “Ad Soyad” is used for “name” and “offer”."
    page = choose(alices, uploaded, phone_number="1", name="0", offer="0").content.decode()
    assert said in page and "If you did not mean that" in page
    uploaded.refresh_from_db()
    assert uploaded.mapping == {"phone_number": 1, "name": 0, "offer": 0}
    assert said in alices.get(reverse("imports:columns", args=[uploaded.pk])).content.decode()


def test_a_column_of_its_own_for_each_is_not_spoken_of(alices, uploaded):
    assert "is used for" not in choose(alices, uploaded, phone_number="1", name="0", offer="2").content.decode()
