"""The rows behind a number on the check page: found by the index, shown a page at a time, however many there are."""

import re
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from campaigns.search_text import words_of
from imports import counters
from imports.check.changes import cells_of
from imports.check.correctable import CORRECTABLE, LEAVABLE, OPEN_TO_CORRECTION, is_culprit
from imports.intake.column_labels import readable_label_of
from imports.intake.field_settings import mapping_of
from imports.messages.lookup import remedy, sentence
from imports.messages.phone_reasons import REPAIRS
from imports.models import ImportJob, ImportRow, JobState, RowState
from imports.pages.row_search import rows_with
from imports.pipeline.columns.fields import Field
from imports.pipeline.columns.source import Joined, columns_of, value_of
from imports.pipeline.readers.cell_text import without_control
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

ROW_LABELS = {**{state.value: state.label for state in RowState}, "ready": RowState.PENDING.label}
WITHOUT_REASON = ("ready", RowState.PENDING.value, RowState.CORRECTED.value, RowState.CREATED.value, RowState.LEFT_OUT.value)


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
    """A row as the page shows it; `is_fixable`: its cells may be changed; `is_leavable`: it may be left out;
    `is_open`: rows of its import may be changed at all."""

    row: ImportRow
    cells: list[Cell]
    is_fixable: bool
    is_leavable: bool
    is_open: bool
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
    def is_fixed(self) -> bool:
        """Whether a person has put it right."""
        return self.is_ready and self.row.corrected is not None

    @property
    def is_left_out(self) -> bool:
        return bool(self.row.state == RowState.LEFT_OUT)

    @property
    def first_row(self) -> str:
        """Of a duplicate: where the row stands that came first. '' for any other."""
        params = self.detail.get("params", {})
        return place_text(params) if params.get("row") and self.row.state == RowState.DUPLICATE_IN_FILE else ""


class RowPage(NamedTuple):
    rows: list[RowView]
    next: int | None  # the row number after which the next page begins
    is_cut: bool = False  # the search stopped there, before the page was full

    @property
    def has_fixable(self) -> bool:
        return any(view.is_fixable for view in self.rows)


def rows_of(job: ImportJob, fields: list[Field], kind: str, reason: str = "", after: int = 0, query: str = "") -> RowPage:
    """One page of the rows of `kind` (a key of KINDS) that hold the words of `query`, by row number."""
    if words := words_of(query):
        rows, searched = rows_with(matching(job, kind, reason), words, after, PAGE + 1)
    else:
        rows, searched = list(matching(job, kind, reason).filter(row_number__gt=after).order_by("row_number")[: PAGE + 1]), None
    views = [row_view(job, fields, row) for row in rows[:PAGE]]
    if len(rows) > PAGE:
        return RowPage(views, rows[PAGE - 1].row_number)
    return RowPage(views, searched, searched is not None)


def outcomes(job: ImportJob, kind: str) -> list[tuple[str, str]]:
    """What the list can be narrowed to: all rows, each outcome that rows have, and the `kind` that it shows now."""
    states = counters.states(job.pk)
    named = [(state.value, str(state.label)) for state in RowState if states[state]]
    if kind == "ready":
        named = [(kind if value == RowState.PENDING else value, label) for value, label in named]
    offered = [("all", _("All rows")), ("invalid", str(RowState.INVALID.label)), *(one for one in named if one[0] != "invalid")]
    shown = {"repaired": _("Repaired numbers"), "warned": _("Rows with a remark")}
    return offered if kind in dict(offered) else [*offered, (kind, shown.get(kind) or str(ROW_LABELS[kind]))]


def mapped_columns(job: ImportJob, fields: list[Field]) -> list[MappedColumn]:
    """The mapped columns, each once, in the order of their fields. Columns that are joined stand beside each other."""
    mapping = mapping_of(job)
    # Headers stand in the preview, which is large: it is not read where no column needs one.
    headers = job.headers if any(isinstance(source, Joined) for source in mapping.values()) else []
    mapped: dict[int, MappedColumn] = {}
    for field in fields:
        for column in columns_of(mapping[field.key]) if field.key in mapping else ():
            is_joined = isinstance(mapping[field.key], Joined) and column < len(headers)
            label = headers[column] if is_joined else readable_label_of(field)
            mapped.setdefault(column, MappedColumn(column, [], label)).fields.append(field)
    return list(mapped.values())


def row_view(job: ImportJob, fields: list[Field], row: ImportRow) -> RowView:
    texts = cells_of(row)
    phone = mapping_of(job).get("phone_number")
    cells = [
        Cell(one, texts[one.column] if one.column < len(texts) else "", any(is_culprit(row, field) for field in one.fields))
        for one in mapped_columns(job, fields)
    ]
    is_open, is_waiting = job.state in OPEN_TO_CORRECTION, row.state == RowState.PENDING and job.state == JobState.READY
    is_fixable = is_open and (is_waiting or row.state in CORRECTABLE and row.state != RowState.CANCELLED)
    is_leavable = is_open and (is_waiting or row.state in LEAVABLE)
    return RowView(row, cells, is_fixable, is_leavable, is_open, "" if phone is None else value_of(texts, phone))


def corrected_cells(row: ImportRow, data: QueryDict) -> list[str]:
    """The row's cells with those of the submitted form put in their place (`cell-<column>`)."""
    cells = cells_of(row)
    for column in range(len(cells)):
        cells[column] = data.get(f"cell-{column}", cells[column])
    return cells


PASTED = re.compile(r"cell-([0-9]{1,9})-[0-9]{1,5}")
MOST_PASTED = 2_000  # rows


def pasted_rows(data: QueryDict) -> list[int]:
    """The numbers of the rows into which cells were pasted."""
    numbers = {int(match[1]) for name in data if (match := PASTED.fullmatch(name))}
    return sorted(numbers)[:MOST_PASTED]


def pasted_cells(row: ImportRow, data: QueryDict) -> list[str]:
    """The row's cells with those that were pasted into it (`cell-<row>-<column>`)."""
    cells = cells_of(row)
    return [without_control(data.get(f"cell-{row.row_number}-{column}", cells[column])) for column in range(len(cells))]


def matching(job: ImportJob, kind: str, reason: str) -> QuerySet[ImportRow]:
    """The rows of `kind`, of one reason where `reason` names it."""
    rows = ImportRow.objects.filter(job=job, **KINDS[kind])
    # The condition of the index as it stands there: SQLite does not see that it follows from a reason bound later.
    return rows.filter(reason=reason).extra(where=[HAS_REASON]) if reason else rows
