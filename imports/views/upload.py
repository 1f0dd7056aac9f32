"""Step 1: a spreadsheet comes in."""

from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render

from campaigns.access import visible_campaigns
from campaigns.calling_hours import CallingHours
from campaigns.models import Campaign
from imports.errors import WorkflowError
from imports.forms.upload import UploadForm
from imports.intake import partial_uploads
from imports.intake import steps as intake
from imports.intake.upload_handler import TOO_LARGE
from imports.models import ImportJob, JobState, PartialUpload
from imports.views.error_handling import sentence_of
from imports.views.operations import held
from imports.workflow import requests
from people.bodies import takes_a_file
from people.models import User
from people.requests import SignedInRequest
from people.roles import Role, needs
from ui.return_addresses import part_of
from ui.whole_numbers import whole_number


@takes_a_file
@needs(Role.UPLOADER)
def new(request: SignedInRequest) -> HttpResponse:
    campaigns = visible_campaigns(request.user)
    initial = {"campaign": request.GET.get("campaign")}
    form = UploadForm(request.POST or None, request.FILES or None, initial=initial, campaigns=campaigns)
    if getattr(request, TOO_LARGE, False):
        form.errors["file"] = form.error_class(
            [sentence_of(WorkflowError("upload_too_large", limit=settings.MAX_UPLOAD_BYTES // 1024**2))]
        )
    elif request.method == "POST" and form.is_valid():
        try:
            job = _received(form, request.user)
        except WorkflowError as error:
            form.add_error("pasted" if form.cleaned_data["pasted"].strip() else "file", sentence_of(error))
        else:
            return _to_columns(job, request.user)
    chosen = _chosen(campaigns, form["campaign"].value())
    return render(
        request,
        "imports/new.html",
        {
            "form": form,
            "has_campaigns": form.has_campaigns,
            "uploaded": _uploaded(form, request.user),
            **_facts(chosen),
        },
        status=422 if form.errors else 200,
    )


@needs(Role.UPLOADER)
@part_of("imports:new")
def campaign_facts(request: SignedInRequest) -> HttpResponse:
    """What to know of the campaign chosen in the form: part of the upload page."""
    return render(
        request, "imports/_campaign.html", _facts(_chosen(visible_campaigns(request.user), request.GET.get("campaign")))
    )


def _received(form: UploadForm, user: User) -> ImportJob:
    data = form.cleaned_data
    if data["file"]:
        return intake.receive_upload(data["file"].chunks(), data["file"].name, data["campaign"], user, data["form_token"])
    if data["upload"]:
        return intake.receive_parts(data["upload"], data["campaign"], user, data["form_token"])
    return intake.receive_paste(data["pasted"], data["campaign"], user, data["form_token"])


def _uploaded(form: UploadForm, user: User) -> PartialUpload | None:
    """The file that has come in parts, where the form came back for another reason."""
    key = form.cleaned_data.get("upload") if form.is_bound and hasattr(form, "cleaned_data") else None
    upload = partial_uploads.upload_of(user, key)
    return upload if upload and upload.is_complete else None


def _to_columns(job: ImportJob, user: User) -> HttpResponse:
    """The first rows of most files are read by the time the person comes there."""
    response = redirect("imports:columns", job.pk)
    if job.state != JobState.UPLOADED or job.preview is not None:  # the other half of a double click
        return response
    return held(response, requests.ask_for_preview(job, user, guesses_assistant=True))


def _chosen(campaigns: QuerySet[Campaign], pk: str | int | None) -> Campaign | None:
    """That of the campaigns which a form or an address names; None for none."""
    return campaigns.select_related("assistant").filter(pk=whole_number(str(pk or "")) or 0).first()


def _facts(campaign: Campaign | None) -> dict[str, Any]:
    return {"campaign": campaign, "hours": CallingHours.of(campaign) if campaign else None}
