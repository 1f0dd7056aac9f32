"""Which column says the country of a row's number."""

import pytest

from imports.pipeline.columns.column import view_columns
from imports.pipeline.columns.country_column import decide_country
from imports.pipeline.evidence import Grade
from tests.pipeline.columns.evidence import TURKISH


def country(table: dict[str, list[str]], home="TR"):
    """The header chosen ('' for none) and the grade (None: nothing to decide)."""
    columns = view_columns(list(table), [list(row) for row in zip(*table.values())], home)
    phones = next(column for column in columns if column.header == "Telefon")
    column, decision = decide_country([one for one in columns if one is not phones], phones.texts, home, "country")
    return column.header if column else "", decision and decision.grade


GERMAN = [f"0151 2345678{last}" for last in range(6)]


@pytest.mark.parametrize(
    "header",
    ["Gidilecek Ülke", "Üretim Yeri", "Doğum Yeri", "Menşe", "Hangi ülkeye gitmek istersiniz?", "Country of Birth", "Land"],
)
@pytest.mark.parametrize("names", [["Almanya"] * 6, ["Almanya", "Fransa", "Almanya", "Avusturya", "ABD", "Lüksemburg"]])
def test_mobiles_at_home_refute_a_column_of_countries(header, names):
    assert country({"Telefon": TURKISH, header: names})[0] == ""


def test_numbers_that_need_it_prove_a_column_of_countries():
    assert country({"Telefon": [*TURKISH[:3], *GERMAN[:3]], "Ülke": ["Türkiye"] * 3 + ["Almanya"] * 3}) == ("Ülke", Grade.PROVEN)


def test_a_single_mobile_at_home_keeps_it_from_being_proven():
    phones, names = [*GERMAN[:5], TURKISH[0]], ["Almanya"] * 6
    assert country({"Telefon": phones, "Ülke": names}) == ("Ülke", Grade.LIKELY)


def test_two_columns_that_numbers_could_need_are_a_question():
    phones = [f"0664 12345{last}" for last in range(10, 16)]
    header, grade = country({"Telefon": phones, "Land": ["Österreich"] * 6, "Versand": ["Österreich"] * 6}, home="TR")
    assert header and grade is not Grade.PROVEN


def test_numbers_with_dialing_codes_deny_a_column():
    phones = ["+90 532 111 22 10", "+90 532 111 22 11", "+90 532 111 22 12", "0212 345 67 89"]
    assert country({"Telefon": phones, "Ülke": ["Almanya"] * 4})[0] == ""


@pytest.mark.parametrize("header", ["phone_code", "Ülke Kodu", "Country Code", "Dial code"])
def test_dialing_codes_beside_numbers_that_could_be_at_home_too_are_asked_about(header):
    phones = [f"21255501{last}" for last in range(40, 46)]
    assert country({"Telefon": phones, header: ["1"] * 6}) == (header, Grade.LIKELY)


@pytest.mark.parametrize("cells", [["1", "2", "3", "1", "2", "1"], ["49", "1", "7", "33", "20", "44"]])
def test_quantities_are_no_dialing_codes(cells):
    assert country({"Telefon": TURKISH, "Adet": cells})[0] == ""


def test_a_column_that_names_only_home_changes_nothing_and_is_taken():
    assert country({"Telefon": TURKISH, "Ülke": ["Türkiye"] * 6}) == ("Ülke", Grade.PROVEN)
    assert country({"Telefon": TURKISH, "Üretim Yeri": ["Türkiye"] * 6}) == ("", None)


def test_numbers_with_dialing_codes_vouch_for_a_column():
    phones = ["+49 151 23456780", "+49 151 23456781", "+90 532 111 22 10", "+43 664 1234567"]
    assert country({"Telefon": phones, "Booker country": ["DE", "DE", "TR", "AT"]}) == ("Booker country", Grade.PROVEN)
