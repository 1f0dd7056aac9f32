"""The values of a row: filled cells by the name of a variable, without what programs write for nothing."""

from collections.abc import Sequence
from operator import itemgetter
from typing import TypedDict

from imports.pipeline.columns.source import Joined, Source, value_of
from imports.pipeline.readers.damaged_letters import LONGEST_SHOWN, may_be_damaged, repaired
from imports.pipeline.readers.table import LetterRepairs

from .placeholders import means_nothing
from .reasons import JsonReason

# What Excel shows where a formula has no value: nothing that an assistant may read aloud.
CELL_ERRORS = frozenset(
    {
        "#N/A",
        "#REF!",
        "#VALUE!",
        "#DIV/0!",
        "#NAME?",
        "#NULL!",
        "#NUM!",
        "#SPILL!",
        "#CALC!",
        "#GETTING_DATA",
        "#YOK",
        "#BAŞV!",
        "#DEĞER!",
        "#SAYI/0!",
        "#AD?",
        "#BOŞ!",
        "#SAYI!",
    }
)
REPLACEMENT = "\ufffd"  # what an encoding that did not fit leaves behind
# How everything begins that `means_nothing` knows: to ask it of each value of a million rows takes too long.
_BEGINNINGS = r"nul nan non nil nat und dbn sys (nu (no (ni <nu <no <ni <na [nu {nu [ob -na -1. 1.# \n".split()
_BEGINS_LIKE_NOTHING = frozenset([*_BEGINNINGS, "\\n ", *(quote + begin[:2] for quote in "\"'`" for begin in _BEGINNINGS)])

Placed = list[tuple[str, Source]]  # name of a variable and where its value stands


class ContactJson(TypedDict):
    """A secondary contact as it is stored and sent; `phone_number` is E.164."""

    phone_number: str
    variables: dict[str, str]


def column_texts(table: Sequence[list[str]], source: Source | None) -> list[str]:
    """The cells of one column, or of columns joined, of a table whose rows are all wide enough; '' without a column."""
    if source is None:
        return [""] * len(table)
    if isinstance(source, Joined):
        return [value_of(cells, source) for cells in table]
    return [cells[source] for cells in table]


def values_of_rows(table: Sequence[list[str]], placed: Placed, warnings: Sequence[list[JsonReason]]) -> list[dict[str, str]]:
    """`values_of_row` of each row of a table whose rows are all wide enough: a column at a time, which takes a fraction of the
    time. `warnings` are the lists of the rows."""
    if not placed:
        return [{} for _ in table]
    names = [name for name, _ in placed]
    columns = [list(map(str.strip, column_texts(table, source))) for _, source in placed]
    if any("" in column for column in columns):
        values = [{name: value for name, value in zip(names, row) if value} for row in zip(*columns)]
    else:
        values = [dict(zip(names, row)) for row in zip(*columns)]
    for place in {place for column in columns for place in _in_doubt(column)}:
        values[place] = values_of_row(table[place], placed, warnings[place])
    return values


def _in_doubt(column: Sequence[str]) -> list[int]:
    """The places of values that may mean nothing or be damaged."""
    beginnings = list(map(itemgetter(slice(3)), column))
    doubtful = {beginning for beginning in set(beginnings) if beginning.lower() in _BEGINS_LIKE_NOTHING}
    text = "\n".join(column)
    if not doubtful and "#" not in text and REPLACEMENT not in text:
        return []
    return [
        place
        for place, (value, beginning) in enumerate(zip(column, beginnings))
        if beginning in doubtful or "#" in value or REPLACEMENT in value
    ]


def values_of_row(cells: list[str], placed: Placed, warned: list[JsonReason]) -> dict[str, str]:
    """Filled cells as `{variable: value}`. One that is empty or means nothing is left out: the assistant's own default
    applies."""
    values = {
        name: value
        for name, source in placed
        if (value := cells[source].strip() if source.__class__ is int else value_of(cells, source))
        and not (value[:3].lower() in _BEGINS_LIKE_NOTHING and means_nothing(value))
    }
    text = "\n".join(values.values())
    if "#" in text or REPLACEMENT in text:
        _doubt_values(values, warned)
    return values


def _doubt_values(values: dict[str, str], warned: list[JsonReason]) -> None:
    for name, value in list(values.items()):
        if value.upper() in CELL_ERRORS:
            warned.append(["cell_error", {"field": name, "value": value}])
            del values[name]
        elif means_nothing(value):
            del values[name]
        elif REPLACEMENT in value:
            warned.append(["damaged_characters", {"field": name, "value": value[:60]}])


def repair_leads(
    values: Sequence[dict[str, str]],
    contacts: Sequence[list[ContactJson]],
    warnings: Sequence[list[JsonReason]],
    plan: LetterRepairs,
) -> None:
    """Repairs damaged letters in place: in the `{variable: text}` of each row and in those of its secondary contacts. Each
    repair adds a warning to the list of its row. Phone numbers are left alone."""
    texts = [text for row in values for text in row.values()]
    texts += [text for row in contacts if row for contact in row for text in contact["variables"].values()]
    if not may_be_damaged("\n".join(texts), plan):
        return
    for row_values, row_contacts, warned in zip(values, contacts, warnings):
        for variables in (row_values, *(contact["variables"] for contact in row_contacts)):
            _repair(variables, warned, plan)


def _repair(values: dict[str, str], warned: list[JsonReason], plan: LetterRepairs) -> None:
    for name, text in values.items():
        after = repaired(text, plan)
        if after != text:
            values[name] = after
            params = {"field": name, "before": text[:LONGEST_SHOWN], "after": after[:LONGEST_SHOWN]}
            warned.append(["letters_repaired", params])
