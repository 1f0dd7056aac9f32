"""Step 4 and 5: every row was checked; problems are corrected here, and leads are sent from here."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from imports import transitions
from imports.access import import_of
from imports.alerts.gathering import is_read
from imports.check import bulk_fixes, corrections
from imports.errors import WorkflowError
from imports.forms.sending import SendForm, WorkbookForm
from imports.intake import steps as intake
from imports.intake.field_settings import fields_of
from imports.models import ImportJob, ImportRow, JobState, Operation
from imports.pages.check import fixes_of, reasons_of
from imports.pages.edits import sentence_of_fix
from imports.pages.rows import KINDS, WITHOUT_REASON, corrected_cells, mapped_columns, outcomes, rows_of
from imports.pipeline.readers.cell_text import without_control
from imports.views.corrected import answer, facts, page_before, send_form
from imports.views.error_handling import back_to_import, sentence_of
from imports.views.htmx import htmx_target, is_htmx, page_path
from imports.views.operations import taken_or_waited_for
from imports.workflow import requests
from imports.workflow import steps as workflow
from people.bodies import takes_a_file, takes_cells
from people.requests import SignedInRequest
from people.roles import Role, needs
from ui.return_addresses import post_only
from ui.whole_numbers import LARGEST_COUNT, whole_number


@needs(Role.UPLOADER)
def check(request: SignedInRequest, pk: int) -> HttpResponse:
    job = import_of(request, pk)
    if job.state == JobState.CHECKING:
        template = "imports/_checking.html" if is_htmx(request) else "imports/checking.html"
        return render(request, template, _checking(job))
    if job.state != JobState.READY:
        return _elsewhere(request, pk)
    if "checking" in htmx_target(request):
        return _elsewhere(request, pk, "imports:check")
    return _page(request, job, send_form(request, job))


@needs(Role.UPLOADER)
@back_to_import
def rows(request: SignedInRequest, pk: int) -> HttpResponse:
    """The rows behind one of the counts, a page at a time: part of the check page, or a page of its own."""
    job = import_of(request, pk)
    transitions.require_rows(job)
    context = {**facts(request, job), **_rows(request, job)}
    if not is_htmx(request):
        return render(request, "imports/rows.html", context)
    on_check = (reverse("imports:check", args=[pk]), reverse("imports:send", args=[pk]))
    response = render(request, "imports/_rows.html", {**context, "is_check": page_path(request) in on_check})
    response.headers["HX-Replace-Url"] = (
        f"?{request.GET.urlencode()}"  # a reload, and whoever signs in again, finds the same rows
    )
    return response


@takes_cells
@needs(Role.UPLOADER)
@post_only("imports:rows", "pk", may_see=import_of, place="?show=all&at=%(number)s#row-%(number)s")
def correct(request: SignedInRequest, pk: int, number: int) -> HttpResponse:
    """Cells of one row put right; checked at once by the same code as all others."""
    job = import_of(request, pk)
    row = get_object_or_404(ImportRow, job=job, row_number=number)
    problem = ""
    try:
        corrections.correct_row(job, number, corrected_cells(row, request.POST), request.user)
    except WorkflowError as error:
        problem = sentence_of(error)
    return answer(request, job, number, problem)


@needs(Role.UPLOADER)
@post_only("imports:show", "pk", may_see=import_of)
@back_to_import
def fix_all(request: SignedInRequest, pk: int) -> HttpResponse:
    """What is wrong in the same way in many rows, put right in all of them."""
    job, kind = import_of(request, pk), without_control(request.POST.get("kind", ""))[:80]
    if not requests.is_small(bulk_fixes.rows_at_most(job, kind)):
        return redirect("imports:operation", pk, requests.ask(job, Operation.Kind.FIX_ALL, kind, request.user).pk)
    n = bulk_fixes.run(job, kind, request.user)
    messages.success(request, sentence_of_fix(kind, n))
    return redirect(page_before(request, job))


@takes_a_file
@needs(Role.UPLOADER)
@post_only("imports:show", "pk", may_see=import_of)
@back_to_import
def take_workbook(request: SignedInRequest, pk: int) -> HttpResponse:
    """The "fix in Excel" workbook comes back."""
    job = import_of(request, pk)
    form = WorkbookForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, " ".join(map(str, form.errors["workbook"])))
        return redirect("imports:show", pk)
    return taken_or_waited_for(request, requests.ask_to_take(job, form.cleaned_data["workbook"], request.user))


@needs(Role.UPLOADER)
@post_only("imports:show", "pk", may_see=import_of)
@back_to_import
def send(request: SignedInRequest, pk: int) -> HttpResponse:
    """Sends leads. On a running campaign calls begin at once, so how many go first must be chosen."""
    job = import_of(request, pk)
    form = send_form(request, job, data=request.POST)
    if job.state == JobState.PUSHING:
        return redirect("imports:show", pk)
    if not form.is_valid():
        return _page(request, job, form, status=422)
    workflow.confirm(job, request.user, allow_duplicates=form.cleaned_data.get("allow_duplicates", False), first=form.first)
    return redirect("imports:show", pk)


def _page(request: SignedInRequest, job: ImportJob, form: SendForm, status: int = 200) -> HttpResponse:
    moved = facts(request, job)
    return render(
        request,
        "imports/check.html",
        {
            **moved,
            "is_check": True,
            "form": form,
            "warnings": reasons_of(job.warnings),
            "notes": reasons_of(job.notes),
            "operations": requests.waiting_for(job),
            "earlier": intake.same_file_before(job)[:3],
            "fixes": fixes_of(job) if moved["summary"].invalid else [],
            **_rows(request, job),
        },
        status=status,
    )


def _rows(request: SignedInRequest, job: ImportJob) -> dict[str, Any]:
    kind, after = request.GET.get("show", "invalid"), _after(request)
    if kind not in KINDS:
        raise Http404
    reason = "" if kind in WITHOUT_REASON else without_control(request.GET.get("reason", ""))[:40]
    query = without_control(request.GET.get("q", ""))[:100]
    fields = fields_of(job)
    return {
        "kind": kind,
        "reason": reason,
        "after": after,
        "query": query,
        "outcomes": outcomes(job, kind),
        "columns": mapped_columns(job, fields),
        "page": rows_of(job, fields, kind, reason, after, query),
    }


def _after(request: SignedInRequest) -> int:
    """The row number after which the page begins: as a link names it, or right before the row that it is to show (`at`)."""
    at = whole_number(request.GET.get("at", ""), LARGEST_COUNT)
    return max(0, at - 1) if at else whole_number(request.GET.get("after", ""), LARGEST_COUNT) or 0


def _checking(job: ImportJob) -> dict[str, Any]:
    estimate = (job.preview and job.preview.row_estimate) or 0
    return {"job": job, "estimate": max(estimate, job.checked_rows), "nobody_works": not is_read("parse")}


def _elsewhere(request: SignedInRequest, pk: int, name: str = "imports:show") -> HttpResponse:
    """To where the import stands; a poll makes the whole page go there."""
    if not is_htmx(request):
        return redirect(name, pk)
    response = render(request, "imports/_gone.html")
    response.headers["HX-Redirect"] = reverse(name, args=[pk])
    return response
