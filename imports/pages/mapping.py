"""What the mapping page shows: each field of a lead, the column suggested for it, and what that column holds."""

from collections.abc import Mapping
from dataclasses import dataclass

from imports.column_labels import ColumnView, label_of, source_view
from imports.models import ImportJob
from imports.pipeline.column_source import Joined, Source, columns_of, default_separator
from imports.pipeline.columns import Choice, Field, MappingSuggestion
from imports.pipeline.reasons import Reason
from imports.pipeline.sheets import Preview

SURE, LIKELY = 0.9, 0.7
LONGEST_SEPARATOR = 20


@dataclass(frozen=True)
class Line:
    """One field, the column chosen for it (None: none) and why it was suggested."""

    field: Field
    label: str
    column: ColumnView | None
    reason: Reason | None
    confidence: float
    default: str  # what the assistant says where no column is chosen
    option: str = ""  # the value of the chosen option
    is_joined: bool = False

    @property
    def name(self) -> str:
        return f"column-{self.field.key}"

    @property
    def certainty(self) -> str:
        if not self.reason:
            return ""
        return "sure" if self.confidence >= SURE else "likely" if self.confidence >= LIKELY else "unsure"


def chosen_columns(data: Mapping[str, str], fields: list[Field]) -> dict[str, Source]:
    """Field key → column, or columns joined, from the submitted form; what is empty or no number is not chosen."""
    said = {field.key: data.get(f"column-{field.key}", "") for field in fields}
    kinds = {field.key: field.kind for field in fields}
    found = {key: source_of(text, kinds[key]) for key, text in said.items()}
    return {key: source for key, source in found.items() if source is not None}


def source_of(text: str, kind: str) -> Source | None:
    """What an option of the page stands for: `3`, or `0+1` and `0+1|, ` for joined columns; None for anything else."""
    joined, sign, separator = text.partition("|")
    parts = joined.split("+")
    if not all(part.isdecimal() and len(part) < 6 for part in parts) or len(separator) > LONGEST_SEPARATOR:
        return None
    columns = tuple(map(int, parts))
    return Joined(columns, separator if sign else default_separator(kind)) if len(columns) > 1 else columns[0]


def option_of(source: Source) -> str:
    """The option of the page that stands for `source`."""
    said = "+".join(str(column) for column in columns_of(source))
    return f"{said}|{source.separator}" if isinstance(source, Joined) else said


def lines_of(
    job: ImportJob,
    fields: list[Field],
    preview: Preview,
    mapping: Mapping[str, Source],
    suggestion: MappingSuggestion,
) -> list[Line]:
    return [_line(job, field, preview, mapping.get(field.key), suggestion.choices.get(field.key)) for field in fields]


def _line(
    job: ImportJob, field: Field, preview: Preview, source: Source | None, choice: Choice | None
) -> Line:
    is_there = source is not None and max(columns_of(source)) < len(preview.headers)
    column = source_view(preview, source) if is_there else None
    is_suggested = bool(choice and column and choice.column == source)
    defaults = job.campaign.assistant.variables if job.campaign.assistant else {}
    return Line(
        field,
        label_of(field),
        column,
        choice.reason if is_suggested else None,
        choice.confidence if is_suggested else 0.0,
        str(defaults.get(field.variable, "") or "") if field.kind == "variable" else "",
        option_of(source) if is_there else "",
        is_there and isinstance(source, Joined),
    )


def contacts_shown(mapping: Mapping[str, Source], fields: list[Field], wanted: int = 0) -> int:
    """How many secondary contacts the page shows: those in use, and as many more as were asked for."""
    used = max((field.position for field in fields if field.key in mapping), default=0)
    return min(max(used, wanted), 10)
