"""A suggestion while it is made, and when it is finished."""

from imports.pipeline.columns.choices import Choice, Draft, plain_name
from imports.pipeline.columns.column import view_columns
from imports.pipeline.columns.fields import Field
from imports.pipeline.evidence import Support, decide
from imports.pipeline.reasons import Reason

WHY = Reason("column_header", {"header": "Ad"})
FIELDS = [Field("phone_number", "phone"), Field("name", "variable", "name"), Field("city", "variable", "city", required=True)]


def draft() -> Draft:
    columns = view_columns(["Telefon", "Ad", "Not"], [["0532 111 22 33", "Ali", ""]], "TR")
    return Draft(columns, "TR", {"phone_number": Choice(0, 1.0, WHY), "name": Choice(1, 1.0, WHY)}, [])


def test_columns_that_no_field_uses_are_free():
    assert [column.header for column in draft().free()] == ["Not"]
    assert [column.header for column in draft().free(but_of="name")] == ["Ad", "Not"]


def test_what_has_no_column_yet():
    assert [field.key for field in draft().without_column(FIELDS)] == ["city"]
    assert draft().column_of("city") is None and draft().phones(FIELDS) == {0: 0}


def test_a_finished_suggestion_names_what_is_missing_and_what_is_ignored():
    suggestion = draft().suggestion(FIELDS, alternatives={"phone_number": [0, 2]})
    assert suggestion.mapping == {"phone_number": 0, "name": 1}
    assert (suggestion.unmapped, suggestion.ignored, suggestion.sure) == (["city"], [2], False)
    assert suggestion.doubts == [Reason("required_unmapped", {"field": "city"})]
    assert suggestion.alternatives == {"phone_number": [2]}


def test_a_choice_is_as_sure_as_its_grade():
    assert Choice.graded(0, decide("name", "Ad", WHY, {Support.CELLS})).confidence == 0.97
    assert Choice.graded(0, decide("name", "Ad", WHY, {Support.HEADER})).confidence == 0.8


def test_names_are_alike_whatever_their_case_and_separators():
    assert plain_name("phone_number") == plain_name("Phone Number") == plain_name("PHONENUMBER")
