"""Which column holds which variable of the assistant: the best pairs of header and name whose cells do not contradict."""

from collections.abc import Sequence
from dataclasses import replace

from rapidfuzz import fuzz

from imports.pipeline.consent import consent_of
from imports.pipeline.headers.meaning import Meaning, likeness, meaning
from imports.pipeline.reasons import Reason

from .choices import Choice, Draft, plain_name
from .column import Column
from .fields import Field

LIKELY = 0.55  # a pair of variable and column worth suggesting
AGREED = 0.94  # cells that do not contradict
MOST_ANSWERS = 4  # different ones in a column of yes and no
PERSONS = frozenset({"customer", "patient", "student", "parent", "mother", "father", "holder"})


def _likely_pairs(draft: Draft, fields: Sequence[Field]) -> list[tuple[float, Field, Column]]:
    free = draft.free()
    return [
        (score, f, column)
        for f in draft.without_column(fields)
        if f.kind == "variable"
        for column in free
        if (score := _variable_score(f, column)) >= LIKELY
    ]


def add_variables(draft: Draft, fields: Sequence[Field]) -> None:
    """Chooses the best pairs of variable and column, best first; each variable and each column at most once."""
    used: set[int] = set()
    for score, f, column in sorted(_likely_pairs(draft, fields), key=lambda pair: (-pair[0], pair[2].index)):
        if f.key not in draft.choices and column.index not in used:
            draft.choices[f.key] = Choice(column.index, round(min(score, 0.97), 2), _variable_reason(f, column))
            used.add(column.index)


def _variable_score(f: Field, column: Column) -> float:
    wanted = _wanted(f.variable)
    alike = max(likeness(wanted, column.meaning), _spelt_alike(f.variable, column))
    return alike * cells_agree(wanted, column)


def _wanted(variable: str) -> Meaning:
    """What a variable asks for; `contact`, `patient`, `musteri` ask for a name."""
    wanted = meaning(variable)
    asks_for_person = wanted.names and wanted.names <= PERSONS
    return replace(wanted, parts=(*wanted.parts, ("name", 1.0))) if asks_for_person else wanted


def _spelt_alike(variable: str, column: Column) -> float:
    """Names that no dictionary knows ("ref_xk2") are compared letter by letter."""
    ratio = fuzz.ratio(plain_name(variable), plain_name(column.header))
    return 0.95 * ratio / 100 if ratio >= 88 else 0.0


def cells_agree(wanted: Meaning, column: Column) -> float:
    """A factor: 1 where the cells are what the variable asks for, less where they are something else."""
    cells, sort = column.cells, wanted.sort
    if not cells.filled:
        return 0.65 if column.texts else 1.0
    if cells.same and sort == "email":
        return 0.8  # the sender's address, not the lead's
    if cells.same and sort == "name":
        return 0.8  # "anonymous", or who typed the list
    if sort == "name" and _says_yes_or_no(column):
        return 0.4
    if max(cells.email if sort != "email" else 0, cells.phone if sort not in ("phone", "number", "") else 0) >= 0.8:
        return 0.4
    expected = {
        "email": cells.email,
        "date": max(cells.date, cells.number),
        "money": cells.number,
        "url": cells.url,
        "name": cells.person,
        "time": max(cells.time, cells.date),
    }.get(sort, 1.0)
    if expected < 0.3:
        return 0.7 if expected > 0.05 else 0.55
    return AGREED if sort == "name" and cells.given_name < 0.2 else 1.0


def _says_yes_or_no(column: Column) -> bool:
    words = {text for text in column.texts if text}
    return column.cells.filled >= MOST_ANSWERS >= len(words) and all(
        consent_of(word, inverted=False) is not None for word in words
    )


def _variable_reason(f: Field, column: Column) -> Reason:
    wanted, names = meaning(f.variable).names, column.meaning.names
    if "first_name" in names and wanted & {"name", "full_name"}:
        return Reason("column_first_name_only", {"header": column.header})
    if "full_name" in names and "first_name" in wanted:
        return Reason("column_full_name_only", {"header": column.header})
    if not meaning(column.header).known:
        return Reason("column_cells", {"header": column.header})
    return Reason("column_header", {"header": column.header})
