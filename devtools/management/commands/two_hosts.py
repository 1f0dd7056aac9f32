"""`python manage.py two_hosts`: two hosts with workers of their own; each is cut off, comes back and is upgraded; then it is judged."""

import os
import random
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from django.core.management.base import BaseCommand, CommandError, CommandParser

from devtools.chaos.settings import LEASE_SECONDS
from devtools.hosts.settings import INSIDE, environment

if TYPE_CHECKING:
    from devtools.hosts.run import Report


class Command(BaseCommand):
    help = (
        "Check and send imports on two hosts (network namespaces of this machine; needs root) with one database, broker, bucket and "
        "sandbox, while one after the other is cut off for longer than a lease and gets new workers; then judge by the sandbox's ledger."
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--rows", type=int, default=2000, help="of each of three imports")
        parser.add_argument("--cuts", type=int, default=4, help="while leads are sent; one more falls on the checks")
        parser.add_argument("--away", type=float, default=1.5 * LEASE_SECONDS, help="seconds for which a host is cut off")
        parser.add_argument("--seed", type=int, default=None, help="of everything random; printed, so that a run can be repeated")
        parser.add_argument(
            "--old", default="", help="the folder of an older version: both hosts begin with it, and are upgraded in turn"
        )

    def handle(self, *, rows: int, cuts: int, away: float, seed: int | None, old: str, **options: object) -> None:
        seed = random.randrange(10**6) if seed is None else seed
        if INSIDE in os.environ:
            good = self._inside(rows, cuts, away, seed, old)
        elif os.geteuid() != 0:
            raise CommandError("Network namespaces need root: sudo .venv/bin/python manage.py two_hosts")
        else:
            good = self._outside(["--rows", rows, "--cuts", cuts, "--away", away, "--seed", seed, "--old", old])
        if not good:
            raise CommandError(f"Promises were broken. The same again: --rows {rows} --cuts {cuts} --away {away} --seed {seed}")

    def _outside(self, words: list[object]) -> bool:
        """Once more as a process whose settings name the servers of this run."""
        with tempfile.TemporaryDirectory(prefix="rc-") as name:
            folder = Path(name)
            folder.chmod(0o755)  # PostgreSQL has to run as somebody else
            (folder / "var").mkdir()
            command = [sys.executable, sys.argv[0], "two_hosts", *map(str, words)]
            return subprocess.run(command, env=environment(folder)).returncode == 0

    def _inside(self, rows: int, cuts: int, away: float, seed: int, old: str) -> bool:
        from devtools.hosts.run import Run

        folder, before = Path(os.environ[INSIDE]), Path(old).resolve() if old else None
        report = Run(folder, rows=rows, cuts=cuts, away=away, seed=seed, old=before, say=self.stdout.write).run()
        self.stdout.write(table(report, seed))
        return report.is_good


def table(report: "Report", seed: int) -> str:
    verdict = report.verdict
    lines = [
        f"two hosts, seed {seed}: {report.rows} rows in {report.seconds:.0f} s",
        "rows: " + ", ".join(f"{n} {state}" for state, n in report.states.items() if n),
        f"went through `unknown`: {report.through_unknown}",
        f"lost {verdict.lost} · doubled {verdict.doubled} · phantom {verdict.phantom} · misnamed {verdict.misnamed}",
        *(f"  {name} BROKEN {len(found)} times: {'; '.join(found[:5])}" for name, found in verdict.violations.items() if found),
        "every promise kept" if report.is_good else "PROMISES BROKEN",
    ]
    return "\n".join(lines)
