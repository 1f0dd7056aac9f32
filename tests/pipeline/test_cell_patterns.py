"""What cells look like before their column is known."""

import pytest

from imports.pipeline.cell_patterns import HEADER_WORD, HOLDS_NUMBER, PHONE_HEADER, SHORT_NUMBER, folded, has_number, is_data


@pytest.mark.parametrize(
    "cell", ["0532 111 22 33", "ali@example.com", "01.05.2026", "1.250,00 ₺", "9,05E+11", "https://a.example"]
)
def test_data_is_known_in_any_language(cell):
    assert is_data(cell)


@pytest.mark.parametrize("cell", ["Ad Soyad", "Telefon", "Kayıt Tarihi", ""])
def test_names_of_columns_are_no_data(cell):
    assert not is_data(cell)


@pytest.mark.parametrize("cell", ['="05321112233"', "[0532 111 22 33]", "Cep: 0532 111 22 33", "5,32E+09", "wa.me/905321112233"])
def test_a_number_is_found_in_any_notation(cell):
    assert HOLDS_NUMBER.match(cell)


def test_a_header_that_shows_how_to_write_a_number_holds_none():
    assert not HOLDS_NUMBER.match("Telefon (0532 111 22 33)")


def test_dates_within_a_text_are_no_numbers():
    assert has_number("ara: 0532 111 22 33") and not has_number("01.05.2026 13:30")


def test_a_short_number_is_neither_a_date_nor_too_long():
    assert SHORT_NUMBER.match("2345 6789") and not SHORT_NUMBER.match("01.05.2026") and not SHORT_NUMBER.match("123456789")


def test_headers_over_phones_are_known_whole():
    assert PHONE_HEADER.match("Cep Telefonu") and not PHONE_HEADER.match("Telefon yok")
    assert HEADER_WORD.search("Müşteri Adı") and not HEADER_WORD.search("Ayşe")


def test_names_that_differ_in_case_and_dots_fold_alike():
    assert folded("  İSİM   Soyisim ") == folded("isim soyısım")
