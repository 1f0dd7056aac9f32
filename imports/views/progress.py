"""Steps 5 and 6: leads go out, and what became of them."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from imports import counters
from imports.access import import_of
from imports.alerts.gathering import is_read
from imports.forms.reading import reading_form
from imports.intake import steps as intake
from imports.intake.field_settings import fields_of
from imports.models import ImportJob, ImportRow, JobState, OutgoingMail, RowState
from imports.pages.progress import Progress
from imports.pages.rows import RowView, row_view
from imports.reports.files import rows_in
from imports.views.error_handling import back_to_import
from imports.workflow import requests
from imports.workflow import steps as workflow
from people.requests import SignedInRequest
from people.roles import Role, needs
from ui.return_addresses import part_of, post_only
from ui.whole_numbers import LARGEST_COUNT, whole_number

BEFORE = {JobState.UPLOADED: "imports:columns", JobState.CHECKING: "imports:check", JobState.READY: "imports:check"}
ON_THE_WAY = (JobState.PUSHING, JobState.PAUSED)
LAST_REFUSED = 5
ROWS_OF_OUTCOMES = (RowState.REFUSED, RowState.FAILED, RowState.UNCONFIRMED)


@needs(Role.UPLOADER)
def show(request: SignedInRequest, pk: int) -> HttpResponse:
    """Where the import stands: the step it waits at, its progress, or what became of it."""
    job = import_of(request, pk)
    if job.state == JobState.MAPPED:
        return redirect("imports:phones" if job.mapping else "imports:columns", pk)
    if page := BEFORE.get(JobState(job.state)):
        return redirect(page, pk)
    if job.state in ON_THE_WAY:
        return render(request, "imports/progress.html", _facts(job))
    return render(
        request,
        "imports/done.html",
        {
            **_facts(job),
            "has_error_report": rows_in(job, "errors") > 0,
            "mails": OutgoingMail.objects.filter(job=job).select_related("recipient"),
            "reading_form": reading_form(job) if intake.may_reread(job) else None,
        },
    )


@needs(Role.UPLOADER)
@part_of("imports:show", "pk")
def poll(request: SignedInRequest, pk: int) -> HttpResponse:
    """The moving part of the progress page. It asks again by itself until there is nothing more to see."""
    job = import_of(request, pk)
    response = render(request, "imports/_progress.html", _moving(job))
    if job.state not in ON_THE_WAY:
        response.headers["HX-Redirect"] = reverse("imports:show", args=[pk])
    return response


@needs(Role.UPLOADER)
@post_only("imports:show", "pk", may_see=import_of)
@back_to_import
def pause(request: SignedInRequest, pk: int) -> HttpResponse:
    workflow.pause(import_of(request, pk), request.user)
    return redirect("imports:show", pk)


@needs(Role.UPLOADER)
@post_only("imports:show", "pk", may_see=import_of)
@back_to_import
def resume(request: SignedInRequest, pk: int) -> HttpResponse:
    workflow.resume(import_of(request, pk), request.user)
    return redirect("imports:show", pk)


@needs(Role.UPLOADER)
@post_only("imports:show", "pk", may_see=import_of)
@back_to_import
def send_rest(request: SignedInRequest, pk: int) -> HttpResponse:
    workflow.send_rest(import_of(request, pk), request.user)
    return redirect("imports:show", pk)


@needs(Role.UPLOADER)
@post_only("imports:show", "pk", may_see=import_of)
@back_to_import
def send_corrected(request: SignedInRequest, pk: int) -> HttpResponse:
    """Rows that were put right since the import was sent; the form names how many the person has seen."""
    seen = request.POST.get("n", "")
    workflow.send_corrected(import_of(request, pk), request.user, whole_number(seen, LARGEST_COUNT) or 0)
    return redirect("imports:show", pk)


@needs(Role.UPLOADER)
@require_http_methods(["GET", "HEAD", "POST"])
@back_to_import
def cancel(request: SignedInRequest, pk: int) -> HttpResponse:
    """What cancelling, or discarding before anything was sent, will do, and the button that does it."""
    job = import_of(request, pk)
    if request.method != "POST":
        return _ask_whether_to_cancel(request, job)
    workflow.cancel(job, request.user)
    messages.success(request, _("The import is cancelled. What was already sent stays at WhatTalk."))
    return redirect("imports:show", pk)


@needs(Role.UPLOADER)
@post_only("imports:show", "pk", may_see=import_of)
@back_to_import
def retry(request: SignedInRequest, pk: int) -> HttpResponse:
    workflow.retry_failed(import_of(request, pk), request.user)
    return redirect("imports:show", pk)


@needs(Role.MANAGER)
@post_only("imports:show", "pk", may_see=import_of)
@back_to_import
def undo(request: SignedInRequest, pk: int) -> HttpResponse:
    workflow.undo(import_of(request, pk), request.user)
    messages.success(request, _("Undo has begun. Leads that were not called yet are being deleted from WhatTalk."))
    return redirect("imports:show", pk)


def _ask_whether_to_cancel(request: SignedInRequest, job: ImportJob) -> HttpResponse:
    if job.state in (JobState.DONE, JobState.CANCELLED, JobState.FAILED):
        return redirect("imports:show", job.pk)
    facts = {"job": job, "progress": Progress.of(job), "is_sent": job.state in ON_THE_WAY}
    corrections = 0 if facts["is_sent"] else ImportRow.objects.filter(job=job, corrected__isnull=False).count()
    return render(request, "imports/discard.html", {**facts, "corrections": corrections})


def _facts(job: ImportJob) -> dict[str, Any]:
    return {
        **_moving(job),
        "campaign": job.campaign,
        "operations": requests.waiting_for(job),
        "undo": counters.of(job.pk).get("undo", {}) if job.undo_requested_at else {},
    }


def _moving(job: ImportJob) -> dict[str, Any]:
    """What the part of the page shows that asks again by itself, every two seconds for everybody who looks."""
    progress = Progress.of(job)
    return {
        "job": job,
        "progress": progress,
        "refused": _last_refused(job, progress),
        "nobody_works": job.state == JobState.PUSHING and not is_read("send"),
    }


def _last_refused(job: ImportJob, progress: Progress) -> list[RowView]:
    """Each state is asked for by itself, which its index answers; all at once, SQLite goes through the import's rows until it has
    met so many of them."""
    states = [state for state in ROWS_OF_OUTCOMES if progress.states[state]]
    if not states:
        return []
    rows = [
        row for state in states for row in ImportRow.objects.filter(job=job, state=state).order_by("-row_number")[:LAST_REFUSED]
    ]
    rows.sort(key=lambda row: row.row_number, reverse=True)
    fields = fields_of(job)
    return [row_view(job, fields, row) for row in rows[:LAST_REFUSED]]
