"""The mapping of the last file with the same headers."""

from imports.pipeline.columns.column import view_columns
from imports.pipeline.columns.fields import Field
from imports.pipeline.columns.remembered import remembered_choices
from imports.pipeline.columns.source import Joined

FIELDS = [Field("phone_number", "phone"), Field("name", "variable", "name")]
COLUMNS = view_columns(["Ad", "Soyad", "Telefon"], [["Ali", "Kaya", "0532 111 22 33"]], "TR")


def sources(remembered: dict) -> dict:
    return {key: choice.column for key, choice in remembered_choices(COLUMNS, FIELDS, remembered).items()}


def test_headers_are_found_again_whatever_their_case():
    assert sources({"phone_number": "TELEFON", "name": {"headers": ["ad", "soyad"], "separator": " "}}) == {
        "phone_number": 2,
        "name": Joined((0, 1)),
    }


def test_fields_without_a_column_and_unknown_fields_are_left_out():
    assert sources({"phone_number": "Telefon", "name": None, "city": "Şehir"}) == {"phone_number": 2}


def test_nothing_is_used_when_a_header_is_gone():
    assert sources({"phone_number": "Telefon", "name": "Müşteri"}) == {}
