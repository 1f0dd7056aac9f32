"""One page for admins: is everything alive, what is under way, what has gone wrong."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from imports.mail import outbox
from imports.models import OutgoingMail
from imports.pages import monitor as status
from people.models import AuditEntry
from people.requests import SignedInRequest
from people.roles import Role, needs

LATEST = 8


@needs(Role.ADMIN)
def monitor(request: SignedInRequest) -> HttpResponse:
    return render(request, "imports/monitor.html", _facts())


@needs(Role.ADMIN)
def now(request: SignedInRequest) -> HttpResponse:
    """The part of the page that asks again by itself."""
    return render(request, "imports/_monitor.html", _facts())


@needs(Role.ADMIN)
@require_POST
def retry_mail(request: SignedInRequest, pk: int) -> HttpResponse:
    outbox.try_again(get_object_or_404(OutgoingMail, pk=pk))
    messages.success(request, _("The mail is tried again within a minute."))
    return redirect("imports:monitor")


def _facts() -> dict[str, Any]:
    processes, shown = status.processes(), status.monitored_imports()
    workers = sum(process.is_alive for process in processes if process.kind == "worker")
    return {
        "imports": shown,
        "processes": processes,
        "workers": workers,
        "is_too_large": status.is_too_large_for_sqlite(shown, workers),
        "queues": status.queue_depths(),
        "unattended": status.queues_without_worker(),
        "throughput": status.throughput(),
        "mails": status.mail_counts(),
        "failed_mails": OutgoingMail.objects.filter(state="failed").select_related("job", "recipient").order_by("-id")[:LATEST],
        "entries": AuditEntry.objects.all()[:LATEST],
    }
