"""The country of each row, and numbers whose country nobody knows."""

import pytest

from imports.pipeline.phones.normalise import INTERNATIONAL, PhoneFormat
from imports.pipeline.row_regions import UnknownCountry, normalise_rows, region_of_cell


@pytest.mark.parametrize(
    ("cell", "region"), [(" Almanya ", "DE"), ("+90", "TR"), ("", None), (" - ", None), ("null", None), ("Atlantis", "Atlantis")]
)
def test_a_cell_names_a_country_or_nothing_or_one_that_is_not_known(cell, region):
    assert region_of_cell(cell) == region and isinstance(region_of_cell(cell), UnknownCountry) == (region == "Atlantis")


@pytest.mark.parametrize(
    ("text", "home", "number"),
    [
        ("050 123 4567", "DE", ""),  # of the Emirates, and a landline in Germany
        ("+971 50 123 4567", "DE", "+971501234567"),
        ("00971501234567", "DE", "+971501234567"),
        ("0532 123 45 67", "TR", ""),
    ],
)
def test_only_a_number_with_its_own_code_is_read(text, home, number):
    regions = [UnknownCountry("Emirlikler"), None]
    results = normalise_rows([text, "+90 532 123 45 67"], PhoneFormat("national", home), regions, home)
    assert [result.e164 for result in results] == [number, "+905321234567"]
    assert (results[0].reason is None) == bool(number)


def test_what_cannot_be_called_anyway_keeps_its_reason_and_international_lists_are_read_as_ever():
    regions = [UnknownCountry("Atlantis")]
    assert normalise_rows(["12"], PhoneFormat("national", "TR"), regions, "TR")[0].reason.code != "country_unknown"
    assert normalise_rows(["905321234567"], INTERNATIONAL, regions, "TR")[0].e164 == "+905321234567"
