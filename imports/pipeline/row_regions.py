"""The country of each row by the cell of its country column, and the row's numbers read in it.

A cell that names no known country speaks against the file's country and for none: a number is then read only if it says its own.
"""

from collections.abc import Sequence

from imports.pipeline.phones.countries import region_under_country
from imports.pipeline.phones.normalise import INTERNATIONAL, PhoneFormat, PhoneResult, normalise_column

from .placeholders import means_no_phone
from .reasons import Reason

SHOWN = 60  # characters of a cell


class UnknownCountry(str):
    """In place of a region code: the text of a cell that names no known country."""


def region_of_cell(text: str) -> str | None:
    """The region code, None for a cell that says nothing, or an UnknownCountry."""
    text = text.strip()
    if not text:
        return None
    return region_under_country(text) or (None if means_no_phone(text) else UnknownCountry(text[:SHOWN]))


def known_regions(regions: Sequence[str | None]) -> list[str | None]:
    """Of cells that name no known country, None."""
    return [None if isinstance(region, UnknownCountry) else region for region in regions]


def normalise_rows(
    texts: Sequence[str], phone_format: PhoneFormat, regions: Sequence[str | None] | None, home_region: str | None
) -> list[PhoneResult]:
    """As `normalise_column`, with regions as `region_of_cell` tells them."""
    unknown = [place for place, region in enumerate(regions or ()) if isinstance(region, UnknownCountry)]
    if regions is None or not unknown:
        return normalise_column(texts, phone_format, regions, home_region)
    results = normalise_column(texts, phone_format, known_regions(regions), home_region)
    with_code = normalise_column([texts[place] for place in unknown], INTERNATIONAL)
    for place, international in zip(unknown, with_code):
        if results[place].e164 and results[place].e164 != international.e164:
            results[place] = PhoneResult("", (), Reason("country_unknown", {"country": str(regions[place])}))
    return results
