"""What stands in several columns: a name in `Ad` and `Soyad`, a number in `Alan Kodu` and `Telefon`."""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from imports.pipeline.evidence import Support
from imports.pipeline.headers.folding import fold
from imports.pipeline.headers.meaning import meaning
from imports.pipeline.phones.metadata import code_of
from imports.pipeline.reasons import Reason

from .cell_profile import share_at_home
from .column import Column
from .source import Joined, Source, value_of

WHOLE = 0.8  # of the joined numbers can be called, and not of the numbers alone
POSSIBLE = 0.5  # of the numbers alone can be called: that they are whole is not ruled out
NAMELIKE = 0.5
PARTS = ("first_name", "middle_name", "last_name")  # in the order in which they are written
# Where the family name is written first, the columns stand in that order, and so are they joined.
_FAMILY_NAME_FIRST = frozenset(
    fold(word) for word in "vezetéknév keresztnév utónév családnév 姓 名 姓氏 名字 성 họ tên 苗字".split()
)
_FIRST_NAMES = frozenset(
    fold(word) for word in "keresztnév utónév 名 名字 tên ime jméno etunimi förnamn fornavn fornavne óνομα όνομα prenume".split()
)
_LAST_NAMES = frozenset(
    fold(word)
    for word in "vezetéknév családnév 姓 姓氏 苗字 họ prezime příjmení sukunimi efternamn etternavn επώνυμο επίθετο nume".split()
)
_AREA_CODE = re.compile(r"\(?0?[1-9]\d{1,4}\)?")
_ANY_AREA_CODE = re.compile(r"\(?0?[1-9]\d{0,4}\)?")  # under a header that says so: 1 is Vienna
_CODE_SORTS = frozenset({"area_code", "code", "dialing_code"})


class FoundJoin(NamedTuple):
    """Columns to be joined for a field, what supports it and why. `alone`: what refutes the last column without the others,
    '' if nothing does."""

    source: Joined
    supports: frozenset[Support]
    reason: Reason
    alone: str = "not_callable"


def suggest_full_name(columns: Sequence[Column]) -> FoundJoin | None:
    """First and last name, and a middle one between them, in the order in which names are written in their language."""
    parts = {part: found[0] for part in PARTS if (found := [column for column in columns if part_of_name(column) == part])}
    if not {"first_name", "last_name"} <= set(parts) or not all(_is_namelike(column) for column in parts.values()):
        return None
    ordered = [parts[part] for part in PARTS if part in parts]
    if any(fold(column.header) in _FAMILY_NAME_FIRST for column in ordered):
        ordered.sort(key=lambda column: column.index)
    source = Joined(tuple(column.index for column in ordered))
    filled = all(column.cells.filled for column in ordered)
    supports = frozenset({Support.HEADER, Support.CELLS} if filled else {Support.HEADER})
    return FoundJoin(source, supports, Reason("columns_joined", {"headers": _named(ordered)}))


def part_of_name(column: Column) -> str:
    """One of PARTS, '' for a column of anything else."""
    folded = fold(column.header)
    if folded in _FIRST_NAMES:
        return "first_name"
    if folded in _LAST_NAMES:
        return "last_name"
    names = column.meaning.names
    owner = {name for name in names if name not in (*PARTS, "customer", "number")}
    return "" if owner else next((part for part in PARTS if part in names), "")


def _is_namelike(column: Column) -> bool:
    initials = all(text.strip(". ").isalpha() for text in column.texts if text) and max(map(len, column.texts), default=0) <= 2
    return not column.cells.filled or initials or column.cells.person >= NAMELIKE


def wants_full_name(variable: str) -> bool:
    """Whether a variable asks for the whole name of the lead: `name`, `customer_name`, `full_name`, `musteri`."""
    names = meaning(variable).names
    return bool(names & {"name", "full_name"}) or bool(names) and names <= {"customer", "patient", "student", "holder"}


def suggest_whole_number(columns: Sequence[Column], region: str, chosen: Mapping[str, Source]) -> dict[str, FoundJoin]:
    """Field key → area code and number joined, for each phone of `chosen` whose numbers lack their area codes."""
    by_index = {column.index: column for column in columns}
    found: dict[str, FoundJoin] = {}
    for key, source in chosen.items():
        if isinstance(source, Joined):
            continue
        join = _completed(by_index[source], columns, region)
        if join is not None:
            found[key] = join
    return found


def is_number_together(columns: Sequence[Column], source: Joined, region: str) -> bool:
    """Whether joined columns can be called as a whole, written internationally or as dialled in `region`, and none of them alone."""
    texts = [value_of(row, source) for row in zip(*(column.texts for column in columns))]
    alone = max(_share_filled(columns[index].texts, region) for index in source.columns)
    return _share_filled(texts, region) >= WHOLE and alone < POSSIBLE


def _share_filled(texts: Sequence[str], region: str) -> float:
    filled = [text for text in texts if text]
    return share_at_home(filled, region) if filled else 0.0


def _completed(number: Column, columns: Sequence[Column], region: str) -> FoundJoin | None:
    """`number` with the codes that make it whole: those of a header that says so, else of the column just before it."""
    before = number.index - 1
    codes = [
        column
        for column in columns
        if column is not number
        and _are_codes(column)
        and (
            "area_code" in column.meaning.names
            or column.index == before
            and column.meaning.names <= _CODE_SORTS | {"number", "phone"}
        )
    ]
    for code in sorted(codes, key=lambda column: (column.index > number.index, abs(column.index - number.index))):
        share = _share_together(code, number, region)
        alone = _share_filled(number.texts, region)
        # Where numbers have no fixed length, one without its area code may be another number that can be called.
        may_stand_alone = "area_code" not in code.meaning.names or _begin_with(code, number) or _are_of_home(code, region)
        if share < WHOLE or alone >= WHOLE and may_stand_alone:
            continue
        reason = Reason("columns_joined_number", {"headers": _named([code, number]), "percent": round(100 * share)})
        refuted = "not_callable" if alone < POSSIBLE else ""
        return FoundJoin(Joined((code.index, number.index), ""), frozenset({Support.CELLS}), reason, refuted)
    return None


def _begin_with(code: Column, number: Column) -> bool:
    """Most numbers begin with the area code beside them already."""
    pairs = [(_digits(before), _digits(text)) for before, text in zip(code.texts, number.texts) if before and text]
    return 2 * sum(text.startswith(before) for before, text in pairs) > len(pairs)


def _are_of_home(code: Column, region: str) -> bool:
    """What is called an area code is the country's own dialing code in every row."""
    return {_digits(text) for text in code.texts if text} == {code_of(region)}


def _digits(text: str) -> str:
    return "".join(char for char in text if char.isdigit()).lstrip("0")


def _share_together(code: Column, number: Column, region: str) -> float:
    pairs = [code_text + text for code_text, text in zip(code.texts, number.texts) if code_text and text]
    return _share_filled(pairs, region)


def _are_codes(column: Column) -> bool:
    filled = [text for text in column.texts if text]
    form = _AREA_CODE if "area_code" not in column.meaning.names else _ANY_AREA_CODE
    return bool(filled) and all(form.fullmatch(text) for text in filled)


def _named(columns: Sequence[Column]) -> str:
    return " + ".join(f"“{column.header}”" for column in columns)
