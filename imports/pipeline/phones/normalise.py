"""A phone cell's text → E.164, what was repaired on the way, or a named reason and no number.

The right number or no number: nothing is taken that could be read two ways, and no digit is
sent that the cell does not hold, but for the dialing code of the region it is known to
belong to. `normalise` is the rule, one number at a time; `normalise_column` is the same for
a whole column, many times faster.

    phone_characters  every kind of digit, space and dash made one
    phone_cleaning    cell → dialled digits; phone_cell_labels takes words off, phone_refusals names what is no number
    phone_reading     dialled digits → E.164, by the phonenumbers library under our rules
    phone_pieces      the same where a list number or an extension may stand beside the number; phone_cuts finds the places
    phone_homes       numbers of people who moved: a mobile at home, a fixed line where they live
    phone_shapes      what a cell's shape tells of all cells of that shape
    phone_possible    which digits could be a number at all
    phone_compiled    both for whole columns, by the expressions of phone_patterns; phone_kinds
    phone_guessing    which format a file is written in
    phone_countries   names of countries
"""

import phonenumbers

from .batch import normalise_column
from .cleaning import Cleaned, clean
from .countries import countries, country_name, region_of_country
from .examples import awkward_first
from .guessing import suggest_format
from .homes import homes_besides, unless_mobile_at_home
from .kinds import kinds_of
from .phone_format import EVERYDAY_REPAIRS, INTERNATIONAL, REPAIRS, FormatSuggestion, PhoneFormat, PhoneResult
from .phone_likeness import looks_like_phone_share
from .pieces import read_cell

__all__ = (
    "EVERYDAY_REPAIRS",
    "INTERNATIONAL",
    "REPAIRS",
    "FormatSuggestion",
    "PhoneFormat",
    "PhoneResult",
    "awkward_first",
    "countries",
    "country_name",
    "kinds_of",
    "looks_like_phone_share",
    "normalise",
    "normalise_column",
    "region_of_country",
    "regions",
    "suggest_format",
)


def normalise(text: str, phone_format: PhoneFormat, row_region: str | None = None, home_region: str | None = None) -> PhoneResult:
    """One cell. `row_region` (from a country column) wins over the format's; `+` and `00` win over both.

    Home is the format's region and `home_region`, the instance's: what is a mobile there and another number in the row's
    region is ambiguous, for people who moved keep their number.
    """
    cleaned = clean(text)
    if not isinstance(cleaned, Cleaned):
        return PhoneResult("", (), cleaned)
    result = read_cell(cleaned, row_region or phone_format.home_region)
    for home in homes_besides(row_region, phone_format, home_region) if result.e164 else ():
        result = unless_mobile_at_home(result, read_cell(cleaned, home))
    return result


def regions() -> list[tuple[str, str]]:
    """Every (region code, dialing code) a number can be written in, by region code."""
    return [(code, str(phonenumbers.country_code_for_region(code))) for code in sorted(phonenumbers.SUPPORTED_REGIONS)]
