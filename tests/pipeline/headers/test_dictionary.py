"""Single words of headers: as they are, without their ending, compound, and misspelt."""

import pytest

from imports.pipeline.headers.dictionary import look_up, phrases, without_article


@pytest.mark.parametrize(
    ("word", "meanings"),
    [
        ("telefon", ("phone",)),
        ("telefonunuz", ("phone",)),
        ("adress", ("address",)),
        ("telefn", ("phone",)),
        ("xqzw", ("=xqzw",)),
        ("giriniz", ("",)),
    ],
)
def test_the_meanings_of_a_word(word, meanings):
    assert look_up(word) == meanings


def test_a_compound_has_the_meanings_of_its_words():
    assert look_up("kundennummer") == ("customer", "number")


def test_words_that_are_one_phrase_are_joined_the_longest_first():
    assert phrases(["utm", "source"]) == ["utm source"]
    assert phrases(["telefon", "land", "line"]) == ["telefon", "land line"]


def test_the_article_of_arabic_is_no_part_of_a_word():
    assert without_article(["الهاتف", "ال"]) == ["هاتف", "ال"]
