"""What a cell of consent says, and which headers turn a yes into a no."""

import time

import pytest

from imports.pipeline.consent import consent_of, has_no_answer, is_inverted, said_in_cells

PLAIN, INVERTED = False, True


@pytest.mark.parametrize(
    "text",
    [
        "RET",
        "Ret",
        "Red",
        "Reddetti",
        "Hayır",
        "HAYIR",
        "hayir",
        "H",
        "No",
        "NO",
        "N",
        "0",
        "0.0",
        "FALSE",
        "false",
        "opt-out",
        "Opt Out",
        "OptedOut",
        "unsubscribed",
        "Revoked",
        "İzin yok",
        "izni yok",
        "Onay Yok",
        "Yok",
        "Nein",
        "Non",
        "لا",
        "нет",
        "Não",
        "Aranmasın",
        "aranmak istemiyor",
        "Do Not Call",
        "DNC",
        "withdrawn",
        "No, thanks",
        "Hayır, aramayın",
        "Evet, ama aranmak istemiyorum",
        "ARAMA RET",
        "izinsiz",
        "✗",
        "I do not agree: no consent",
        "refusé",
        "No llamar",
        "off",
        "keine Einwilligung",
        "I don't want calls, unsubscribe",
    ],
)
def test_a_no_is_a_no(text):
    assert consent_of(text, PLAIN) is False


@pytest.mark.parametrize(
    "text",
    [
        "ONAY",
        "Onaylı",
        "Evet",
        "EVET",
        "E",
        "Yes",
        "Y",
        "1",
        "1.0",
        "TRUE",
        "true",
        "x",
        "X",
        "✓",
        "opt-in",
        "Opted in",
        "Subscribed",
        "izin var",
        "İzinli",
        "Ja",
        "Oui",
        "Sí",
        "Sim",
        "نعم",
        "да",
        "granted",
        "I agree to be called",
        "ARAMA ONAY",
        "Evet, arayabilirsiniz",
        "Accepted",
        "Kabul ediyorum",
    ],
)
def test_a_yes_is_a_yes(text):
    assert consent_of(text, PLAIN) is True


@pytest.mark.parametrize(
    "text",
    [
        "None given",
        "consent missing",
        "consent required",
        "Einwilligung ausstehend",
        "accord en attente",
        "izin bekleniyor",
        "☒",
        "×",
    ],
)
def test_consent_that_is_still_wanted_is_not_given(text):
    assert consent_of(text, PLAIN) is not True


@pytest.mark.parametrize(
    "text", ["?", "maybe", "Beklemede", "pending", "42", "Ankara", "n/a", "2024-05-01", "-", "bilinmiyor", "not sure yes"]
)
def test_what_is_neither_is_neither(text):
    assert consent_of(text, PLAIN) is None


@pytest.mark.parametrize(
    ("text", "may_be_called"),
    [
        ("TRUE", False),
        ("Yes", False),
        ("1", False),
        ("x", False),
        ("Evet", False),
        ("2024-05-01", False),
        ("01.05.2024 10:00", False),
        ("RET", False),
        ("opt-out", False),
        ("FALSE", True),
        ("No", True),
        ("0", True),
        ("Hayır", True),
        ("opt-in", True),
        ("Onay", None),
        ("maybe", None),
    ],
)
def test_under_a_header_that_forbids_a_yes_is_a_no(text, may_be_called):
    assert consent_of(text, INVERTED) is may_be_called


@pytest.mark.parametrize(
    "header",
    [
        "Do Not Call",
        "DoNotCall",
        "do_not_call",
        "DNC",
        "Don't call",
        "Aranmasın",
        "Aranmasın mı?",
        "Arama Engeli",
        "Opted out",
        "HasOptedOutOfCalls",
        "Opt-out",
        "Unsubscribed",
        "Aranmak İstemiyor",
        "Nicht anrufen",
        "Anrufsperre",
        "Ne pas appeler",
        "No llamar",
        "Lista Robinson",
        "İzin Yok",
        "عدم الاتصال",
        "Do not contact",
        "Kara Liste",
        "RET Tarihi",
    ],
)
def test_headers_that_forbid(header):
    assert is_inverted(header)


@pytest.mark.parametrize(
    "header",
    [
        "İzin Durumu",
        "Arama İzni",
        "Opt-in",
        "Opt-in / Opt-out",
        "KVKK Onayı",
        "Consent",
        "Onay/Ret",
        "Call permission",
        "Einwilligung Telefon",
        "Call consent",
        "İletişim İzni",
        "Consentement",
        "Kan Grubu",
    ],
)
def test_headers_that_ask_for_a_yes(header):
    assert not is_inverted(header)


def test_what_says_nothing_of_calls():
    for text in ("", "  ", "NULL", "nan", "MESAJ RET", "EPOSTA ONAY", "E-Posta RET", "SMS Hayır"):
        assert has_no_answer(text), text
    for text in ("ARAMA RET", "Hayır", "-", "Evet"):
        assert not has_no_answer(text), text


def test_a_giant_cell_costs_little():
    began = time.monotonic()
    for alphabet in ("no ", "1-", "opt out", "ج"):
        consent_of(alphabet * 30_000, PLAIN), is_inverted(alphabet * 30_000)
    assert time.monotonic() - began < 0.5


@pytest.mark.parametrize(
    ("text", "may_be_called"),
    [
        ("Allow", True),
        ("Do Not Allow", False),
        ("İzin Ver", True),
        ("İzin Verme", False),
        ("Zulassen", True),
        ("Nicht zulassen", False),
    ],
)
def test_answers_that_do_not_depend_on_a_header_that_forbids(text, may_be_called):
    assert is_inverted("Do not allow Phone Calls")
    assert [consent_of(text, inverted) for inverted in (False, True)] == [may_be_called, may_be_called]


@pytest.mark.parametrize(
    "said", ["DO-NOT-CALL", "Don’t call!", "Şikayetçi, ARANMAK İSTEMİYOR", "vip; dnc", "Não ligar", "He does not want calls"]
)
def test_a_cell_that_forbids_calls_is_found_in_a_table(said):
    table = [["Ali", "x"], ["Can", said], ["Ece", "call later"]]
    assert said_in_cells(table, frozenset()) == {1: said} and said_in_cells(table, {1}) == {}
