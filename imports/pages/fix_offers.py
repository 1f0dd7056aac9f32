"""The fixes that the table of rows offers for a reason, each one press away from what it would change."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from imports import counters
from imports.check.cell_fixes import Places, text_at
from imports.check.changes import cells_of
from imports.check.correctable import OPEN_TO_CORRECTION
from imports.intake.field_settings import fields_of, mapping_of
from imports.messages.headings import heading_of
from imports.models import ImportJob, ImportRow
from imports.pages.fixes import Column, columns_with_area_codes, unused_columns
from imports.pages.rows import matching

LOOKED_AT = 50  # rows with an empty value
SELDOM = 0.5
WITHOUT_AREA_CODE = ("phone_area_code_missing", "phone_too_short")


class Press(NamedTuple):
    """A button of an offer, and the query of the page that shows its before and after."""

    words: str
    query: str


class ReasonOffer(NamedTuple):
    """What can be done at once with the rows of a reason."""

    words: str
    n: int
    presses: list[Press]


def offers_for_reasons(job: ImportJob, reason: str = "") -> list[ReasonOffer]:
    """For each reason, the most frequent first, or for the one that is named. Whether a fix helps is judged when it is shown."""
    if job.state not in OPEN_TO_CORRECTION:
        return []
    counts = counters.of(job.pk).get("reason", {})
    offers: list[ReasonOffer] = []
    for code, n in sorted(counts.items(), key=lambda one: -one[1]):
        known = {press for offer in offers for press in offer.presses}  # an area code may be put before rows of two reasons
        presses = [press for press in _presses(job, code) if press not in known] if n and reason in ("", code) else []
        offers += [ReasonOffer(heading_of(code), n, presses)] if presses else []
    return offers


def _presses(job: ImportJob, code: str) -> list[Press]:
    if code == "phone_two_numbers":
        return [_press(_("Call the first"), fix="first_number"), _press(_("Call the second"), fix="second_number")]
    if code == "phone_letters":
        return [_press(_("Drop the word behind the number"), fix="drop_word")]
    if code == "missing_required" and (pair := likely_copy(job)):
        source, target = pair
        words = _("Take it from “%(column)s”") % {"column": source.label}
        return [_press(words, fix="copy", to=target, **{"from": source.place})]
    if code in WITHOUT_AREA_CODE:
        return [
            _press(_("Put “%(column)s” before the number") % {"column": one.label}, fix="put_before", **{"from": one.place})
            for one in columns_with_area_codes(job)[:1]
        ]
    return []


def _press(words: str, **query: object) -> Press:
    return Press(words, urlencode(query))


def likely_copy(job: ImportJob) -> tuple[Column, int] | None:
    """From which column, and into which one, empty values may be filled: a column that is used for nothing, is filled where the value
    is empty, and in few other rows. None where there is none."""
    rows = list(matching(job, "invalid", "missing_required").order_by("row_number")[:LOOKED_AT])
    target = _most_often_empty(job, rows)
    if target is None or job.preview is None:
        return None
    cells = [cells_of(row) for row in rows]
    empty = [one for one in cells if not text_at(one, target).strip()]
    sample = [row.cells for row in job.preview.sample]
    columns = [one for one in unused_columns(job) if _share(sample, one.place) < SELDOM]
    best = max(columns, key=lambda one: _share(empty, one.place), default=None)
    return (best, target) if best and _share(empty, best.place) > SELDOM else None


def _most_often_empty(job: ImportJob, rows: Sequence[ImportRow]) -> int | None:
    """The column of the value that most of these rows lack; None where it has no column of its own."""
    missing = Counter(name for row in rows for name in (row.detail or {}).get("params", {}).get("field", "").split(", "))
    names = [name for name, _n in missing.most_common()]
    keys = {field.variable: field.key for field in fields_of(job) if field.kind == "variable"}
    columns = {key: column for column, key in Places.of(fields_of(job), mapping_of(job)).values.items()}
    return next((columns[keys[name]] for name in names if keys.get(name) in columns), None)


def _share(rows: Sequence[Sequence[str]], column: int) -> float:
    """Of these rows: how many have something in the column."""
    return sum(bool(text_at(cells, column).strip()) for cells in rows) / max(len(rows), 1)
