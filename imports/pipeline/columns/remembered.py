"""The mapping that was confirmed for the last file with the same headers."""

from collections.abc import Mapping, Sequence
from typing import TypedDict

from imports.pipeline.reasons import Reason

from .choices import Choice, plain_name
from .column import Column
from .fields import Field
from .source import Joined, Source


class RememberedColumns(TypedDict):
    """Joined columns by their headers."""

    headers: list[str]
    separator: str


RememberedColumn = str | RememberedColumns  # the header of one column, or those of joined columns


def remembered_choices(
    columns: Sequence[Column], fields: Sequence[Field], remembered: Mapping[str, RememberedColumn | None]
) -> dict[str, Choice]:
    """Field key → the column used last; {} when one of its headers is gone. A field without a column (None) is left out."""
    by_header: dict[str, Column] = {}
    for column in columns:
        by_header.setdefault(plain_name(column.header), column)
    keys = {f.key for f in fields}
    wanted = {key: _headers_of(column) for key, column in remembered.items() if key in keys and column is not None}
    if not {header for headers, _separator in wanted.values() for header in headers} <= set(by_header):
        return {}
    return {key: _choice([by_header[header] for header in headers], separator) for key, (headers, separator) in wanted.items()}


def _headers_of(remembered: RememberedColumn) -> tuple[list[str], str | None]:
    """The folded headers of a remembered field, and the separator of joined ones (None: it is one column)."""
    if isinstance(remembered, str):
        return [plain_name(remembered)], None
    return [plain_name(header) for header in remembered["headers"]], remembered["separator"]


def _choice(columns: Sequence[Column], separator: str | None) -> Choice:
    source: Source = columns[0].index if separator is None else Joined(tuple(column.index for column in columns), separator)
    return Choice(source, 1.0, Reason("column_remembered", {"header": " + ".join(column.header for column in columns)}))
