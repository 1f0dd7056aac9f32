"""`python manage.py healthy web|worker|scheduler`: for containers, whether the process of this machine does its work."""

import http.client
import socket
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from background.database_clock import now_ms
from imports.models import Heartbeat
from imports.views.health import FRESH_MS


class Command(BaseCommand):
    help = "Exit 0 when the web server answers, or when the worker or scheduler of this machine beat within the last minute."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=("web", "worker", "scheduler"))
        parser.add_argument("--port", type=int, default=8000, help="of the web server (default: 8000)")

    def handle(self, *, what: str, port: int, **options) -> None:
        is_healthy = web_answers(port) if what == "web" else beats_here(what)
        if not is_healthy:
            raise CommandError(f"The {what} of this machine does not do its work.")


def web_answers(port: int) -> bool:
    """Asked under the site's own name: under another one it would refuse."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        line.request("GET", "/healthz", headers={"Host": urlsplit(settings.SITE_URL).netloc, "X-Forwarded-Proto": "https"})
        return line.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        line.close()


def beats_here(kind: str) -> bool:
    """A process that exists may do nothing: its heartbeat in the database counts."""
    return Heartbeat.objects.filter(
        kind=kind,
        name__endswith=f"@{socket.gethostname()}",
        beat_ms__gt=now_ms() - FRESH_MS,
    ).exists()
