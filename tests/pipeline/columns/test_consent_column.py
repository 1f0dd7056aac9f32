"""Which column says who may be called."""

import pytest

from imports.pipeline.columns.column import view_columns
from imports.pipeline.columns.consent_column import consent_weight
from imports.pipeline.columns.fields import lead_fields
from imports.pipeline.columns.source import Joined
from imports.pipeline.columns.suggest import suggest_mapping
from imports.pipeline.consent import is_inverted
from imports.pipeline.evidence import Grade
from tests.pipeline.columns.suggestions import LEADS, grade, left_out, suggested

YES_NO = ["Evet", "Hayır", "Evet", "Evet", "Hayır"]


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
        ("رضایت تماس", ["بله", "خیر", "بله", "بله", "خیر"]),
        ("Zəngə razılıq", ["bəli", "xeyr", "bəli", "bəli", "xeyr"]),
        ("電話許可", ["可", "不可", "可", "可", "不可"]),
        ("통화 동의", ["예", "아니오", "예", "예", "아니오"]),
        ("Robinsonliste", ["1", "0", "0", "0", "1"]),
        ("Anrufverbot", ["ja", "nein", "nein", "nein", "ja"]),
        ("phone_unsubscribed", ["0", "1", "0", "0", "0"]),
        ("Aranabilir", ["1", "0", "1", "1", "1"]),
        ("Anruf erlaubt", ["ja", "nein", "ja", "ja", "ja"]),
        ("Đồng ý gọi", ["có", "không", "có", "có", "có"]),
        ("Registro Opposizioni", ["NO", "SI", "NO", "NO", "NO"]),
        ("Nevolat", ["ne", "ano", "ne", "ne", "ne"]),
        ("電話不可", ["", "○", "", "", ""]),
        ("Opt-out date", ["", "2026-03-11", "", "", ""]),
        ("unsubscribed_at", ["", "2026-03-11 10:00:00", "", "", ""]),
        ("Widerruf der Einwilligung am", ["", "11.03.2026", "", "", ""]),
        ("İzin İptal Tarihi", ["", "11.03.2026", "", "", ""]),
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


@pytest.mark.parametrize(
    "header", ["No desea llamadas", "Anruf unerwünscht", "Refuse les appels", "Wil niet gebeld worden", "Not allowed to call"]
)
def test_a_wish_not_to_be_called_is_a_no(header):
    suggestion, chosen = suggested({**LEADS, header: ["no", "yes", "no", "no", "no"]})
    assert chosen["consent"] == header and is_inverted(header)


@pytest.mark.parametrize("header", ["Telefonkontakt", "Phone?", "Telephone marketing", "Contacto telefónico"])
def test_yes_and_no_about_a_phone_may_be_consent(header):
    suggestion, _ = suggested({**LEADS, header: YES_NO})
    assert grade(suggestion, "consent") is Grade.UNKNOWN


@pytest.mark.parametrize("header", ["Stop date", "Bloke Tarihi", "Ret Tarihi", "Abgemeldet am", "Date de désinscription"])
def test_days_that_may_be_of_anything_are_asked_about(header):
    suggestion, _ = suggested({**LEADS, header: ["", "11.03.2026", "", ""]})
    assert grade(suggestion, "consent") is Grade.LIKELY


@pytest.mark.parametrize("header", ["Accepts Marketing", "Marketing Consent", "Pazarlama izni marketing"])
def test_consent_to_marketing_may_be_about_calls_and_is_asked(header):
    suggestion, chosen = suggested({**LEADS, header: YES_NO})
    assert chosen["consent"] == header and grade(suggestion, "consent") is Grade.LIKELY


@pytest.mark.parametrize(
    "header", ["Onay Tarihi", "Consent date", "İzin Kaynağı", "Durum", "Evli mi", "Opt-in IP", "Red Sebebi Kodu"]
)
def test_other_columns_are_no_consent(header):
    assert "consent" not in suggested({**LEADS, header: YES_NO})[1]


@pytest.mark.parametrize(
    ("header", "cells"),
    [("Kara Liste", ["Hayır", "Evet", "Hayır"]), ("Blocked", ["0", "1", "0"]), ("Widerruf am", ["", "11.03.2026", ""])],
)
def test_a_list_of_noes_beside_consent_to_calls_is_asked_about(header, cells):
    suggestion, _ = suggested({**LEADS, "Arama İzni": ["Evet"] * 3, header: cells})
    assert grade(suggestion, "consent") is Grade.LIKELY


@pytest.mark.parametrize("header", ["Pets erlaubt", "Pets allowed", "Email subscribed", "Sigara OK"])
def test_what_else_may_be_allowed_is_no_consent_to_calls(header):
    assert "consent" not in suggested({**LEADS, header: YES_NO})[1]


@pytest.mark.parametrize("header", ["Subscribed", "Subscription", "Callable?"])
def test_yes_and_no_are_nobodys_name(header):
    suggestion, chosen = suggested(
        {"Name": ["Ali Can", "Ayşe Er", "Can Ay", "Ece Su"], **LEADS, header: ["yes", "no", "yes", "yes"]}
    )
    assert header not in (chosen.get("customer_name"), chosen.get("name"))


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


@pytest.mark.parametrize(
    ("header", "weight"),
    [("Arama İzni", 2), ("Do Not Call", 2), ("KVKK Onayı", 1), ("SMS İzni", -1), ("Onay Tarihi", 0), ("Telefon", 0)],
)
def test_what_a_header_says_about_consent_to_calls(header, weight):
    assert consent_weight(view_columns([header], [["Evet"]], "TR")[0]) == weight
