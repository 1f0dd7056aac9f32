"""`python manage.py bench_pages`: how long every page takes with a million rows in the database and an import running."""

import os
import subprocess
import sys
import tempfile

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

ASKED_MS = 150


class Command(BaseCommand):
    help = (
        "Time every page with many rows in the database while an import is being sent; prints the queries of each, too."
    )
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--rows", type=int, default=1_000_000)
        parser.add_argument("--times", type=int, default=20, help="requests of each page")
        parser.add_argument("--json", action="store_true", help="print one JSON list")

    def handle(self, *, rows: int, times: int, **options):
        if "ROWCALL_BENCH_PAGES" in os.environ:
            return self._measure(rows, times, options["json"])
        with tempfile.TemporaryDirectory(prefix="rowcall-pages-") as var:
            # A house of its own: nothing of this one is read or touched.
            words = [
                sys.executable,
                "manage.py",
                "bench_pages",
                "--rows",
                str(rows),
                "--times",
                str(times),
                *["--json"] * options["json"],
            ]
            environment = {
                **os.environ,
                "ROWCALL_VAR": var,
                "ROWCALL_BENCH_PAGES": "yes",
                "DATABASE_URL": "",
                "ALLOWED_HOSTS": "testserver",
                "BROKER_URL": f"redis+socket://{var}/none.sock",
                "LOG_LEVEL": "ERROR",
                "STATICFILES_BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage",
            }
            result = subprocess.run(words, env=environment, cwd=settings.BASE_DIR)
        sys.exit(result.returncode)

    def _measure(self, rows: int, times: int, wants_json: bool) -> None:
        from config.benchmarks.pages import as_json, measure_pages

        call_command("migrate", verbosity=0)
        found = measure_pages(rows, times)
        if wants_json:
            self.stdout.write(as_json(found))
            return
        self.stdout.write(f"{rows:,} rows, an import being sent. Milliseconds; asked: p95 of {ASKED_MS} or less.\n\n")
        self.stdout.write(f"{'page':<34}{'cpu':>10}{'median':>10}{'p95':>10}{'queries':>10}")
        for one in found:
            self.stdout.write(
                f"{one.name:<34}{one.cpu:>10.1f}{one.median:>10.1f}{one.p95:>10.1f}{one.queries:>10}{'' if one.p95 <= ASKED_MS else '  TOO SLOW'}"
            )
