"""Which countries other columns speak for: states, postcodes, the endings of mail and web addresses.

None of them proves a country. They keep the home country from being presumed where another one fits as well.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from imports.pipeline.headers.meaning import meaning
from imports.pipeline.phones.normalise import regions

MOST = 0.8  # of the filled cells
LEAST_CELLS = 2
MOST_ROWS, LONGEST_CELL = 100, 200
US_STATES = frozenset(
    """AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND
    OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY DC PR""".split()
)
CANADIAN_PROVINCES = frozenset("AB BC MB NB NL NS NT NU ON PE QC SK YT".split())
AUSTRALIAN_STATES = frozenset("NSW QLD VIC TAS ACT".split())
# Postcodes whose form belongs to one country; five digits are written in thirty.
POSTCODES = {
    "GB": re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]? ?[0-9][A-Z]{2}"),
    "CA": re.compile(r"[A-Z][0-9][A-Z] ?[0-9][A-Z][0-9]"),
    "NL": re.compile(r"[1-9][0-9]{3} ?[A-Z]{2}"),
    "US": re.compile(r"[0-9]{5}-[0-9]{4}"),
    "BR": re.compile(r"[0-9]{5}-[0-9]{3}"),
    "PL": re.compile(r"[0-9]{2}-[0-9]{3}"),
    "PT": re.compile(r"[0-9]{4}-[0-9]{3}"),
}
LONGEST_POSTCODE = 12
_DIGIT = re.compile("[0-9]")
_FIVE_DIGITS = re.compile(r"[0-9]{5}")
_DOMAIN_ENDING = re.compile(r"[@.][^@\s/.]{1,63}\.([a-z]{2})(?:[/:?][^\s]{0,100})?", re.IGNORECASE)
# Country codes that people all over the world use for their names.
USED_ANYWHERE = frozenset("CO IO ME TV AI CC FM TO WS LA LY GG SH AC BZ EU".split())


def countries_hinted(headers: Sequence[str], sample: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """Region codes, each once, in the order of the columns. `sample` are rows of cells."""
    table = [_Hinting(meaning(header).sort, _filled(sample, index)) for index, header in enumerate(headers)]
    has_zip_codes = any(column.sort == "postcode" and _share(column.filled, _FIVE_DIGITS.match) >= MOST for column in table)
    return tuple(
        dict.fromkeys(
            region for column in table if len(column.filled) >= LEAST_CELLS for region in _hinted(column, has_zip_codes)
        )
    )


class _Hinting(NamedTuple):
    """A column: the sort of cell that its header promises, and its filled cells, stripped."""

    sort: str
    filled: list[str]


def _filled(sample: Sequence[Sequence[str]], index: int) -> list[str]:
    return [text for row in sample[:MOST_ROWS] if index < len(row) and (text := row[index][:LONGEST_CELL].strip())]


def _hinted(column: _Hinting, has_zip_codes: bool) -> Iterator[str]:
    filled = column.filled
    if _share(filled, US_STATES.__contains__) >= MOST and (column.sort == "state" or has_zip_codes):
        yield "US"
    for region, names in (("CA", CANADIAN_PROVINCES), ("AU", AUSTRALIAN_STATES)):
        if _share(filled, names.__contains__) >= MOST:
            yield region
    yield from _postcodes(filled)
    yield from _domains(filled)


def _postcodes(filled: Sequence[str]) -> Iterator[str]:
    """Countries in whose form most cells are written. Every form has digits, which most columns have none of."""
    may_be = [text.upper() for text in filled if len(text) <= LONGEST_POSTCODE and _DIGIT.search(text)]
    if filled and len(may_be) / len(filled) >= MOST:
        yield from (
            region
            for region, form in POSTCODES.items()
            if sum(1 for text in may_be if form.fullmatch(text)) / len(filled) >= MOST
        )


def _domains(filled: Sequence[str]) -> Iterator[str]:
    """The country whose ending half of the addresses have."""
    endings = [match[1].upper() for text in filled if "." in text and (match := _DOMAIN_ENDING.search(text))]
    for ending in set(endings) - USED_ANYWHERE:
        region = "GB" if ending == "UK" else ending
        if 2 * endings.count(ending) >= len(filled) and region in dict(regions()):
            yield region


def _share(texts: Sequence[str], test: Callable[[str], object]) -> float:
    return sum(1 for text in texts if test(text)) / len(texts) if texts else 0.0
