"""`python manage.py bench_pages`: how long every page takes with a million rows in the database and an import running."""

import os
import subprocess
import sys
import tempfile
from contextlib import nullcontext
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser

from devtools.benchmarks.pages import as_json, measure_pages, send


class Command(BaseCommand):
    help = "Time every page with many rows in the database while an import is being sent; prints the queries of each, too."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--rows", type=int, default=1_000_000)
        parser.add_argument("--times", type=int, default=20, help="requests of each page")
        parser.add_argument("--json", action="store_true", help="print one JSON list")
        parser.add_argument("--keep", metavar="FOLDER", help="fill the database there, and measure with it again the next time")

    def handle(self, *, rows: int, times: int, **options: Any) -> None:
        if task := os.environ.get("ROWCALL_BENCH_PAGES"):
            send() if task == "send" else self._measure(rows, times, options["json"])
            return
        # An instance of its own: nothing of this one is read or touched.
        with nullcontext(options["keep"]) if options["keep"] else tempfile.TemporaryDirectory(prefix="rowcall-pages-") as var:
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
                "DATABASE_URL": os.environ.get("BENCH_DATABASE_URL", ""),
                "ALLOWED_HOSTS": "testserver",
                "BROKER_URL": f"redis+socket://{var}/none.sock",
                "LOG_LEVEL": "ERROR",
                "STATICFILES_BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage",
            }
            result = subprocess.run(words, env=environment, cwd=settings.BASE_DIR)
        sys.exit(result.returncode)

    def _measure(self, rows: int, times: int, wants_json: bool) -> None:
        call_command("migrate", verbosity=0)
        found = measure_pages(rows, times)
        if wants_json:
            self.stdout.write(as_json(found))
            return
        self.stdout.write(f"{rows:,} rows, an import being sent. Milliseconds.\n\n")
        self.stdout.write(f"{'page':<34}{'cpu':>10}{'median':>10}{'p95':>10}{'asked':>10}{'queries':>10}")
        for one in found:
            self.stdout.write(
                f"{one.name:<34}{one.cpu:>10.1f}{one.median:>10.1f}{one.p95:>10.1f}{one.asked:>10}{one.queries:>10}{'' if one.p95 <= one.asked else '  TOO SLOW'}"
            )
