"""What programs and people write where there is nothing."""

import pytest

from imports.pipeline.placeholders import means_no_phone, means_nothing

PROGRAMS = (
    r"\N",
    "NULL",
    "null",
    "(null)",
    "<null>",
    "[NULL]",
    "nan",
    "NaN",
    "None",
    "NONE",
    "undefined",
    "NaT",
    "<NA>",
    "#N/A",
    "(nil)",
    "(none)",
    "  NULL ",
    '"NULL"',
    "'null'",
    "undefined undefined",
    "None None",
    "null  null",
    "[object Object]",
    "-nan",
    "",
    "   ",
    "\u200b",
    "ＮＵＬＬ",
)
PEOPLE = (
    "-",
    "--",
    "—",
    "yok",
    "YOK",
    "Yok.",
    "n/a",
    "N/A",
    "0",
    "000",
    "0.0",
    "0,00",
    "0-0",
    ".",
    "?",
    "belirtilmemiş",
    "BELİRTİLMEMİŞ",
    "Bilinmiyor",
    "BİLİNMİYOR",
    "Numarası yok",
    "k.A.",
    "keine Angabe",
    "unbekannt",
    "non renseigné",
    "NÉANT",
    "sin teléfono",
    "não informado",
    "нет",
    "لا يوجد",
    "unknown",
    "Nil",
    "(boş)",
    "Telefonu yok",
    "tbd",
    "yok!",
)
VALUES = (
    "Nan",
    "Nat",
    "Nullam",
    "None of these",
    "NULL Ahmet",
    "Ahmet null",
    "yok artık",
    "1",
    "10",
    "0532 111 22 10",
    "0000000000",
    "null" * 40,
    "Noa",
    "Nil Ay",
)


@pytest.mark.parametrize("text", PROGRAMS)
def test_what_programs_write_for_no_value_is_nothing_everywhere(text):
    assert means_nothing(text) and means_no_phone(text)


@pytest.mark.parametrize("text", PEOPLE)
def test_what_people_write_is_nothing_only_where_a_phone_is_asked_for(text):
    assert not means_nothing(text) and means_no_phone(text)


@pytest.mark.parametrize("text", VALUES)
def test_a_value_that_holds_such_a_word_is_a_value(text):
    assert not means_nothing(text) and not means_no_phone(text)
