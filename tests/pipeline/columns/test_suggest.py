"""Which column is suggested for which field: what wins, what is left alone, how sure, and why (labelled headers: see
test_labelled_headers)."""

import pytest

from imports.messages.lookup import MESSAGES
from imports.pipeline.columns.fields import lead_fields
from imports.pipeline.columns.source import Joined, in_words
from imports.pipeline.columns.suggest import suggest_mapping
from imports.pipeline.evidence import Grade
from imports.pipeline.reasons import REASONS
from tests.effort import calls

TR = ["0532 123 45 67", "0555 234 56 78", "0544 987 65 43", "0505 111 22 33"]

TR2 = ["0533 765 43 21", "0542 222 33 44", "0551 333 44 55", "0530 444 55 66"]

LAND = ["0212 234 56 78", "0216 345 67 89", "0312 456 78 90", "0232 444 55 66"]

LAND2 = ["0212 334 56 78", "0216 445 67 89", "0312 556 78 90", "0232 544 55 66"]

NAMES = ["Ahmet Yılmaz", "Ayşe Kaya", "Mehmet Demir", "Zeynep Şahin"]

OTHERS = ["Hasan Yılmaz", "Fatma Kaya", "Ali Demir", "Elif Şahin"]

EMPTY = [""] * 4


def suggest(table: dict[str, list[str]], variables=(), required=(), remembered=None):
    """Suggestion for {header: cells}, and its mapping as field key → header."""
    headers, rows = list(table), [list(row) for row in zip(*table.values())]
    suggestion = suggest_mapping(headers, rows, lead_fields(list(variables), required), remembered)
    return suggestion, {key: in_words(source, headers) for key, source in suggestion.mapping.items()}


def test_a_mobile_is_called_before_a_landline():
    suggestion, chosen = suggest({"Ad": NAMES, "Sabit Tel": LAND, "Cep Tel": TR})
    assert chosen["phone_number"] == "Cep Tel" and chosen["secondary_phone_1"] == "Sabit Tel" and suggestion.sure


def test_a_well_filled_phone_is_called_before_a_sparse_mobile():
    _, chosen = suggest({"Telefon": TR, "Cep": [TR2[0], "", "", ""]})
    assert chosen == {"phone_number": "Telefon", "secondary_phone_1": "Cep"}


def test_numbered_phones_keep_their_order():
    suggestion, chosen = suggest({"Phone 2": TR2, "Phone 1": TR, "Phone 3": LAND})
    assert chosen["phone_number"] == "Phone 1" and not suggestion.sure, "two columns equally full of mobiles are a question"
    assert [chosen["secondary_phone_1"], chosen["secondary_phone_2"]] == ["Phone 2", "Phone 3"]


def test_home_or_work_is_a_question():
    suggestion, chosen = suggest({"Ev Tel": LAND, "İş Tel": LAND2})
    assert not suggestion.sure and chosen["phone_number"] == "Ev Tel"
    assert suggestion.doubts[0] == ("phone_columns_alike", {"first": "Ev Tel", "second": "İş Tel"})


def test_the_same_numbers_twice_are_no_question():
    suggestion, chosen = suggest({"Ev Tel": TR, "İş Tel": TR})
    assert suggestion.sure and "secondary_phone_1" not in chosen, "and no secondary contact"


def test_our_own_staff_is_not_called():
    _, chosen = suggest({"Danışman Telefonu": TR, "Telefon": TR2})
    assert chosen == {"phone_number": "Telefon"}


def test_a_column_without_one_valid_number_is_doubted():
    suggestion, chosen = suggest({"Telefon": ["yok", "123", "-", "sor"], "Ad": NAMES})
    assert chosen["phone_number"] == "Telefon" and not suggestion.sure
    assert suggestion.doubts[0].code == "phone_cells_not_valid"


def test_a_dirty_column_is_still_the_one():
    suggestion, chosen = suggest({"Telefon": [TR[0], "yok", "123", "-"], "Ad": NAMES}, ["name"])
    assert chosen["phone_number"] == "Telefon" and suggestion.sure


def test_no_phone_column_is_said():
    suggestion, chosen = suggest({"Ad": NAMES, "Şehir": ["Bursa", "İzmir", "Ankara", "Muğla"]})
    assert "phone_number" not in chosen and not suggestion.sure
    assert [doubt.code for doubt in suggestion.doubts] == ["phone_column_missing"]


def test_bare_digits_are_read_in_the_likely_region_first():
    rows = [["4155551234"], ["6175550123"], ["2124567890"], ["3052345678"]]
    assert suggest_mapping(["A"], rows, lead_fields([]), likely_region="US").sure
    assert not suggest_mapping(["A"], rows, lead_fields([])).sure


@pytest.mark.parametrize(
    "cells",
    [
        ["(415) 555 1234", "(617) 555 0123", "(212) 456 7890", "(305) 234 5678"],
        ["415-555-1234", "617-555-0123", "212-456-7890", "305-234-5678"],
        ["+4915123456789", "+33612345678", "+905321234567", "+447400123456"],
        ["07400 123456", "07911 123456", "07500 123456", "07700 900123"],
        ["0151 23456789", "0170 2345678", "030 12345678", "0176 23456789"],
        ["5321234567", "5552345678", "5449876543", "5051112233"],
    ],
)
def test_numbers_are_known_by_how_they_are_written(cells):
    suggestion, chosen = suggest({"Bilgi": cells, "Ad": NAMES})
    assert chosen["phone_number"] == "Bilgi" and suggestion.sure


def test_swapped_headers_are_seen_and_doubted():
    suggestion, chosen = suggest({"Telefon": NAMES, "Ad Soyad": TR})
    assert chosen["phone_number"] == "Ad Soyad" and not suggestion.sure


@pytest.mark.parametrize(
    "cells",
    [
        ["12345678901", "98765432109", "11111111110", "10000000146"],
        ["1250,00", "980,50", "1.100,00", "15,00"],
        ["2026-05-01", "2026-05-02", "01.05.2026", "2026-05-04"],
        ["1001", "1002", "1003", "1004"],
        ["78.180.1.1", "10.0.0.1", "8.8.8.8", "1.1.1.1"],
    ],
)
def test_other_digits_are_no_phones(cells):
    suggestion, chosen = suggest({"Bilgi": cells, "Ad": NAMES})
    assert "phone_number" not in chosen or not suggestion.sure


def test_the_fields_own_names_win():
    suggestion, chosen = suggest({"Cep Telefonu": TR, "phone_number": TR2, "Ad Soyad": OTHERS, "name": NAMES}, ["name"])
    assert (chosen["phone_number"], chosen["name"]) == ("phone_number", "name")
    assert (
        suggestion.choices["phone_number"].confidence == 1.0 and suggestion.choices["phone_number"].reason.code == "column_exact"
    )


def test_the_fields_own_name_is_sure_whatever_its_cells():
    suggestion, chosen = suggest({"phone_number": ["abc", "12", "", "x"]})
    assert suggestion.sure and chosen["phone_number"] == "phone_number" and suggestion.doubts == []


def test_a_variables_name_over_other_things_does_not_win():
    _, chosen = suggest({"Name": ["#1001", "#1002", "#1003", "#1004"], "Billing Name": NAMES, "Phone": TR}, ["name"])
    assert chosen["name"] == "Billing Name"


def test_a_remembered_mapping_wins_and_says_so():
    table = {"Ad": NAMES, "Telefon": TR, "Telefon 2": TR2, "Şehir": ["Bursa"] * 4}
    suggestion, chosen = suggest(table, ["name", "city"], remembered={"phone_number": "TELEFON 2", "name": "Ad", "gone": "Ad"})
    assert chosen == {"phone_number": "Telefon 2", "name": "Ad"}, "also in what it leaves out"
    assert suggestion.sure and {choice.reason.code for choice in suggestion.choices.values()} == {"column_remembered"}
    assert suggestion.unmapped == ["city"]


JOINED_PHONE = {"phone_number": {"headers": ["Kod", "Numara"], "separator": " "}, "name": "Ad"}


@pytest.mark.parametrize(
    ("cells", "grade"),
    [
        (["111 22 33", "222 33 44", "333 44 55", "444 55 66"], Grade.PROVEN),
        (["0532 111 22 33", "0533 222 33 44", "0535 333 44 55", "0536 444 55 66"], Grade.LIKELY),  # the numbers are whole now
        (["20260101", "20260102", "20260103", "20260104"], Grade.LIKELY),
        (["", "", "", ""], Grade.LIKELY),  # codes without numbers
    ],
)
def test_a_remembered_phone_of_joined_columns_is_compared_with_the_cells(cells, grade):
    table = {"Ad": NAMES, "Kod": ["532", "533", "535", "536"], "Numara": cells}
    suggestion, _ = suggest(table, ["name"], remembered=JOINED_PHONE)
    decision = next(one for one in suggestion.decisions if one.what == "phone_number")
    assert decision.grade is grade and suggestion.choices["phone_number"].column == Joined((1, 2))


def test_a_remembered_mapping_of_other_headers_is_not_used():
    _, chosen = suggest({"Ad": NAMES, "Telefon": TR}, ["name"], remembered={"phone_number": "GSM", "name": "Ad"})
    assert chosen == {"phone_number": "Telefon", "name": "Ad"}


def test_remembered_without_a_phone_is_not_sure():
    suggestion, _ = suggest({"Ad": NAMES, "Telefon": TR}, ["name"], remembered={"name": "Ad"})
    assert not suggestion.sure


def test_each_column_once_and_the_rest_ignored():
    suggestion, chosen = suggest(
        {"Ad Soyad": NAMES, "Telefon": TR, "Not": EMPTY, "Renk": ["a", "b", "c", "d"]}, ["name", "full_name"]
    )
    assert len(set(suggestion.mapping.values())) == len(suggestion.mapping)
    assert suggestion.ignored == [2, 3]


def test_variables_without_a_column_are_named():
    suggestion, _ = suggest({"Telefon": TR}, ["name", "city"], required=["name"])
    assert suggestion.unmapped == ["name", "city"]
    assert ("required_unmapped", {"field": "name"}) in suggestion.doubts


def test_alternatives_for_the_phone_are_offered():
    suggestion, _ = suggest({"Müdür Tel": LAND2, "Telefon": TR})
    assert suggestion.alternatives["phone_number"] == [0]


FIRST, LAST = ["Ahmet", "Ayşe", "Mehmet", "Zeynep"], ["Yılmaz", "Kaya", "Demir", "Şahin"]


@pytest.mark.parametrize(
    ("table", "variables", "expected"),
    [
        ({"Ad": FIRST, "Soyad": LAST}, ["name"], {"name": "Ad + Soyad"}),
        ({"Soyad": LAST, "Ad": FIRST}, ["customer_name"], {"customer_name": "Ad + Soyad"}),
        ({"Vorname": FIRST, "Nachname": LAST}, ["full_name"], {"full_name": "Vorname + Nachname"}),
        ({"Vezetéknév": LAST, "Keresztnév": FIRST}, ["name"], {"name": "Vezetéknév + Keresztnév"}),
        (
            {"First Name": FIRST, "Middle Name": ["", "Nur", "", ""], "Last Name": LAST},
            ["name"],
            {"name": "First Name + Middle Name + Last Name"},
        ),
        ({"Ad": FIRST, "Soyad": LAST}, ["name", "surname"], {"name": "Ad", "surname": "Soyad"}),
        ({"Ad": FIRST, "Soyad": LAST}, ["first_name", "full_name"], {"first_name": "Ad", "full_name": "Ad + Soyad"}),
        ({"Ad": FIRST, "Soyad": LAST, "Ad Soyad": NAMES}, ["name"], {"name": "Ad Soyad"}),
        (
            {"Ad": FIRST, "Soyad": LAST, "Ad Soyad": NAMES},
            ["first_name", "last_name"],
            {"first_name": "Ad", "last_name": "Soyad"},
        ),
        ({"Ad": NAMES}, ["first_name"], {"first_name": "Ad"}),
        ({"Vorname": FIRST, "Name": LAST}, ["first_name", "last_name"], {"first_name": "Vorname", "last_name": "Name"}),
        ({"Nombre": FIRST, "Apellidos": LAST}, ["first_name", "last_name"], {"first_name": "Nombre", "last_name": "Apellidos"}),
        ({"Müşteri": NAMES, "Firma Adı": ["Öz Ltd. Şti."] * 4}, ["name", "company"], {"name": "Müşteri", "company": "Firma Adı"}),
    ],
)
def test_full_first_and_last_names(table, variables, expected):
    _, chosen = suggest({**table, "Telefon": TR}, variables)
    assert {key: header for key, header in chosen.items() if key != "phone_number"} == expected


def test_a_first_name_for_a_name_says_so():
    suggestion, _ = suggest({"First Name": FIRST, "Telefon": TR}, ["name"])
    assert suggestion.choices["name"].reason.code == "column_first_name_only"


def test_the_name_beside_a_relatives_phone_goes_with_it():
    _, chosen = suggest({"Hasta Adı": NAMES, "Telefon": TR, "Yakını Adı": OTHERS, "Yakını Telefonu": TR2}, ["name"])
    assert chosen["secondary_phone_1"] == "Yakını Telefonu" and chosen["secondary_1_name"] == "Yakını Adı"


def test_a_country_column_is_found_by_name_and_cells():
    _, chosen = suggest({"Telefon": TR, "Ülke": ["Türkiye", "Turkey", "TR", "Türkiye"]})
    assert chosen["country"] == "Ülke"


@pytest.mark.parametrize(
    "table",
    [
        {"Dil": ["TR", "DE", "TR", "TR"]},
        {"Ülke": ["Marmara", "Ege", "Ege", "İç"]},
        {"Uyruk": ["TR", "DE", "TR", "TR"]},
        {"Kod": ["90", "49", "34", "90"]},
    ],
)
def test_other_columns_are_no_country(table):
    _, chosen = suggest({"Telefon": TR, **table})
    assert "country" not in chosen


@pytest.mark.parametrize(
    ("headers", "sample"), [([], []), (["A"], []), (["", ""], [["", ""]]), (["x"] * 3, [["1"], [], ["1", "2", "3", "4"]])]
)
def test_strange_tables_do_no_harm(headers, sample):
    suggestion = suggest_mapping(headers, sample, lead_fields(["name"]))
    assert all(0 <= index < len(headers) for index in suggestion.mapping.values())


def test_headers_alone_are_mapped_but_not_sure():
    suggestion = suggest_mapping(["Ad Soyad", "Telefon"], [], lead_fields(["name"]))
    assert suggestion.mapping == {"name": 0, "phone_number": 1} and not suggestion.sure


@pytest.mark.slow
def test_a_wide_table_is_judged_quickly():
    headers = [f"Alan {n}" for n in range(199)] + ["Telefon"]
    rows = [[f"{n}{m}abc" for n in range(199)] + [TR[m % 4]] for m in range(300)]
    suggest_mapping(headers, rows, lead_fields(["name"]))  # words and number patterns are learnt once per process
    suggested = []
    work = calls(lambda: suggested.append(suggest_mapping(headers, rows, lead_fields(["name"]))))
    assert suggested[0].mapping["phone_number"] == 199
    assert work <= 100 * len(rows) * len(headers)


def test_every_reason_given_has_its_sentence():
    tables = [
        {"Ad": FIRST, "Soyad": LAST, "Telefon": TR, "Telefon 2": TR2, "Ülke": ["Türkiye"] * 4, "x": NAMES},
        {"A": NAMES, "B": TR},
        {"Ev Tel": LAND, "İş Tel": LAND2},
        {"Telefon": NAMES, "Ad": TR},
        {"Ad": NAMES},
        {"phone_number": TR, "name": NAMES},
    ]
    for table in tables:
        suggestion, _ = suggest(table, ["name", "first_name", "x9"], required=["x9"])
        for reason in [*suggestion.doubts, *(choice.reason for choice in suggestion.choices.values())]:
            assert set(reason.params) == set(REASONS[reason.code]) and reason.code in MESSAGES


@pytest.mark.parametrize("cells", [["9,05E+11"] * 4, ["5.32123E+09", "9.05E+11", "5.3E+9", ""]])
def test_a_column_that_excel_has_shortened_is_the_column_all_the_same(cells):
    suggestion, mapping = suggest({"Ad": NAMES, "Telefon": cells})
    assert (mapping["phone_number"], suggestion.sure) == ("Telefon", True)
    assert [doubt.code for doubt in suggestion.doubts] == ["phone_column_shortened"]


@pytest.mark.parametrize(
    ("codes", "numbers", "apart"),
    [
        (["212", "0216", "(312)", "232"], ["555 12 34", "4445566", "417 00 11", "444 55 66"], True),
        (["0532", "0555", "0544", "0505"], ["123 45 67", "234 56 78", "987 65 43", "111 22 33"], True),
        (["90", "90", "90", "90"], TR, False),
        (["212", "216", "312", "232"], LAND, False),
    ],
)
def test_area_codes_in_a_column_of_their_own_are_joined_where_the_numbers_lack_them(codes, numbers, apart):
    suggestion, chosen = suggest({"Ad": NAMES, "Alan Kodu": codes, "Telefon": numbers})
    assert chosen["phone_number"] == ("Alan Kodu + Telefon" if apart else "Telefon")
    assert not isinstance(suggestion.mapping["phone_number"], Joined) or suggestion.mapping["phone_number"].separator == ""
    assert suggestion.sure and not suggestion.doubts


@pytest.mark.parametrize(
    ("header", "codes", "country"),
    [
        ("Alan Kodu", ["212", "216", "232", "212"], None),
        ("Area Code", ["+90", "+90", "", "+90"], "Area Code"),
        ("Ülke Kodu", ["90", "49", "90", "212"], None),
        ("Ülke Kodu", ["90"] * 4, "Ülke Kodu"),
        ("Country Code", ["TR", "DE", "TR", "TR"], "Country Code"),
        ("Country Code", ["TR", "TR", "", "TR"], "Country Code"),
    ],
)
def test_an_area_code_is_not_the_dialing_code_of_a_country(header, codes, country):
    _, mapping = suggest({"Ad": NAMES, header: codes, "Telefon": LAND})
    assert mapping.get("country") == country


def test_one_number_in_every_row_is_our_own_line():
    rows = {
        "Aranan": ["0850 222 11 00"] * 8,
        "Arayan": TR + TR2,
        "Eposta": ["biz@firma.com"] * 8,
        "E-posta": [f"k{n}@x.com" for n in range(8)],
    }
    assert suggest(rows, ["email"])[1] == {"phone_number": "Arayan", "email": "E-posta"}


def test_a_question_that_asks_for_a_number_is_a_phone_column():
    asked = "2. Size hangi numaradan ulaşabiliriz? (Örn: 05XX XXX XX XX)"
    suggestion, mapping = suggest({"Ad": NAMES, asked: TR, "WhatsApp numaranız farklıysa yazınız": [TR2[0], "", "", ""]})
    assert (mapping["phone_number"], suggestion.sure) == (asked, True)


def test_a_fuller_column_of_numbers_under_an_odd_header_is_asked_about():
    suggestion, _ = suggest({"Ad": NAMES, "Sipariş Hattı Kodu": TR, "Telefon": [TR2[0], "", "", ""]})
    assert not suggestion.sure


def test_one_number_beside_several_leads_is_no_further_phone():
    phones = ["0532 111 22 10", "0533 111 22 11", "0541 111 22 12", "0535 111 22 13"]
    rows = [["Ali Kaya", phone, ours] for phone, ours in zip(phones, ["0212 999 00 01", "0212 999 00 02"] * 2)]
    assert "secondary_phone_1" not in suggest_mapping(["Ad", "Cep", "Owner Phone"], rows, lead_fields(["name"])).choices


def test_a_half_filled_fax_column_is_no_rival_of_the_phone():
    rows = [["Ali Kaya", f"0212 293 40 1{n}", f"0212 293 40 2{n}" if n % 2 else ""] for n in range(6)]
    assert suggest_mapping(["Ad", "Telefon", "Faks"], rows, lead_fields(["name"])).sure


def test_a_name_that_is_the_same_in_every_row_is_nobodys():
    names = ["Veli Kurt", "Yonca Esen", "Zeki Aral", "Arzu Bilgin", "Berk Cihan"]
    rows = [["anonymous", name, f"0532 111 22 1{n}"] for n, name in enumerate(names)]
    assert suggest_mapping(["Name", "Adınız ve soyadınız", "Telefon"], rows, lead_fields(["name"])).mapping["name"] == 1


def test_identifiers_that_begin_like_a_country_are_asked_about_by_nobody():
    rows = [[f"ag:12021000000000{n}", f"0532 111 22 1{n}"] for n in range(6)]
    assert [
        one for one in suggest_mapping(["ad_id", "phone_number"], rows, lead_fields([])).decisions if one.what == "country"
    ] == []
