"""One run: an instance that sends an import, an admin who looks at its pages, and one stage after the other."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from campaigns.models import Account, Campaign
from devtools.alert_stages.instance import Instance
from devtools.alert_stages.pages import PAGES, Visitor, Watch
from devtools.alert_stages.stages import STAGES, Scene
from devtools.processes import wait_until
from imports import counters
from imports.models import ImportJob, ImportRow, JobState, RowState
from people.models import User

ASKED = 30.0  # seconds
LOOKED_FOR = 3 * ASKED  # how long what is too late is waited for
HELD = 5.0  # seconds for which a fault goes on after it was named
STEADY = 3.0  # seconds for which an alert that is gone stays away
CALM_WITHIN = 150.0
PER_MINUTE, IN_FLIGHT, ROWS_OF_A_STAGE = 600, 8, 1_500


@dataclass
class Outcome:
    """Seconds by page; None where it did not happen within LOOKED_FOR. `besides`: other alerts while the fault lasted. `skipped`:
    why it was not staged."""

    code: str
    named: dict[str, float | None] = field(default_factory=dict)
    gone: dict[str, float | None] = field(default_factory=dict)
    besides: list[str] = field(default_factory=list)
    skipped: str = ""

    @property
    def is_met(self) -> bool:
        return all(seconds is not None and seconds <= ASKED for seconds in (*self.named.values(), *self.gone.values()))

    def to_json(self) -> dict[str, Any]:
        return asdict(self) | {"is_met": self.is_met}


def run(
    folder: Path, port: int, mail_port: int, names: Iterable[str], on_postgres: bool, say: Callable[[str], None]
) -> dict[str, Outcome]:
    """What became of each stage of `names`."""
    names = list(names)
    instance = Instance(folder, port, mail_port, on_postgres)
    try:
        instance.start()
        admin = Visitor(f"http://localhost:{port}")
        admin.sign_in(_link())
        scene = Scene(instance, admin, an_import(ROWS_OF_A_STAGE * len(names)))
        with Watch(admin) as watch:
            return {name: _staged(name, scene, watch, say) for name in names}
    finally:
        connection.close()
        instance.stop()


def _link() -> str:
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "signin_link", "admin"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def an_import(rows: int) -> ImportJob:
    """Of the account that `up` has made, which sends PER_MINUTE. A worker takes it up by itself."""
    account = Account.objects.get(from_environment=True)
    Account.objects.filter(pk=account.pk).update(max_per_minute=PER_MINUTE, max_in_flight=IN_FLIGHT)
    campaign = Campaign.objects.filter(account=account).order_by("pk")[0]
    owner = User.objects.get(username="uploader")
    job = ImportJob.objects.create(campaign=campaign, owner=owner, state=JobState.PAUSED, file_name="staged.csv", total_rows=rows)
    made = (_row(job, number) for number in range(2, rows + 2))
    ImportRow.objects.bulk_create(made, batch_size=500)
    counters.add(job.pk, {("state", "pending"): rows})
    ImportJob.objects.filter(pk=job.pk).update(state=JobState.PUSHING)
    return job


def _row(job: ImportJob, number: int) -> ImportRow:
    phone = f"+90555{number:07d}"
    lead = {"variables": {"name": f"Row {number}"}, "secondary_contacts": []}
    return ImportRow(job=job, row_number=number, state=RowState.PENDING, phone=phone, cells=[phone], lead=lead)


def _staged(name: str, scene: Scene, watch: Watch, say: Callable[[str], None]) -> Outcome:
    stage = STAGES[name]
    outcome = Outcome(stage.code, skipped=stage.needs(scene))
    if outcome.skipped:
        return outcome
    _wait_for_calm(watch, scene, say)
    begun = time.monotonic()
    with stage.fault(scene):
        outcome.named = _moments(lambda page: watch.pages[page].first_with(stage.code, begun), begun)
        time.sleep(HELD)
        outcome.besides = sorted(watch.now - {stage.code})
        mended = time.monotonic()
    outcome.gone = _moments(lambda page: watch.pages[page].first_without(stage.code, mended, STEADY), mended)
    say(line_of(name, outcome))
    return outcome


def _wait_for_calm(watch: Watch, scene: Scene, say: Callable[[str], None]) -> None:
    """Until nothing is wrong, and leads are sent."""
    since, sent = time.monotonic(), _sent(scene.job)
    with suppress(TimeoutError):
        wait_until(lambda: watch.is_calm(since) and _sent(scene.job) > sent, CALM_WITHIN)
        return
    say(f"not calm after {CALM_WITHIN:.0f} s: {', '.join(sorted(watch.now)) or 'nothing is sent'}")


def _sent(job: ImportJob) -> int:
    return counters.states(job.pk)[RowState.CREATED]


def _moments(moment: Callable[[str], float | None], since: float) -> dict[str, float | None]:
    """By page, in seconds after `since`."""
    with suppress(TimeoutError):
        wait_until(lambda: all(moment(page) is not None for page in PAGES), LOOKED_FOR)
    found = {page: moment(page) for page in PAGES}
    return {page: None if at is None else at - since for page, at in found.items()}


def table(outcomes: dict[str, Outcome], database: str) -> list[str]:
    return [
        f"{database}: seconds until each page names it, and until it is gone after it is mended ({', '.join(PAGES)})",
        *(line_of(name, outcome) for name, outcome in outcomes.items()),
    ]


def line_of(name: str, outcome: Outcome) -> str:
    if outcome.skipped:
        return f"  {name:<18} not staged: needs {outcome.skipped}"
    besides = f"  also {', '.join(outcome.besides)}" if outcome.besides else ""
    verdict = "" if outcome.is_met else "  NOT MET"
    return f"  {name:<18} {outcome.code:<17} {_cells(outcome.named)}   {_cells(outcome.gone)}{verdict}{besides}"


def _cells(seconds: dict[str, float | None]) -> str:
    return " ".join(f"{'never' if seconds.get(page) is None else format(seconds[page], '.1f'):>6}" for page in PAGES)
