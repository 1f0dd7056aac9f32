"""`python manage.py bench_fairness`: how long others wait while one person's giant files are checked."""

import json
import os
import subprocess
import sys
import tempfile
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser

from devtools.benchmarks.fairness import fairness, summary


class Command(BaseCommand):
    help = (
        "Check three giant files of one person while another checks a two-row file and asks for a report, "
        "and a third one's import is sent to the sandbox (100 ms an answer)."
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--megabytes", type=int, default=68, help="of each giant file")
        parser.add_argument("--format", choices=("csv", "xlsx"), default="csv")
        parser.add_argument("--probes", type=int, default=6, help="small checks and reports, one after the other")
        parser.add_argument("--alone", type=float, default=20, help="seconds of sending that the pace is compared with")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *, megabytes: int, probes: int, alone: float, **options: Any) -> None:
        if os.environ.get("ROWCALL_BENCH") != "fairness":
            sys.exit(_in_an_instance_of_its_own(sys.argv[1:]))
        call_command("migrate", verbosity=0)
        found = fairness(megabytes, probes, options["format"], alone, lambda text: self.stderr.write(text))
        self.stdout.write(json.dumps(found) if options["json"] else "\n".join(summary(found)))


def _in_an_instance_of_its_own(words: list[str]) -> int:
    """Nothing of this instance is read or touched; BENCH_DATABASE_URL names an empty PostgreSQL database instead of SQLite."""
    with tempfile.TemporaryDirectory(prefix="rowcall-fairness-") as var:
        environment = {
            **os.environ,
            "ROWCALL_VAR": var,
            "ROWCALL_BENCH": "fairness",
            "DATABASE_URL": os.environ.get("BENCH_DATABASE_URL", ""),
            "QUOTA_MB": "0",
            "LOG_LEVEL": "ERROR",
        }
        return subprocess.run([sys.executable, "manage.py", *words], env=environment, cwd=settings.BASE_DIR).returncode
