"""How columns and fields are named to people, and columns that are chosen twice."""

from django.utils import translation

from imports.intake.column_conflicts import shared_columns
from imports.intake.column_labels import column_view, first_rows, label_of, source_view
from imports.intake.questions import label_of_choice, value_in_words
from imports.pipeline.columns.fields import Field
from imports.pipeline.columns.source import Joined
from imports.pipeline.readers.table import Preview, Row

PHONE, NAME, FIRM = Field("phone_number", "phone"), Field("name", "variable", "name"), Field("firm", "variable", "firm")
SECOND = Field("secondary_phone_1", "secondary_phone", position=1)
ROWS = [Row(2, ["0555 1", "Ayşe", "no"]), Row(3, ["0555 2", "", "yes"])]
PREVIEW = Preview("csv", "utf-8", ",", [], "", 1, ["Phone", "", "Consent"], ROWS, 2)


def test_a_column_shows_its_values_and_how_many_cells_are_filled():
    view = column_view(PREVIEW, 1)
    assert (view.values, view.filled_percent, view.label) == (["Ayşe"], 50, "(no header) Ayşe")
    joined = source_view(PREVIEW, Joined((0, 2), " "))
    assert joined.index == -1 and joined.values == ["0555 1 no", "0555 2 yes"]
    assert first_rows(PREVIEW, 1) == ROWS[:1]


def test_one_column_for_two_phones_makes_no_sense_and_for_two_variables_may():
    codes = [reason.code for reason in shared_columns({"phone_number": 0, "secondary_phone_1": 0}, [PHONE, SECOND], PREVIEW)]
    assert codes == ["column_twice"]
    codes = [reason.code for reason in shared_columns({"name": 1, "firm": 1}, [NAME, FIRM], PREVIEW)]
    assert codes == ["column_shared"]
    assert list(shared_columns({"phone_number": 0, "name": 1}, [PHONE, NAME], PREVIEW)) == []


def test_fields_and_choices_have_names():
    assert label_of(SECOND) == "Phone of contact 1" and label_of(NAME) == "name"
    assert label_of_choice("sheet") == "Sheet" and value_in_words("phone_format", "TR") == "Türkiye"
    with translation.override("de"):
        assert value_in_words("name", "Ad Soyad") == "„Ad Soyad“"
