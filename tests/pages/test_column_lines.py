"""Each field of a lead as a line of the columns page, and what is asked about it."""

import dataclasses

import pytest

from imports.intake.open_questions import CHOSEN_BY_PERSON
from imports.pages.column_form import MOST_JOINED, ColumnForm, stored_form, submitted_form
from imports.pages.column_lines import Line, Question, lines_of, question_of, separators
from imports.pipeline.columns.fields import Field
from imports.pipeline.evidence import Decision, Grade
from imports.pipeline.reasons import Reason
from tests.pages.test_column_form import sent

HEADERS = "Telefon;Ad;Soyad;Kod"
ROWS = ("0532 111 22 33;Ayşe;Ak;A1", "0532 111 22 34;Ali;Can;B2")


def line_of(form: ColumnForm, key: str) -> Line:
    return next(line for line in lines_of(form) if line.field.key == key)


@pytest.fixture
def form(job_of) -> ColumnForm:
    return stored_form(job_of(HEADERS, *ROWS))


def test_every_field_has_one_line_and_who_is_called_stands_first(form):
    lines = lines_of(form)
    assert sorted(line.place for line in lines) == list(range(len(form.fields)))
    own = [line.field.kind for line in lines if not line.field.position]
    assert own[:4] == ["phone", "phone_label", "consent", "consent"] and own[-2:] == ["variable", "variable"]
    last = [line.field.position for line in lines][len(own) :]
    assert last == sorted(last) and 0 not in last, "secondary contacts come after the lead's own fields, one by one"


def test_a_line_shows_its_columns_their_values_and_why(form):
    phone, name, offer = (line_of(form, key) for key in ("phone_number", "name", "offer"))
    assert (phone.selects, phone.column.values[:1], phone.certainty) == ([0], ["0532 111 22 33"], "sure")
    assert isinstance(phone.reason, Reason) and not phone.is_joined
    assert (name.selects, name.separator, name.is_joined, name.column.values) == ([1, 2], " ", True, ["Ayşe Ak", "Ali Can"])
    assert (offer.selects, offer.column, offer.reason, offer.certainty) == ([None], None, None, "")
    assert (name.default, offer.default, phone.default) == ("friend", "", "")  # what the assistant says without a column


def test_a_persons_own_choice_is_not_graded(job_of):
    data = sent(("column-phone_number", "0"), ("column-name", "3"))
    name = line_of(submitted_form(job_of(HEADERS, *ROWS), data), "name")
    assert (name.selects, name.reason, name.certainty) == ([3], Reason("column_given", {"header": "Kod"}), "")


@pytest.mark.parametrize("stored", [9, {"columns": [1, 9], "separator": " "}])
def test_a_column_that_the_file_no_longer_has_is_none(job_of, stored):
    name = line_of(stored_form(job_of(HEADERS, *ROWS, mapping={"phone_number": 0, "name": stored})), "name")
    assert (name.selects, name.column) == ([None], None)


def test_one_more_column_is_offered_where_it_was_asked_for(form):
    joining = dataclasses.replace(form, joining="phone_number")
    assert line_of(joining, "phone_number").selects == [0, None] and line_of(joining, "phone_number").is_joined
    nothing_yet = dataclasses.replace(form, joining="offer")
    assert line_of(nothing_yet, "offer").selects == [None]


@pytest.mark.parametrize(
    ("kind", "columns", "may_join"),
    [("variable", 1, True), ("variable", MOST_JOINED, False), ("phone", 2, True), ("country", 1, False), ("consent", 1, False)],
)
def test_what_may_have_more_columns(form, kind, columns, may_join):
    line = dataclasses.replace(line_of(form, "name"), field=Field("x", kind), selects=list(range(columns)))
    assert line.may_join == may_join


def test_rare_fields_stand_apart_unless_something_is_to_be_said_of_them(form):
    country = line_of(form, "country")
    assert country.is_rare and not line_of(form, "offer").is_rare
    asked = Question("country", "unknown", "Which?", Reason("column_country", {}))
    shown = [{"question": asked}, {"column": line_of(form, "name").column}, {"selects": [1, None]}]
    assert not any(dataclasses.replace(country, **change).is_rare for change in shown)


def test_nothing_is_preselected_only_while_it_is_unknown_and_open(form):
    line = dataclasses.replace(line_of(form, "offer"), question=Question("offer", "unknown", "", Reason("x", {})))
    assert line.is_unanswered
    assert not dataclasses.replace(line, question=dataclasses.replace(line.question, grade="likely")).is_unanswered
    assert not dataclasses.replace(line, question=dataclasses.replace(line.question, is_confirmed=True)).is_unanswered
    assert not dataclasses.replace(line, column=line_of(form, "name").column).is_unanswered
    assert not dataclasses.replace(line, question=None).is_unanswered


def asking(form: ColumnForm, *decisions, confirmed=()) -> ColumnForm:
    """The form while these choices are open."""
    changed = dataclasses.replace(form, answers=form.answers._replace(confirmed=frozenset(confirmed)))
    changed.__dict__["resolution"] = form.resolution._replace(open=list(decisions), decisions=list(decisions))
    return changed


LIKELY = Decision("phone_number", "Telefon", Grade.LIKELY, Reason("header_word", {}), ("Kod",))
UNKNOWN = Decision("phone_number", "", Grade.UNKNOWN, Reason("phone_column_missing", {}))


def test_what_is_asked_of_a_choice_and_how_it_is_confirmed(form):
    question = question_of(asking(form, LIKELY), "phone_number", "Telefon")
    assert (question.name, question.value, question.grade, question.is_open) == (
        "confirm-phone_number",
        "=Telefon",
        "likely",
        True,
    )
    assert "Kod" in question.sentence and "Telefon" in question.confirmation
    assert line_of(asking(form, LIKELY), "phone_number").certainty == "likely"


def test_of_what_is_unknown_nothing_can_be_confirmed_until_something_is_chosen(form):
    assert question_of(asking(form, UNKNOWN), "phone_number", "").confirmation == ""
    assert "Kod" in question_of(asking(form, UNKNOWN), "phone_number", "Kod").confirmation


def test_a_confirmed_choice_shows_its_checkbox_checked_and_asks_nothing_more(form):
    question = question_of(asking(form, confirmed=["phone_number"]), "phone_number", "Telefon")
    assert (question.is_confirmed, question.is_open, question.sentence, question.why) == (True, False, "", CHOSEN_BY_PERSON)
    assert question_of(asking(form), "phone_number", "Telefon") is None
    # Asked anew, though something was confirmed before: the question stands.
    assert question_of(asking(form, LIKELY, confirmed=["phone_number"]), "phone_number", "Telefon").is_open


def test_what_may_stand_between_columns_has_a_name(db):
    assert dict(separators(" "))[""] == "nothing" and len(separators(", ")) == 5
    assert separators(" – ")[-1] == (" – ", "“ – ”") and len(separators(" – ")) == 6
