"""`python manage.py chaos`: break everything while imports run, and judge by the sandbox's own record."""

import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from django.core.management.base import BaseCommand, CommandError, CommandParser

from devtools.chaos.settings import INSIDE, environment

if TYPE_CHECKING:
    from devtools.chaos.run import Report


class Command(BaseCommand):
    help = (
        "Run imports into a sandbox while workers, broker, database and service are killed, frozen and broken; "
        "then judge from the sandbox's ledger that nothing was lost, doubled, made up or misnamed."
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--rows", type=int, default=2000, help="of the largest import (five smaller ones run beside it)")
        parser.add_argument("--kills", type=int, default=30, help="blows dealt while it runs")
        parser.add_argument("--seed", type=int, default=None, help="of everything random; printed, so that a run can be repeated")
        parser.add_argument("--db", choices=("sqlite", "postgres"), default="sqlite")
        parser.add_argument("--patience", type=float, default=60, help="seconds in which work must go on; more on a busy machine")
        parser.add_argument("--hours", type=float, default=0, help="run again and again with new seeds for so long")

    def handle(
        self, *, rows: int, kills: int, seed: int | None, db: str, hours: float, patience: float, **options: object
    ) -> None:
        until = time.monotonic() + hours * 3600
        seed = random.randrange(10**6) if seed is None else seed
        while True:
            run = self._inside if os.environ.get(INSIDE) else self._outside
            good = run(rows, kills, seed, db, patience)
            if not good:
                raise CommandError(f"Promises were broken. The same again: --rows {rows} --kills {kills} --seed {seed} --db {db}")
            if time.monotonic() >= until:
                return
            seed += 1

    def _outside(self, rows: int, kills: int, seed: int, db: str, patience: float) -> bool:
        """Once more as a process that lives in a folder and a database of its own."""
        with tempfile.TemporaryDirectory(prefix="rc-") as name:
            folder = Path(name)
            folder.chmod(0o755)  # PostgreSQL may have to run as somebody else
            (folder / "var").mkdir()
            words = ["--rows", rows, "--kills", kills, "--seed", seed, "--db", db, "--patience", patience]
            return (
                subprocess.run(
                    [sys.executable, sys.argv[0], "chaos", *map(str, words)],
                    env=environment(folder, db == "postgres"),
                ).returncode
                == 0
            )

    def _inside(self, rows: int, kills: int, seed: int, db: str, patience: float) -> bool:
        from devtools.chaos.run import Run

        folder = Path(os.environ[INSIDE])
        report = Run(folder, rows=rows, blows=kills, seed=seed, on_postgres=db == "postgres", patience=patience).run()
        self.stdout.write(table(report, seed, db))
        return report.is_good


def table(report: "Report", seed: int, db: str) -> str:
    verdict = report.verdict
    lines = [
        f"chaos on {db}, seed {seed}: {report.rows} rows, {sum(report.blows.values())} blows in {report.under_attack:.0f} s, "
        f"{report.accepted_under_attack} leads accepted meanwhile",
        *(f"  {n:>4} × {what}" for what, n in report.blows.most_common()),
        "the service: " + _counted(report.service),
        "people: " + _counted(report.pressed),
        "rows: " + ", ".join(f"{n} {state}" for state, n in report.states.items() if n),
        f"went through `unknown`: {report.through_unknown}",
        f"looked at the sums: {report.samples} times",
        f"lost {verdict.lost} · doubled {verdict.doubled} · phantom {verdict.phantom} · misnamed {verdict.misnamed}"
        f" · unconfirmed {report.states['unconfirmed']}",
        f"first lead after the last blow: {_seconds(report.resumed_after)}; everything ended: {_seconds(report.finished_after)}",
        *(f"  {one}" for one in report.unfinished),
        *(
            f"  {name} {'kept' if not found else f'BROKEN {len(found)} times: ' + '; '.join(found[:5])}"
            for name, found in verdict.violations.items()
        ),
        "every promise kept" if report.is_good else "PROMISES BROKEN",
    ]
    return "\n".join(lines)


def _counted(what: Counter[str]) -> str:
    return ", ".join(f"{n} × {name}" for name, n in what.most_common())


def _seconds(value: float | None) -> str:
    return "never" if value is None else f"{value:.1f} s"
