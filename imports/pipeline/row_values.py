"""The values of a row: filled cells by the name of a variable, without what programs write for nothing."""

from imports.pipeline.columns.source import Joined, Source, value_of

from .placeholders import means_nothing

# Excel's own words for "this formula has no value"; nobody wants to hear them on the phone.
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


def column_texts(table: list[list[str]], source: Source | None) -> list[str]:
    """The cells of one column, or of columns joined, of a table whose rows are all wide enough; '' without a column."""
    if source is None:
        return [""] * len(table)
    if isinstance(source, Joined):
        return [value_of(cells, source) for cells in table]
    return [cells[source] for cells in table]


def values_of_row(cells: list[str], placed: Placed, warned: list) -> dict[str, str]:
    """Filled cells as `{variable: value}`. One that is empty or means nothing is left out: the assistant's own default applies."""
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


def _doubt_values(values: dict[str, str], warned: list) -> None:
    for name, value in list(values.items()):
        if value.upper() in CELL_ERRORS:
            warned.append(["cell_error", {"field": name, "value": value}])
            del values[name]
        elif means_nothing(value):
            del values[name]
        elif REPLACEMENT in value:
            warned.append(["damaged_characters", {"field": name, "value": value[:60]}])
