"""How columns and fields are named to people, and what a column holds."""

from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from campaigns.variable_labels import variable_label
from imports.pipeline.columns.fields import FORBIDDING, Field
from imports.pipeline.columns.source import Joined, Source, in_words, value_of
from imports.pipeline.readers.damaged_letters import may_be_damaged, repaired
from imports.pipeline.readers.table import Preview, Row

VALUES = 3


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


def column_views(preview: Preview) -> list[ColumnView]:
    return [column_view(preview, index) for index in range(len(preview.headers))]


def column_view(preview: Preview, index: int) -> ColumnView:
    cells = [row.cells[index] if index < len(row.cells) else "" for row in preview.sample]
    return _view(index, preview.headers[index], _repaired(cells, preview))


def source_view(preview: Preview, source: Source) -> ColumnView:
    """One column, or several as they are joined; those have no index of their own (-1)."""
    if not isinstance(source, Joined):
        return column_view(preview, source)
    values = [value_of(row.cells, source) for row in preview.sample]
    return _view(-1, in_words(source, preview.headers), _repaired(values, preview))


def _repaired(cells: list[str], preview: Preview) -> list[str]:
    """Most columns have nothing to repair, which is told of all their cells at once."""
    if preview.letters is None or not may_be_damaged("\n".join(cells), preview.letters):
        return cells
    return [repaired(cell, preview.letters) for cell in cells]


def _view(index: int, header: str, cells: list[str]) -> ColumnView:
    filled = [cell for cell in cells if cell.strip()]
    percent = round(100 * len(filled) / len(cells)) if cells else 0
    return ColumnView(index, header, list(dict.fromkeys(filled))[:VALUES], percent)


def first_rows(preview: Preview, count: int) -> list[Row]:
    """The first rows of the sample, with damaged letters repaired as they will be."""
    return [Row(row.number, [repaired(cell, preview.letters) for cell in row.cells]) for row in preview.sample[:count]]


def label_of(field: Field) -> str:
    match field.kind:
        case "phone":
            return _("Phone number")
        case "phone_label" if field.position:
            return _("Label of the phone of contact %(position)d") % {"position": field.position}
        case "phone_label":
            return _("Label of the phone number")
        case "consent" if field.key in FORBIDDING:
            return _("Must not be called")
        case "consent":
            return _("Consent to calls")
        case "country":
            return _("Country of the number")
        case "secondary_phone":
            return _("Phone of contact %(position)d") % {"position": field.position}
        case "secondary_variable":
            return _("%(variable)s of contact %(position)d") % {"variable": field.variable, "position": field.position}
    return field.variable


def readable_label_of(field: Field) -> str:
    """The same with a variable's name as people read it; the name itself is to stand beside it."""
    return label_of(replace(field, variable=variable_label(field.variable)) if field.variable else field)
