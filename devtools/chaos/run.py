"""One run: imports begin, everything is hurt, then left in peace; what the service wrote down decides."""

import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from django.core.management import call_command
from django.db import DatabaseError, connection
from django.db.models import Q

from campaigns.models import Account
from devtools.chaos.checker import Verdict, Witness, judge, sums_that_differ
from devtools.chaos.nemesis import Mischief
from devtools.chaos.processes import House, wait_until
from devtools.chaos.service_nemesis import set_clocks
from devtools.chaos.settings import LEASE_SECONDS
from devtools.chaos.workload import lay_out
from imports import counters
from imports.models import ImportJob, ImportRow, JobState, RowState

GAP = (0.6, 1.6)  # seconds between two blows
PLANNED_GAP, LONGEST_GAP = 2.5, 3.0
PATIENCE = (
    60.0  # seconds after the last blow within which work goes on; four times as many without a lead, and it has come to rest
)
SAMPLE_EVERY, BUTTON_EVERY, EVENT_EVERY = 0.5, 0.4, 3.0


@dataclass
class Report:
    """What a run did and found. Seconds are those of this machine."""

    patience: float = PATIENCE
    rows: int = 0
    blows: Counter = field(default_factory=Counter)
    service: Counter = field(default_factory=Counter)  # what it did wrong
    pressed: Counter = field(default_factory=Counter)  # by people
    verdict: Verdict = field(default_factory=Verdict)
    states: Counter = field(default_factory=Counter)
    through_unknown: int = 0
    samples: int = 0
    under_attack: float = 0.0
    accepted_under_attack: int = 0
    resumed_after: float | None = None  # from the last blow to the next lead accepted
    finished_after: float | None = None
    unfinished: list[str] = field(default_factory=list)  # imports that had not ended after all that time

    @property
    def is_good(self) -> bool:
        return self.verdict.is_clean and self.finished_after is not None and (self.resumed_after or 0) <= self.patience


class Run:
    def __init__(
        self,
        folder: Path,
        *,
        rows: int,
        blows: int,
        seed: int,
        on_postgres: bool,
        patience: float = PATIENCE,
        say: Callable[[str], None] = print,
    ) -> None:
        self._say, self._blows, self._rows = say, blows, rows
        self._chance = random.Random(seed)
        self._house = House(folder, on_postgres)
        self._report = Report(patience)
        self._bad_samples: list[str] = []
        self._held_back: dict[int, float] = {}  # row id → when it was first seen as a duplicate
        self._next_event = 0.0

    def run(self) -> Report:
        try:
            self._house.start_servers()
            call_command("migrate", interactive=False, verbosity=0)
            set_clocks(self._house.sandbox.control, self._chance)
            self._imports = lay_out(self._house.sandbox, self._rows)
            self._mischief = Mischief(self._house, self._imports, self._chance, 1.5 * LEASE_SECONDS)
            self._house.start_rowcall()
            self._attack()
            self._wait_for_peace()
            return self._judged()
        finally:
            connection.close()
            self._house.stop()

    def _attack(self) -> None:
        """So many blows, spread over the time that sending takes; the account's ceiling makes it take that long."""
        planned = self._blows * PLANNED_GAP
        Account.objects.update(max_per_minute=int(60 * 1.3 * self._rows / planned) if planned else 0)
        self._mischief.service.begin()
        at_first = self._accepted()
        wait_until(lambda: self._accepted() > at_first, what="the first lead")
        begun = time.monotonic()
        kinds = self._every_kind_once()
        for blow in range(self._blows):
            self._live(self._chance.uniform(*GAP))
            self._until_work_goes_on(self._accepted() + self._rows // (3 * self._blows))
            what = kinds.pop() if kinds else self._any_kind()
            self._report.blows[what()] += 1
            for part, button, job in (
                (1 / 8, self._mischief.hold, self._imports.holding),
                (1 / 4, self._mischief.cancel, self._imports.doomed),
                (3 / 8, self._mischief.cancel, self._imports.holding),
                (1 / 2, self._mischief.undo, self._imports.regretted),
            ):
                if blow == int(part * self._blows):
                    self._press(button, job)
        self._report.under_attack = time.monotonic() - begun
        self._report.accepted_under_attack = self._accepted() - at_first

    def _press(self, button: Callable[[ImportJob], None], job: ImportJob) -> None:
        while self._mischief.locks_database:
            self._mischief.set_right()
            time.sleep(0.1)
        self._steadily(lambda: button(job))

    def _every_kind_once(self) -> list[Callable[[], str]]:
        kinds = [what for _weight, what in self._mischief.kinds()]
        self._chance.shuffle(kinds)
        return kinds

    def _any_kind(self) -> Callable[[], str]:
        weights, kinds = zip(*self._mischief.kinds(), strict=True)
        return self._chance.choices(kinds, weights)[0]

    def _live(self, seconds: float) -> None:
        """Let time pass: set right what is due, press buttons, look at the sums, let the service and others do something."""
        until = time.monotonic() + seconds
        sample = button = time.monotonic()
        while (now := time.monotonic()) < until:
            self._mischief.set_right()
            if now >= sample:
                sample = now + SAMPLE_EVERY
                self._steadily(self._look_at_sums, most=1)
            if now >= button and not self._mischief.locks_database:
                button = now + BUTTON_EVERY
                self._steadily(self._mischief.press_a_button, most=1)
            if now >= self._next_event and not self._mischief.locks_database:
                self._next_event = now + EVENT_EVERY
                self._steadily(self._mischief.service.one_event, most=1)
            time.sleep(0.05)

    def _until_work_goes_on(self, accepted: int) -> None:
        """Blows that only hit what lies on the ground show nothing."""
        until = time.monotonic() + LONGEST_GAP
        while self._accepted() < accepted and time.monotonic() < until:
            self._live(0.2)

    def _look_at_sums(self) -> None:
        for job in self._imports.all:
            self._bad_samples += sums_that_differ(job.pk)
        held_back = ImportRow.objects.filter(state=RowState.DUPLICATE_IN_CAMPAIGN).values_list("pk", flat=True)
        self._held_back = {pk: self._held_back.get(pk, time.monotonic()) for pk in held_back}
        self._report.samples += 1

    def _wait_for_peace(self) -> None:
        self._mischief.set_all_right()
        self._steadily(lambda: Account.objects.update(max_per_minute=0))
        accepted, moved = self._accepted(), time.monotonic()
        last_blow = moved
        while time.monotonic() - moved < 4 * self._report.patience:
            self._steadily(self._resume_everything, most=1)
            if (now_accepted := self._accepted()) > accepted:
                accepted, moved = now_accepted, time.monotonic()
                self._report.resumed_after = self._report.resumed_after or moved - last_blow
            if self._steadily(self._has_ended):
                self._report.finished_after = time.monotonic() - last_blow
                return
            time.sleep(0.25)

    def _resume_everything(self) -> None:
        for job in ImportJob.objects.filter(state=JobState.PAUSED).select_related("campaign"):
            self._mischief.resume(job)

    def _has_ended(self) -> bool:
        undoing = Q(undone_at=None, undo_requested_at__isnull=False)
        left = ImportJob.objects.filter(Q(finished_at=None) | undoing)
        self._report.unfinished = [f"import {job.pk} is {job.state} {job.reason} {job.reason_detail or ''}" for job in left]
        return not self._report.unfinished

    def _accepted(self) -> int:
        """Leads there are, without those that are being taken back."""
        leads = self._house.sandbox.control.state()["leads"]
        return sum(leads.values()) - leads.get(self._imports.regretted.campaign.remote_id, 0)

    def _judged(self) -> Report:
        report = self._report
        jobs = list(ImportJob.objects.select_related("campaign"))
        self._look_at_sums()
        report.service, report.pressed = self._mischief.service.done, self._mischief.pressed
        seen = Witness(self._mischief.stops, self._bad_samples, self._mischief.service.listed, self._held_back)
        report.verdict = judge(self._house.sandbox.ledger, jobs, seen, request_seconds=LEASE_SECONDS * 3 / 8 + 1)
        report.rows = sum(job.total_rows for job in jobs)
        for job in jobs:
            report.states.update(counters.states(job.pk))
        report.through_unknown = sum(job.rows.filter(unknowns__gt=0).count() for job in jobs)
        return report

    def _steadily(self, what: Callable, most: int = 60):
        """`what`, although the database may be away just now."""
        for attempt in range(most):
            try:
                return what()
            except DatabaseError:
                connection.close()
                if attempt < most - 1:
                    self._mischief.set_right()
                    time.sleep(0.5)
        return None
