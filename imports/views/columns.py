"""Step 2: which column is which field of a lead."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from campaigns.forms import AssistantForm
from campaigns.models import Assistant, Campaign
from imports.access import import_of
from imports.errors import WorkflowError
from imports.forms.reading import reading_form
from imports.intake import steps as intake
from imports.intake.assistants import set_assistant
from imports.intake.column_conflicts import shared_columns
from imports.intake.field_settings import fields_of
from imports.intake.open_questions import answers_before, settle
from imports.models import ImportJob, JobState
from imports.pages.column_form import answers_of
from imports.pages.columns import columns_page
from imports.pages.mapping import contacts_shown
from imports.views.error_handling import back_to_import, sentence_of
from people import audit
from people.models import User
from people.requests import SignedInRequest
from people.roles import Role, needs

IN_BETWEEN = {"refresh", "join", "more_contacts"}  # what changes the form and sends nothing
CHANGEABLE = (JobState.UPLOADED, JobState.MAPPED, JobState.READY)


@needs(Role.UPLOADER)
@back_to_import
def columns(request: SignedInRequest, pk: int) -> HttpResponse:
    job = import_of(request, pk)
    if job.state not in CHANGEABLE:
        return redirect("imports:show", pk)
    preview, fields = intake.preview_of(job), fields_of(job)
    if request.method != "POST":
        return render(request, "imports/columns.html", columns_page(job, preview, fields, answers_before(job, preview)))
    answers = answers_of(request.POST, fields, preview)
    if IN_BETWEEN & set(request.POST):
        return render(request, "imports/columns.html", _in_between(job, preview, fields, answers, request.POST))
    return _take(request, job, preview, fields, answers)


def _in_between(job: ImportJob, preview, fields, answers, data) -> dict[str, Any]:
    """The form as it was filled in so far, with one more contact or column where that was asked for."""
    shown = contacts_shown(answers, fields, _contacts_in(data)) + ("more_contacts" in data)
    return columns_page(job, preview, fields, answers, contacts=shown, joining=data.get("join", ""))


def _take(request: SignedInRequest, job: ImportJob, preview, fields, answers) -> HttpResponse:
    """The columns, if everything is answered; else the same page, which says what is not."""
    settled = settle(job, preview, answers)
    chosen = {key: source for key, source in answers.chosen.items() if source is not None}
    problem = ""
    if not settled.open:
        try:
            intake.set_mapping(job, chosen, request.user, settled.decisions)
        except WorkflowError as error:
            problem = sentence_of(error)
    if settled.open or problem:
        page = columns_page(job, preview, fields, answers, contacts=_contacts_in(request.POST), problem=problem, is_asking=True)
        return render(request, "imports/columns.html", page, status=422)
    for reason in shared_columns(chosen, fields, preview):
        messages.warning(request, sentence_of(WorkflowError(reason)))
    return redirect("imports:phones", job.pk)


def _contacts_in(data: QueryDict) -> int:
    return sum(
        name.startswith("column-secondary_phone_") and name.removeprefix("column-secondary_phone_").isdecimal() for name in data
    )


@needs(Role.UPLOADER)
@require_POST
@back_to_import
def reread(request: SignedInRequest, pk: int) -> HttpResponse:
    """Read the file in another way: sheet, header row, encoding, delimiter."""
    job = import_of(request, pk)
    form = reading_form(job, request.POST)
    if form.is_valid():
        try:
            intake.reread(job, form.options())
        except WorkflowError as error:
            messages.error(request, sentence_of(error))
    return redirect("imports:columns", pk)


@needs(Role.UPLOADER)
@require_POST
def choose_assistant(request: SignedInRequest, pk: int) -> HttpResponse:
    """Asked once for each campaign, because WhatTalk does not tell."""
    job = import_of(request, pk)
    campaign = job.campaign
    form = AssistantForm(campaign, request.POST)
    if form.is_valid() and (not campaign.assistant_id or campaign.assistant_guessed):
        _settle_assistant(campaign, form.cleaned_data["assistant"], request.user)
    elif not form.is_valid():
        messages.error(request, _("Choose the assistant that this campaign uses."))
    return redirect("imports:columns", pk)


def _settle_assistant(campaign: Campaign, assistant: Assistant, user: User) -> None:
    """What was a suggestion, or unknown, is now a person's word."""
    set_assistant(campaign, assistant, guessed=False)
    audit.record(user, "choose_assistant", f"campaign {campaign.pk}", after=assistant.name)
