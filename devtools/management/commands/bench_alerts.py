"""`python manage.py bench_alerts`: bring about everything that an admin must be told of, and measure how soon pages name it."""

import json
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from config.launcher.ports import free_port
from devtools.alert_stages.settings import INSIDE, environment
from devtools.alert_stages.stages import STAGES


class Command(BaseCommand):
    help = (
        "Start an instance of its own, send an import, and freeze, fill, lock and close what it needs, one after the other; prints how many "
        "seconds pass until monitor, home and /metrics name it, and until they no longer do once it is mended. Ends with 1 where either takes "
        "more than 30."
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--only", nargs="+", choices=STAGES, metavar="NAME", default=list(STAGES), help=", ".join(STAGES))
        parser.add_argument("--db", choices=("sqlite", "postgres"), default="sqlite", help="postgres: a private one")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *, only: list[str], db: str, **options: Any) -> None:
        if INSIDE in os.environ:
            sys.exit(self._inside(only, db, options["json"]))
        sys.exit(_outside(sys.argv[1:], db))

    def _inside(self, names: list[str], db: str, as_json: bool) -> int:
        from devtools.alert_stages.run import run, table

        signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(1))  # what was frozen, or was started, does not stay
        ports = (int(urlsplit(settings.SITE_URL).port or 0), int(settings.EMAIL_PORT))
        outcomes = run(Path(os.environ[INSIDE]), *ports, names, db == "postgres", self.stderr.write)
        found = {name: outcome.to_json() for name, outcome in outcomes.items()}
        self.stdout.write(json.dumps(found) if as_json else "\n".join(table(outcomes, db)))
        return 0 if all(outcome.is_met for outcome in outcomes.values()) else 1


def _outside(words: list[str], db: str) -> int:
    """Once more as a process that lives in a folder and a database of its own."""
    with tempfile.TemporaryDirectory(prefix="rc-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # PostgreSQL may have to run as somebody else
        (folder / "var").mkdir()
        chosen = environment(folder, free_port(), free_port(), db == "postgres")
        return subprocess.run([sys.executable, sys.argv[0], *words], env=chosen).returncode
