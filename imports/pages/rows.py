"""The rows behind a number on the check page: found by the index, shown a page at a time, however many there are."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.http import QueryDict

from imports.check.corrections import FIXABLE, OPEN_TO_CORRECTION, is_culprit
from imports.intake.column_labels import label_of
from imports.intake.field_settings import mapping_of
from imports.messages.lookup import remedy, sentence
from imports.messages.phone_reasons import REPAIRS
from imports.models import ImportJob, ImportRow, RowState
from imports.pipeline.columns.fields import Field
from imports.pipeline.columns.source import Joined, columns_of, value_of
from imports.row_place_labels import place_text

PAGE = 25
HAS_REASON = f"NOT ({ImportRow._meta.db_table}.reason = '')"
# what the page can show -> the rows it means
KINDS: dict[str, dict[str, Any]] = {
    "all": {},
    "ready": {"state": RowState.PENDING},
    "repaired": {"repaired__isnull": False},
    "warned": {"warned__isnull": False},
    **{state.value: {"state": state} for state in RowState},
}


class MappedColumn(NamedTuple):
    """A column of the spreadsheet that a lead needs, and the fields that it fills, alone or with others."""

    column: int
    fields: list[Field]
    label: str

    @property
    def is_phone(self) -> bool:
        return any(field.kind in ("phone", "secondary_phone") for field in self.fields)


class Cell(NamedTuple):
    """One cell that a lead needs: its column and its text now."""

    mapped: MappedColumn
    text: str
    is_culprit: bool

    @property
    def column(self) -> int:
        return self.mapped.column


@dataclass(frozen=True)
class RowView:
    """A row as the page shows it; `is_fixable`: its cells may be changed."""

    row: ImportRow
    cells: list[Cell]
    is_fixable: bool
    before: str  # the text that the phone number is read from

    @property
    def detail(self) -> dict[str, Any]:
        return self.row.detail or {}

    @property
    def sentence(self) -> str:
        reason = sentence(self.row.reason, self.detail.get("params")) if self.row.reason else ""
        message = str(self.detail.get("message") or "")
        return f"{reason} ({message})" if reason and message not in reason else reason or message

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
    def is_ready(self) -> bool:
        return self.row.state in (RowState.PENDING, RowState.CORRECTED)

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
    rows = list(_matching(job, kind, reason).filter(row_number__gt=after).order_by("row_number")[: PAGE + 1])
    views = [row_view(job, fields, row) for row in rows[:PAGE]]
    return RowPage(views, rows[PAGE - 1].row_number if len(rows) > PAGE else None)


def mapped_columns(job: ImportJob, fields: list[Field]) -> list[MappedColumn]:
    """The mapped columns, each once, in the order of their fields. Columns that are joined stand beside each other."""
    mapping, headers = mapping_of(job), job.headers
    mapped: dict[int, MappedColumn] = {}
    for field in fields:
        for column in columns_of(mapping[field.key]) if field.key in mapping else ():
            label = headers[column] if isinstance(mapping[field.key], Joined) and column < len(headers) else label_of(field)
            mapped.setdefault(column, MappedColumn(column, [], label)).fields.append(field)
    return list(mapped.values())


def row_view(job: ImportJob, fields: list[Field], row: ImportRow) -> RowView:
    texts = row.corrected or row.cells
    phone = mapping_of(job).get("phone_number")
    cells = [
        Cell(one, texts[one.column] if one.column < len(texts) else "", any(is_culprit(row, field) for field in one.fields))
        for one in mapped_columns(job, fields)
    ]
    is_fixable = row.state in (*FIXABLE, RowState.NO_CONSENT, RowState.CORRECTED) and job.state in OPEN_TO_CORRECTION
    return RowView(row, cells, is_fixable, "" if phone is None else value_of(texts, phone))


def corrected_cells(row: ImportRow, data: QueryDict) -> list[str]:
    """The row's cells with those of the submitted form put in their place (`cell-<column>`)."""
    cells = list(row.corrected or row.cells)
    for column in range(len(cells)):
        cells[column] = data.get(f"cell-{column}", cells[column])
    return cells


def _matching(job: ImportJob, kind: str, reason: str) -> QuerySet[ImportRow]:
    rows = ImportRow.objects.filter(job=job, **KINDS[kind])
    # The condition of the index as it stands there: SQLite does not see that it follows from a reason bound later.
    return rows.filter(reason=reason).extra(where=[HAS_REASON]) if reason else rows
