"""The page that waits for an operation, and the file that came of it."""

from typing import TypeVar

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from imports.access import import_of
from imports.check.fix_workbook import Taken
from imports.intake import object_store
from imports.models import ImportJob, Operation
from imports.pages.operations import OperationView, sentences_of
from imports.reports import files
from imports.views.htmx import is_htmx
from imports.workflow import requests
from people import audit
from people.requests import SignedInRequest
from people.roles import Role, needs
from ui.downloads import attached
from ui.held_response import held_until
from ui.return_addresses import part_of, sent_to

Response = TypeVar("Response", bound=HttpResponseBase)


@needs(Role.UPLOADER)
def operation(request: SignedInRequest, pk: int, number: int) -> HttpResponse:
    """What is going on, until it has ended: the page asks again by itself, or is reloaded."""
    view = _view(request, pk, number)
    if view.is_preview and not view.is_waiting:
        return _after_reading(request, view)
    if "small" in request.GET and view.operation.kind == Operation.Kind.TAKE_WORKBOOK and not view.is_waiting:
        return _after_taking(request, view)
    template = "imports/_operation.html" if is_htmx(request) else "imports/operation.html"
    return render(request, template, {"job": view.operation.job, "view": view})


@needs(Role.UPLOADER)
@part_of("imports:operation", "pk", "number")
def operation_file(request: SignedInRequest, pk: int, number: int) -> HttpResponseBase:
    """The file as it was made; one that a newer one has replaced is made anew."""
    view = _view(request, pk, number)
    name = view.operation.result.get("file")
    if not view.is_file or view.operation.state != Operation.State.DONE or not name:
        raise Http404
    path = files.folder_of(view.operation.job) / name
    try:
        file = object_store.opened(path)
    except FileNotFoundError:
        return redirect(view.again)
    audit.record(request.user, "download", f"import {pk}", after={"report": view.operation.what.partition(".")[0]})
    return attached(file, view.name)


def held(response: Response, operation: Operation) -> Response:
    """`response`, kept back for a moment in which the operation may end."""
    return held_until(response, lambda: not Operation.objects.filter(pk=operation.pk, state=Operation.State.WAITING).exists())


def preview_to_wait_for(request: SignedInRequest, job: ImportJob) -> HttpResponse | None:
    """The page that waits until the beginning of the file has been read; None once it has."""
    reading = requests.preview_on_its_way(job, request.user)
    if reading is None:
        return None
    return render(request, "imports/operation.html", {"job": job, "view": OperationView(reading)})


def _after_reading(request: SignedInRequest, view: OperationView) -> HttpResponse:
    """To the columns, with a word where the file could not be read so."""
    if view.is_failed:
        messages.error(request, f"{view.sentence} {view.remedy}".strip())
    return sent_to(request, reverse("imports:columns", args=[view.operation.job_id]))


def taken_or_waited_for(request: SignedInRequest, operation: Operation) -> HttpResponse:
    """To the import, with what became of the corrected rows, where that is known in a moment; else to the page of the operation."""
    if operation.state != Operation.State.WAITING:
        return _after_taking(request, OperationView(operation))
    page = reverse("imports:operation", args=[operation.job_id, operation.pk])
    return held(redirect(f"{page}?small"), operation)


def _after_taking(request: SignedInRequest, view: OperationView) -> HttpResponse:
    if view.is_failed:
        messages.error(request, f"{view.sentence} {view.remedy}".strip())
    else:
        _report_taken(request, Taken(*view.operation.result["taken"]))
    return sent_to(request, reverse("imports:show", args=[view.operation.job_id]))


def _report_taken(request: SignedInRequest, taken: Taken) -> None:
    """What became of the corrected rows, a sentence for each kind of end."""
    for look, sentence in sentences_of(taken):
        (messages.success if look == "good" else messages.warning)(request, sentence)
    if not any(taken):
        messages.warning(
            request, _("No row of this workbook was changed. Type over the coloured cells, save it, and upload it again.")
        )


def _view(request: SignedInRequest, pk: int, number: int) -> OperationView:
    job = import_of(request, pk)
    operation = get_object_or_404(Operation, job=job, pk=number)
    operation.job = job
    return OperationView(operation)
