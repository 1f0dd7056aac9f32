"""The rule that grades a choice, and the evidence that detectors bring: countries, phone columns, hints."""

import pytest

from imports.pipeline.columns.column import view_columns
from imports.pipeline.columns.country_column import decide_country
from imports.pipeline.columns.country_hints import countries_hinted
from imports.pipeline.columns.decisions import decide_phone, decide_secondary
from imports.pipeline.columns.phone_column import choose_phone
from imports.pipeline.evidence import REFUTATIONS, Grade, Reading, Support, decide
from imports.pipeline.reasons import Reason

WHY = Reason("column_header", {"header": "Telefon"})
OPEN, REFUTED = Reading("Tel 2"), Reading("Tesisat No", "counts_upwards")


@pytest.mark.parametrize(
    ("supports", "others", "grade"),
    [
        ({Support.PERSON}, [OPEN], Grade.PROVEN),
        ({Support.OWN_NAME}, [OPEN], Grade.PROVEN),
        ({Support.CELLS}, [], Grade.PROVEN),
        ({Support.CELLS, Support.HEADER}, [REFUTED], Grade.PROVEN),
        ({Support.PRESUMPTION}, [REFUTED], Grade.PROVEN),
        ({Support.CELLS, Support.HEADER}, [OPEN, REFUTED], Grade.LIKELY),
        ({Support.HEADER}, [], Grade.LIKELY),
        ({Support.HEADER}, [REFUTED], Grade.LIKELY),
        (set(), [], Grade.UNKNOWN),
    ],
)
def test_the_rule(supports, others, grade):
    decision = decide("phone_number", "Telefon", WHY, supports, others)
    assert decision.grade is grade
    assert decision.instead == tuple(other.value for other in others if not other.refuted)
    assert decision.must_be_asked is (grade is not Grade.PROVEN)


def test_what_decides_no_number_and_no_person_is_never_asked_about():
    assert not decide("customer_name", "Ad", WHY, {Support.HEADER}).must_be_asked
    assert not decide("encoding", "cp1254", WHY, {Support.CELLS}, [Reading("cp1252")]).must_be_asked


def test_a_decision_survives_being_stored():
    decision = decide("country", "", WHY, {Support.CELLS}, [OPEN])
    assert type(decision).from_json(decision.to_json()) == decision


# -- the country of a row ---------------------------------------------------------------------------------------------


def country(table: dict[str, list[str]], home="TR"):
    """The header chosen ('' for none) and the grade (None: nothing to decide)."""
    columns = view_columns(list(table), [list(row) for row in zip(*table.values())], home)
    phones = next(column for column in columns if column.header == "Telefon")
    column, decision = decide_country([one for one in columns if one is not phones], phones.texts, home, "country")
    return column.header if column else "", decision and decision.grade


TURKISH = [f"0532 111 22 {last}" for last in range(10, 16)]
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


# -- the phone column -----------------------------------------------------------------------------------------------


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


# -- what other columns speak for ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("headers", "row", "regions"),
    [
        (["Phone", "State", "ZIP"], ["212-555-0110", "NY", "10018"], ("US",)),
        (["Phone", "St.", "Zip Code"], ["2125550110", "CA", "90210"], ("US",)),
        (["Phone", "Code"], ["2125550110", "OR"], ()),
        (["Phone", "Postcode"], ["07400 123456", "SW1A 1AA"], ("GB",)),
        (["Phone", "Postal"], ["416 555 0110", "M5V 3L9"], ("CA",)),
        (["Name", "Mail"], ["Jan", "jan@voorbeeld.nl"], ("NL",)),
        (["Name", "Site"], ["Eva", "https://www.beispiel.de/kontakt"], ("DE",)),
        (["Name", "Mail"], ["Eva", "eva@firma.io"], ()),
        (["Ad", "Posta Kodu"], ["Ali", "34000"], ()),
    ],
)
def test_countries_that_columns_speak_for(headers, row, regions):
    assert countries_hinted(headers, [row] * 5) == regions


def test_every_refutation_that_a_reading_names_is_explained():
    assert all(REFUTATIONS.values()) and REFUTED.refuted in REFUTATIONS
