"""Files to take along: the sample of a campaign, and what became of the rows of an import.

Each download asks again who is asking, so a link by itself opens nothing (docs/decisions/0008-downloads.md).
"""

from io import BytesIO
from typing import cast

from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from campaigns.access import campaign_of
from imports import transitions
from imports.access import import_of
from imports.intake import object_store
from imports.models import ImportJob
from imports.pipeline.reports.report import Kind
from imports.pipeline.reports.sample_file import write_sample
from imports.reports.files import FORMATS, KINDS, WORKBOOK, download_name, report_file, report_path, rows_in
from imports.views.error_handling import back_to_import
from imports.workflow import requests
from people import audit
from people.requests import SignedInRequest
from people.roles import Role, needs
from ui.downloads import attached
from ui.return_addresses import part_of

SAMPLE_CONTACTS = 1  # secondary contacts whose columns a sample shows: with all ten it is wider than anybody reads


@needs(Role.UPLOADER)
@part_of("campaigns:campaign", "pk")
def sample(request: SignedInRequest, pk: int, file_format: str) -> HttpResponseBase:
    """A spreadsheet with exactly the headers that need no question."""
    campaign = campaign_of(request, pk, "assistant")
    if file_format not in FORMATS:
        raise Http404
    file = BytesIO()
    defaults = campaign.assistant.variables if campaign.assistant else {}
    write_sample(file, cast(Kind, file_format), campaign.variables, get_language() or "en", defaults, SAMPLE_CONTACTS)
    file.seek(0)
    title = _("Sample")  # not inside the f-string: xgettext does not look there
    return attached(file, f"{title} - {campaign.name}.{file_format}")


@needs(Role.UPLOADER)
@back_to_import
@part_of("imports:show", "pk")
def download(request: SignedInRequest, pk: int, kind: str, file_format: str) -> HttpResponseBase:
    """One of the reports of `reporting.KINDS`, in the reader's language."""
    if kind not in KINDS or file_format not in FORMATS:
        raise Http404
    return _handed_over(request, import_of(request, pk), kind, file_format)


@needs(Role.UPLOADER)
@back_to_import
@part_of("imports:show", "pk")
def workbook(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """Rows with a problem, to be corrected in Excel and given back."""
    return _handed_over(request, import_of(request, pk), WORKBOOK, "xlsx")


def _handed_over(request: SignedInRequest, job: ImportJob, kind: str, file_format: str) -> HttpResponseBase:
    """The file where it is there or quickly made; else a worker makes it, and a page waits for it."""
    transitions.require_rows(job)
    language = get_language() or "en"
    is_there = object_store.exists(report_path(job, kind, file_format, language))
    if not is_there and not requests.is_small(rows_in(job, kind)):
        wanted = requests.ask_for_report(job, kind, file_format, language, request.user)
        return redirect("imports:operation", job.pk, wanted.pk)
    path = report_file(job, kind, file_format, language)
    audit.record(request.user, "download", f"import {job.pk}", after={"report": kind})
    return attached(object_store.opened(path), download_name(job, kind, file_format))
