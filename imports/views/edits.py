"""Rows left out and taken back; edits undone and redone. Every form works without JavaScript."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from imports.access import import_of
from imports.check import edits
from imports.check.changes import Correction, cells_of
from imports.check.corrections import correct
from imports.errors import WorkflowError
from imports.models import Edit, ImportJob, ImportRow, Operation
from imports.pages.edits import sentence_of_reverted
from imports.pages.rows import pasted_cells, pasted_rows
from imports.row_place_labels import list_starts, place_params, shown_place
from imports.views.corrected import answer, page_before
from imports.views.error_handling import back_to_import, sentence_of
from imports.workflow import requests
from people.bodies import takes_cells
from people.requests import SignedInRequest
from people.roles import Role, needs
from ui.return_addresses import post_only, sent_to
from ui.whole_numbers import whole_number

TO_ROW = "?show=all&at=%(number)s#row-%(number)s"


@needs(Role.UPLOADER)
@post_only("imports:rows", "pk", may_see=import_of, place=TO_ROW)
def leave_out(request: SignedInRequest, pk: int, number: int) -> HttpResponse:
    """One row that is not to be sent."""
    return _set_left_out(request, import_of(request, pk), number, True)


@needs(Role.UPLOADER)
@post_only("imports:rows", "pk", may_see=import_of, place=TO_ROW)
def take_back(request: SignedInRequest, pk: int, number: int) -> HttpResponse:
    """A row that was left out is judged again."""
    return _set_left_out(request, import_of(request, pk), number, False)


def _set_left_out(request: SignedInRequest, job: ImportJob, number: int, is_out: bool) -> HttpResponse:
    problem = ""
    try:
        rows = list(ImportRow.objects.filter(job=job, row_number=number))
        place = place_params(number, list_starts(job))
        if not rows:
            raise WorkflowError("row_missing", **place)
        if not (edits.leave_out if is_out else edits.take_back)(job, rows, request.user):
            raise WorkflowError("row_not_left_out" if not is_out else "row_already_sent", **place)
    except WorkflowError as error:
        problem = sentence_of(error)
    said = _("Row %(row)s is left out.") if is_out else _("Row %(row)s is taken back.")
    return answer(request, job, number, problem, said % {"row": shown_place(job, number)})


@takes_cells
@needs(Role.UPLOADER)
@post_only("imports:rows", "pk", may_see=import_of)
@back_to_import
def paste(request: SignedInRequest, pk: int) -> HttpResponse:
    """Many cells at once (`cell-<row>-<column>`), one step to undo."""
    job = import_of(request, pk)
    numbers = pasted_rows(request.POST)
    rows = list(ImportRow.objects.filter(job=job, row_number__in=numbers).order_by("row_number"))
    wanted = [Correction(row, pasted_cells(row, request.POST)) for row in rows]
    taken = correct(job, [one for one in wanted if one.cells != cells_of(one.row)], request.user, Edit.Kind.PASTE)
    n = len(taken)
    messages.success(request, ngettext("%(n)d row was changed.", "%(n)d rows were changed.", n) % {"n": n})
    if unplaced := whole_number(request.POST.get("unplaced")):
        told = ngettext(
            "%(n)d pasted cell was left out: it fell on a row that cannot be changed, or beside the rows shown here.",
            "%(n)d pasted cells were left out: they fell on rows that cannot be changed, or beside the rows shown here.",
            unplaced,
        )
        messages.warning(request, told % {"n": unplaced})
    return sent_to(request, page_before(request, job) + (f"#row-{rows[0].row_number}" if rows else ""))


@needs(Role.UPLOADER)
@post_only("imports:show", "pk", may_see=import_of)
@back_to_import
def undo(request: SignedInRequest, pk: int) -> HttpResponse:
    """The person's last edit of this import is taken back."""
    job = import_of(request, pk)
    return _revert(request, job, edits.last_done(job, request.user), "undo")


@needs(Role.UPLOADER)
@post_only("imports:show", "pk", may_see=import_of)
@back_to_import
def redo(request: SignedInRequest, pk: int) -> HttpResponse:
    """What was undone last is done once more."""
    job = import_of(request, pk)
    return _revert(request, job, edits.last_undone(job, request.user), "redo")


def _revert(request: SignedInRequest, job: ImportJob, edit: Edit | None, verb: str) -> HttpResponse:
    if edit is None:
        raise WorkflowError(f"nothing_to_{verb}")
    edit.job = job
    if not requests.is_small(edit.rows):
        return redirect(
            "imports:operation", job.pk, requests.ask(job, Operation.Kind.FIX_ALL, f"{verb}:{edit.pk}", request.user).pk
        )
    first = edit.changes.order_by("pk").values_list("row_number", flat=True).first()
    reverted = (edits.undo if verb == "undo" else edits.redo)(edit)
    (messages.warning if reverted.kept else messages.success)(request, sentence_of_reverted(reverted))
    return redirect(page_before(request, job) + (f"#row-{first}" if first else ""))
