"""What speaks for the column that is called, and against the others."""

import pytest

from imports.pipeline.columns.column import view_columns
from imports.pipeline.columns.phone_column import choose_phone
from imports.pipeline.columns.phone_evidence import is_own_name, readings_beside, supports_of
from imports.pipeline.evidence import Reading, Support

MOBILES = ["0532 111 22 33", "0533 222 33 44", "0542 333 44 55", "0555 444 55 66"]


def readings(table: dict[str, list[str]]) -> list[Reading]:
    columns = view_columns([*table], [*map(list, zip(*table.values()))], "TR")
    best, *others = choose_phone(columns).ranking
    return readings_beside(best, others, columns, "TR")


def test_what_supports_a_column():
    best = choose_phone(view_columns(["phone_number"], [[text] for text in MOBILES], "TR")).ranking[0]
    assert supports_of(best, "TR") == {Support.HEADER, Support.OWN_NAME, Support.CELLS}
    assert is_own_name(" phone_number ", "phone_number") and not is_own_name("Phone Number", "phone_number")


def test_what_rules_other_columns_out():
    assert readings({"Cep": MOBILES, "Telefon": MOBILES}) == [Reading("Telefon", "same_numbers")]
    assert readings({"Cep": MOBILES, "Telefon": [*MOBILES[:0], "0212 111 22 33", "", "", ""]})[0].refuted == "fewer"


def test_numbers_of_somebody_else_may_be_meant_for_nobody():
    assert Reading("") in readings({"Satış Temsilcisi Telefonu": MOBILES})


@pytest.mark.parametrize("header", ["İletişim", "Kontakt", "Müşteri"])
def test_a_way_of_writing_rules_nothing_out_where_no_header_says_phone(header):
    bare = ["5321112234", "5422223345", "5553334456", "5054445567"]
    assert Reading(header) in readings({"No": MOBILES, header: bare})
