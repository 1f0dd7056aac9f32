"""Rows put right by a person: checked at once by the code that checked all others. A correction alone sends nothing.

Before the import was sent, a corrected row waits with all others for that; afterwards it is `corrected` until a person sends the
corrected rows (`workflow.send_corrected`).
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

from django.utils import timezone

from imports.check.changes import Correction, cells_of, store
from imports.check.edits import AT_ONCE, begin_edit, drop_if_empty, require_open
from imports.errors import WorkflowError
from imports.intake.field_settings import check_settings, mapping_of
from imports.models import Edit, ImportJob, ImportRow, RowState
from imports.pipeline.columns.source import Source, columns_of
from imports.pipeline.phones.normalise import PhoneFormat, regions
from imports.pipeline.readers.cell_text import without_control
from imports.pipeline.readers.table import Row
from imports.pipeline.readers.zip_safety import LONGEST_CELL
from imports.pipeline.rows import CheckSettings, check_rows, own_numbers
from imports.row_place_labels import list_starts, place_params
from people import audit
from people.models import User


def correct_row(job: ImportJob, row_number: int, cells: list[str], user: User | None) -> ImportRow:
    """One row with these cells (all of them, in the file's order). It ends in the state that they deserve."""
    row = ImportRow.objects.filter(job=job, row_number=row_number).first()
    if row is None:
        raise WorkflowError("row_missing", **place_params(row_number, list_starts(job)))
    clean = [without_control(cell) for cell in cells]
    if not correct(job, [Correction(row, clean)], user):
        is_left_out = row.state == RowState.LEFT_OUT
        raise WorkflowError("row_left_out" if is_left_out else "row_already_sent", **place_params(row_number, list_starts(job)))
    row.refresh_from_db()
    return row


def correct(
    job: ImportJob,
    corrections: Sequence[Correction],
    user: User | None,
    kind: Edit.Kind = Edit.Kind.CORRECT,
    edit: Edit | None = None,
) -> list[int]:
    """Check and store corrections; the ids of the rows that took one. Nothing is sent by it. They are part of `edit`, or one of
    their own that `user` can undo."""
    require_open(job)
    _check_lengths(corrections)
    settings = check_settings(job)
    own = edit or begin_edit(job, user, kind)
    taken: list[int] = []
    for begin in range(0, len(corrections), AT_ONCE):
        taken += store(job, corrections[begin : begin + AT_ONCE], settings, own)
    if edit is None:
        drop_if_empty(own)
    if taken:
        ImportJob.objects.filter(pk=job.pk).update(moved_at=timezone.now())
        audit.record(user, "correct", f"import {job.pk}", after={"rows": len(taken)})
        job.refresh_from_db()
    return taken


def _check_lengths(corrections: Sequence[Correction]) -> None:
    """WorkflowError for a cell that no spreadsheet could hold, where a person has put it there."""
    for row, cells, _left_out in corrections:
        before = cells_of(row)
        for column, cell in enumerate(cells):
            if len(cell) > LONGEST_CELL and (column >= len(before) or before[column] != cell):
                raise WorkflowError("cell_too_long", column=column + 1, length=len(cell), limit=LONGEST_CELL)


# -- the same mistake in many rows ---------------------------------------------------------------------------------
class Fix(NamedTuple):
    """What could be put right in many rows at once: read their numbers as those of `region`. `kind` is the code of `bulk_fixes`."""

    kind: str
    region: str
    n: int


def as_of_region(job: ImportJob, rows: Sequence[ImportRow], region: str) -> list[Correction]:
    """Those of `rows` that could be called if their numbers were of this country, with the whole number in the cell."""
    source = mapping_of(job).get("phone_number")
    if region not in dict(regions()) or source is None:
        raise WorkflowError("fix_unknown")
    return [Correction(row, _with(row, source, number)) for row, number in _callable(rows, _as_if_from(job, region))]


def possible_fixes(job: ImportJob, regions: Iterable[str], sample: int = 500) -> list[Fix]:
    """For each of `regions` that would make some of the first rows callable: how many of those."""
    rows = _invalid_rows(job, 0, sample)
    fixes = []
    for region in regions:
        n = len(_callable(rows, _as_if_from(job, region)))
        if n:
            fixes.append(Fix(f"region:{region}", region, n))
    return fixes


def _callable(rows: Sequence[ImportRow], settings: CheckSettings) -> list[tuple[ImportRow, str]]:
    """The rows that could be sent to the number in their own phone cell, with that number."""
    as_read = [Row(row.row_number, cells_of(row)) for row in rows]
    checked, numbers = check_rows(as_read, settings), own_numbers(as_read, settings)
    return [
        (row, number)
        for row, result, number in zip(rows, checked, numbers, strict=True)
        if result.state == RowState.PENDING and result.phone == number
    ]


def _as_if_from(job: ImportJob, region: str) -> CheckSettings:
    settings = check_settings(job)
    return replace(settings, phone_format=PhoneFormat("national", region))


def _invalid_rows(job: ImportJob, after: int, most: int | None = None) -> list[ImportRow]:
    rows = ImportRow.objects.filter(job=job, state=RowState.INVALID, row_number__gt=after)
    return list(rows.order_by("row_number")[: most or AT_ONCE])


def _with(row: ImportRow, source: Source, phone: str) -> list[str]:
    """The row's cells with the whole number in its own cell; the other parts of a joined one are emptied."""
    cells = cells_of(row)
    *others, column = columns_of(source)
    cells += [""] * (column + 1 - len(cells))
    for other in others:
        if other < len(cells):
            cells[other] = ""
    cells[column] = phone
    return cells
