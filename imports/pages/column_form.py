"""What a person said on the columns page, read from its form.

`column-<field key>` stands once for each column joined, `separator-<field key>` for what stands between them, `confirm-<what>`
holds the value that is confirmed, and each `asked` names a field that was shown without any choice.
"""

from collections.abc import Mapping, Sequence

from django.http import QueryDict

from imports.errors import trouble
from imports.intake.open_questions import Answers, column_in_words, reading_of
from imports.pipeline.columns.fields import Field
from imports.pipeline.columns.source import Joined, Source, default_separator
from imports.pipeline.readers.table import Preview

NOT_CHOSEN = "?"  # the first option of a select that must be answered
MOST_JOINED = 5
LONGEST_SEPARATOR = 20


def answers_of(data: QueryDict, fields: Sequence[Field], preview: Preview) -> Answers:
    """WorkflowError for a column that the file does not have: the form is of a file that was read in another way."""
    chosen = {field.key: source_in(data, field, preview) for field in fields if _is_answered(data, field)}
    current = {field.key: column_in_words(chosen.get(field.key), preview) for field in fields}
    current |= {what: str(value) for what, value in reading_of(preview).items()}
    confirmed = {what for what, value in current.items() if data.get(f"confirm-{what}") == confirmed_value(value)}
    asked = set(data.getlist("asked"))
    return Answers(chosen, confirmed | {field.key for field in fields if field.key in chosen and field.key in asked})


def confirmed_value(value: str) -> str:
    """The value of a checkbox that confirms `value`; never empty, since an unticked one is not sent at all."""
    return f"={value}"


def source_in(data: QueryDict, field: Field, preview: Preview) -> Source | None:
    """The column chosen for a field, or the columns joined; None for none, and for what is no column of the file."""
    columns = columns_in(data, field, preview)
    if len(columns) < 2:
        return columns[0] if columns else None
    return Joined(tuple(columns), separator_in(data, field))


def columns_in(data: QueryDict, field: Field, preview: Preview) -> list[int]:
    """The columns in the selects of a field, each once."""
    said = data.getlist(f"column-{field.key}")[:MOST_JOINED]
    columns = list(dict.fromkeys(int(text) for text in said if text.isdecimal() and len(text) < 6))
    if outside := [column for column in columns if column >= len(preview.headers)]:
        raise trouble("column_unknown", column=outside[0] + 1)
    return columns


def separator_in(data: Mapping[str, str], field: Field) -> str:
    return data.get(f"separator-{field.key}", default_separator(field.kind))[:LONGEST_SEPARATOR]


def _is_answered(data: QueryDict, field: Field) -> bool:
    said = data.getlist(f"column-{field.key}")
    return bool(said) and set(said) != {NOT_CHOSEN}
