"""Where the value of a field comes from: one column, or several joined (`Ad` + `Soyad`)."""
from collections.abc import Sequence
from typing import NamedTuple


class Joined(NamedTuple):
    """Columns (0-based) whose filled cells are joined, in this order."""

    columns: tuple[int, ...]
    separator: str = " "


Source = int | Joined


def columns_of(source: Source) -> tuple[int, ...]:
    return source.columns if isinstance(source, Joined) else (source,)


def value_of(cells: Sequence[str], source: Source) -> str:
    """The stripped value; '' where the row is too short or every cell is empty."""
    if not isinstance(source, Joined):
        return cells[source].strip() if source < len(cells) else ""
    parts = (cells[column].strip() for column in source.columns if column < len(cells))
    return source.separator.join(part for part in parts if part)


def source_to_json(source: Source) -> int | dict:
    return {"columns": list(source.columns), "separator": source.separator} if isinstance(source, Joined) else source


def source_from_json(data: int | dict) -> Source:
    return Joined(tuple(data["columns"]), data["separator"]) if isinstance(data, dict) else data
