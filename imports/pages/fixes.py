"""Fixes of many rows as their page offers and shows them: before and after of every row concerned."""

from collections import Counter
from typing import NamedTuple

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from imports import counters
from imports.check.bulk_fixes import FixCode, Proposals, proposals
from imports.check.cell_fixes import AREA_CODE, Places, text_at
from imports.check.changes import Judged, cells_of
from imports.intake.column_labels import readable_label_of
from imports.intake.field_settings import fields_of, mapping_of
from imports.messages.lookup import sentence
from imports.models import ImportJob, RowState
from imports.pipeline.columns.source import columns_of, columns_used
from imports.pipeline.phones.normalise import country_name, regions


class Offer(NamedTuple):
    """A fix that the sums say there may be rows for: `n` of them have its reason."""

    code: str
    words: str
    n: int


class Column(NamedTuple):
    place: int
    label: str


class Change(NamedTuple):
    """A cell of a row before and after."""

    label: str
    before: str
    after: str


class Line(NamedTuple):
    """A row that the fix would change, and what would become of it."""

    number: int
    changes: list[Change]
    state: str
    outcome: str


class FixPreview(NamedTuple):
    """`outcomes`: (label, how many) of the rows shown. `after`: where the next page begins; None at the end."""

    lines: list[Line]
    outcomes: list[tuple[str, int]]
    after: int | None


def offers_of(job: ImportJob) -> list[Offer]:
    reasons = counters.of(job.pk).get("reason", {})
    two, letters = reasons.get("phone_two_numbers", 0), reasons.get("phone_letters", 0)
    other = (
        _("the other becomes a secondary contact, where the row has none")
        if Places.of(fields_of(job), mapping_of(job)).secondary
        else _("the other is not called: no column is chosen for a secondary contact")
    )
    offers = [
        Offer("first_number", _("Of two numbers in a cell, call the first") + f"; {other}", two),
        Offer("second_number", _("Of two numbers in a cell, call the second") + f"; {other}", two),
        Offer("drop_word", _("Drop a word behind the number"), letters),
    ]
    return [offer for offer in offers if offer.n]


def missing_values(job: ImportJob) -> int:
    return counters.of(job.pk).get("reason", {}).get("missing_required", 0)


def columns_in(job: ImportJob) -> list[Column]:
    return [Column(index, header or str(index + 1)) for index, header in enumerate(job.headers)]


def unused_columns(job: ImportJob) -> list[Column]:
    used = columns_used(mapping_of(job).values())
    return [column for column in columns_in(job) if column.place not in used]


def columns_with_area_codes(job: ImportJob) -> list[Column]:
    """Columns that may hold the beginning of a number that stands in another one: few digits in most of their cells."""
    if not counters.of(job.pk).get("reason") or job.preview is None:
        return []
    phone, sample = Places.of(fields_of(job), mapping_of(job)).phone, job.preview.sample
    found = [column for column in columns_in(job) if column.place != phone]
    texts = {column.place: [text_at(row.cells, column.place).strip() for row in sample] for column in found}
    return [column for column in found if _mostly_area_codes(texts[column.place])]


def _mostly_area_codes(texts: list[str]) -> bool:
    filled = [text for text in texts if text]
    return bool(filled) and 2 * sum(bool(AREA_CODE.fullmatch(text)) for text in filled) > len(filled)


def value_columns(job: ImportJob) -> list[Column]:
    """Columns that fill a variable alone."""
    mapping = mapping_of(job)
    fields = [field for field in fields_of(job) if field.kind == "variable" and isinstance(mapping.get(field.key), int)]
    return [Column(columns_of(mapping[field.key])[0], readable_label_of(field)) for field in fields]


def countries() -> list[tuple[str, str]]:
    """(region, name), by name."""
    language = get_language() or "en"
    return sorted(((region, country_name(region, language)) for region, _code in regions()), key=lambda one: one[1])


def preview_of_fix(job: ImportJob, fix: FixCode, after: int) -> FixPreview:
    found: Proposals = proposals(job, fix, after)
    labels = {column.place: column.label for column in columns_in(job)}
    lines = [_line(one, labels) for one in found.rows]
    return FixPreview(lines, Counter(line.state for line in lines).most_common(), found.after)


def _line(one: Judged, labels: dict[int, str]) -> Line:
    before, after = cells_of(one.row), one.change.cells
    pairs = [(column, before[column] if column < len(before) else "", text) for column, text in enumerate(after)]
    changes = [Change(labels.get(column, str(column + 1)), old, new) for column, old, new in pairs if old != new]
    is_right = one.state in (RowState.PENDING, RowState.CORRECTED)
    outcome = one.phone if is_right else sentence(one.reason, one.detail.get("params"))
    return Line(one.row.row_number, changes, str(RowState(one.state).label), outcome)
