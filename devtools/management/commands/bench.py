"""`python manage.py bench`: how fast each stage is here and now, beside the plain way and the best that is known."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from devtools.benchmarks.measuring import Result
from devtools.benchmarks.suite import PHONE_NUMBERS, Measured, Suite

WAYS = ("plain", "ours", "floor")


class Command(BaseCommand):
    help = "Measure every stage from the spreadsheet to stored rows on this machine, and print ratios."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--rows", type=int, default=100_000, help="of the workbook that is checked (default: 100,000)")
        parser.add_argument("--numbers", type=int, default=PHONE_NUMBERS, help="phone numbers compared with the library")
        parser.add_argument("--runs", type=int, default=3, help="of each way; the best counts")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *, rows: int, numbers: int, runs: int, **options: Any) -> None:
        if min(rows, numbers, runs) < 1:
            raise CommandError("--rows, --numbers and --runs are 1 or more.")
        suite = Suite(rows, lambda line: self.stderr.write(f"… {line}"), runs, numbers)
        found = suite.run()
        self.stdout.write(json.dumps(found.to_json(), indent=1) if options["json"] else _table(found))


def _table(found: Measured) -> str:
    lines = [f"{found.rows:,} rows, {found.machine}. Seconds of processor time, wall clock in brackets.", ""]
    lines += [f"{'stage':<36}" + "".join(f"{way:>20}" for way in WAYS) + f"{'peak MB':>10}"]
    for name, results in found.stages.items():
        if "ours" in results or "floor" in results:
            lines.append(
                f"{name:<36}"
                + "".join(f"{_seconds(results.get(way)):>20}" for way in WAYS)
                + f"{(results.get('ours') or results['floor'])['peak_mb']:>10.0f}"
            )
    for name, seconds in found.stages.get("seconds for 10,000 leads", {}).items():
        lines.append(f"10,000 leads {name}: {seconds // 60:.0f} min {seconds % 60:.0f} s")
    lines += ["", f"{'asked':<72}{'measured':>10}{'limit':>10}"]
    for ask in found.asks:
        sign, mark = ("≥" if ask.at_least else "≤"), ("  met" if ask.is_met else "  NOT MET")
        lines.append(f"{ask.figure:<72}{ask.measured:>10.2f}{sign + format(ask.limit, 'g'):>10}{mark}")
    return "\n".join(lines)


def _seconds(result: Result | None) -> str:
    return f"{result['cpu']:.2f} ({result['wall']:.2f})" if result else "–"
