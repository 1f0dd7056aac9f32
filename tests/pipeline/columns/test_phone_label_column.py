"""Which column says what kind of phone stands beside it."""

import pytest

from imports.pipeline.columns.column import view_columns
from imports.pipeline.columns.phone_label_column import suggest_labels
from imports.pipeline.evidence import Grade
from tests.pipeline.columns.suggestions import NAMES, PHONES, grade, suggested

LANDLINES = ["0212 234 56 78", "0212 999 88 77", "0216 456 12 34", "0232 345 67 12", "0312 417 00 11"]


def test_google_pairs_each_value_with_its_type():
    table = {
        "Name": NAMES,
        "E-mail 1 - Type": ["* Home"] * 5,
        "E-mail 1 - Value": [f"a{n}@example.com" for n in range(5)],
        "Phone 1 - Type": ["Mobile", "Work Fax", "Home", "Work", "Mobile"],
        "Phone 1 - Value": PHONES,
        "Phone 2 - Type": ["Work", "Mobile", "", "", ""],
        "Phone 2 - Value": [*LANDLINES[:2], "", "", ""],
    }
    suggestion, chosen = suggested(table)
    assert (chosen["phone_label"], chosen["secondary_phone_1_label"]) == ("Phone 1 - Type", "Phone 2 - Type")
    assert grade(suggestion, "phone_label") is Grade.PROVEN


@pytest.mark.parametrize(
    ("header", "cells", "found"),
    [
        ("Telefon Tipi", ["Cep", "FAKS", "İş", "Cep", "Ev"], True),
        ("Label", ["mobile", "work", "home", "fax", "mobile"], True),
        ("", ["Cep", "İş", "Cep", "Faks", "Ev"], True),
        ("Müşteri Tipi", ["Kurumsal", "Bireysel", "VIP", "Bireysel", "VIP"], False),
        ("Adres Tipi", ["Ev", "İş", "Ev", "Ev", "İş"], False),
        ("Şube", ["Merkez", "Merkez", "Ofis", "Merkez", "Ofis"], False),
    ],
)
def test_a_label_beside_the_phone_is_found_by_its_cells(header, cells, found):
    _, chosen = suggested({"Ad Soyad": NAMES, "Telefon": PHONES, header: cells})
    assert chosen.get("phone_label") == (header if found else None)


def test_label_phone_label_phone_belong_together_in_pairs():
    table = {
        "Ad Soyad": NAMES,
        "Tip": ["Cep", "İş", "Cep", "Ev", "Cep"],
        "Telefon": PHONES,
        "Tip ": ["Faks", "İş", "Ev", "Ev", "İş"],
        "Telefon 2": LANDLINES,
    }
    _, chosen = suggested(table)
    assert (chosen["phone_label"], chosen["secondary_phone_1_label"]) == ("Tip", "Tip ")


def test_a_column_that_is_used_for_something_else_labels_nothing():
    columns = view_columns(["Telefon", "Tip"], [[phone, "Cep"] for phone in PHONES], "TR")
    assert [found.column for found in suggest_labels(columns, {0: 0}, set())] == [1]
    assert suggest_labels(columns, {0: 0}, {1}) == []
