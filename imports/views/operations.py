"""The page that waits for an operation, and the file that came of it."""

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render

from imports.access import import_of
from imports.intake import object_store
from imports.models import Operation
from imports.pages.operations import OperationView
from imports.reports import files
from imports.views.downloads import attached
from imports.views.htmx import is_htmx
from people import audit
from people.requests import SignedInRequest
from people.roles import Role, needs


@needs(Role.UPLOADER)
def operation(request: SignedInRequest, pk: int, number: int) -> HttpResponse:
    """What is going on, until it has ended: the page asks again by itself, or is reloaded."""
    view = _view(request, pk, number)
    template = "imports/_operation.html" if is_htmx(request) else "imports/operation.html"
    return render(request, template, {"job": view.operation.job, "view": view})


@needs(Role.UPLOADER)
def operation_file(request: SignedInRequest, pk: int, number: int) -> HttpResponseBase:
    """The file as it was made; one that a newer one has replaced is made anew."""
    view = _view(request, pk, number)
    if not view.is_file or view.operation.state != Operation.State.DONE:
        raise Http404
    path = files.folder_of(view.operation.job) / view.operation.result["file"]
    try:
        file = object_store.opened(path)
    except FileNotFoundError:
        return redirect(view.again)
    audit.record(request.user, "download", f"import {pk}", after={"report": view.operation.what.partition(".")[0]})
    return attached(file, view.name)


def _view(request: SignedInRequest, pk: int, number: int) -> OperationView:
    job = import_of(request, pk)
    operation = get_object_or_404(Operation, job=job, pk=number)
    operation.job = job
    return OperationView(operation)
