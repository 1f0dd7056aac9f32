"""Where the value of a field comes from: one column, or several joined (`Ad` + `Soyad`)."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, TypedDict

from .fields import PHONES


class Joined(NamedTuple):
    """Columns (0-based) whose filled cells are joined, in this order."""

    columns: tuple[int, ...]
    separator: str = " "


class JoinedJson(TypedDict):
    """A Joined as it is stored."""

    columns: list[int]
    separator: str


Source = int | Joined
SourceJson = int | JoinedJson


def columns_of(source: Source) -> tuple[int, ...]:
    """The columns (0-based) of a source, in the order in which they are joined."""
    return source.columns if isinstance(source, Joined) else (source,)


def value_of(cells: Sequence[str], source: Source) -> str:
    """The stripped value; '' where the row is too short or every cell is empty."""
    if not isinstance(source, Joined):
        return cells[source].strip() if source < len(cells) else ""
    parts = (cells[column].strip() for column in source.columns if column < len(cells))
    return source.separator.join(part for part in parts if part)


def columns_used(sources: Iterable[Source]) -> set[int]:
    """All columns (0-based) of several sources."""
    return {column for source in sources for column in columns_of(source)}


def source_to_json(source: Source) -> SourceJson:
    """As it is stored; `source_from_json` reverses it."""
    if isinstance(source, Joined):
        return {"columns": list(source.columns), "separator": source.separator}
    return source


def source_from_json(data: SourceJson) -> Source:
    """A source as it was stored."""
    return data if isinstance(data, int) else Joined(tuple(data["columns"]), data["separator"])


def mapping_to_json(mapping: Mapping[str, Source]) -> dict[str, SourceJson]:
    """Field key → source as it is stored; `mapping_from_json` reverses it."""
    return {key: source_to_json(source) for key, source in mapping.items()}


def mapping_from_json(data: Mapping[str, SourceJson]) -> dict[str, Source]:
    """Field key → source as it was stored."""
    return {key: source_from_json(source) for key, source in data.items()}


def default_separator(kind: str) -> str:
    """What stands between joined cells of a field of this kind: nothing within a number, a blank between words."""
    return "" if kind in PHONES else " "


def in_words(source: Source, headers: Sequence[str]) -> str:
    """`Ad + Soyad`, as pages and `--json` show it."""
    return " + ".join(headers[column] for column in columns_of(source))
