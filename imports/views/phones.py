"""Step 3: how the phone numbers are written."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from imports.access import import_of
from imports.forms.phone_format import CONFIRM_FORMAT, PhoneFormatForm
from imports.intake import field_settings
from imports.intake import steps as intake
from imports.intake.field_settings import FormatProposal, format_proposal
from imports.intake.open_questions import answers_before, format_decision, format_question, is_format_chosen, open_questions
from imports.intake.questions import confirmation, question
from imports.models import ImportJob
from imports.pipeline.evidence import Decision
from imports.pipeline.phones.normalise import PhoneFormat
from imports.views.error_handling import back_to_import
from imports.views.operations import preview_to_wait_for
from imports.workflow import steps as workflow
from people.requests import SignedInRequest
from people.roles import Role, needs
from ui.return_addresses import part_of


@needs(Role.UPLOADER)
@back_to_import
def phones(request: SignedInRequest, pk: int) -> HttpResponse:
    job = import_of(request, pk)
    if job.state not in intake.CHANGEABLE or not job.mapping:
        return redirect("imports:show", pk)
    if waiting := preview_to_wait_for(request, job):
        return waiting
    preview = intake.preview_of(job)
    before = answers_before(job, preview)
    if open_questions(job, preview, before.chosen, before.confirmed):
        messages.warning(request, _("Some columns are not confirmed yet."))
        return redirect("imports:columns", pk)
    proposed = format_proposal(job, preview)
    form = _form(job, request.POST or None, proposed)
    if request.method == "POST" and form.is_valid():
        chosen = form.chosen_format
        intake.set_phone_format(job, chosen, request.user, _choice(chosen, proposed))
        workflow.start_check(job)
        return redirect("imports:check", pk)
    return render(
        request,
        "imports/phones.html",
        {
            "job": job,
            "form": form,
            "proposed": proposed,
            "is_given": is_format_chosen(job),
            **_table(job, form, proposed),
        },
        status=422 if form.errors else 200,
    )


@needs(Role.UPLOADER)
@back_to_import
@part_of("imports:phones", "pk")
def phone_table(request: SignedInRequest, pk: int) -> HttpResponse:
    """Before → after under the format chosen in the form, and what is asked about it: part of the phone format page."""
    job = import_of(request, pk)
    if job.preview is None:
        return redirect("imports:columns", pk)
    proposed = format_proposal(job, job.preview)
    form = _form(job, request.GET, proposed)
    form.is_valid()
    return render(request, "imports/_phone_table.html", {"job": job, "form": form, **_table(job, form, proposed)})


def _form(job: ImportJob, data: QueryDict | None, proposed: FormatProposal) -> PhoneFormatForm:
    def is_open(phone_format: PhoneFormat | None, is_confirmed: bool) -> bool:
        return format_question(proposed, phone_format, is_confirmed) is not None

    return PhoneFormatForm(data, initial=_initial(job, proposed), is_open=is_open)


def _initial(job: ImportJob, proposed: FormatProposal) -> dict[str, Any]:
    """What was chosen before, here or for the last file like this one; else what the numbers look like, if that is clear."""
    if not job.phone_format and not proposed.decision.chosen:
        return {}
    likely = field_settings.phone_format(job) if job.phone_format else proposed.phone_format
    return {"kind": likely.kind, "region": likely.region, CONFIRM_FORMAT: is_format_chosen(job)}


def _choice(chosen: PhoneFormat, proposed: FormatProposal) -> Decision:
    """What is stored: a proven proposal as it is, all else as the person's word."""
    is_proven = chosen == proposed.phone_format and not proposed.decision.must_be_asked
    return proposed.decision if is_proven else format_decision(chosen)


def _table(job: ImportJob, form: PhoneFormatForm, proposed: FormatProposal) -> dict[str, Any]:
    """The numbers under the format that the form shows, and the question about it, if it is the one proposed."""
    shown = form.phone_format if form.is_bound else _format_of(form.initial)
    asked = format_question(proposed, shown)
    return {
        "lines": intake.phone_preview(job, shown) if shown else [],
        "is_incomplete": shown is None,
        "question": question(asked) if asked and (asked.chosen or asked.instead) else "",
        "confirmation": confirmation(asked.what, asked.chosen) if asked and asked.chosen else "",
    }


def _format_of(initial: Mapping[str, Any]) -> PhoneFormat | None:
    return PhoneFormat(initial["kind"], initial["region"]) if initial else None
