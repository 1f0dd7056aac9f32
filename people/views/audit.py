"""The audit log: for admins."""

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from people import audit
from people.audit_search import AuditFilterForm, as_csv, matching
from people.requests import SignedInRequest
from people.roles import Role, needs
from ui.downloads import as_download
from ui.keyset_pagination import below

PAGE = 50


@needs(Role.ADMIN)
def audit_log(request: SignedInRequest) -> HttpResponse:
    form = AuditFilterForm(request.GET)
    page = below(matching(form), request.GET.get("below", ""), PAGE)
    is_filtered = any(form.cleaned_data.get(name) for name in form.fields)
    return render(request, "people/audit_log.html", {"slice": page, "form": form, "is_filtered": is_filtered or form.errors})


@needs(Role.ADMIN)
def export(request: SignedInRequest) -> HttpResponseBase:
    """The same entries as csv, streamed."""
    form = AuditFilterForm(request.GET)
    if not form.is_valid():
        return redirect(f"{reverse('people:audit_log')}?{request.GET.urlencode()}")
    entries = matching(form)
    latest = entries.order_by("-pk").values_list("pk", flat=True).first() or 0
    asked = {name: str(value) for name, value in form.cleaned_data.items() if value}
    audit.record(request.user, "export_audit", after=asked or None)
    response = StreamingHttpResponse(as_csv(entries.filter(pk__lte=latest)), content_type="text/csv; charset=utf-8")
    return as_download(response, f"audit-{timezone.localdate():%Y-%m-%d}.csv")
