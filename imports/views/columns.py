"""Step 2: which column is which field of a lead."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from campaigns.forms import AssistantForm
from campaigns.models import Assistant, Campaign
from imports.access import import_of
from imports.errors import WorkflowError
from imports.forms.reading import reading_form
from imports.intake import steps as intake
from imports.intake.assistants import is_assistant_known, set_assistant
from imports.intake.column_conflicts import shared_columns
from imports.pages.column_form import ColumnForm, stored_form, submitted_form
from imports.pages.columns import columns_page
from imports.views.error_handling import back_to_import, sentence_of
from imports.views.operations import held, preview_to_wait_for
from imports.workflow import requests
from people import audit
from people.bodies import takes_cells
from people.models import User
from people.requests import SignedInRequest
from people.roles import Role, needs
from ui.return_addresses import post_only

PAGE = "imports/columns.html"
REDRAWS = {"refresh", "join", "more_contacts", "assigned"}  # buttons that change the form and save nothing


@takes_cells
@needs(Role.UPLOADER)
@back_to_import
def columns(request: SignedInRequest, pk: int) -> HttpResponse:
    job = import_of(request, pk)
    if job.state not in intake.CHANGEABLE:
        return redirect("imports:show", pk)
    if waiting := preview_to_wait_for(request, job):
        return waiting
    if request.method != "POST":
        return render(request, PAGE, columns_page(stored_form(job)))
    if "memory" in request.POST:
        intake.use_memory(job, request.POST["memory"] == "use")
        return redirect("imports:columns", pk)
    form = submitted_form(job, request.POST)
    if REDRAWS & set(request.POST):
        return render(request, PAGE, columns_page(form))
    problem = "" if form.open_questions else _save(form, request.user)
    if form.open_questions or problem:
        return render(request, PAGE, columns_page(form, problem, is_asking=True), status=422)
    _warn_of_shared_columns(request, form)
    return redirect("imports:phones", pk)


def _warn_of_shared_columns(request: SignedInRequest, form: ColumnForm) -> None:
    for reason in shared_columns(form.mapping, form.fields, form.preview):
        messages.warning(request, sentence_of(WorkflowError(reason.code, **reason.params)))


def _save(form: ColumnForm, user: User) -> str:
    """Why the columns cannot be saved; '' once they are."""
    try:
        intake.set_mapping(form.job, form.mapping, user, form.resolution.decisions)
    except WorkflowError as error:
        return sentence_of(error)
    return ""


@needs(Role.UPLOADER)
@post_only("imports:show", "pk", may_see=import_of)
@back_to_import
def reread(request: SignedInRequest, pk: int) -> HttpResponse:
    """Read the file in another way: sheet, header row, encoding, delimiter."""
    job = import_of(request, pk)
    form = reading_form(job, request.POST)
    if not form.is_valid():
        return redirect("imports:columns", pk)
    reading = requests.ask_for_preview(job, request.user, form.options())
    return held(redirect("imports:operation", pk, reading.pk), reading)


@needs(Role.UPLOADER)
@post_only("imports:show", "pk", may_see=import_of)
def choose_assistant(request: SignedInRequest, pk: int) -> HttpResponse:
    """Asked once for each campaign, because WhatTalk does not tell."""
    job = import_of(request, pk)
    campaign = job.campaign
    form = AssistantForm(campaign, request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose the assistant that this campaign uses."))
    elif not is_assistant_known(campaign):
        _save_assistant(campaign, form.cleaned_data["assistant"], request.user)
    return redirect("imports:columns", pk)


def _save_assistant(campaign: Campaign, assistant: Assistant, user: User) -> None:
    """What was a suggestion, or unknown, is now a person's choice."""
    set_assistant(campaign, assistant, guessed=False)
    audit.record(user, "choose_assistant", f"campaign {campaign.pk}", after=assistant.name)
