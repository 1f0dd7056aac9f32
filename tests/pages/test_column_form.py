"""The form of the columns page, as it is stored, proposed and sent."""

import pytest
from django.http import QueryDict
from django.urls import reverse

from imports.errors import WorkflowError
from imports.pages.column_form import LONGEST_SEPARATOR, MOST_CONTACTS, MOST_JOINED, NOT_CHOSEN, stored_form, submitted_form
from imports.pipeline.columns.source import Joined
from imports.pipeline.evidence import Decision, Grade

HEADERS = "Telefon;Ad;Soyad;Cep 2"
ROWS = ("0532 111 22 33;Ayşe;Ak;0533 444 55 66", "0532 111 22 34;Ali;Can;")


def sent(*fields: tuple[str, str]) -> QueryDict:
    data = QueryDict(mutable=True)
    for name, value in fields:
        data.appendlist(name, value)
    return data


@pytest.fixture
def job(job_of):
    return job_of(HEADERS, *ROWS)


def test_before_anything_is_entered_the_proposal_stands_in_the_form(job):
    form = stored_form(job)
    assert form.mapping["phone_number"] == 0 and form.mapping["name"] == Joined((1, 2))
    assert form.answers.confirmed == frozenset() and form.joining == "" and form.contacts_shown == 1


def test_what_was_stored_stands_there_instead(job):
    job.mapping = {"phone_number": 3}
    form = stored_form(job)
    assert form.mapping == {"phone_number": 3} and form.contacts_shown == 0


@pytest.mark.parametrize(
    ("selected", "source"),
    [
        (["1"], 1),
        ([""], None),
        (["", "1"], 1),
        (["2", "1"], Joined((2, 1))),
        (["1", "1"], 1),  # each column once
        (["²", "-1", "1.0", "x", "999999", " 1"], None),
        (["0", "1", "2", "3", "", "0", "1"], Joined((0, 1, 2, 3))),
    ],
)
def test_a_field_has_the_columns_that_were_selected(job, selected, source):
    form = submitted_form(job, sent(*(("column-name", one) for one in selected)))
    assert form.answers.chosen == {"name": source} and form.mapping == ({} if source is None else {"name": source})


def test_no_more_columns_are_joined_than_are_offered(job_of):
    job = job_of("A;B;C;D;E;F;G", "1;2;3;4;5;6;7")
    form = submitted_form(job, sent(*(("column-name", str(column)) for column in range(7))))
    assert form.mapping["name"] == Joined(tuple(range(MOST_JOINED)))


@pytest.mark.parametrize("column", ["4", "99999"])
def test_a_column_that_the_file_does_not_have_is_an_error(job, column):
    with pytest.raises(WorkflowError, match=f"{int(column) + 1:,}"):
        submitted_form(job, sent(("column-name", "1"), ("column-name", column)))


@pytest.mark.parametrize(
    ("separator", "kept"),
    [(None, " "), ("", ""), (", ", ", "), ("x" * 99, "x" * LONGEST_SEPARATOR), ("\0-\0", "-")],
)
def test_what_stands_between_joined_columns(job, separator, kept):
    given = [] if separator is None else [("separator-name", separator)]
    form = submitted_form(job, sent(("column-name", "1"), ("column-name", "2"), *given))
    assert form.mapping["name"] == Joined((1, 2), kept)
    numbers = submitted_form(job, sent(("column-phone_number", "1"), ("column-phone_number", "2")))
    assert numbers.mapping["phone_number"] == Joined((1, 2), "")


def test_a_separator_is_stored_on_every_database(job, alice, as_):
    job.owner = alice
    job.save()
    data = {"column-phone_number": "0", "column-name": ["1", "2"], "separator-name": "\0-", "asked": ["phone_number", "name"]}
    data |= {f"confirm-{one.what}": f"={one.chosen}" for one in stored_form(job).resolution.decisions}
    assert as_(alice).post(reverse("imports:columns", args=[job.pk]), data).status_code == 302
    job.refresh_from_db()
    assert job.mapping["name"] == {"columns": [1, 2], "separator": "-"}


def test_a_select_that_was_not_touched_is_no_answer(job):
    form = submitted_form(job, sent(("column-phone_number", NOT_CHOSEN), ("column-name", NOT_CHOSEN), ("column-name", "1")))
    assert form.answers.chosen == {"name": 1}
    assert form.answers.confirmed == frozenset()


def test_only_what_stands_in_the_form_is_confirmed(job):
    fields = [("column-phone_number", "0"), ("column-secondary_phone_1", ""), ("asked", "company")]
    data = sent(*fields, ("confirm-phone_number", "=Cep 2"), ("confirm-secondary_phone_1", "="), ("confirm-header_row", "=1"))
    assert submitted_form(job, data).answers.confirmed == {"secondary_phone_1", "header_row"}
    data = sent(*fields, ("confirm-phone_number", "=Telefon"), ("confirm-header_row", "1"))
    assert submitted_form(job, data).answers.confirmed == {"phone_number"}
    data = sent(*fields, ("asked", "phone_number"), ("asked", "no_such_field"))
    assert submitted_form(job, data).answers.confirmed == {"phone_number"}, "it was shown without any choice, and chosen"


@pytest.mark.parametrize(
    ("fields", "shown"),
    [
        ([], 0),
        ([("column-secondary_phone_2", "3")], 2),
        ([("column-secondary_phone_1", ""), ("column-secondary_phone_2", "")], 2),
        ([("column-secondary_phone_1", ""), ("more_contacts", "yes")], 2),
        ([("more_contacts", "yes")], 1),
        ([(f"column-secondary_phone_{n}", "") for n in range(1, 40)] + [("more_contacts", "yes")], MOST_CONTACTS),
        ([("column-secondary_phone_x", ""), ("column-secondary_phone_1_label", "")], 0),
    ],
)
def test_contacts_in_use_are_shown_and_one_more_when_asked_for(job, fields, shown):
    assert submitted_form(job, sent(*fields)).contacts_shown == shown


def test_a_choice_that_is_likely_is_open_until_it_is_confirmed(job_of):
    job = job_of("Ad Soyad;Cep Telefonu;Cep Telefonu 2", *(f"Ayşe;0532 111 22 {n};0533 444 55 {n}" for n in range(10, 22)))
    form = stored_form(job)
    asked = {one.what: one.grade for one in form.open_questions}
    assert asked and set(asked.values()) <= {Grade.LIKELY, Grade.UNKNOWN}
    fields = [(f"column-{key}", str(column)) for key, column in form.mapping.items()]
    answered = sent(*fields, *((f"confirm-{one.what}", f"={one.chosen}") for one in form.open_questions))
    assert submitted_form(job, answered).open_questions == []
    assert all(isinstance(one, Decision) for one in submitted_form(job, sent(*fields)).open_questions)
