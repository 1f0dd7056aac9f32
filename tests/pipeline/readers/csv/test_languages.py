"""How well the letters of a language explain the words of a file."""

import pytest

from imports.pipeline.readers.csv.languages import LATIN, TURKISH, explained, is_latin, latin_encoding, rivals_of


@pytest.mark.parametrize(
    ("words", "encoding"),
    [
        ("Ayşe Çağrı Işık", "cp1254"),
        ("Müller Größe Äpfel", "cp1252"),
        ("Łódź Wałęsa Gdańsk", "cp1250"),
        ("Þórður Ægir", "cp1252"),
    ],
)
def test_the_language_of_the_letters_names_the_encoding(words, encoding):
    assert latin_encoding(words.encode(encoding)) == encoding


def test_letters_are_explained_by_their_language_alone():
    assert explained("Ayşe".encode("cp1254"), *TURKISH) == 1.0 and explained("Ayþe".encode("cp1252"), "cp1252", "äöü") == 0.0
    assert explained(b"Ali", *TURKISH) == 0.0 and LATIN[0] == TURKISH


def test_words_that_mix_plain_and_accented_letters_are_latin():
    assert is_latin(["Ayşe".encode("cp1254"), "Çağrı".encode("cp1254")]) and is_latin([])
    assert not is_latin(["Мария".encode("cp1251"), "Ольга".encode("cp1251")])


def test_other_encodings_that_give_words_are_rivals():
    assert "cp1252" in rivals_of("Ayþe Þórður".encode("cp1252"), "cp1254")
    assert "cp1254" not in rivals_of("Ayşe".encode("cp1254"), "cp1254")
