"""One page for admins: is everything alive, what is under way, what has gone wrong."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from imports.alerts import broker
from imports.alerts.gathering import alerts_if_unreadable, current_alerts
from imports.mail import outbox
from imports.models import OutgoingMail
from imports.pages import monitor as status
from people.models import AuditEntry
from people.requests import SignedInRequest
from people.roles import Role, needs
from ui.return_addresses import part_of, post_only

LATEST = 8


@needs(Role.ADMIN)
def monitor(request: SignedInRequest) -> HttpResponse:
    return render(request, "imports/monitor.html", _facts())


@needs(Role.ADMIN)
@part_of("imports:monitor")
def now(request: SignedInRequest) -> HttpResponse:
    """The part of the page that asks again by itself."""
    return render(request, "imports/_monitor.html", _facts())


@needs(Role.ADMIN)
@part_of("imports:monitor")
def alerts(request: SignedInRequest) -> HttpResponse:
    """What is wrong: the part of the first page that asks again by itself."""
    return render(request, "imports/_alerts.html", {"alerts": current_alerts()})


@needs(Role.ADMIN)
@post_only("imports:monitor")
def retry_mail(request: SignedInRequest, pk: int) -> HttpResponse:
    outbox.try_again(get_object_or_404(OutgoingMail, pk=pk))
    messages.success(request, _("The mail is tried again within a minute."))
    return redirect("imports:monitor")


def _facts() -> dict[str, Any]:
    """What the page shows; of a database that cannot be read, that it cannot be read."""
    if (alerts := alerts_if_unreadable()) is not None:
        return {"alerts": alerts, "is_unreadable": True, "is_sandbox": False}
    return _read_facts()


def _read_facts() -> dict[str, Any]:
    processes, shown = status.processes(), status.monitored_imports()
    looked = broker.look(settings.QUEUES)
    workers = sum(process.is_alive for process in processes if process.kind == "worker")
    return {
        "imports": shown,
        "processes": processes,
        "workers": workers,
        "is_too_large": status.is_too_large_for_sqlite(shown, workers),
        "queues": looked.depths,
        "alerts": current_alerts(looked),
        "throughput": status.throughput(),
        "mails": status.mail_counts(),
        "failed_mails": OutgoingMail.objects.filter(state="failed").select_related("job", "recipient").order_by("-id")[:LATEST],
        "entries": AuditEntry.objects.all()[:LATEST],
    }
