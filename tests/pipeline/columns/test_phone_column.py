"""Which column is called, and what rules the others out."""

import pytest

from imports.pipeline.columns.column import view_columns
from imports.pipeline.columns.decisions import decide_phone, decide_secondary
from imports.pipeline.columns.phone_column import choose_phone
from imports.pipeline.evidence import Grade
from tests.pipeline.columns.evidence import TURKISH, WHY


def phone(table: dict[str, list[str]], home="TR"):
    """The header of the column to call, its grade, and the other headers that nothing refutes."""
    columns = view_columns(list(table), [list(row) for row in zip(*table.values())], home)
    decision = decide_phone(choose_phone(columns).ranking, columns, home, None)
    return decision.chosen, decision.grade, decision.instead


IDS = ["5312498713", "5317749205", "5309938114", "5361028847", "5344471920", "5391827365"]

BARE = ["5321112210", "5423349871", "5058812345", "5551239876", "5467712300", "5071234455"]


@pytest.mark.parametrize("header", ["İletişim", "Telefon", "Numara", "x"])
def test_numbers_written_as_phones_win_over_bare_ids(header):
    assert phone({"Tesisat No": IDS, "Ad Soyad": ["Ali Can"] * 6, header: TURKISH})[0] == header


@pytest.mark.parametrize("headers", [("Tesisat No", "İletişim"), ("Müşteri", "Numara"), ("A", "B"), ("Telefon", "Telefon 2")])
def test_two_columns_equally_full_of_numbers_are_a_question_whatever_their_headers(headers):
    _, grade, instead = phone({headers[0]: IDS, "Ad": ["Ali Can"] * 6, headers[1]: BARE})
    assert grade is not Grade.PROVEN and len(instead) == 1


@pytest.mark.parametrize(
    ("header", "cells", "grade"),
    [
        ("Telefon", TURKISH, Grade.PROVEN),
        ("Telefon", BARE, Grade.PROVEN),
        ("Kolon 3", TURKISH, Grade.PROVEN),
        ("Kolon 3", BARE, Grade.PROVEN),
        ("Müşteri No", [*IDS, "5352223344", "5388887766", "5391112233"], Grade.LIKELY),
        ("Temsilci Telefonu", TURKISH, Grade.LIKELY),
        ("Eski Telefon", TURKISH, Grade.LIKELY),
        ("Telefon", ["0532 111 22 10"] * 6, Grade.LIKELY),
        ("Telefon", [f"53211122{last}" for last in range(10, 16)], Grade.LIKELY),
        ("phone_number", BARE, Grade.PROVEN),
        ("PHONE_NUMBER", BARE, Grade.PROVEN),
    ],
)
def test_the_only_column_of_numbers(header, cells, grade):
    assert phone({"Ad": ["Ali Can"] * len(cells), header: cells})[:2] == (header, grade)


def test_a_column_that_counts_upwards_or_a_copy_is_no_rival():
    counting = [str(5321112200 + 3 * step) for step in range(6)]
    assert phone({"Sözleşme": counting, "Telefon": TURKISH}) == ("Telefon", Grade.PROVEN, ())
    assert phone({"Billing Phone": TURKISH, "Shipping Phone": TURKISH})[1] is Grade.PROVEN


def test_fixed_lines_beside_mobiles_are_no_rival_for_the_first_call():
    landlines = [f"0212 345 67 {last}" for last in range(10, 16)]
    assert phone({"Ev Tel": landlines, "Cep Tel": TURKISH})[:2] == ("Cep Tel", Grade.PROVEN)


def test_a_secondary_phone_is_proven_by_its_own_name_alone():
    assert decide_secondary("secondary_phone_1", "secondary_phone_1", WHY).grade is Grade.PROVEN
    assert decide_secondary("secondary_phone_1", "Ev Telefonu", WHY).must_be_asked
