"""A phone cell's text → E.164, what was repaired on the way, or a named reason and no number.

The right number or no number: nothing is taken that could be read two ways, and no digit is
sent that the cell does not hold, but for the dialing code of the region it is known to
belong to. `normalise` is the rule, one number at a time; `normalise_column` is the same for
a whole column, many times faster.

One cell:

    characters        every kind of digit, space and dash in ASCII
    cleaning          cell → dialled digits; cell_labels removes labels, refusals names what is no phone number
    parsing           dialled digits → E.164, by the phonenumbers library (metadata) and the rules of this package; why_not
    pieces            the same where a list number or an extension may stand beside the number; cuts finds the places
    homes             a row of another country: ambiguous where the number is a mobile in the home country

A column:

    batch             the same for a column: batch_home, batch_remainder, with shapes, possible and patterns
    kinds, labels     mobile or fixed line, by the number and by the label beside it

A file:

    guessing          in which format the numbers are written: guess_rivals, fit
    phone_likeness    how much a column looks like phone numbers
    examples          which cells to show
    countries         names of countries
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
