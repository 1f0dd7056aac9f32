"""The rows behind a number on the check page: found by the index, shown a page at a time, however many there are."""

from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import QuerySet

from imports.corrections import FIXABLE, OPEN_TO_CORRECTION, is_culprit
from imports.messages import REPAIRS, remedy, sentence
from imports.models import ImportJob, ImportRow, RowState
from imports.pipeline.columns import Field
from imports.row_places import place_text

PAGE = 25
HAS_REASON = f"NOT ({ImportRow._meta.db_table}.reason = '')"
# what the page can show -> the rows it means
KINDS = {
    "ready": {"state": RowState.PENDING},
    "repaired": {"repaired__isnull": False},
    "warned": {"warned__isnull": False},
    **{state.value: {"state": state} for state in RowState},
}


class Cell(NamedTuple):
    """One cell that a lead needs: `column` of the spreadsheet, the field it fills, what it says now."""

    column: int
    field: Field
    text: str
    is_culprit: bool


@dataclass(frozen=True)
class RowView:
    """A row as the page shows it; `is_fixable`: its cells may be changed."""

    row: ImportRow
    cells: list[Cell]
    is_fixable: bool

    @property
    def detail(self) -> dict:
        return self.row.detail or {}

    @property
    def sentence(self) -> str:
        said = sentence(self.row.reason, self.detail.get("params")) if self.row.reason else ""
        message = str(self.detail.get("message") or "")
        return f"{said} ({message})" if said and message not in said else said or message

    @property
    def remedy(self) -> str:
        return remedy(self.row.reason, self.detail.get("params")) if self.row.reason else ""

    @property
    def repairs(self) -> list[str]:
        return [str(REPAIRS.get(code, code)) for code in self.detail.get("repairs", [])]

    @property
    def warnings(self) -> list[str]:
        return [sentence(code, params) for code, params in self.detail.get("warnings", [])]

    @property
    def before(self) -> str:
        return next((cell.text for cell in self.cells if cell.field.kind == "phone"), "")

    @property
    def is_ready(self) -> bool:
        return self.row.state == RowState.PENDING

    @property
    def first_row(self) -> str:
        """Of a duplicate: where the row stands that came first. '' for any other."""
        params = self.detail.get("params", {})
        return place_text(params) if params.get("row") and self.row.state == RowState.DUPLICATE_IN_FILE else ""


class RowPage(NamedTuple):
    rows: list[RowView]
    next: int | None  # the row number after which the next page begins


def rows_of(job: ImportJob, fields: list[Field], kind: str, reason: str = "", after: int = 0) -> RowPage:
    """One page of the rows of `kind` (a key of KINDS), by row number."""
    found = list(_matching(job, kind, reason).filter(row_number__gt=after).order_by("row_number")[: PAGE + 1])
    views = [row_view(job, fields, row) for row in found[:PAGE]]
    return RowPage(views, found[PAGE - 1].row_number if len(found) > PAGE else None)


def row_view(job: ImportJob, fields: list[Field], row: ImportRow) -> RowView:
    texts = row.corrected or row.cells
    mapped = [(field, job.mapping[field.key]) for field in fields if field.key in job.mapping]
    return RowView(
        row,
        [
            Cell(column, field, texts[column] if column < len(texts) else "", is_culprit(row, field))
            for field, column in mapped
        ],
        row.state in FIXABLE and job.state in OPEN_TO_CORRECTION,
    )


def corrected_cells(row: ImportRow, data) -> list[str]:
    """The row's cells with those of the submitted form put in their place (`cell-<column>`)."""
    cells = list(row.corrected or row.cells)
    for column in range(len(cells)):
        cells[column] = data.get(f"cell-{column}", cells[column])
    return cells


def _matching(job: ImportJob, kind: str, reason: str) -> QuerySet[ImportRow]:
    rows = ImportRow.objects.filter(job=job, **KINDS[kind])
    # The condition of the index as it stands there: SQLite does not see that it follows from a reason bound later.
    return rows.filter(reason=reason).extra(where=[HAS_REASON]) if reason else rows
