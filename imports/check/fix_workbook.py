"""Fix in Excel: rows with a problem as a workbook, and the corrected workbook taken back into the same import."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any, BinaryIO, NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from imports.check.changes import Correction, cells_of
from imports.check.correctable import CORRECTABLE, FIXABLE, is_culprit
from imports.check.corrections import correct
from imports.check.edits import AT_ONCE, SaveProgress
from imports.errors import WorkflowError
from imports.intake import field_settings
from imports.messages import lookup
from imports.models import Edit, ImportJob, ImportRow, RowState
from imports.pipeline.columns.fields import Field
from imports.pipeline.columns.source import columns_of
from imports.pipeline.process import parent
from imports.pipeline.readers.table import UnreadableFile
from imports.pipeline.reports.fix_workbook import FixRow, FixTitles, write_fix_workbook
from imports.row_place_labels import shown_place
from people.models import User


class Taken(NamedTuple):
    """What a corrected workbook brought: changed rows that can be sent now, that still have a problem, that are held back as
    duplicates, do-not-call or without consent, and that came too late because they had been sent meanwhile."""

    right: int = 0
    wrong: int = 0
    held_back: int = 0
    late: int = 0

    def plus(self, other: "Taken") -> "Taken":
        return Taken(*map(sum, zip(self, other, strict=True)))


def write_workbook(job: ImportJob, file: BinaryIO) -> int:
    """The rows that can be put right, with reason and suggestion in the active language; how many there are."""
    titles = FixTitles(sheet=_("Rows to correct"), row=_("Row"), problem=_("What is wrong"), suggestion=_("What to do"))
    rows = ImportRow.objects.filter(job=job, state__in=FIXABLE).order_by("row_number").iterator(chunk_size=2000)
    mapping = field_settings.mapping_of(job)
    mapped = [
        (field, column)
        for field in field_settings.fields_of(job)
        if field.key in mapping
        for column in columns_of(mapping[field.key])
    ]
    return write_fix_workbook(file, str(job.file_key), job.headers, titles, (_fix_row(job, row, mapped) for row in rows))


def _fix_row(job: ImportJob, row: ImportRow, mapped: list[tuple[Field, int]]) -> FixRow:
    detail = row.detail or {}
    bad = [column for field, column in mapped if is_culprit(row, field)]
    cells = cells_of(row)
    cells = [*cells, *[""] * (max(bad, default=-1) + 1 - len(cells))]  # a row may end before the cell that it lacks
    problem = detail.get("message") or lookup.sentence(row.reason or row.state, detail.get("params"))
    return FixRow(
        row.row_number, cells, bad, problem, lookup.remedy(row.reason, detail.get("params")), shown_place(job, row.row_number)
    )


def take_workbook(
    job: ImportJob,
    path: Path | str,
    user: User | None,
    begun: Mapping[str, Any] = MappingProxyType({}),
    save: SaveProgress = lambda progress: None,
) -> Taken:
    """Check and store the rows that were changed in the workbook at `path`; everything else stays as it is.

    `save` is given the progress in the transaction of each batch; one that was cut short goes on from it (`begun`).
    """
    taken, done = Taken(*begun.get("taken", ())), begun.get("batches", 0)
    try:
        for number, some in enumerate(_batches(job, path), start=1):
            if number > done:
                with transaction.atomic():
                    taken = taken.plus(_take(job, some, user))
                    save({"batches": number, "taken": taken})
    except UnreadableFile as error:
        raise WorkflowError(error.reason.code, **error.reason.params) from error
    return taken


def _batches(job: ImportJob, path: Path | str) -> Iterator[Sequence[tuple[int, list[str]]]]:
    for some in parent.read_corrections(path, str(job.file_key), job.headers):
        yield from (some[begin : begin + AT_ONCE] for begin in range(0, len(some), AT_ONCE))


def _take(job: ImportJob, corrected: Sequence[tuple[int, list[str]]], user: User | None) -> Taken:
    cells = dict(corrected)
    stored = ImportRow.objects.filter(job=job, row_number__in=cells).order_by("row_number")
    # One that was taken before, and is given back once more, is not late: nothing is to be done about it.
    undecided = [state for state in CORRECTABLE if state != RowState.CORRECTED]
    rows = [row for row in stored if row.state in undecided or cells_of(row) != cells[row.row_number]]
    ids = correct(job, [Correction(row, cells[row.row_number]) for row in rows], user, Edit.Kind.WORKBOOK)
    states = Counter(ImportRow.objects.filter(pk__in=ids).values_list("state", flat=True))
    held_back = sum(
        states[state]
        for state in (RowState.DUPLICATE_IN_FILE, RowState.DUPLICATE_IN_CAMPAIGN, RowState.DO_NOT_CALL, RowState.NO_CONSENT)
    )
    wrong = states[RowState.INVALID]
    return Taken(len(ids) - wrong - held_back, wrong, held_back, len(rows) - len(ids))
