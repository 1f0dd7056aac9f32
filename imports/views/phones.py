"""Step 3: how the phone numbers are written."""

from django.shortcuts import redirect, render

from imports import workflow
from imports.access import import_of
from imports.fields import remembered
from imports.forms import PhoneFormatForm
from imports.models import ImportJob
from imports.pipeline.phones import PhoneFormat
from imports.views.columns import CHANGEABLE
from imports.views.trouble import back_to_import
from people.roles import Role, needs


@needs(Role.UPLOADER)
@back_to_import
def phones(request, pk):
    job = import_of(request, pk)
    if job.state not in CHANGEABLE or not job.mapping:
        return redirect("imports:show", pk)
    suggestion = workflow.suggest_phone_format(job)
    form = PhoneFormatForm(request.POST or None, initial=_initial(job, suggestion.phone_format))
    if request.method == "POST" and form.is_valid():
        workflow.set_phone_format(job, form.phone_format, request.user)
        workflow.start_check(job)
        return redirect("imports:check", pk)
    shown = (
        form.phone_format
        if form.is_bound and form.is_valid()
        else PhoneFormat(**_initial(job, suggestion.phone_format))
    )
    return render(
        request,
        "imports/phones.html",
        {
            "job": job,
            "form": form,
            "suggestion": suggestion,
            "lines": workflow.phone_preview(job, shown),
        },
        status=422 if form.errors else 200,
    )


@needs(Role.UPLOADER)
@back_to_import
def phone_table(request, pk):
    """Before → after under the format chosen in the form: part of the phone format page."""
    job = import_of(request, pk)
    form = PhoneFormatForm(request.GET)
    lines = workflow.phone_preview(job, form.phone_format) if form.is_valid() else []
    return render(
        request, "imports/_phone_table.html", {"job": job, "lines": lines, "is_incomplete": not form.is_valid()}
    )


def _initial(job: ImportJob, suggested: PhoneFormat) -> dict:
    """What was chosen before, here or for the last file like this one; else what the numbers look like."""
    if job.phone_format:
        return {"kind": job.phone_format["kind"], "region": job.phone_format.get("region")}
    likely = remembered(job, workflow.preview_of(job)).phone_format or suggested
    return {"kind": likely.kind, "region": likely.region}
