"""Step 2: which column is which field of a lead."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from campaigns.forms import AssistantForm
from imports import workflow
from imports.access import import_of
from imports.assistants import set_assistant
from imports.column_labels import column_views, first_rows, source_view
from imports.fields import mapping_of
from imports.forms import ReadingForm, reading_form
from imports.models import JobState
from imports.pages.mapping import chosen_columns, contacts_shown, lines_of, source_of
from imports.pipeline.column_source import columns_of, columns_used
from imports.shared_columns import shared_columns
from imports.trouble import WorkflowError
from imports.views.trouble import back_to_import, sentence_of
from people import audit
from people.roles import Role, needs

CHANGEABLE = (JobState.UPLOADED, JobState.MAPPED, JobState.READY)


@needs(Role.UPLOADER)
@back_to_import
def columns(request, pk):
    job = import_of(request, pk)
    if job.state not in CHANGEABLE:
        return redirect("imports:show", pk)
    fields = workflow.fields_of(job)
    if request.method != "POST":
        return _page(request, job, fields)
    chosen = chosen_columns(request.POST, fields)
    if "more_contacts" in request.POST:
        return _page(request, job, fields, chosen, contacts=contacts_shown(chosen, fields) + 1)
    try:
        workflow.set_mapping(job, chosen, request.user)
    except WorkflowError as error:
        return _page(request, job, fields, chosen, problem=sentence_of(error))
    for reason in shared_columns(chosen, fields, workflow.preview_of(job)):
        messages.warning(request, sentence_of(WorkflowError(reason)))
    if job.campaign.assistant_guessed:
        _settle_assistant(job.campaign, job.campaign.assistant, request.user)
    return redirect("imports:phones", pk)


@needs(Role.UPLOADER)
@back_to_import
def column_values(request, pk):
    """What the column chosen for a field holds: part of the mapping page."""
    job = import_of(request, pk)
    preview = workflow.preview_of(job)
    text = next((value for key, value in request.GET.items() if key.startswith("column-")), "")
    source = source_of(text, "") if text else None
    if text and (source is None or max(columns_of(source)) >= len(preview.headers)):
        raise Http404
    return render(request, "imports/_values.html", {"column": None if source is None else source_view(preview, source)})


@needs(Role.UPLOADER)
@require_POST
@back_to_import
def reread(request, pk):
    """Read the file in another way: sheet, header row, encoding, delimiter."""
    job = import_of(request, pk)
    form = reading_form(job, request.POST)
    if form.is_valid():
        try:
            workflow.reread(job, form.options())
        except WorkflowError as error:
            messages.error(request, sentence_of(error))
    return redirect("imports:columns", pk)


@needs(Role.UPLOADER)
@require_POST
def choose_assistant(request, pk):
    """Asked once for each campaign, because WhatTalk does not tell."""
    job = import_of(request, pk)
    campaign = job.campaign
    form = AssistantForm(campaign, request.POST)
    if form.is_valid() and (not campaign.assistant_id or campaign.assistant_guessed):
        _settle_assistant(campaign, form.cleaned_data["assistant"], request.user)
    elif not form.is_valid():
        messages.error(request, _("Choose the assistant that this campaign uses."))
    return redirect("imports:columns", pk)


def _page(request, job, fields, chosen=None, contacts: int = 0, problem: str = ""):
    preview, suggestion = workflow.preview_of(job), workflow.suggestion_for(job)
    mapping = chosen if chosen is not None else mapping_of(job) or suggestion.mapping
    views = column_views(preview)
    lines = lines_of(job, fields, preview, mapping, suggestion)
    shown = contacts_shown(mapping, fields, contacts)
    used = columns_used(mapping.values())
    return render(
        request,
        "imports/columns.html",
        {
            "job": job,
            "preview": preview,
            "columns": views,
            "doubts": [*suggestion.doubts, *(one for one in shared_columns(mapping, fields, preview) if not problem)],
            "problem": problem,
            "main": [line for line in lines if not line.field.position],
            "contacts": [line for line in lines if 0 < line.field.position <= shown],
            "may_add_contact": shown < 10,
            "shown": shown,
            "ignored": [view for view in views if view.index not in used],
            "empty": [line for line in lines if line.field.kind == "variable" and not line.column],
            "first_rows": first_rows(preview, 4),
            "reading_form": ReadingForm(preview),
            "assistant_form": AssistantForm(job.campaign) if _must_ask(job.campaign) else None,
            "earlier": workflow.same_file_before(job)[:3],
        },
        status=422 if problem else 200,
    )


def _settle_assistant(campaign, assistant, user) -> None:
    """What was a guess, or unknown, is now a person's word: whoever confirms the columns has seen it."""
    set_assistant(campaign, assistant, guessed=False)
    audit.record(user, "choose_assistant", f"campaign {campaign.pk}", after=assistant.name)


def _must_ask(campaign) -> bool:
    return (not campaign.assistant_id or campaign.assistant_guessed) and campaign.account.assistants.exists()
