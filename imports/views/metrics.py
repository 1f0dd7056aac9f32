"""/metrics, for Prometheus: everything that is counted, read from the database at the moment it is asked for.

So all processes have the same numbers, and none is lost with a process. `docs/operations.md` says what each name means.
"""

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from imports.pages.metrics import Metrics
from people.middleware import open_to_all
from people.requests import client_ip


@open_to_all
@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """For this machine, or for who knows METRICS_TOKEN."""
    if not _may_measure(request):
        return HttpResponse(status=403)
    registry = CollectorRegistry(auto_describe=False)
    registry.register(Metrics())
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_PLAIN_0_0_4)


def _may_measure(request: HttpRequest) -> bool:
    if settings.METRICS_TOKEN:
        return constant_time_compare(request.headers.get("Authorization", ""), f"Bearer {settings.METRICS_TOKEN}")
    return _is_local(client_ip(request)) and "HTTP_X_FORWARDED_FOR" not in request.META


def _is_local(caller: str) -> bool:
    try:
        return ip_address(caller).is_loopback
    except ValueError:  # no address, as a socket of granian may give, or what a proxy took for one: nobody is known to be local
        return False
