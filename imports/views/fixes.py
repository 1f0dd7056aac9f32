"""Fixes of many rows: what each would change is shown before it is done."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from imports import transitions
from imports.access import import_of
from imports.check import bulk_fixes, edits
from imports.check.bulk_fixes import FixCode
from imports.models import Edit, ImportJob, Operation
from imports.pages import fixes as pages
from imports.pages.edits import sentence_of_fix
from imports.pages.fix_offers import likely_copy
from imports.pipeline.readers.cell_text import without_control
from imports.views.error_handling import back_to_import
from imports.workflow import requests
from people.requests import SignedInRequest
from people.roles import Role, needs
from ui.whole_numbers import LARGEST_COUNT, whole_number

LONGEST_TEXT = 200


@needs(Role.UPLOADER)
@require_http_methods(["GET", "HEAD", "POST"])
@back_to_import
def fixes(request: SignedInRequest, pk: int) -> HttpResponse:
    """Choose a fix, see what it changes, do it."""
    job = import_of(request, pk)
    transitions.require_rows(job)
    edits.require_open(job)
    fix = _fix_of(request.POST if request.method == "POST" else request.GET)
    if request.method == "POST" and fix:
        return _do(request, job, fix)
    after = whole_number(request.GET.get("after", ""), LARGEST_COUNT) or 0
    return render(
        request,
        "imports/fixes.html",
        {
            "job": job,
            "fix": fix,
            "asked": {
                name: request.GET[name] for name in ("fix", "from", "to", "column", "find", "by", "region") if name in request.GET
            },
            "after": after,
            "preview": pages.preview_of_fix(job, fix, after) if fix else None,
            "offers": pages.offers_of(job),
            "area_codes": pages.columns_with_area_codes(job),
            "missing": pages.missing_values(job),
            "columns": pages.columns_in(job),
            "value_columns": pages.value_columns(job),
            "copied": _copied(job, fix),
            "countries": pages.countries(),
            "chosen_region": request.GET.get("region") or settings.DEFAULT_REGION,
        },
    )


def _copied(job: ImportJob, fix: FixCode | None) -> dict[str, int]:
    """The columns `to` and `source` that are chosen for filling empty values: those asked for, else the likely ones."""
    if fix and fix.verb == "copy" and len(fix.columns) == 2:
        return dict(zip(("source", "to"), fix.columns, strict=True))
    if likely := likely_copy(job):
        return {"source": likely[0].place, "to": likely[1]}
    return {"source": column.place for column in pages.unused_columns(job)[:1]}


def _fix_of(data: QueryDict) -> FixCode | None:
    """The fix that a form asks for; None where it names none."""
    verb, texts = data.get("fix", ""), {name: without_control(data.get(name, ""))[:LONGEST_TEXT] for name in ("find", "by")}
    if verb == "region":
        return FixCode(f"region:{without_control(data.get('region', ''))[:2]}")
    if verb == "put_before":
        return FixCode(f"put_before:{data.get('from', '')[:5]}")
    if verb == "copy":
        return FixCode(f"copy:{data.get('from', '')[:5]}:{data.get('to', '')[:5]}")
    if verb == "replace":
        return FixCode(f"replace:{data.get('column', '')[:5]}", texts) if texts["find"] else None
    return FixCode(verb) if verb in ("first_number", "second_number", "drop_word") else None


def _do(request: SignedInRequest, job: ImportJob, fix: FixCode) -> HttpResponse:
    if requests.is_small(bulk_fixes.rows_at_most(job, fix.code)):
        n = bulk_fixes.fix_cells(job, fix, request.user)
        (messages.success if n else messages.warning)(request, sentence_of_fix(fix.code, n))
        return redirect("imports:show", job.pk)
    edit = edits.begin_edit(job, request.user, Edit.Kind.FIX, fix.code, **fix.params)
    assert edit is not None  # somebody is signed in
    return redirect("imports:operation", job.pk, requests.ask(job, Operation.Kind.FIX_ALL, f"edit:{edit.pk}", request.user).pk)
