"""The countries in whose language the headers of a file are written."""

import pytest

from imports.pipeline.headers.language import REGIONS, WORDS, regions_of_headers


@pytest.mark.parametrize(
    ("headers", "first"),
    [(["Adı", "Soyadı", "Telefonu"], "TR"), (["Vorname", "Nachname", "PLZ"], "DE"), (["الاسم", "الهاتف"], "SA")],
)
def test_the_likeliest_country_comes_first(headers, first):
    assert regions_of_headers(headers)[0] == first


@pytest.mark.parametrize("headers", [[], ["Name", "Phone", "City"], ["xyz"]])
def test_english_and_unknown_words_name_no_country(headers):
    assert regions_of_headers(headers) == ()


def test_every_language_has_its_countries():
    assert set(WORDS) | {"ar"} == set(REGIONS)
