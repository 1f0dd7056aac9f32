"""Files to take along: the sample of a campaign, and what became of the rows of an import.

Each download asks again who is asking, so a link by itself opens nothing (docs/decisions/0008-downloads.md).
"""

from io import BytesIO
from tempfile import TemporaryFile

from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from campaigns.models import Campaign
from imports import workbooks
from imports.access import import_of
from imports.pipeline.sample_file import write_sample
from imports.reporting import FORMATS, KINDS, download_name, report_file
from imports.views.trouble import back_to_import
from people import audit
from people.roles import Role, needs


@needs(Role.UPLOADER)
def sample(request, pk, file_format):
    """A spreadsheet with exactly the headers that need no question."""
    campaign = get_object_or_404(Campaign.objects.select_related("assistant"), pk=pk)
    if file_format not in FORMATS:
        raise Http404
    file = BytesIO()
    defaults = campaign.assistant.variables if campaign.assistant else {}
    write_sample(file, file_format, campaign.variables, get_language() or "en", defaults)
    file.seek(0)
    title = _("Sample")  # not inside the f-string: xgettext does not look there
    return _attached(file, f"{title} - {campaign.name}.{file_format}")


@needs(Role.UPLOADER)
def download(request, pk, kind, file_format):
    """One of the reports of `reporting.KINDS`, in the reader's language."""
    job = import_of(request, pk)
    if kind not in KINDS or file_format not in FORMATS:
        raise Http404
    path = report_file(job, kind, file_format, get_language() or "en")
    audit.record(request.user, "download", f"import {pk}", after={"report": kind})
    return _attached(open(path, "rb"), download_name(job, kind, file_format))


@needs(Role.UPLOADER)
@back_to_import
def workbook(request, pk):
    """Rows with a problem, to be corrected in Excel and given back."""
    job = import_of(request, pk)
    file = TemporaryFile()
    workbooks.write_workbook(job, file)
    file.seek(0)
    audit.record(request.user, "download", f"import {pk}", after={"report": "workbook"})
    return _attached(file, workbooks.workbook_name(job))


def _attached(file, name: str) -> FileResponse:
    response = FileResponse(file, as_attachment=True, filename=name)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
