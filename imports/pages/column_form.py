"""The form of the columns page: as it is stored or proposed, and as a person has filled it in.

`column-<field key>` stands once for each column joined, `separator-<field key>` for what stands between them, `confirm-<what>`
holds the value that is confirmed, and each `asked` names a field that was shown without any choice. `join` names a field that is
to have one more column, `more_contacts` asks for one more secondary contact. `assigned` names a column of the preview that was given
to another field: the one in `assign-<column>`, '' for none.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.http import QueryDict

from imports.errors import WorkflowError
from imports.intake.field_settings import fields_of
from imports.intake.open_questions import Answers, Resolution, answers_before, column_in_words, reading_of, resolve
from imports.intake.steps import preview_of
from imports.models import ImportJob
from imports.pipeline.columns.fields import Field
from imports.pipeline.columns.source import Joined, Source, columns_of, default_separator
from imports.pipeline.evidence import Decision
from imports.pipeline.readers.table import Preview
from ui.whole_numbers import whole_number

NOT_CHOSEN = "?"  # the first option of a select that must be answered
MOST_JOINED = 5
MOST_CONTACTS = 10
LONGEST_SEPARATOR = 20
CONTACT = "column-secondary_phone_"


@dataclass(frozen=True)
class ColumnForm:
    """What stands in the form of import `job`. `contacts`: secondary contacts it shows at least; `joining`: the key of the field that
    gets one more column, '' for none."""

    job: ImportJob
    preview: Preview
    fields: Sequence[Field]
    answers: Answers
    contacts: int = 0
    joining: str = ""

    @cached_property
    def resolution(self) -> Resolution:
        """The answers beside what is proposed."""
        return resolve(self.job, self.preview, self.answers)

    @property
    def open_questions(self) -> list[Decision]:
        return self.resolution.open

    @property
    def mapping(self) -> dict[str, Source]:
        """Field key → its column, without the fields that have none."""
        return {key: source for key, source in self.answers.chosen.items() if source is not None}

    @property
    def contacts_shown(self) -> int:
        """Those in use, and as many more as were asked for."""
        return min(max(_contacts_used(self.fields, self.answers), self.contacts), MOST_CONTACTS)


def stored_form(job: ImportJob) -> ColumnForm:
    """The form before anything is entered: what is stored, else what is proposed. Raises WorkflowError for an unreadable file."""
    preview = preview_of(job)
    return ColumnForm(job, preview, fields_of(job), answers_before(job, preview))


def submitted_form(job: ImportJob, data: QueryDict) -> ColumnForm:
    """The form as it was sent. Raises WorkflowError for an unreadable file, and for a column that the file does not have: the form
    is then of a file that was read in another way."""
    preview, fields = preview_of(job), fields_of(job)
    answers = _answers_in(data, fields, preview)
    contacts = max(_contacts_used(fields, answers), _contacts_in(data)) + ("more_contacts" in data)
    return ColumnForm(job, preview, fields, answers, contacts, data.get("join", ""))


def confirmed_value(value: str) -> str:
    """The value of a checkbox that confirms `value`; never empty, since one that is not checked is not sent at all."""
    return f"={value}"


def _contacts_used(fields: Sequence[Field], answers: Answers) -> int:
    return max((field.position for field in fields if answers.chosen.get(field.key) is not None), default=0)


def _contacts_in(data: QueryDict) -> int:
    return sum(name.startswith(CONTACT) and name.removeprefix(CONTACT).isdecimal() for name in data)


def _answers_in(data: QueryDict, fields: Sequence[Field], preview: Preview) -> Answers:
    chosen = {field.key: _source_in(data, field, preview) for field in fields if _is_answered(data, field)}
    if (column := whole_number(data.get("assigned"), len(preview.headers) - 1)) is not None:
        key = data.get(f"assign-{column}", "")
        chosen = assigned(chosen, column, key if any(field.key == key for field in fields) else "")
    current = {field.key: column_in_words(chosen.get(field.key), preview) for field in fields}
    current |= {what: str(value) for what, value in reading_of(preview).items()}
    confirmed = {what for what, value in current.items() if data.get(f"confirm-{what}") == confirmed_value(value)}
    asked = set(data.getlist("asked"))
    return Answers(chosen, confirmed | {field.key for field in fields if field.key in chosen and field.key in asked})


def assigned(chosen: Mapping[str, Source | None], column: int, key: str) -> dict[str, Source | None]:
    """The choices once `column` belongs to the field `key` ('': to none): to that alone, and that has no other column."""
    without = {field: None if source is None else _without(source, column) for field, source in chosen.items() if field != key}
    before = chosen.get(key)
    if not key:
        return without
    return without | {key: before if before is not None and column in columns_of(before) else column}


def _without(source: Source, column: int) -> Source | None:
    left = [one for one in columns_of(source) if one != column]
    if isinstance(source, Joined) and len(left) > 1:
        return Joined(tuple(left), source.separator)
    return left[0] if left else None


def _is_answered(data: QueryDict, field: Field) -> bool:
    selected = data.getlist(f"column-{field.key}")
    return bool(selected) and set(selected) != {NOT_CHOSEN}


def _source_in(data: QueryDict, field: Field, preview: Preview) -> Source | None:
    """The column chosen for a field, or the columns joined; None for none, and for what is no number of a column."""
    columns = _columns_in(data, field, preview)
    if len(columns) < 2:
        return columns[0] if columns else None
    return Joined(tuple(columns), _separator_in(data, field))


def _columns_in(data: QueryDict, field: Field, preview: Preview) -> list[int]:
    """The columns in the selects of a field, each once."""
    selected = data.getlist(f"column-{field.key}")[:MOST_JOINED]
    columns = list(dict.fromkeys(int(text) for text in selected if text.isdecimal() and len(text) < 6))
    if outside := [column for column in columns if column >= len(preview.headers)]:
        raise WorkflowError("column_unknown", column=outside[0] + 1)
    return columns


def _separator_in(data: Mapping[str, str], field: Field) -> str:
    separator = data.get(f"separator-{field.key}", default_separator(field.kind))
    return separator.replace("\0", "")[:LONGEST_SEPARATOR]  # PostgreSQL takes no NUL
