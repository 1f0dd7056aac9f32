"""Fixes of many rows: what the page shows before is what comes of it, in one step that can be undone, and no guess is sent."""

import pytest
from django.urls import reverse

from campaigns.models import DoNotCall
from imports import counters
from imports.check.run import run_check
from imports.intake import steps as intake
from imports.models import Edit, Operation
from imports.operations import runner
from imports.pipeline.phones.normalise import PhoneFormat
from imports.workflow import steps as workflow

SHEET = (
    "Telefon;Ad;Takma ad;Diğer;Kod\n"
    "0532 111 00 01;Ayşe;;\n"
    "0532 111 00 02 / 0532 111 00 03;Can;;\n"
    "0532 111 00 04 / 0532 111 00 01;Ece;;0532 111 00 09\n"
    "0532 111 00 05 Ali;Su;;\n"
    "0532 111 00 06 Ali;Nur;;\n"
    "0532 111 00 07;;Cem;\n"
    "030 901820;Max;;\n"
    "12;Eve;;\n"
    "111 00 10;Nil;;;(0532)\n"
    "111 00 11;Oya;;;5\n"
)

QUERIES = ["fix=first_number", "fix=second_number", "fix=drop_word", "fix=copy&amp;to=1&amp;from=2", "fix=put_before&amp;from=4"]


@pytest.fixture
def job(campaign, assistant, alice):
    assistant.required = ["name"]
    campaign.required_variables = ["name"]
    campaign.save()
    job = intake.receive_upload([SHEET.encode()], "leads.csv", campaign, alice)
    intake.set_mapping(job, {"phone_number": 0, "name": 1, "secondary_phone_1": 3}, alice)
    intake.set_phone_format(job, PhoneFormat("national", "TR"), alice)
    workflow.start_check(job, in_background=False)
    run_check(job.pk)
    job.refresh_from_db()
    assert job.state == "ready"
    return job


@pytest.fixture
def alices(alice, as_):
    return as_(alice)


def facts(job):
    return list(job.rows.order_by("row_number").values_list("row_number", "state", "phone", "corrected", "lead"))


FIXES = [
    ({"fix": "first_number"}, {3: "+905321110002", 4: "+905321110004"}),
    ({"fix": "second_number"}, {3: "+905321110003", 4: ""}),
    ({"fix": "drop_word"}, {5: "+905321110005", 6: ""}),
    ({"fix": "region", "region": "DE"}, {8: "+4930901820"}),
    ({"fix": "copy", "from": "2", "to": "1"}, {7: "+905321110007"}),
    ({"fix": "put_before", "from": "4"}, {10: "+905321110010"}),
    ({"fix": "replace", "column": "0", "find": "12", "by": "0532 111 00 08"}, {9: "+905321110008"}),
]


@pytest.mark.parametrize(("asked", "phones"), FIXES, ids=[asked["fix"] for asked, _phones in FIXES])
@pytest.mark.parametrize("in_a_worker", [False, True])
def test_each_fix_does_what_it_showed_in_one_step(alices, job, settings, asked, phones, in_a_worker):
    DoNotCall.objects.create(phone_number="+905321110006")
    before = facts(job)
    settings.ROWS_IN_A_REQUEST = 0 if in_a_worker else 1000
    page = alices.get(reverse("imports:fixes", args=[job.pk]), asked).content.decode()
    assert facts(job) == before, "looking changes nothing"
    assert all(phone in page for phone in phones.values())
    alices.post(reverse("imports:fixes", args=[job.pk]), asked)
    for operation in Operation.objects.filter(state="waiting"):
        runner.run(operation.pk)
    changed = {row[0]: row for row, old in zip(facts(job), before, strict=True) if row != old}
    assert {number: row[2] if row[1] == "pending" else "" for number, row in changed.items()} == phones
    assert counters.recount(job.pk) and Edit.objects.get(job=job).rows == len(phones)
    settings.ROWS_IN_A_REQUEST = 1000
    alices.post(reverse("imports:undo_edit", args=[job.pk]))
    assert facts(job) == before and counters.recount(job.pk)


def test_the_other_number_becomes_a_contact_where_there_is_room(alices, job):
    assert (
        "the other becomes a secondary contact, where the row has none"
        in alices.get(reverse("imports:fixes", args=[job.pk])).content.decode()
    )
    alices.post(reverse("imports:fixes", args=[job.pk]), {"fix": "first_number"})
    contacts = {row[0]: [one["phone_number"] for one in (row[4] or {}).get("secondary_contacts", ())] for row in facts(job)}
    assert (contacts[3], contacts[4]) == (["+905321110003"], ["+905321110009"])


@pytest.mark.parametrize(
    "asked",
    [
        {"fix": "region", "region": "ZZ"},
        {"fix": "copy", "from": "99", "to": "1"},
        {"fix": "put_before", "from": "99"},
        {"fix": "copy", "from": "1", "to": "0"},
        {"fix": "replace", "column": "x", "find": "1"},
    ],
)
def test_what_means_nothing_is_said(alices, job, asked):
    before = facts(job)
    for send in (alices.get, alices.post):
        assert (
            "This correction is not known." in send(reverse("imports:fixes", args=[job.pk]), asked, follow=True).content.decode()
        )
    assert facts(job) == before and not Edit.objects.exists()


@pytest.mark.parametrize(
    "asked", [{"fix": "replace", "column": "3", "find": "0", "by": "1"}, {"fix": "copy", "from": "2", "to": "1"}]
)
def test_the_columns_that_were_asked_about_stay_chosen(alices, job, asked):
    page = alices.get(reverse("imports:fixes", args=[job.pk]), asked).content.decode()
    for name in {"column", "from", "to"} & set(asked):
        chosen = page.partition(f'name="{name}">')[2].partition("</select>")[0]
        assert f'<option value="{asked[name]}" selected>' in chosen


def test_the_table_of_rows_offers_what_mends_the_rows_of_a_reason(alices, job):
    """One press away from before and after: of all reasons, or of the one that is shown."""
    check, fixes = reverse("imports:check", args=[job.pk]), reverse("imports:fixes", args=[job.pk])
    pages = [alices.get(check, asked).content.decode() for asked in ({}, {"show": "invalid", "reason": "phone_letters"})]
    offered = [[query for query in QUERIES if f'href="{fixes}?{query}"' in page] for page in pages]
    assert offered == [QUERIES, ["fix=drop_word"]]
    form = alices.get(fixes).content.decode().partition('id="fix-copy"')[2].partition("</form>")[0]
    assert [f'value="{place}" selected' in form for place in (0, 1, 2, 3)] == [False, True, True, False], "from 2, into 1"


def test_rows_are_shown_with_the_readable_names_of_variables(alices, job):
    page = alices.get(reverse("imports:rows", args=[job.pk]), {"show": "warned"}).content.decode()
    assert '<option value="warned" selected>' in page, "the list names what it shows"
    page = alices.get(reverse("imports:check", args=[job.pk])).content.decode()
    assert '<th scope="col">Name</th>' in page and "“Name” is empty." in page and "“name” is empty." not in page


def test_numbers_are_written_from_left_to_right_in_a_page_from_right_to_left(alices, job, alice):
    alice.language = "ar"
    alice.save()
    page = alices.get(reverse("imports:fixes", args=[job.pk]), {"fix": "first_number"}).content.decode()
    assert 'dir="rtl"' in page and "<bdi>+905321110002</bdi>" in page
    job.rows.all().delete()
    intake.set_phone_format(job, PhoneFormat("national", "TR"), alice)
    columns, phones = (alices.get(reverse(f"imports:{name}", args=[job.pk])).content.decode() for name in ("columns", "phones"))
    assert '<td class="cut"><bdi>0532 111 00 01</bdi></td>' in columns and "(\u2066+90\u2069)" in phones
