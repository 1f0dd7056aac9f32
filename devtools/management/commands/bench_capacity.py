"""`python manage.py bench_capacity`: leads an hour, by workers and by what the service takes."""

import json
import tempfile
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from devtools.benchmarks.capacity import MOST_ROWS, SECONDS, capacity, table
from devtools.benchmarks.suite import a_postgres, migrated


class Command(BaseCommand):
    help = (
        "Send stored leads to the sandbox (100 ms an answer) with 1, 2 and 8 worker processes, into accounts that take 60, 600, 6,000 "
        "and any number of requests a minute, on PostgreSQL; print leads an hour."
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--rows", type=int, default=MOST_ROWS, help="of an import that nothing limits")
        parser.add_argument("--seconds", type=float, default=SECONDS, help="of an import that is limited")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *, rows: int, seconds: float, **options: Any) -> None:
        with tempfile.TemporaryDirectory(prefix="rowcall-capacity-") as folder, a_postgres() as url:
            if not url:
                raise CommandError("PostgreSQL is not installed here, and BENCH_DATABASE_URL names none.")
            environment = migrated(Path(folder) / "postgresql", url)
            found = capacity(environment, self.stderr.write, most_rows=rows, seconds=seconds)
        self.stdout.write(json.dumps({"capacity": found}) if options["json"] else "\n".join(table(found)))
