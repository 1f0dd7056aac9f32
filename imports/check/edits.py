"""Edits of rows that can be undone and redone, each by the person who made it, also after the page was left."""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

from django.db import transaction
from django.utils import timezone

from imports.check.changes import JUDGED_AGAIN, Correction, cells_of, store
from imports.check.correctable import OPEN_TO_CORRECTION
from imports.errors import WorkflowError
from imports.intake.field_settings import check_settings
from imports.models import Edit, ImportJob, ImportRow, RowEdit, RowState
from people import audit
from people.models import User

AT_ONCE = 1_000
KEPT = 100  # edits of one person in one import that can be undone
Progress = Mapping[str, Any]
SaveProgress = Callable[[Progress], None]  # writes the checkpoint of a batch, in its transaction


class Reverted(NamedTuple):
    """Of how many rows an edit was undone or redone, and how many stay: sent meanwhile, or changed by somebody since."""

    rows: int = 0
    kept: int = 0


def require_open(job: ImportJob) -> None:
    if job.state not in OPEN_TO_CORRECTION:
        raise WorkflowError("not_now", state=str(job.get_state_display()))
    if job.is_being_undone:
        raise WorkflowError("undo_under_way")  # what is sent now would be deleted at once


def begin_edit(job: ImportJob, user: User | None, kind: str, what: str = "", **params: Any) -> Edit | None:
    """A new edit of this person; what they had undone before can no longer be redone. None for nobody: the terminal has no undo."""
    if user is None:
        return None
    mine = Edit.objects.filter(job=job, person=user)
    mine.exclude(undone_at=None).delete()
    if stale := list(mine.order_by("-pk").values_list("pk", flat=True)[KEPT - 1 :]):
        mine.filter(pk__in=stale).delete()
    return Edit.objects.create(job=job, person=user, kind=kind, what=what[:80], params=params)


def drop_if_empty(edit: Edit | None) -> None:
    """One that changed nothing cannot be undone."""
    if edit is not None and not edit.rows:
        edit.delete()


def last_done(job: ImportJob, user: User) -> Edit | None:
    """What `undo` would undo."""
    return Edit.objects.filter(job=job, person=user, undone_at=None, rows__gt=0).order_by("-pk").first()


def last_undone(job: ImportJob, user: User) -> Edit | None:
    """What `redo` would redo: of those undone, the one that was made first."""
    return Edit.objects.filter(job=job, person=user, rows__gt=0).exclude(undone_at=None).order_by("pk").first()


def undo(edit: Edit, begun: Progress = MappingProxyType({}), save: SaveProgress = lambda progress: None) -> Reverted:
    """Every cell as it was before the edit, unless it was changed since; rows that it left out are taken back."""
    return _revert(edit, True, begun, save)


def redo(edit: Edit, begun: Progress = MappingProxyType({}), save: SaveProgress = lambda progress: None) -> Reverted:
    return _revert(edit, False, begun, save)


def _revert(edit: Edit, is_undo: bool, begun: Progress, save: SaveProgress) -> Reverted:
    """A batch at a time; one that was cut short goes on from what `save` was given."""
    job = edit.job
    require_open(job)
    settings, reverted, after = check_settings(job), Reverted(*begun.get("reverted", ())), begun.get("after", 0)
    while changes := list(edit.changes.filter(pk__gt=after).order_by("pk")[:AT_ONCE]):
        after = changes[-1].pk
        with transaction.atomic():
            wanted = _corrections(job, changes, is_undo)
            own = {change.row_number for change in changes if change.cells or change.left_out is not None}
            numbers = {one.row.pk: one.row.row_number for one in wanted}
            taken = sum(numbers[pk] in own for pk in store(job, wanted, settings, None))
            reverted = Reverted(reverted.rows + taken, reverted.kept + len(own) - taken)
            save({"after": after, "reverted": reverted})
    _conclude(edit, is_undo, reverted)
    return reverted


def _conclude(edit: Edit, is_undo: bool, reverted: Reverted) -> None:
    with transaction.atomic():
        edit.undone_at = timezone.now() if is_undo else None
        edit.save(update_fields=["undone_at"])
        ImportJob.objects.filter(pk=edit.job_id).update(moved_at=timezone.now())
        audit.record(edit.person, "undo_edit" if is_undo else "redo_edit", f"import {edit.job_id}", after={"rows": reverted.rows})
    edit.job.refresh_from_db()


def _corrections(job: ImportJob, changes: Sequence[RowEdit], is_undo: bool) -> list[Correction]:
    """Those that the rows still take. Rows that were judged again along with the edit are judged once more, after its own."""
    rows = {row.row_number: row for row in ImportRow.objects.filter(job=job, row_number__in=[one.row_number for one in changes])}
    found = []
    for change in changes:
        row = rows.get(change.row_number)
        cells = None if row is None else _reverted_cells(cells_of(row), change.cells, is_undo)
        is_own = change.cells or change.left_out is not None
        if row is not None and cells is not None and (is_own or row.state in (*JUDGED_AGAIN, RowState.NO_CONSENT)):
            left_out = change.left_out if change.left_out is None or not is_undo else not change.left_out
            found.append(Correction(row, cells, left_out))
    return found


def _reverted_cells(cells: list[str], changed: Mapping[str, Sequence[str]], is_undo: bool) -> list[str] | None:
    """The cells with the other text of each pair; None where somebody has changed one of them since."""
    for column, (before, after) in sorted(changed.items(), key=lambda item: int(item[0])):
        place, (now, then) = int(column), (after, before) if is_undo else (before, after)
        cells += [""] * (place + 1 - len(cells))
        if cells[place] != now:
            return None
        cells[place] = then
    return cells


# -- leaving rows out --------------------------------------------------------------------------------------------------
def leave_out(job: ImportJob, rows: Sequence[ImportRow], user: User | None, edit: Edit | None = None) -> int:
    """Rows that are not to be sent; how many took it. Nothing of them is lost: `take_back` has them judged again."""
    return _set_left_out(job, rows, user, edit, True)


def take_back(job: ImportJob, rows: Sequence[ImportRow], user: User | None, edit: Edit | None = None) -> int:
    return _set_left_out(job, rows, user, edit, False)


def _set_left_out(job: ImportJob, rows: Sequence[ImportRow], user: User | None, edit: Edit | None, is_out: bool) -> int:
    require_open(job)
    kind = Edit.Kind.LEAVE_OUT if is_out else Edit.Kind.TAKE_BACK
    with transaction.atomic():
        own = edit or begin_edit(job, user, kind)
        taken = store(job, [Correction(row, cells_of(row), is_out) for row in rows], check_settings(job), own)
        if edit is None:
            drop_if_empty(own)
        if taken:
            ImportJob.objects.filter(pk=job.pk).update(moved_at=timezone.now())
            audit.record(user, kind.value, f"import {job.pk}", after={"rows": len(taken)})
    job.refresh_from_db()
    return len(taken)
