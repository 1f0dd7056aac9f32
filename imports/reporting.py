"""Files made from the rows in the database: reports for people, leads for machines. In the order of the spreadsheet."""
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

import orjson

from imports.models import ImportJob, ImportRow, RowState
from imports.uploads import sync_folder

READ_AT_ONCE = 2_000


def rows_of(job: ImportJob, states: Iterable[str] | None = None) -> Iterator[ImportRow]:
    """Rows of an import by row number, in bounded memory; `states` None: all of them."""
    rows = ImportRow.objects.filter(job=job).order_by("row_number")
    if states is not None:
        rows = rows.filter(state__in=states)
    return rows.iterator(chunk_size=READ_AT_ONCE)


def write_ready(job: ImportJob, path: Path) -> None:
    """The leads that would be sent now, one JSON object a line: `row, phone_number, variables, secondary_contacts`."""
    with whole_file(path) as draft, open(draft, "wb") as file:
        for row in rows_of(job, [RowState.PENDING]):
            file.write(orjson.dumps({"row": row.row_number, "phone_number": row.phone, **row.lead}) + b"\n")


class whole_file:  # noqa: N801 - reads like `open`
    """`with whole_file(path) as draft`: what is written to `draft` becomes `path` at once and durably, or not at all."""

    def __init__(self, path: Path):
        self._path, self._draft = path, path.with_name(f".{path.name}.{os.getpid()}.part")

    def __enter__(self) -> Path:
        return self._draft

    def __exit__(self, error, *_) -> None:
        if error:
            self._draft.unlink(missing_ok=True)
            return
        with open(self._draft, "rb+") as file:
            os.fsync(file.fileno())
        self._draft.replace(self._path)
        sync_folder(self._path.parent)
