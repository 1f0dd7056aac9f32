"""`python manage.py bench_crowd`: how long every page takes while an import is being sent and many people click."""

import json
import os
import subprocess
import sys
import tempfile
from contextlib import nullcontext
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from devtools.benchmarks.crowd.run import crowd, summary
from devtools.benchmarks.suite import a_postgres

INSIDE = "crowd"


class Command(BaseCommand):
    help = "Send a large import to the sandbox by the real worker programs while people click through every page; prints what each page took."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--people", type=int, default=30, help="a third of them uploaders, managers and admins each")
        parser.add_argument("--rows", type=int, default=300_000, help="of the import; its campaign has as many leads")
        parser.add_argument("--seconds", type=float, default=120, help="of clicking")
        parser.add_argument("--alone", type=float, default=15, help="seconds of sending before anybody clicks")
        parser.add_argument(
            "--db", choices=("sqlite", "postgres"), default="sqlite", help="postgres: a private one, or BENCH_DATABASE_URL"
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *, people: int, rows: int, seconds: float, alone: float, **options: Any) -> None:
        if people < 3 or rows < 1:
            raise CommandError("--people is 3 or more, --rows 1 or more.")
        if os.environ.get("ROWCALL_BENCH") != INSIDE:
            sys.exit(_in_an_instance_of_its_own(sys.argv[1:], options["db"] == "postgres"))
        call_command("migrate", verbosity=0)
        found = crowd(people, rows, seconds, alone, lambda text: self.stderr.write(text))
        self.stdout.write(json.dumps(found) if options["json"] else "\n".join(summary(found, connection.vendor)))


def _in_an_instance_of_its_own(words: list[str], on_postgres: bool) -> int:
    """Nothing of this instance is read or touched."""
    with tempfile.TemporaryDirectory(prefix="rowcall-crowd-") as var, a_postgres() if on_postgres else nullcontext("") as url:
        if on_postgres and not url:
            raise CommandError("There is no PostgreSQL here; BENCH_DATABASE_URL may name an empty database.")
        environment = {
            **os.environ,
            "ROWCALL_VAR": var,
            "ROWCALL_BENCH": INSIDE,
            "DATABASE_URL": url,
            "QUOTA_MB": "0",
            "LOG_LEVEL": "ERROR",
            "STATICFILES_BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage",
        }
        return subprocess.run([sys.executable, "manage.py", *words], env=environment, cwd=settings.BASE_DIR).returncode
