"""The first rows of the file on the columns page: which column is which field, by name and by colour, and to be changed there."""

from collections.abc import Sequence
from dataclasses import dataclass

from imports.intake.column_labels import ColumnView
from imports.pages.column_form import ColumnForm
from imports.pages.column_lines import Line
from imports.pipeline.columns.source import columns_of


@dataclass(frozen=True)
class PreviewColumn:
    """A column and the fields that it is for; the first of them is selected."""

    column: ColumnView
    lines: list[Line]

    @property
    def name(self) -> str:
        return f"assign-{self.column.index}"

    @property
    def key(self) -> str:
        return self.lines[0].field.key if self.lines else ""

    @property
    def tint(self) -> int:
        """0 for a column that is not used."""
        return self.lines[0].tint if self.lines else 0

    @property
    def further(self) -> list[str]:
        """Labels of the other fields that share it."""
        return [line.label for line in self.lines[1:]]


def preview_columns(form: ColumnForm, columns: Sequence[ColumnView], lines: Sequence[Line]) -> list[PreviewColumn]:
    """Each column of the file with its fields, in the order of the file."""
    users: dict[int, list[Line]] = {}
    for line in lines:
        source = form.answers.chosen.get(line.field.key)
        for column in columns_of(source) if source is not None else ():
            users.setdefault(column, []).append(line)
    return [PreviewColumn(column, users.get(column.index, [])) for column in columns]


def assignable(form: ColumnForm, lines: Sequence[Line]) -> list[Line]:
    """Fields that a column of the preview may be given to: those of the lead, of the contacts shown, and the phone of one more."""
    return [
        line
        for line in lines
        if line.field.position <= form.contacts_shown
        or line.field.position == form.contacts_shown + 1
        and line.field.kind == "secondary_phone"
    ]
