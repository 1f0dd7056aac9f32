"""The columns of a spreadsheet as they are weighed: what the header says together with what the cells look like."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from imports.pipeline.headers.meaning import Meaning, meaning, promises_phone
from imports.pipeline.phones.countries import region_under_country
from imports.pipeline.placeholders import means_nothing
from imports.pipeline.readers.column_letters import column_letters

from .cell_profile import Profile, phone_share, profile

NEVER_PHONES = frozenset({"money", "date", "time", "count", "postcode", "tax", "age", "ip", "url"})
UNKNOWN_COLUMNS = 15  # of digits under headers that say nothing
THOROUGHLY = 6
ENOUGH = 0.9  # of the cells are numbers already
FIRMS = 0.25  # of the cells: firms whose names do not say so are many
COLLEAGUES = frozenset({"agent", "supplier", "doctor", "city", "company"})
PEOPLE = frozenset({"customer", "holder", "primary", "parent", "mother", "father", "student", "patient", "unvan", "number"})
PLACES = frozenset({"home", "work", "other", "primary", "secondary", "emergency", "parent", "mother", "father"})
SAMPLE_ROWS = 160  # spread over the sample; more would not change anyone's mind
CELL_START = 200  # nor would more characters of one


@dataclass(frozen=True)
class Column:
    """One column: `index` 0-based, `texts` the sample's cells, stripped."""

    index: int
    header: str
    meaning: Meaning
    cells: Profile
    texts: list[str]


def view_columns(headers: Sequence[str], sample: Sequence[Sequence[str]], likely_region: str) -> list[Column]:
    """The columns of a table, weighed by at most SAMPLE_ROWS of its sample rows. `likely_region`: the region code in which bare
    digits are read first."""
    rows = sample[:: len(sample) // SAMPLE_ROWS + 1]
    texts = [[_shown(row[at]) if at < len(row) else "" for row in rows] for at in range(len(headers))]
    meanings = [meaning("" if _is_unnamed(index, header) else header) for index, header in enumerate(headers)]
    cells = _with_phones(meanings, [profile(column) for column in texts], texts, likely_region)
    meanings = [_from_cells(one, looks) for one, looks in zip(meanings, cells)]
    meanings = _names_in_context(meanings, cells)
    return [Column(*column) for column in zip(range(len(headers)), headers, meanings, cells, texts)]


def _shown(cell: str) -> str:
    """The beginning of a cell, stripped; '' where a program wrote that there is no value."""
    text = cell[:CELL_START].strip()
    is_number = text[:1].isdigit() and "#" not in text  # and needs no closer look
    return "" if not is_number and means_nothing(text) else text


def _with_phones(meanings: list[Meaning], cells: list[Profile], texts: list[list[str]], likely_region: str) -> list[Profile]:
    """Profiles with their share of phone numbers. Measuring it is slow, so headers that speak of something else are
    passed over, of a table full of digits only the first columns are measured, and these thoroughly only when no
    other column has any numbers."""
    regions = _row_regions(meanings, texts)
    promised = {index for index, one in enumerate(meanings) if promises_phone(one)}
    unknown = [
        index
        for index, (one, looks) in enumerate(zip(meanings, cells))
        if looks.dialable >= 0.5 and one.sort not in NEVER_PHONES and index not in promised
    ][:UNKNOWN_COLUMNS]
    shares = {index: _phone_share(texts[index], regions, likely_region, promised=True) for index in promised}
    shares |= {index: _phone_share(texts[index], regions, likely_region, promised=False, deep=False) for index in unknown}
    if not any(shares.values()):
        shares |= {index: _phone_share(texts[index], regions, likely_region, promised=False) for index in unknown[:THOROUGHLY]}
    return [replace(looks, phone=shares.get(index, 0.0)) for index, looks in enumerate(cells)]


def _phone_share(texts: list[str], regions: list[str | None] | None, likely_region: str, **how: bool) -> float:
    """With the countries of the rows, and without: they may be those of something else."""
    alone = phone_share(texts, None, likely_region, **how)
    return alone if regions is None or alone >= ENOUGH else max(alone, phone_share(texts, regions, likely_region, **how))


def _is_unnamed(index: int, header: str) -> bool:
    """The reader's own name for a column that has none, in a file without headers or in one with a gap."""
    letters = column_letters(index)
    return header == f"Column {letters}" or header == letters and not meaning(header).known


def names_countries(header: Meaning, texts: Sequence[str]) -> bool:
    """A column of countries or their dialing codes. Area codes are none: 212 is in İstanbul, and Morocco."""
    if "area_code" in header.names:
        return all(text.startswith(("+", "00")) for text in texts if text)
    return header.sort == "country" or "dialing_code" in header.names


def _row_regions(meanings: list[Meaning], texts: list[list[str]]) -> list[str | None] | None:
    """Region codes of the first column whose header says country, so that national numbers can be judged by them."""
    for one, column in zip(meanings, texts):
        if names_countries(one, column):
            regions = [region_under_country(text) if text else None for text in column]
            if any(regions):
                return regions
    return None


def _from_cells(header: Meaning, cells: Profile) -> Meaning:
    """A header that does not say what sort its cells are ("Termin", "Müşteri", "Ev", "Kolon 3") means what they look like."""
    if cells.order >= 0.8 and header.names == {"name"}:
        return replace(header, parts=(("order", 1.0), ("number", 0.15)))
    if cells.company >= FIRMS and header.sort in ("", "name") and header.names <= PEOPLE | {"name", "full_name"}:
        return replace(header, parts=(("company", 1.0), ("name", 0.5)))
    known = {name for name in header.names if not name.startswith("=")}
    if known & PLACES and known <= PLACES | {"customer", "number"} and cells.phone >= 0.6:
        return _with(header, "phone")
    if not cells.filled or header.sort:
        return header
    if cells.email >= 0.8:
        return _with(header, "email")
    if cells.date >= 0.6:
        return _with(header, "date")
    if cells.money >= 0.6 or "value" in known and cells.number >= 0.8:
        return _with(header, "amount")
    if not known & COLLEAGUES and cells.person >= 0.7 and cells.given_name >= 0.4:
        return _with(header, "full_name" if cells.many_words >= 0.6 else "first_name")
    if known and known <= PEOPLE - {"unvan"} and cells.person >= 0.8:
        return _with(header, "name")
    return header


def _with(header: Meaning, name: str) -> Meaning:
    kept = tuple(part for part in header.parts if part[0] != "unvan")
    return replace(header, parts=(*kept, (name, 1.0)))


def _names_in_context(meanings: list[Meaning], cells: list[Profile]) -> list[Meaning]:
    """ "Name" beside "Vorname" is the last name, "Nombre" beside "Apellidos" the first, and two words are a full one."""
    firsts = [one.text for one in meanings if "first_name" in one.names]
    lasts = [one for one in meanings if "last_name" in one.names]
    named = [
        _renamed(one, _which_name(looks, firsts, bool(lasts))) if "name" in one.names else one
        for one, looks in zip(meanings, cells)
    ]
    return [
        _with(one, "last_name") if _follows_first_name(before, one, looks) else one
        for before, one, looks in zip([Meaning("", ()), *named], named, cells)
    ]


def _follows_first_name(before: Meaning, header: Meaning, cells: Profile) -> bool:
    """Two columns without headers, first names and then one word each."""
    one_word = cells.person >= 0.9 and cells.many_words < 0.3
    return before.names == {"first_name"} and not before.text and not header.parts and one_word


def _which_name(cells: Profile, firsts: list[str], has_last: bool) -> str:
    if cells.filled and cells.many_words >= 0.5:
        return "full_name"
    if has_last and not firsts:
        return "first_name"
    if not has_last and any("vorname" in text or "prenom" in text for text in firsts):
        return "last_name"
    return "name"


def _renamed(header: Meaning, name: str) -> Meaning:
    return replace(header, parts=tuple((name if part == "name" else part, weight) for part, weight in header.parts))
