"""One fix for many rows: asked for by its code, done a batch at a time, undone in one step.

| code | what it does |
|---|---|
| `region:TR` | numbers are read as those of a country |
| `leave_out:REASON` | all rows with that reason are left out |
| `undo:ID`, `redo:ID` | an edit of many rows is undone or redone |
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from django.db import transaction

from imports import counters
from imports.check import corrections, edits
from imports.check.correctable import LEAVABLE
from imports.check.edits import AT_ONCE, SaveProgress, begin_edit, drop_if_empty
from imports.errors import WorkflowError
from imports.models import Edit, ImportJob, ImportRow, RowState
from people.models import User

NOTHING: Mapping[str, Any] = MappingProxyType({})


def run(
    job: ImportJob, kind: str, user: User | None, begun: Mapping[str, Any] = NOTHING, save: SaveProgress = lambda progress: None
) -> int:
    """How many rows it changed. WorkflowError for a code that means nothing here."""
    verb, _sign, rest = kind.partition(":")
    if verb in ("undo", "redo"):
        return _revert(job, verb, rest, user, begun, save)
    return FIXES.get(verb, corrections.fix_all)(job, kind, user, begun, save)


def rows_at_most(job: ImportJob, kind: str) -> int:
    """How many rows a fix has to look at."""
    verb, _sign, reason = kind.partition(":")
    states = counters.states(job.pk)
    if verb == "leave_out" and reason in states:
        return states[reason]
    return counters.of(job.pk).get("reason", {}).get(reason, 0) if verb == "leave_out" else states[RowState.INVALID]


def rows_of_reason(job: ImportJob, reason: str, after: int = 0) -> list[ImportRow]:
    """Those with this reason that may be left out, a batch of them."""
    rows = ImportRow.objects.filter(job=job, reason=reason, state__in=LEAVABLE, row_number__gt=after)
    return list(rows.order_by("row_number")[:AT_ONCE])


def leave_all_out(
    job: ImportJob, kind: str, user: User | None, begun: Mapping[str, Any] = NOTHING, save: SaveProgress = lambda progress: None
) -> int:
    """Every row with the reason that `kind` names."""
    reason = kind.partition(":")[2]
    edit = edit_of(job, user, begun, Edit.Kind.LEAVE_OUT, reason)
    n, after = begun.get("n", 0), begun.get("after", 0)
    while reason and (rows := rows_of_reason(job, reason, after)):
        after = rows[-1].row_number
        with transaction.atomic():
            n += edits.leave_out(job, rows, user, edit)
            save({"n": n, "after": after} | ({"edit": edit.pk} if edit else {}))
    drop_if_empty(edit)
    return int(n)


def edit_of(job: ImportJob, user: User | None, begun: Mapping[str, Any], kind: str, what: str) -> Edit | None:
    """The edit that was begun with the fix, or a new one."""
    return Edit.objects.filter(pk=begun["edit"]).first() if "edit" in begun else begin_edit(job, user, kind, what)


def _revert(job: ImportJob, verb: str, pk: str, user: User | None, begun: Mapping[str, Any], save: SaveProgress) -> int:
    edit = Edit.objects.filter(job=job, person=user, pk=int(pk) if pk.isdecimal() else 0).first()
    if edit is None or (edit.undone_at is None) != (verb == "undo"):
        raise WorkflowError(f"nothing_to_{verb}")
    edit.job = job
    return (edits.undo if verb == "undo" else edits.redo)(edit, begun, save).rows


Fix = Callable[[ImportJob, str, User | None, Mapping[str, Any], SaveProgress], int]
FIXES: dict[str, Fix] = {"leave_out": leave_all_out}
