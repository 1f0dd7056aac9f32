"""Consent, labels of phones and joined columns: what is suggested, how certain, and what is said of columns left out."""

import pytest

from imports.pipeline.columns.fields import lead_fields
from imports.pipeline.columns.source import Joined, in_words
from imports.pipeline.columns.suggest import suggest_mapping
from imports.pipeline.evidence import Grade

PHONES = ["0532 123 45 67", "0533 234 56 78", "0542 345 67 89", "0555 456 78 90", "0505 567 89 01"]
LANDLINES = ["0212 234 56 78", "0212 999 88 77", "0216 456 12 34", "0232 345 67 12", "0312 417 00 11"]
NAMES = ["Ali Yılmaz", "Ayşe Demir", "Can Kaya", "Elif Şahin", "Mert Koç"]
YES_NO = ["Evet", "Hayır", "Evet", "Evet", "Hayır"]


def suggested(table: dict[str, list[str]], variables=("name",), required=()):
    headers, rows = list(table), [list(row) for row in zip(*table.values())]
    suggestion = suggest_mapping(headers, rows, lead_fields(list(variables), required))
    return suggestion, {key: in_words(source, headers) for key, source in suggestion.mapping.items()}


def grade(suggestion, what: str) -> Grade | None:
    return next((decision.grade for decision in suggestion.decisions if decision.what == what), None)


def left_out(suggestion) -> dict[str, str]:
    return {reason.params["header"]: reason.params["why"] for reason in suggestion.left_out}


LEADS = {"Ad Soyad": NAMES, "Telefon": PHONES}


# -- consent -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("İzin Durumu", ["ONAY", "RET", "ONAY", "ONAY", "RET"]),
        ("Arama İzni", YES_NO),
        ("KVKK onayı", ["1", "0", "1", "", "0"]),
        ("Do Not Call", ["TRUE", "FALSE", "FALSE", "FALSE", "TRUE"]),
        ("HasOptedOutOfCalls", ["1", "0", "0", "0", "1"]),
        ("DNC", ["x", "", "", "", "x"]),
        ("Opt-in", ["yes", "no", "yes", "yes", "no"]),
        ("Aranmasın", ["", "Evet", "", "", "Evet"]),
        ("Call consent", ["granted", "revoked", "granted", "granted", "granted"]),
        ("İletişim İzni", YES_NO),
        ("Einwilligung Telefon", ["Ja", "Nein", "Ja", "Ja", "Nein"]),
        ("Consentement appel", ["Oui", "Non", "Oui", "Oui", "Non"]),
        ("Nicht anrufen", ["", "X", "", "", ""]),
        ("Consent", ["Y", "N", "Y", "Y", "N"]),
        ("Ne pas appeler", ["oui", "non", "non", "non", "non"]),
    ],
)
def test_a_column_of_consent_is_found_by_header_and_cells(header, cells):
    suggestion, chosen = suggested({**LEADS, header: cells})
    assert chosen["consent"] == header and grade(suggestion, "consent") is Grade.PROVEN


@pytest.mark.parametrize(
    "header",
    [
        "SMS İzni",
        "E-posta izni",
        "Email Opt Out",
        "Newsletter consent",
        "Accepts Email Marketing",
        "HasOptedOutOfEmail",
        "Mail İzin",
    ],
)
def test_consent_to_messages_says_nothing_of_calls_and_that_is_said(header):
    suggestion, chosen = suggested({**LEADS, header: YES_NO})
    assert "consent" not in chosen and left_out(suggestion) == {header: "column_left_out_channel"}


@pytest.mark.parametrize("header", ["Accepts Marketing", "Marketing Consent", "Pazarlama izni marketing"])
def test_consent_to_marketing_may_be_about_calls_and_is_asked(header):
    suggestion, chosen = suggested({**LEADS, header: YES_NO})
    assert chosen["consent"] == header and grade(suggestion, "consent") is Grade.LIKELY


@pytest.mark.parametrize(
    "header", ["Onay Tarihi", "Consent date", "İzin Kaynağı", "Durum", "Evli mi", "Opt-in IP", "Red Sebebi Kodu"]
)
def test_other_columns_are_no_consent(header):
    assert "consent" not in suggested({**LEADS, header: YES_NO})[1]


def test_consent_to_calls_comes_before_consent_to_everything():
    suggestion, chosen = suggested({**LEADS, "KVKK Onayı": YES_NO, "SMS İzni": YES_NO, "Arama İzni": ["Evet"] * 5})
    assert chosen["consent"] == "Arama İzni" and grade(suggestion, "consent") is Grade.PROVEN


def test_two_columns_of_the_same_consent_that_differ_are_asked_about():
    suggestion, _ = suggested({**LEADS, "İzin Durumu": YES_NO, "Consent": YES_NO[::-1]})
    assert grade(suggestion, "consent") is Grade.LIKELY
    assert [decision.instead for decision in suggestion.decisions if decision.what == "consent"] == [("Consent",)]


def test_a_consent_that_is_not_clear_is_asked_about_where_somebody_refuses():
    suggestion, chosen = suggested({**LEADS, "İzin": ["Hayır", "belki", "?", "bakılacak", "sor"]})
    assert chosen["consent"] == "İzin" and grade(suggestion, "consent") is Grade.LIKELY
    suggestion, chosen = suggested({**LEADS, "İzin": ["18 gün", "14 gün", "20 gün", "5 gün", "yıllık"]})
    assert "consent" not in chosen and left_out(suggestion) == {"İzin": "column_left_out_cells"}


def test_of_the_kinds_of_an_iys_export_those_of_calls_decide():
    table = {
        **LEADS,
        "İzin Türü": ["ARAMA", "MESAJ", "ARAMA", "EPOSTA", "ARAMA"],
        "İzin Durumu": ["ONAY", "RET", "RET", "ONAY", "ONAY"],
    }
    suggestion, chosen = suggested(table)
    assert chosen["consent"] == "İzin Türü + İzin Durumu" and suggestion.mapping["consent"] == Joined((2, 3), " ")


def test_a_variable_of_that_name_keeps_its_column_and_consent_is_heard_all_the_same():
    suggestion, chosen = suggested({**LEADS, "consent": YES_NO}, ("name", "consent"))
    assert chosen["consent"] == chosen["call_consent"] == "consent" and grade(suggestion, "call_consent") is Grade.PROVEN


# -- labels ----------------------------------------------------------------------------------------------------


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


# -- joined ------------------------------------------------------------------------------------------------------


def test_a_second_number_shares_the_area_code():
    table = {
        "Ad Soyad": NAMES,
        "Alan Kodu": ["212", "0216", "312", "232", "242"],
        "Tel 1": ["2345678", "4445566", "4170011", "4445566", "2481122"],
    }
    suggestion, chosen = suggested(table)
    assert chosen["phone_number"] == "Alan Kodu + Tel 1" and suggestion.mapping["phone_number"] == Joined((1, 2), "")
    assert grade(suggestion, "phone_number") is Grade.PROVEN and suggestion.sure


def test_a_name_in_parts_is_not_joined_with_what_is_no_name():
    _, chosen = suggested(
        {"Ad": ["Ali", "Can", "Ece", "Su", "Ela"], "Soyad": ["12", "34", "56", "78", "90"], "Telefon": PHONES}, ("customer_name",)
    )
    assert "+" not in chosen.get("customer_name", "")


# -- left out --------------------------------------------------------------------------------------------------


def test_a_well_named_column_that_was_left_out_is_said():
    suggestion, chosen = suggested(
        {"Ad Soyad": ["x1", "y22", "12", "?", "--"], "Telefon": PHONES}, ("customer_name",), ("customer_name",)
    )
    assert "customer_name" not in chosen and left_out(suggestion) == {"Ad Soyad": "column_left_out_cells"}
    assert [doubt.code for doubt in suggestion.doubts] == ["required_unmapped"]


def test_nothing_is_said_of_a_file_whose_columns_are_used():
    assert suggested(LEADS)[0].left_out == []


@pytest.mark.parametrize(
    ("header", "cells", "asked"),
    [
        ("Telefonla aranmayı kabul ediyor musunuz?", ["Evet", "Hayır", "Evet", "Evet"], True),
        ("May we call you?", ["Yes", "No", "Yes", "Yes"], True),
        ("Would you like to be contacted by phone?", ["Yes", "No", "Yes", "Yes"], True),
        ("Would you like a new phone?", ["Yes", "No", "Yes", "Yes"], False),
        ("Müdür Tel", ["0212 293 40 01", "0212 293 40 02", "0212 293 40 03", "0212 293 40 04"], False),
        ("When may we call you?", ["10:00", "11:00", "evening", "14:30"], False),
    ],
)
def test_a_question_of_a_form_is_consent_to_calls_and_is_asked_about(header, cells, asked):
    phones = ["0532 111 22 10", "0533 111 22 11", "0541 111 22 12", "0535 111 22 13"]
    found = suggest_mapping(
        ["Ad", "Telefon", header], [["Ali Kaya", *pair] for pair in zip(phones, cells)], lead_fields(["name"])
    )
    assert [one.must_be_asked for one in found.decisions if one.what == "consent"] == [True] * asked
