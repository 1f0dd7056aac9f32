"""Where the value of a field comes from."""

import pytest

from imports.pipeline.columns.source import (
    Joined,
    columns_used,
    default_separator,
    in_words,
    mapping_from_json,
    mapping_to_json,
    value_of,
)


def test_values_of_one_column_and_of_joined_ones():
    assert value_of([" Ali "], 0) == "Ali" and value_of(["Ali"], 3) == ""
    assert value_of(["Ali", "", "Kaya"], Joined((0, 1, 2))) == "Ali Kaya"


def test_a_mapping_survives_being_stored():
    mapping = {"name": Joined((0, 2), "-"), "phone_number": 1}
    assert mapping_from_json(mapping_to_json(mapping)) == mapping
    assert columns_used(mapping.values()) == {0, 1, 2}


@pytest.mark.parametrize(("kind", "separator"), [("phone", ""), ("secondary_phone", ""), ("variable", " ")])
def test_numbers_are_joined_without_a_space(kind, separator):
    assert default_separator(kind) == separator


def test_joined_columns_are_named_by_their_headers():
    assert in_words(Joined((0, 1)), ["Ad", "Soyad"]) == "Ad + Soyad" and in_words(1, ["Ad", "Soyad"]) == "Soyad"
