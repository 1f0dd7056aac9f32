"""What the mapping page shows: each field of a lead, the column suggested for it, and what that column holds."""

from collections.abc import Mapping
from dataclasses import dataclass

from imports.column_labels import ColumnView, label_of
from imports.models import ImportJob
from imports.pipeline.columns import Choice, Field, MappingSuggestion
from imports.pipeline.reasons import Reason

SURE, LIKELY = 0.9, 0.7


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


def contacts_shown(mapping: dict[str, int], fields: list[Field], wanted: int = 0) -> int:
    """How many secondary contacts the page shows: those in use, and as many more as were asked for."""
    used = max((field.position for field in fields if field.key in mapping), default=0)
    return min(max(used, wanted), 10)
