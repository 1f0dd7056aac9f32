"""For machines: is it alive, and how much is going on."""

from collections.abc import Iterable
from ipaddress import ip_address

from django.conf import settings
from django.db import DatabaseError
from django.db.models import Count, Sum
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from background.database_clock import now_ms
from imports.models import Heartbeat, ImportJob, ImportTally, OutgoingMail
from people.middleware import open_to_all, probe
from people.sign_in import client_ip

FRESH_MS = 60_000  # a worker or scheduler beats every 10 s


@probe
@open_to_all
@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """200 while pages can be served; the body names the workers that are alive."""
    try:
        alive = _alive(now_ms())
    except DatabaseError:
        return JsonResponse({"status": "down", "database": False}, status=503)
    background = bool(alive.get("worker"))
    return JsonResponse({"status": "ok" if background else "degraded", "database": True, "workers": alive.get("worker", 0)})


@open_to_all
@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Counts in Prometheus' text format, for this machine or for who knows METRICS_TOKEN."""
    if not _may_measure(request):
        return HttpResponse(status=403)
    return HttpResponse("\n".join(_lines()) + "\n", content_type="text/plain; version=0.0.4; charset=utf-8")


def _alive(now: int) -> dict[str, int]:
    beats = Heartbeat.objects.filter(beat_ms__gt=now - FRESH_MS).values_list("kind").annotate(n=Count("name"))
    return dict(beats.order_by())


def _may_measure(request: HttpRequest) -> bool:
    if settings.METRICS_TOKEN:
        return constant_time_compare(request.headers.get("Authorization", ""), f"Bearer {settings.METRICS_TOKEN}")
    caller = client_ip(request)
    # a granian socket may give no address: then nobody is known to be local
    return bool(caller) and ip_address(caller).is_loopback and "HTTP_X_FORWARDED_FOR" not in request.META


def _lines() -> Iterable[str]:
    imports = ImportJob.objects.order_by().values_list("state").annotate(n=Count("id"))
    rows = ImportTally.objects.filter(kind="state").order_by().values_list("key").annotate(n=Sum("n"))
    mails = OutgoingMail.objects.order_by().values_list("state").annotate(n=Count("id"))
    yield from _family("rowcall_imports", "imports by state", "state", imports)
    yield from _family("rowcall_rows", "spreadsheet rows by state", "state", rows)
    yield from _family("rowcall_mails", "mails by state", "state", mails)
    yield from _family("rowcall_alive", "processes that beat within the last minute", "kind", _alive(now_ms()).items())


def _family(name: str, meaning: str, label: str, counts: Iterable[tuple[str, int]]) -> Iterable[str]:
    yield f"# HELP {name} {meaning}"
    yield f"# TYPE {name} gauge"
    yield from (f'{name}{{{label}="{key}"}} {n}' for key, n in counts)
