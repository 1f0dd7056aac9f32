"""`python manage.py hunt`: lists whose truth is known are imported, and every number that comes out is checked."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

if TYPE_CHECKING:
    from devtools.hunt.run import Hunt

WIDEST = 24


class Command(BaseCommand):
    help = (
        "Make lists of known truth, put each through reading, choosing and checking as an import would, and judge what comes out. "
        "Exit code 1: a wrong number, a wrong person, or somebody lost without a word."
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--lists", type=int, default=500)
        parser.add_argument("--seed", type=int, default=1, help="the same seed makes the same lists")
        parser.add_argument("--kind", help="only lists of this kind (as many as --lists has of it)")
        parser.add_argument("--only", metavar="ID", action="append", default=[], help="only this list, such as 1-0123")
        parser.add_argument("--keep", type=Path, metavar="FOLDER", help="keep wrong lists there, with what is true of them")
        parser.add_argument("--processes", type=int, default=2)
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(
        self,
        *,
        lists: int,
        seed: int,
        kind: str | None,
        only: list[str],
        keep: Path | None,
        processes: int,
        **options: Any,
    ) -> None:
        try:
            from devtools.hunt.cases import case_of
            from devtools.hunt.kinds import KINDS, kind_at
            from devtools.hunt.run import hunt
        except ModuleNotFoundError as missing:
            raise CommandError(f"{missing.name} is not installed: pip install -r requirements-dev.txt") from None
        if min(lists, processes) < 1 or seed < 0:
            raise CommandError("--lists and --processes are 1 or more, --seed is 0 or more.")
        if kind and kind not in KINDS:
            raise CommandError(f"There is no kind {kind}. There are: {', '.join(KINDS)}.")
        if keep:
            keep.mkdir(parents=True, exist_ok=True)
        ids = only or [f"{seed}-{index:04}" for index in range(lists) if kind in (None, kind_at(index))]
        try:
            for id in only:
                case_of(id)
        except ValueError as error:
            raise CommandError(str(error)) from None
        found = hunt(ids, keep, min(processes, len(ids)))
        self.stdout.write(
            json.dumps(found.to_json(), ensure_ascii=False, indent=1) if options["json"] else table(found, bool(only))
        )
        if found.wrong:
            sys.exit(1)


def table(found: "Hunt", with_details: bool) -> str:
    """Sums by kind, then every wrong list with its first reason; with details, everything about each list."""
    from devtools.hunt.checker import Verdict

    lines = [f"{'kind':<{WIDEST}}" + "".join(f"{name:>12}" for name in ("right", "preselected", "asked", "refused", "WRONG"))]
    for kind, sums in sorted(found.by_kind().items(), key=lambda pair: (-pair[1][Verdict.WRONG], pair[0])):
        lines.append(f"{kind:<{WIDEST}}" + "".join(f"{sums[verdict] or '·':>12}" for verdict in Verdict))
    shares = found.to_json()["shares"]
    lines += ["", *(f"{name}: {share:.1%}" for name, share in shares.items()), ""]
    for one in found.judged if with_details else found.wrong:
        lines.append(f"{one.id} {one.kind}: {one.verdict.value}; asked: {', '.join(one.asked) or 'nothing'}; {one.choices}")
        lines += [f"    {reason}" for reason in (one.reasons if with_details else one.reasons[:1])]
    return "\n".join(lines)
