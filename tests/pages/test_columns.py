"""The columns page as a whole."""

import dataclasses

import pytest

from campaigns.models import Assistant
from imports.pages.column_form import MOST_CONTACTS, ColumnForm, stored_form, submitted_form
from imports.pages.columns import columns_page
from imports.pipeline.readers.table import SheetInfo
from imports.pipeline.reasons import Reason
from tests.pages.test_column_form import sent

HEADERS = "Telefon;Ad;Soyad;Kod;Kod"
ROWS = (
    "0532 111 22 33;Ayşe;Ak;A1;B1",
    "0532 111 22 34;Ali;Can;A2;B2",
    *(f"0532 111 22 {n};Ece;Su;A{n};B{n}" for n in range(40, 50)),
)


@pytest.fixture
def form(job_of) -> ColumnForm:
    return stored_form(job_of(HEADERS, *ROWS))


def keys(lines) -> list[str]:
    return [line.field.key for line in lines]


def test_a_page_of_a_file_that_asks_nothing(form):
    page = columns_page(form)
    assert (page["job"], page["preview"], page["problem"], page["is_asking"]) == (form.job, form.preview, "", False)
    assert page["open"] == page["doubts"] == page["reading_questions"] == page["contacts"] == page["other_sheets"] == []
    assert keys(page["main"]) == ["phone_number", "name", "offer"]
    assert keys(page["rare"]) == ["phone_label", "consent", "do_not_call", "country"]
    assert page["separators"].keys() == {"name"} and len(page["first_rows"]) == 4
    assert page["assistant_form"] is None and page["may_add_contact"]


def test_each_column_is_used_or_named_as_left_over_once(form):
    page = columns_page(form)
    assert [view.index for view in page["unused"]] == [3, 4] and page["left_out"] == [] and keys(page["empty"]) == ["offer"]
    given = submitted_form(form.job, sent(("column-phone_number", "0"), ("column-name", "1"), ("column-offer", "3")))
    page = columns_page(given)
    assert [view.index for view in page["unused"]] == [2, 4] and page["empty"] == []


def test_a_column_that_is_left_out_for_a_reason_is_named_with_it_alone(job_of):
    form = stored_form(job_of("Telefon;Ad;E-posta İzni", *(f"0532 111 22 {n};Ece;Evet" for n in range(10, 30))))
    page = columns_page(form)
    assert len(page["left_out"]) == 1 and "E-posta İzni" in str(page["left_out"][0]) and page["unused"] == []


def test_contacts_are_shown_as_many_as_are_used_or_asked_for(form):
    page = columns_page(dataclasses.replace(form, contacts=2))
    assert [contact["position"] for contact in page["contacts"]] == [1, 2]
    first = page["contacts"][0]
    assert keys(first["lines"]) == ["secondary_phone_1", "secondary_1_name", "secondary_1_offer"]
    assert keys(first["rare"]) == ["secondary_phone_1_label"]
    assert {line.field.position for line in page["fields_shown"]} == {0, 1, 2}
    assert not columns_page(dataclasses.replace(form, contacts=99))["may_add_contact"]
    assert len(columns_page(dataclasses.replace(form, contacts=99))["contacts"]) == MOST_CONTACTS


def test_columns_used_twice_are_named_unless_that_is_the_problem(form):
    twice = submitted_form(form.job, sent(("column-phone_number", "0"), ("column-name", "1"), ("column-offer", "1")))
    assert [doubt.code for doubt in columns_page(twice)["doubts"]] == ["column_shared"]
    assert columns_page(twice, problem="It is used twice.")["doubts"] == []


def test_what_was_noticed_of_the_reading_and_what_else_could_be_read(job_of):
    sheets = [SheetInfo(name, visible, 5, 5, [], [], has_numbers) for name, visible, has_numbers in
              (("May", True, True), ("June", True, True), ("Notes", True, False), ("Hidden", False, True))]  # fmt: skip
    form = stored_form(job_of(HEADERS, *ROWS, read={"notes": [Reason("encoding_guessed", {"encoding": "cp1254"})]}))
    preview = dataclasses.replace(form.preview, sheets=sheets, sheet="May", kind="xlsx")
    assert columns_page(dataclasses.replace(form, preview=preview))["other_sheets"] == ["June"]
    assert len(columns_page(form)["notes"]) == 1


def test_an_encoding_that_is_not_certain_is_offered_by_a_button_and_not_told_twice(job_of):
    read = {
        "encoding_rivals": ["cp1254", "cp1252", "cp1250"],
        "notes": [Reason("encoding_guessed", {"encoding": "cp1254"})],
    }
    form = stored_form(job_of(HEADERS, *ROWS, read=read))
    page = columns_page(form)
    assert page["encoding_doubt"] and page["encoding_rivals"] == ("cp1254", "cp1252") and page["notes"] == []
    assert all(question.what != "encoding" for question in page["reading_questions"])


def test_what_is_open_leads_to_the_element_that_answers(job_of):
    unknown = stored_form(job_of("Kod;Açıklama", "A1;ürün", "B2;eşya"))
    elements = {question.what: element for element, question in columns_page(unknown, is_asking=True)["open"]}
    assert elements["phone_number"] == "column-phone_number"
    likely = stored_form(
        job_of("Ad Soyad;Cep Telefonu;Cep Telefonu 2", *(f"Ayşe;0532 111 22 {n};0533 444 55 {n}" for n in range(10, 22)))
    )
    elements = {question.what: element for element, question in columns_page(likely)["open"]}
    assert elements and all(element == f"confirm-{what}" for what, element in elements.items())


def test_the_assistant_is_asked_for_only_while_there_is_one_to_choose(form, campaign):
    campaign = form.job.campaign
    campaign.assistant_guessed = True
    assert columns_page(form)["assistant_form"] is not None
    campaign.assistant = None
    Assistant.objects.all().delete()
    assert columns_page(form)["assistant_form"] is None


def test_the_same_file_in_other_imports_is_named(job_of):
    jobs = [job_of(HEADERS, *ROWS, sha256="1" * 64, state="done") for _ in range(5)]
    assert [job.pk for job in columns_page(stored_form(jobs[-1]))["earlier"]] == [job.pk for job in jobs[3:0:-1]]
