"""What headers mean, and which means the same as another."""

import pytest

from imports.pipeline.columns.phone_column import PROMISES
from imports.pipeline.headers.meaning import SORTS_BESIDE_PHONE, likeness, meaning, promises_phone
from imports.pipeline.headers.relations import FAINT, KIN, NAMED_THINGS, SORTS
from imports.pipeline.headers.vocabulary import MEANINGS
from tests.effort import cpu_seconds


@pytest.mark.parametrize(
    "header",
    [
        "Telefon",
        "Cep Tel",
        "GSM",
        "ceptelno",
        "Telefon Numaranız",
        "Telfon",
        "Phnoe",
        "Handynummer",
        "Mobilfunknummer",
        "Móvil",
        "Teléfono",
        "Tél.",
        "Numéro de portable",
        "رقم الجوال",
        "هاتف",
        "WhatsApp No",
        "msisdn",
        "Phone 1 - Value",
        "contact_number",
        "İRTİBAT NO",
        "TELNRS1",
        "LandLine",
    ],
)
def test_words_for_phones(header):
    assert meaning(header).sort == "phone"


@pytest.mark.parametrize(
    "header", ["Phone Type", "Telefon Onayı", "Phone 1 - Label", "Fax", "İş Faksı", "Alan Kodu", "Phone Verified", "Dahili"]
)
def test_words_beside_phones_are_no_phones(header):
    assert not promises_phone(meaning(header))


def test_every_meaning_spoken_of_has_words():
    named = set(FAINT) | set(SORTS) | NAMED_THINGS | {name for pair in KIN for name in pair} | set(PROMISES) | SORTS_BESIDE_PHONE
    assert named <= set(MEANINGS)


@pytest.mark.parametrize(
    ("variable", "header"),
    [
        ("name", "Ad Soyad"),
        ("name", "Müşteri Adı"),
        ("name", "Full Name"),
        ("name", "Nombre completo"),
        ("name", "الاسم الكامل"),
        ("first_name", "Given Name"),
        ("first_name", "Vorname"),
        ("last_name", "Nachname"),
        ("company", "Organization Name"),
        ("company", "Firma"),
        ("company", "Raison sociale"),
        ("email", "E-Posta Adresi"),
        ("city", "Şehir"),
        ("city", "İl"),
        ("amount", "Tutar"),
        ("date", "Tarih"),
        ("appointment_date", "Randevu Tarihi"),
        ("borc_tutari", "Debt Amount"),
        ("musteri_adi", "Customer Name"),
        ("termin_datum", "Fecha de cita"),
        ("due_date", "Vade Tarihi"),
    ],
)
def test_the_same_thing_in_other_words(variable, header):
    assert likeness(meaning(variable), meaning(header)) >= 0.75


@pytest.mark.parametrize(
    ("variable", "header"),
    [
        ("name", "Company Name"),
        ("name", "Ürün Adı"),
        ("name", "User Name"),
        ("name", "Kampanya Adı"),
        ("date", "Tutar"),
        ("appointment_date", "Doğum Tarihi"),
        ("order_number", "Sipariş Tarihi"),
        ("city", "Ülke"),
        ("email", "Adres"),
        ("first_name", "Soyad"),
        ("amount", "Adet"),
        ("product", "Fiyat"),
    ],
)
def test_other_things_in_like_words(variable, header):
    assert likeness(meaning(variable), meaning(header)) < 0.55


def test_a_hostile_header_costs_no_time():
    hostile = ("a" * 50_000, "telefon" * 7_000, "ı̇" * 25_000, "_" * 50_000, "aB" * 25_000)
    assert cpu_seconds(lambda: [meaning(header) for header in hostile]) < 0.25
