"""The protocol between the process that reads a file and the one that stores its rows: one JSON line a chunk.

JSON that will be stored (cells, lead, detail) is written once, by the reading process, as text; its parent passes it to the
database unchanged. A chunk is sent as columns instead of rows, which are packed and unpacked several times as fast.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import repeat
from typing import NamedTuple, TypedDict

import orjson

from imports.pipeline.phones.phone_format import EVERYDAY_REPAIRS
from imports.pipeline.reasons import JsonReason, Params
from imports.pipeline.row_values import ContactJson
from imports.pipeline.rows import CheckedRow


class PackedRow(NamedTuple):
    """A checked row as it goes into the database. `cells`, `lead`, `detail` are JSON texts (the last two may be None)."""

    row_number: int
    state: str
    reason: str
    phone: str
    cells: str
    lead: str | None
    detail: str | None


class LeadJson(TypedDict):
    """The lead of a row, as it is stored in `ImportRow.lead`."""

    variables: dict[str, str]
    secondary_contacts: list[ContactJson]


class DetailJson(TypedDict, total=False):
    """What there is to say about a row, as it is stored in `ImportRow.detail`."""

    params: Params
    repairs: list[str]
    warnings: list[JsonReason]


@dataclass(frozen=True)
class Chunk:
    """Rows that are stored in one transaction.

    `digest` stands for the cells of this and all chunks before it. `repairs` and `warnings` count
    the rows that have each code.
    """

    index: int
    digest: str
    rows: list[PackedRow]
    repairs: dict[str, int]
    warnings: dict[str, int]


@dataclass(frozen=True)
class Skipped:
    """The chunks before `index` were read again but not checked; `digest` must be the one noted for the last of them."""

    index: int
    digest: str


@dataclass(frozen=True)
class End:
    """The file has been read to its end. `notes` are `[code, params]` of what a person should know about it."""

    rows: int
    notes: list[JsonReason]


def chained(digest: str, table: Sequence[Sequence[int | list[str]]]) -> str:
    """The digest of a chunk's rows (each its number and cells), given that of the chunk before ('' for the first)."""
    return blake2b(digest.encode() + orjson.dumps(table), digest_size=16).hexdigest()


def pack_chunk(index: int, digest: str, rows: Sequence[CheckedRow]) -> bytes:
    """One line without its newline."""
    details = [detail_of(row) for row in rows]
    columns = (
        [row.number for row in rows],
        [row.state for row in rows],
        [row.reason for row in rows],
        [row.phone for row in rows],
        [orjson.dumps(row.cells).decode() for row in rows],
        [_lead_text(row) for row in rows],
        [orjson.dumps(detail).decode() if detail else None for detail in details],
    )
    repairs, warnings = repairs_and_warnings(details)
    return orjson.dumps({"chunk": index, "digest": digest, "columns": columns, "repairs": repairs, "warnings": warnings})


def pack_skipped(index: int, digest: str) -> bytes:
    """The line of a Skipped."""
    return orjson.dumps({"skipped": index, "digest": digest})


def pack_end(rows: int, notes: Sequence[JsonReason]) -> bytes:
    """The line of an End."""
    return orjson.dumps({"end": rows, "notes": notes})


def unpack(line: bytes) -> Chunk | Skipped | End:
    """The message of a line. Raises ValueError for a line of another kind."""
    message = orjson.loads(line)
    if "chunk" in message:
        # without a call of Python code for each row
        rows = list(map(tuple.__new__, repeat(PackedRow), zip(*message["columns"], strict=True)))
        return Chunk(message["chunk"], message["digest"], rows, message["repairs"], message["warnings"])
    if "skipped" in message:
        return Skipped(message["skipped"], message["digest"])
    if "end" in message:
        return End(message["end"], message["notes"])
    raise ValueError("neither a chunk, nor skipped chunks, nor the end")


def _lead_text(row: CheckedRow) -> str | None:
    lead = lead_of(row)
    return orjson.dumps(lead).decode() if lead else None


def lead_of(row: CheckedRow) -> LeadJson | None:
    """The lead of a row that can be sent; a row that cannot has none until it is corrected."""
    if row.state != "pending":
        return None
    return {"variables": row.variables, "secondary_contacts": row.secondary}


def detail_of(row: CheckedRow) -> DetailJson:
    """What there is to say about a row; everyday repairs are left out."""
    detail: DetailJson = {}
    if row.reason_params:
        detail["params"] = row.reason_params
    if row.repairs and (unusual := [code for code in row.repairs if code not in EVERYDAY_REPAIRS]):
        detail["repairs"] = unusual
    if row.warnings:
        detail["warnings"] = row.warnings
    return detail


def repairs_and_warnings(details: Iterable[DetailJson]) -> tuple[Counter[str], Counter[str]]:
    """How many rows have each code."""
    filled = [detail for detail in details if detail]
    repairs = Counter(code for detail in filled for code in detail.get("repairs", ()))
    return repairs, Counter(code for detail in filled for code in {code for code, _ in detail.get("warnings", ())})
