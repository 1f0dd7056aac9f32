"""What the mapping page shows: each field of a lead, the column suggested for it, and what that column holds."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from imports.models import ImportJob
from imports.pipeline.columns import Choice, Field, MappingSuggestion
from imports.pipeline.reasons import Reason
from imports.pipeline.sheets import Preview

VALUES = 3
SURE, LIKELY = 0.9, 0.7


@dataclass(frozen=True)
class ColumnView:
    """What a column holds, judged by the sample: three different values, and how many cells are filled."""

    index: int
    header: str
    values: list[str]
    filled_percent: int

    @property
    def label(self) -> str:
        """The header, or what tells the column apart where it has none."""
        return self.header or _("(no header) %(value)s") % {"value": self.values[0] if self.values else self.index + 1}


@dataclass(frozen=True)
class Line:
    """One field, the column chosen for it (None: none) and why it was suggested."""

    field: Field
    label: str
    column: ColumnView | None
    reason: Reason | None
    confidence: float
    default: str  # what the assistant says where no column is chosen

    @property
    def name(self) -> str:
        return f"column-{self.field.key}"

    @property
    def certainty(self) -> str:
        if not self.reason:
            return ""
        return "sure" if self.confidence >= SURE else "likely" if self.confidence >= LIKELY else "unsure"


def column_views(preview: Preview) -> list[ColumnView]:
    return [column_view(preview, index) for index in range(len(preview.headers))]


def column_view(preview: Preview, index: int) -> ColumnView:
    cells = [row.cells[index] if index < len(row.cells) else "" for row in preview.sample]
    filled = [cell for cell in cells if cell.strip()]
    percent = round(100 * len(filled) / len(cells)) if cells else 0
    return ColumnView(index, preview.headers[index], list(dict.fromkeys(filled))[:VALUES], percent)


def chosen_columns(data: Mapping[str, str], fields: list[Field]) -> dict[str, int]:
    """Field key → column, from the submitted form; what is empty or no number is not chosen."""
    said = {field.key: data.get(f"column-{field.key}", "") for field in fields}
    return {key: int(text) for key, text in said.items() if text.isdecimal() and len(text) < 6}


def lines_of(
    job: ImportJob,
    fields: list[Field],
    columns: list[ColumnView],
    mapping: dict[str, int],
    suggestion: MappingSuggestion,
) -> list[Line]:
    return [_line(job, field, columns, mapping, suggestion.choices.get(field.key)) for field in fields]


def _line(
    job: ImportJob, field: Field, columns: list[ColumnView], mapping: dict[str, int], choice: Choice | None
) -> Line:
    index = mapping.get(field.key)
    column = columns[index] if index is not None and index < len(columns) else None
    is_suggested = bool(choice and column and choice.column == column.index)
    defaults = job.campaign.assistant.variables if job.campaign.assistant else {}
    return Line(
        field,
        label_of(field),
        column,
        choice.reason if is_suggested else None,
        choice.confidence if is_suggested else 0.0,
        str(defaults.get(field.variable, "") or "") if field.kind == "variable" else "",
    )


def label_of(field: Field) -> str:
    match field.kind:
        case "phone":
            return _("Phone number")
        case "country":
            return _("Country of the number")
        case "secondary_phone":
            return _("Phone of contact %(position)d") % {"position": field.position}
        case "secondary_variable":
            return _("%(variable)s of contact %(position)d") % {"variable": field.variable, "position": field.position}
    return field.variable


def contacts_shown(mapping: dict[str, int], fields: list[Field], wanted: int = 0) -> int:
    """How many secondary contacts the page shows: those in use, and as many more as were asked for."""
    used = max((field.position for field in fields if field.key in mapping), default=0)
    return min(max(used, wanted), 10)
