"""How checked rows travel from the reading process to the one that stores them: one JSON line a chunk.

JSON that will be stored (cells, lead, detail) is written here, once, as text; the other side hands it to the
database as it is. Columns instead of rows, because they are packed and unpacked several times as fast.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from hashlib import blake2b
from typing import NamedTuple

import orjson

from imports.pipeline.phones.phone_format import EVERYDAY_REPAIRS
from imports.pipeline.rows import CheckedRow


class Chunk(NamedTuple):
    """Rows that belong together in one transaction.

    `rows` are `(number, state, reason, phone, cells, lead, detail)`, the last three as JSON texts (lead and detail
    may be None). `digest` stands for the cells of this and all chunks before it. `repairs` and `warnings` count
    the rows that have each code.
    """

    index: int
    digest: str
    rows: list[tuple]
    repairs: dict[str, int]
    warnings: dict[str, int]


class Skipped(NamedTuple):
    """The chunks before `index` were read again but not checked; `digest` must be the one noted for the last of them."""

    index: int
    digest: str


class End(NamedTuple):
    """The file has been read to its end. `notes` are `[code, params]` of what a person should know about it."""

    rows: int
    notes: list[list]


def chained(digest: str, table: Sequence[Sequence[str]]) -> str:
    """The digest of a chunk's cells, given that of the chunk before ('' for the first)."""
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
    return orjson.dumps({"skipped": index, "digest": digest})


def pack_end(rows: int, notes: Sequence[Sequence]) -> bytes:
    return orjson.dumps({"end": rows, "notes": notes})


def unpack(line: bytes) -> Chunk | Skipped | End | None:
    """What a line says; None when it is of another kind (a refusal, a preview)."""
    message = orjson.loads(line)
    if "chunk" in message:
        rows = list(zip(*message["columns"], strict=True))
        return Chunk(message["chunk"], message["digest"], rows, message["repairs"], message["warnings"])
    if "skipped" in message:
        return Skipped(message["skipped"], message["digest"])
    if "end" in message:
        return End(message["end"], message["notes"])
    return None


def _lead_text(row: CheckedRow) -> str | None:
    lead = lead_of(row)
    return orjson.dumps(lead).decode() if lead else None


def lead_of(row: CheckedRow) -> dict | None:
    """The lead of a row that can be sent; a row that cannot has none until it is corrected."""
    if row.state != "pending":
        return None
    return {"variables": row.variables, "secondary_contacts": row.secondary}


def detail_of(row: CheckedRow) -> dict:
    """What there is to say about a row, under the keys of `ImportRow.detail`; everyday repairs are not worth a word."""
    said = {}
    if row.reason_params:
        said["params"] = row.reason_params
    if row.repairs and (unusual := [code for code in row.repairs if code not in EVERYDAY_REPAIRS]):
        said["repairs"] = unusual
    if row.warnings:
        said["warnings"] = row.warnings
    return said


def repairs_and_warnings(details: Iterable[dict]) -> tuple[Counter, Counter]:
    """How many rows have each code."""
    told = [detail for detail in details if detail]
    repairs = Counter(code for detail in told for code in detail.get("repairs", ()))
    return repairs, Counter(code for detail in told for code in {code for code, _ in detail.get("warnings", ())})
