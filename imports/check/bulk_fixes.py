"""One fix for many rows: shown before it is done, done a batch at a time, undone in one step.

| code | what it does |
|---|---|
| `region:TR` | numbers are read as those of a country |
| `first_number`, `second_number` | of two numbers in a cell one is kept; the other becomes a secondary contact, where there is a column |
| `drop_word` | a word behind the number is dropped |
| `put_before:FROM` | the digits of a column, an area code, are put before the number |
| `copy:FROM:TO` | empty cells of a column take the text of another one (columns from 0) |
| `replace:COLUMN` | find and replace; `find` and `by` are params |
| `leave_out:REASON` | all rows with that reason are left out |
| `take_back:all` | all rows that were left out are judged again |
| `edit:ID` | a fix that was asked for and has params |
| `undo:ID`, `redo:ID` | an edit of many rows is undone or redone |
"""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

from django.db import transaction

from imports import counters
from imports.check import cell_fixes, corrections, edits
from imports.check.cell_fixes import CellFix, Places
from imports.check.changes import Correction, Judged, cells_of, judged
from imports.check.correctable import CORRECTABLE, LEAVABLE
from imports.check.edits import AT_ONCE, SaveProgress, begin_edit, drop_if_empty
from imports.errors import WorkflowError
from imports.intake.field_settings import check_settings, fields_of, mapping_of
from imports.models import Edit, ImportJob, ImportRow, JobState, RowState
from people.models import User

NOTHING: Mapping[str, Any] = MappingProxyType({})


class FixCode(NamedTuple):
    """A code, and what else it needs."""

    code: str
    params: Mapping[str, Any] = NOTHING

    @property
    def verb(self) -> str:
        return self.code.partition(":")[0]

    @property
    def columns(self) -> list[int]:
        return [int(part) for part in self.code.split(":")[1:] if part.isdecimal() and len(part) < 6]


class Proposals(NamedTuple):
    """What a fix would do to a batch of rows. `after`: the row number behind which the next batch begins; None at the end."""

    rows: list[Judged]
    after: int | None


def run(
    job: ImportJob, kind: str, user: User | None, begun: Mapping[str, Any] = NOTHING, save: SaveProgress = lambda progress: None
) -> int:
    """How many rows it changed. WorkflowError for a code that means nothing here."""
    verb, _sign, rest = kind.partition(":")
    if verb in ("undo", "redo"):
        return _revert(job, verb, rest, user, begun, save)
    if verb in ("leave_out", "take_back"):
        return set_all_left_out(job, kind, user, begun, save)
    if verb == "edit":
        edit = Edit.objects.filter(job=job, person=user, pk=int(rest) if rest.isdecimal() else 0).first()
        if edit is None:
            raise WorkflowError("fix_unknown")
        return fix_cells(job, FixCode(edit.what, edit.params), user, {"edit": edit.pk, **begun}, save)
    return fix_cells(job, FixCode(kind), user, begun, save)


def rows_at_most(job: ImportJob, kind: str) -> int:
    """How many rows a fix has to look at."""
    verb, _sign, reason = kind.partition(":")
    states, reasons = counters.states(job.pk), counters.of(job.pk).get("reason", {})
    if verb == "take_back":
        return states[RowState.LEFT_OUT]
    if verb == "leave_out":
        return states[reason] if reason in states else reasons.get(reason, 0)
    return sum(states.values()) if verb == "replace" else states[RowState.INVALID]


# -- cells of many rows ------------------------------------------------------------------------------------------------
def proposals(job: ImportJob, fix: FixCode, after: int = 0) -> Proposals:
    """What the fix would do to the next batch of rows, judged as all rows are; nothing is written. A row that would still be wrong is
    left alone, unless a text is replaced in it. WorkflowError for a code that means nothing here."""
    rows = _rows_for(job, fix, after)
    changes = _changes(job, fix, rows)
    found = judged(job, changes, check_settings(job), is_unsent=job.state == JobState.READY)
    keeps_wrong = fix.verb == "replace"
    return Proposals(
        [one for one in found if keeps_wrong or one.state != RowState.INVALID],
        rows[-1].row_number if len(rows) == AT_ONCE else None,
    )


def fix_cells(
    job: ImportJob,
    fix: FixCode,
    user: User | None,
    begun: Mapping[str, Any] = NOTHING,
    save: SaveProgress = lambda progress: None,
) -> int:
    edits.require_open(job)
    _changes(job, fix, [])  # a code that means nothing begins nothing
    edit = edit_of(job, user, begun, Edit.Kind.FIX, fix.code, fix.params)
    n, after = begun.get("n", 0), begun.get("after", 0)
    while after is not None:
        with transaction.atomic():
            found = proposals(job, fix, after)
            wanted = [one.change for one in found.rows]
            n += len(corrections.correct(job, wanted, user, Edit.Kind.FIX, edit)) if wanted else 0
            after = found.after
            save({"n": n, "after": after} | ({"edit": edit.pk} if edit else {}))
    drop_if_empty(edit)
    return int(n)


def _changes(job: ImportJob, fix: FixCode, rows: Sequence[ImportRow]) -> list[Correction]:
    if fix.verb == "region":
        return corrections.as_of_region(job, rows, fix.code.partition(":")[2])
    cell_fix = _cell_fix(job, fix)
    return [Correction(row, cells) for row in rows if (cells := cell_fix(cells_of(row))) is not None]


def _cell_fix(job: ImportJob, fix: FixCode) -> CellFix:
    places, columns = Places.of(fields_of(job), mapping_of(job)), fix.columns
    width = len(job.headers)
    if fix.verb in ("first_number", "second_number"):
        return cell_fixes.keep_number(places, 0 if fix.verb == "first_number" else 1)
    if fix.verb == "drop_word":
        return cell_fixes.drop_word(places)
    if fix.verb == "put_before" and len(columns) == 1 and columns[0] < width:
        return cell_fixes.put_before(places, columns[0])
    if fix.verb == "copy" and len(columns) == 2 and columns[1] in places.values and columns[0] < width:
        return cell_fixes.copy(*columns)
    if fix.verb == "replace" and len(columns) == 1 and columns[0] < width and fix.params.get("find"):
        return cell_fixes.replace(columns[0], str(fix.params["find"]), str(fix.params.get("by", "")))
    raise WorkflowError("fix_unknown")


REASONS = {
    "first_number": "phone_two_numbers",
    "second_number": "phone_two_numbers",
    "drop_word": "phone_letters",
    "copy": "missing_required",
}


def _rows_for(job: ImportJob, fix: FixCode, after: int) -> list[ImportRow]:
    rows = ImportRow.objects.filter(job=job, row_number__gt=after)
    if fix.verb == "replace":
        states: Sequence[str] = (*CORRECTABLE, RowState.PENDING) if job.state == JobState.READY else CORRECTABLE
        rows = rows.filter(state__in=states)
    else:
        rows = rows.filter(state=RowState.INVALID)
        rows = rows.filter(reason=REASONS[fix.verb]) if fix.verb in REASONS else rows
    return list(rows.order_by("row_number")[:AT_ONCE])


# -- rows left out -----------------------------------------------------------------------------------------------------
def set_all_left_out(
    job: ImportJob, kind: str, user: User | None, begun: Mapping[str, Any] = NOTHING, save: SaveProgress = lambda progress: None
) -> int:
    """Every row with the reason that `kind` names is left out, or every row that was left out is taken back."""
    verb, _sign, reason = kind.partition(":")
    edits.require_open(job)
    edit = edit_of(job, user, begun, Edit.Kind(verb), reason)
    change = edits.leave_out if verb == "leave_out" else edits.take_back
    n, after = begun.get("n", 0), begun.get("after", 0)
    while reason and (rows := _rows_to_set(job, verb, reason, after)):
        after = rows[-1].row_number
        with transaction.atomic():
            n += change(job, rows, user, edit)
            save({"n": n, "after": after} | ({"edit": edit.pk} if edit else {}))
    drop_if_empty(edit)
    return int(n)


def _rows_to_set(job: ImportJob, verb: str, reason: str, after: int) -> list[ImportRow]:
    """A batch of the rows with this reason that may be left out, or of those that were."""
    rows = ImportRow.objects.filter(job=job, row_number__gt=after)
    is_out = verb == "leave_out"
    rows = rows.filter(reason=reason, state__in=LEAVABLE) if is_out else rows.filter(state=RowState.LEFT_OUT)
    return list(rows.order_by("row_number")[:AT_ONCE])


def edit_of(
    job: ImportJob, user: User | None, begun: Mapping[str, Any], kind: str, what: str, params: Mapping[str, Any] = NOTHING
) -> Edit | None:
    """The edit that was begun with the fix, or a new one."""
    return Edit.objects.filter(pk=begun["edit"]).first() if "edit" in begun else begin_edit(job, user, kind, what, **params)


def _revert(job: ImportJob, verb: str, pk: str, user: User | None, begun: Mapping[str, Any], save: SaveProgress) -> int:
    edit = Edit.objects.filter(job=job, person=user, pk=int(pk) if pk.isdecimal() else 0).first()
    is_done = edit is not None and (edit.undone_at is None) != (verb == "undo")
    if is_done and "reverted" in begun:
        return int(begun["reverted"][0])  # it was cut short right after its last batch
    if edit is None or is_done:
        raise WorkflowError(f"nothing_to_{verb}")
    edit.job = job
    revert: Callable[..., edits.Reverted] = edits.undo if verb == "undo" else edits.redo
    return revert(edit, begun, save).rows
