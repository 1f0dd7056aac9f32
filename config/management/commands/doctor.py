"""`python manage.py doctor`: what is wrong with this installation, and what to do about it."""

import json

from django.core.management.base import BaseCommand, CommandParser

from background.masking import scrubbed
from config.doctor.checks import findings
from config.doctor.finding import Finding, Level

MARKS = {Level.OK: "ok     ", Level.WARNING: "WARNING", Level.ERROR: "ERROR  "}


class Command(BaseCommand):
    help = "Look for every misconfiguration that is known, and name its remedy. Exit 1 when there is an error, else 0."
    requires_system_checks = []  # they are among what is looked at

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", dest="as_json", help="write the findings as JSON")

    def handle(self, *, as_json: bool, **options: object) -> None:
        found = findings()
        is_well = all(finding.level is not Level.ERROR for finding in found)
        if as_json:
            self.stdout.write(
                json.dumps({"ok": is_well, "findings": [_clean(one.to_json()) for one in found]}, ensure_ascii=False)
            )
        else:
            self._tell(found)
        if not is_well:
            raise SystemExit(1)

    def _tell(self, found: list[Finding]) -> None:
        for one in found:
            clean = _clean(one.to_json())
            self.stdout.write(f"{MARKS[one.level]} {one.check}: {clean['sentence']}")
            if one.remedy:
                self.stdout.write(f"        {clean['remedy']}")


def _clean(finding: dict[str, str]) -> dict[str, str]:
    """An error of a library may quote an address with its password."""
    return {**finding, "sentence": scrubbed(finding["sentence"])}
