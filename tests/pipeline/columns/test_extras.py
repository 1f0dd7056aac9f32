"""Columns that were left out, and the notes about them."""

from imports.pipeline.columns.column import view_columns
from imports.pipeline.columns.extras import suggest_extras
from imports.pipeline.columns.fields import lead_fields
from tests.pipeline.columns.suggestions import LEADS, PHONES, left_out, suggested


def test_a_well_named_column_that_was_left_out_is_said():
    suggestion, chosen = suggested(
        {"Ad Soyad": ["x1", "y22", "12", "?", "--"], "Telefon": PHONES}, ("customer_name",), ("customer_name",)
    )
    assert "customer_name" not in chosen and left_out(suggestion) == {"Ad Soyad": "column_left_out_cells"}
    assert [doubt.code for doubt in suggestion.doubts] == ["required_unmapped"]


def test_nothing_is_said_of_a_file_whose_columns_are_used():
    assert suggested(LEADS)[0].left_out == []


def test_fields_that_have_a_column_are_left_alone():
    columns = view_columns(["Telefon", "Arama İzni"], [[phone, "Evet"] for phone in PHONES], "TR")
    assert suggest_extras(columns, lead_fields([]), {"phone_number": 0}, {0: 0}).choices.keys() == {"consent"}
    assert not suggest_extras(columns, lead_fields([]), {"phone_number": 0, "do_not_call": 1}, {0: 0}).choices
