"""Countries that other columns speak for."""

import pytest

from imports.pipeline.columns.country_hints import countries_hinted


@pytest.mark.parametrize(
    ("headers", "row", "regions"),
    [
        (["Phone", "State", "ZIP"], ["212-555-0110", "NY", "10018"], ("US",)),
        (["Phone", "St.", "Zip Code"], ["2125550110", "CA", "90210"], ("US",)),
        (["Phone", "Code"], ["2125550110", "OR"], ()),
        (["Phone", "Postcode"], ["07400 123456", "SW1A 1AA"], ("GB",)),
        (["Phone", "Postal"], ["416 555 0110", "M5V 3L9"], ("CA",)),
        (["Name", "Mail"], ["Jan", "jan@voorbeeld.nl"], ("NL",)),
        (["Name", "Site"], ["Eva", "https://www.beispiel.de/kontakt"], ("DE",)),
        (["Name", "Mail"], ["Eva", "eva@firma.io"], ()),
        (["Ad", "Posta Kodu"], ["Ali", "34000"], ()),
    ],
)
def test_countries_that_columns_speak_for(headers, row, regions):
    assert countries_hinted(headers, [row] * 5) == regions
