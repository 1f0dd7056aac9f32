"""Files to take along: sample, reports, the workbook to correct in Excel."""
from django.http import Http404
from django.views.decorators.http import require_POST

from people.roles import Role, needs


@needs(Role.UPLOADER)
def sample(request, pk, kind):
    raise Http404


@needs(Role.UPLOADER)
def download(request, pk, what, kind):
    raise Http404


@needs(Role.UPLOADER)
def workbook(request, pk):
    raise Http404


@needs(Role.UPLOADER)
@require_POST
def take_workbook(request, pk):
    raise Http404
