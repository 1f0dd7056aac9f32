"""Which column says the country, or the dialing code, of a row's number: judged by the numbers beside it.

A column of countries says where somebody lives, was born or flies to, or where a thing was made. Only numbers that need it
prove that it is about the number: they cannot be called at home and can be called in the row's country. It is never proven
against numbers that are mobiles at home.
"""

from collections.abc import Sequence
from typing import NamedTuple

from imports.pipeline.evidence import Decision, Reading, Support, decide
from imports.pipeline.phones.batch import normalise_column
from imports.pipeline.phones.countries import region_of_country, region_under_country
from imports.pipeline.phones.fit import likely_fits, same_country
from imports.pipeline.phones.kinds import kinds_of
from imports.pipeline.phones.metadata import code_of, dialing_code_of
from imports.pipeline.phones.phone_format import PhoneFormat, PhoneResult
from imports.pipeline.reasons import Reason

from .column import Column, names_countries

COUNTRIES = 0.6  # of the filled cells name a country or a dialing code
ALL_CODES = 0.95  # of the cells are country codes such as `DE`, under a header that does not say so
MOST, HALF, FEW = 0.8, 0.5, 0.2
MOST_CODES = 12  # different dialing codes in a column of them
LONGEST_CODE = 5  # characters
# Words that may stand beside "country" without making it the country of something else.
OF_THE_NUMBER = frozenset(
    """country dialing_code area_code customer phone mobile landline number code holder patient student parent name
    primary billing home work address default_address company state id""".split()
)


class CountryEvidence(NamedTuple):
    """Rows that say another country than home beside a number without a dialing code: how many there are; of these the
    numbers that need the country, those that are mobiles at home, those that can be called there, those that are mobiles
    there. Of the numbers with a dialing code in rows that say another country than home, `agreed` have that country's;
    `denied`: most numbers with a dialing code are of other countries than their rows say. `of_one_country`: the rows say
    several countries, but nearly all numbers could be of a single one."""

    rows: int
    needed: int
    home_mobiles: int
    callable: int
    mobiles: int
    agreed: int
    denied: bool
    of_one_country: bool


def decide_country(columns: Sequence[Column], texts: Sequence[str], home: str, key: str) -> tuple[Column | None, Decision | None]:
    """The column to use, and the graded choice; (None, None) where no column names another country than home.

    `texts` are the phone cells of the rows that the columns were sampled from; `key` is the field's.
    """
    every = [(column, evidence_of(column, texts, home)) for column in columns if _may_name_countries(column)]
    seen = [(column, evidence) for column, evidence in every if evidence.rows]
    if not seen:
        return _harmless(
            [column for column, evidence in every if not evidence.denied and (_is_plain(column) or evidence.agreed)], key
        )
    column, evidence = max(seen, key=lambda pair: (_is_plain(pair[0]) and pair[1].callable > 0, pair[1].needed, -pair[0].index))
    others = [Reading(other.header, _refuted(facts)) for other, facts in seen if other is not column]
    why = Reason("column_country", {"header": column.header, "percent": round(100 * _share(column))})
    if evidence.needed >= MOST * evidence.rows and not evidence.home_mobiles and _share(column) >= COUNTRIES:
        elsewhere = [Reading("")] if evidence.of_one_country else []
        return column, decide(key, column.header, why, {Support.CELLS}, [*elsewhere, *others])
    if evidence.needed >= HALF * evidence.rows or _is_plain(column) and _fits(evidence):
        return column, decide(key, column.header, why, {Support.HEADER}, [Reading(""), *others])
    left = [reading for reading in [Reading(column.header, _refuted(evidence)), *others] if not reading.refuted]
    unused = Reason("country_column_unused", {"header": column.header})
    return None, decide(key, "", unused, {Support.CELLS}, left)


def _harmless(columns: Sequence[Column], key: str) -> tuple[Column | None, Decision | None]:
    """A column whose header says country and under which every number seen keeps the country that it has without it."""
    if not columns:
        return None, None
    column = columns[0]
    why = Reason("column_country", {"header": column.header, "percent": round(100 * _share(column))})
    return column, decide(key, column.header, why, {Support.CELLS})


def _fits(evidence: CountryEvidence) -> bool:
    return evidence.callable >= MOST * evidence.rows and evidence.home_mobiles <= FEW * evidence.rows and not evidence.denied


def _refuted(evidence: CountryEvidence) -> str:
    """Why the column cannot be about the numbers, '' if it can."""
    if evidence.denied:
        return "own_codes"
    if evidence.callable < HALF * evidence.rows:
        return "not_callable"
    if not evidence.needed and evidence.home_mobiles >= MOST * evidence.rows and evidence.mobiles <= FEW * evidence.rows:
        return "fixed_lines"
    return ""


def _may_name_countries(column: Column) -> bool:
    if (
        _share(column) < (FEW if names_countries(column.meaning, column.texts) and not _has_codes(column) else COUNTRIES)
        or _are_ids(column)
        or "area_code" in column.meaning.names
        and not names_countries(column.meaning, column.texts)
    ):
        return False
    if not _has_codes(column):
        named = column.meaning.names & {"country", "dialing_code"}
        return bool(named) or column.cells.long_words >= HALF or column.cells.country >= ALL_CODES
    filled = [text for text in column.texts if text]
    return _is_plain(column) and len(set(filled)) <= MOST_CODES and max(map(len, filled)) <= LONGEST_CODE


def _are_ids(column: Column) -> bool:
    """`ag:120210000000001` begins like a country, and has more digits than any dialing code."""
    filled = [text for text in column.texts if text]
    return 2 * sum(sum(map(str.isdigit, text)) > LONGEST_CODE for text in filled) > len(filled)


def _has_codes(column: Column) -> bool:
    return any(text.strip(" +()").isdigit() for text in column.texts)


def _is_plain(column: Column) -> bool:
    """The header says country, or dialing code, and of nothing else than the person or the number. Over dialing codes it may
    say code alone, or nothing known."""
    names = column.meaning.names
    if _has_codes(column):
        return {name for name in names if not name.startswith("=")} <= OF_THE_NUMBER
    return bool(names & {"country", "dialing_code", "area_code"}) and names <= OF_THE_NUMBER


def _regions(column: Column) -> list[str | None]:
    read = region_under_country if names_countries(column.meaning, column.texts) else region_of_country
    return [read(text) if text else None for text in column.texts]


def _share(column: Column) -> float:
    """How many of the filled cells name a country or a dialing code."""
    if column.cells.country >= COUNTRIES or not names_countries(column.meaning, column.texts):
        return column.cells.country
    filled = sum(1 for text in column.texts if text)
    return sum(region is not None for region in _regions(column)) / filled if filled else 0.0


def evidence_of(column: Column, texts: Sequence[str], home: str) -> CountryEvidence:
    """What the phone cells `texts` show about a column that names countries, for an instance at home in region `home`."""
    regions = _regions(column)
    pairs = [(text, region) for text, region in zip(texts, regions) if text and region]
    written = [(text, region) for text, region in pairs if text.lstrip("'\" (").startswith(("+", "00"))]
    foreign = [(text, region) for text, region in pairs if (text, region) not in written and not same_country(region, home)]
    numbers = [text for text, _ in foreign]
    at_home = normalise_column(numbers, PhoneFormat("national", home))
    there = [normalise_column([text], PhoneFormat("national", region))[0] for text, region in foreign]
    agreed, total = _agreement(written)
    return CountryEvidence(
        rows=len(foreign),
        needed=sum(not one.e164 and bool(other.e164) for one, other in zip(at_home, there)),
        home_mobiles=_mobiles(at_home),
        callable=sum(bool(result.e164) for result in there),
        mobiles=_mobiles(there),
        agreed=sum(not same_country(region, home) for region in agreed),
        denied=2 * len(agreed) < total,
        of_one_country=_fit_one_country(numbers, {region for _, region in foreign}),
    )


def _fit_one_country(numbers: Sequence[str], regions: set[str]) -> bool:
    """Whether a single country explains the numbers of rows that name several: then the column may speak of another thing."""
    if len(regions) == 1:
        return False
    dialled = [digits for text in numbers if (digits := "".join(char for char in text if char.isdigit() and char.isascii()))]
    likely = [region for region, _, mobile in likely_fits(dialled, MOST) if mobile >= MOST]
    return bool(dialled and likely)


def _mobiles(results: Sequence[PhoneResult]) -> int:
    return sum(kind == "mobile" for kind, _ in kinds_of([result.e164 for result in results if result.e164]))


def _agreement(written: Sequence[tuple[str, str]]) -> tuple[list[str], int]:
    """The regions of the rows whose numbers have that region's dialing code, and how many numbers there are."""
    results = normalise_column([text for text, _ in written], PhoneFormat("international"))
    pairs = [(result.e164, region) for result, (_, region) in zip(results, written) if result.e164]
    return [region for number, region in pairs if dialing_code_of(number[1:]) == code_of(region)], len(pairs)
