"""`python manage.py bench_attack`: whether slow, endless and huge requests hold up the instance that runs in this folder."""

from collections.abc import Iterator
from http.client import HTTPException
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import reverse
from django.utils.crypto import get_random_string
from django.utils.module_loading import import_string

from campaigns.models import Campaign
from devtools.benchmarks.attack import Attack, Found, UnexpectedAnswer
from people.models import User
from people.roles import Role

ASKED_SECONDS = 1.0


class Command(BaseCommand):
    help = "Send many slow and large requests to the running instance; prints how long /healthz takes meanwhile."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--bodies", type=int, default=200, help="requests whose body never ends")
        parser.add_argument("--readers", type=int, default=200, help="exports that nobody reads")
        parser.add_argument("--uploads", type=int, default=50, help="uploads at once; none is kept")
        parser.add_argument("--megabytes", type=int, default=15, help="of each upload (default: 15); less than MAX_UPLOAD_MB")
        parser.add_argument("--seconds", type=float, default=10, help="of each of them, at least")

    def handle(self, *, bodies: int, readers: int, uploads: int, megabytes: int, seconds: float, **options: Any) -> None:
        manager = User.objects.filter(groups__name=Role.MANAGER.group, is_active=True).first()
        campaign = Campaign.objects.order_by("pk").first()
        if manager is None or campaign is None:
            raise CommandError("The instance needs a manager and a campaign.")
        session, token = _session_of(manager), get_random_string(32)
        cookie = f"{settings.SESSION_COOKIE_NAME}={session.session_key}; {settings.CSRF_COOKIE_NAME}={token}"
        export = reverse("campaigns:export_leads", args=[campaign.pk])
        try:
            self._tell(Attack(settings.SITE_URL, cookie, token, megabytes).run(bodies, readers, uploads, seconds, export))
        except (UnexpectedAnswer, OSError, HTTPException) as problem:
            raise CommandError(f"The instance did not bear it: {problem}") from problem
        finally:
            session.delete()

    def _tell(self, measured: Iterator[Found]) -> None:
        self.stdout.write(f"{'/healthz during':<24}{'median':>10}{'p95':>10}{'longest':>10}   seconds")
        for found in measured:
            n = len(found.seconds)
            shown = (found.seconds[n // 2], found.seconds[int(0.95 * n)], found.seconds[-1])
            verdict = "" if shown[-1] <= ASKED_SECONDS else "  TOO SLOW"
            self.stdout.write(f"{found.name:<24}" + "".join(f"{one:>10.3f}" for one in shown) + verdict)


def _session_of(user: User) -> SessionStore:
    session = SessionStore()
    session[SESSION_KEY], session[HASH_SESSION_KEY] = str(user.pk), user.get_session_auth_hash()
    session[BACKEND_SESSION_KEY] = next(
        name for name in settings.AUTHENTICATION_BACKENDS if hasattr(import_string(name), "get_user")
    )
    session.save()
    return session
