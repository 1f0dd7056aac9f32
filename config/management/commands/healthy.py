"""`python manage.py healthy web|ready|worker|scheduler`: for containers, whether the process of this machine does its work."""

import http.client
import socket
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from background.database_clock import now_ms
from imports.models import Heartbeat
from imports.views.health import FRESH_MS

PROBES = {"web": "/livez", "ready": "/readyz"}


class Command(BaseCommand):
    help = "Exit 0 when the web server answers (web: /livez) and can do what it is for (ready: /readyz), or when the worker or scheduler of this machine beat within the last minute."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=("web", "ready", "worker", "scheduler"))
        parser.add_argument("--port", type=int, default=8000, help="of the web server (default: 8000)")

    def handle(self, *, what: str, port: int, **options: object) -> None:
        is_healthy = web_answers(port, PROBES[what]) if what in PROBES else has_heartbeat(what)
        if not is_healthy:
            raise CommandError(f"The {what} of this machine does not do its work.")


def web_answers(port: int, address: str = "/livez") -> bool:
    """Whether the web server answers well, asked under the site's own name, since it refuses others."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", address, headers={"Host": urlsplit(settings.SITE_URL).netloc, "X-Forwarded-Proto": "https"})
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def has_heartbeat(kind: str) -> bool:
    """Whether a process of this machine has a recent heartbeat in the database: one that merely exists may do nothing."""
    return Heartbeat.objects.filter(
        kind=kind,
        name__endswith=f"@{socket.gethostname()}",
        beat_ms__gt=now_ms() - FRESH_MS,
    ).exists()
