"""What a page says after a row was changed: the row, and every number that its change moved, in one answer."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from imports.forms.sending import SendForm
from imports.intake.field_settings import fields_of
from imports.models import ImportJob, ImportRow, JobState, RowState
from imports.pages.check import fixes_of, summary_of
from imports.pages.edits import undo_bar
from imports.pages.estimates import estimate
from imports.pages.progress import Progress
from imports.pages.rows import KINDS, row_view
from imports.row_place_labels import shown_place
from imports.views.htmx import is_htmx
from people.requests import SignedInRequest
from people.roles import Role, role_of


def send_form(request: SignedInRequest, job: ImportJob, **options: Any) -> SendForm:
    return SendForm(is_running=job.campaign.may_be_running, may_allow=role_of(request.user) >= Role.MANAGER, **options)


def facts(request: SignedInRequest, job: ImportJob) -> dict[str, Any]:
    """Everything on a page of rows that a change of a row may move, from one reading of the sums."""
    summary = summary_of(job)
    return {
        "job": job,
        "campaign": job.campaign,
        "progress": Progress.of(job),
        "summary": summary,
        "edits": undo_bar(job, request.user),
        "estimate": estimate(job, summary.ready),
        "first": min(SendForm.FIRST, summary.ready),
    }


def answer(request: SignedInRequest, job: ImportJob, number: int, problem: str, said: str = "") -> HttpResponse:
    """The row as it is now with all that follows it, or, without htmx, the page again, with a message."""
    row = ImportRow.objects.filter(job=job, row_number=number).first()
    if not is_htmx(request) or row is None:
        _report(request, row, shown_place(job, number), problem, said)
        return redirect(page_before(request, job) + f"#row-{number}")
    job.refresh_from_db()
    data, kind = request.POST, request.POST.get("kind", "")
    context = {
        "view": row_view(job, fields_of(job), row),
        "kind": kind if kind in KINDS else "all",
        "reason": data.get("reason", "")[:40],
        "problem": problem,
        "back": data.get("back", ""),
        "on_check": "on_check" in data,
        "form": send_form(request, job, initial={key: data.get(key, "") for key in SendForm.base_fields}),
        "said": problem or said or _sentence(row, shown_place(job, number)),
        **facts(request, job),
    }
    context["fixes"] = fixes_of(job) if context["on_check"] and context["summary"].invalid else []
    context["said_left"] = _left(context["summary"].invalid)
    return render(request, "imports/_corrected.html", context)


def page_before(request: SignedInRequest, job: ImportJob) -> str:
    """The same list of rows again."""
    query = request.POST.get("back", "")
    name = "imports:check" if job.state == JobState.READY else "imports:rows"
    return reverse(name, args=[job.pk]) + (f"?{query}" if query and "\n" not in query else "")


def _report(request: SignedInRequest, row: ImportRow | None, place: str, problem: str, said: str) -> None:
    if problem:
        messages.error(request, problem)
    elif row is not None:
        is_right = said or row.state in (RowState.PENDING, RowState.CORRECTED)
        (messages.success if is_right else messages.warning)(request, said or _sentence(row, place))


def _sentence(row: ImportRow, place: str) -> str:
    if row.state == RowState.CORRECTED:
        return _("Row %(row)s is corrected: %(phone)s. It is not sent yet.") % {"row": place, "phone": row.phone}
    if row.state == RowState.PENDING:
        return _("Row %(row)s will be sent to %(phone)s.") % {"row": place, "phone": row.phone}
    return _("Row %(row)s still has a problem.") % {"row": place}


def _left(n: int) -> str:
    return ngettext("%(n)d row cannot be called.", "%(n)d rows cannot be called.", n) % {"n": n}
