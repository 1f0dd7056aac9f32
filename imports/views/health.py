"""For machines: is it alive."""

from django.db import DatabaseError
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from background.database_clock import now_ms
from imports.models import Heartbeat
from people.middleware import open_to_all, probe

FRESH_MS = 60_000  # of heartbeats that come every five seconds


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


def _alive(now: int) -> dict[str, int]:
    beats = Heartbeat.objects.filter(beat_ms__gt=now - FRESH_MS).values_list("kind").annotate(n=Count("name"))
    return dict(beats.order_by())
