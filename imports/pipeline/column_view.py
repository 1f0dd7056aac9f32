"""The columns of a spreadsheet as they are weighed: what the header says together with what the cells look like."""
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from .column_cells import Profile, profile
from .headers import Meaning, meaning
from .phones import region_of_country

SAMPLE_ROWS = 400  # more cells would not change anyone's mind


class Column(NamedTuple):
    """One column: `index` 0-based, `texts` the sample's cells, stripped."""

    index: int
    header: str
    says: Meaning
    cells: Profile
    texts: list[str]


def view_columns(headers: Sequence[str], sample: Sequence[Sequence[str]]) -> list[Column]:
    rows = sample[:SAMPLE_ROWS]
    texts = [[row[index].strip() if index < len(row) else "" for row in rows] for index in range(len(headers))]
    said = [meaning("" if _no_headers(headers) else header) for header in headers]
    regions = _row_regions(said, texts)
    cells = [profile(column, regions) for column in texts]
    said = [_from_cells(one, looks) for one, looks in zip(said, cells)]
    said = _names_in_context(said, cells)
    return [Column(*column) for column in zip(range(len(headers)), headers, said, cells, texts)]


def column_letters(index: int) -> str:
    """0 → A, 25 → Z, 26 → AA, as spreadsheets count."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _no_headers(headers: Sequence[str]) -> bool:
    return all(header == column_letters(index) for index, header in enumerate(headers))


def _row_regions(said: list[Meaning], texts: list[list[str]]) -> list[str | None] | None:
    """Region codes of the first column whose header says country, so that national numbers can be judged by them."""
    for one, column in zip(said, texts):
        if one.sort == "country" or "area_code" in one.names:
            regions = [region_of_country(text) if text else None for text in column]
            if any(regions):
                return regions
    return None


def _from_cells(said: Meaning, cells: Profile) -> Meaning:
    """A header that does not say what the cells are ("Müşteri", "C", "Kontakt") means what they look like."""
    says_person = said.names <= {"customer", "parent", "student", "patient", "unvan"} and not said.sort
    if not says_person or not cells.filled:
        return said
    if cells.email >= 0.8:
        return _with(said, "email")
    if cells.given_name >= 0.4 and cells.person >= 0.7:
        return _with(said, "full_name" if cells.many_words >= 0.6 else "first_name")
    if said.names and "unvan" not in said.names and cells.person >= 0.8:
        return _with(said, "name")
    return said


def _with(said: Meaning, name: str) -> Meaning:
    kept = tuple(part for part in said.parts if part[0] != "unvan")
    return replace(said, parts=(*kept, (name, 1.0)))


def _names_in_context(said: list[Meaning], cells: list[Profile]) -> list[Meaning]:
    """"Name" beside "Vorname" is the last name, "Nombre" beside "Apellidos" the first, and two words are a full one."""
    firsts = [one.text for one in said if "first_name" in one.names]
    lasts = [one for one in said if "last_name" in one.names]
    return [
        _renamed(one, _which_name(looks, firsts, bool(lasts))) if "name" in one.names else one
        for one, looks in zip(said, cells)
    ]


def _which_name(cells: Profile, firsts: list[str], has_last: bool) -> str:
    if cells.filled and cells.many_words >= 0.5:
        return "full_name"
    if has_last and not firsts:
        return "first_name"
    if not has_last and any("vorname" in text or "prenom" in text for text in firsts):
        return "last_name"
    return "name"


def _renamed(said: Meaning, name: str) -> Meaning:
    return replace(said, parts=tuple((name if part == "name" else part, weight) for part, weight in said.parts))
