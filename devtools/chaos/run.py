"""One run: imports begin, faults are injected, then none any more; the checker compares the end with the service's ledger."""

import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from django.core.management import call_command
from django.db import DatabaseError, connection
from django.db.models import Q

from campaigns.models import Account
from devtools.chaos.checker import Observations, Verdict, judge, sums_that_differ
from devtools.chaos.nemesis import Nemesis
from devtools.chaos.processes import Instance
from devtools.chaos.service_nemesis import set_clocks
from devtools.chaos.settings import LEASE_SECONDS
from devtools.chaos.workload import lay_out
from devtools.processes import wait_until
from imports import counters
from imports.models import ImportJob, ImportRow, JobState, RowState

T = TypeVar("T")
GAP = (0.6, 1.6)  # seconds between two faults
PLANNED_GAP, LONGEST_GAP = 2.5, 3.0
PATIENCE = (
    60.0  # seconds after the last fault within which work goes on; four times as many without a lead, and it has come to rest
)
SAMPLE_EVERY, BUTTON_EVERY, EVENT_EVERY = 0.5, 0.4, 3.0


@dataclass
class Report:
    """What a run did and found. Seconds are those of this machine."""

    patience: float = PATIENCE
    rows: int = 0
    blows: Counter[str] = field(default_factory=Counter)
    service: Counter[str] = field(default_factory=Counter)  # what it did wrong
    pressed: Counter[str] = field(default_factory=Counter)  # by people
    verdict: Verdict = field(default_factory=Verdict)
    states: Counter[str] = field(default_factory=Counter)
    through_unknown: int = 0
    samples: int = 0
    under_attack: float = 0.0
    accepted_under_attack: int = 0
    resumed_after: float | None = None  # from the last fault to the next lead accepted
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
        self._instance = Instance(folder, on_postgres)
        self._report = Report(patience)
        self._bad_samples: list[str] = []
        self._held_back: dict[int, float] = {}  # row id → when it was first seen as a duplicate
        self._next_event = 0.0

    def run(self) -> Report:
        try:
            self._instance.start_servers()
            call_command("migrate", interactive=False, verbosity=0)
            set_clocks(self._instance.sandbox.control, self._chance)
            self._imports = lay_out(self._instance.sandbox, self._rows)
            self._nemesis = Nemesis(self._instance, self._imports, self._chance, 1.5 * LEASE_SECONDS)
            self._instance.start_rowcall()
            self._attack()
            self._wait_for_the_end()
            return self._judged()
        finally:
            connection.close()
            self._instance.stop()

    def _attack(self) -> None:
        """So many faults, spread over the time that sending takes; the account's limit makes it take that long."""
        planned = self._blows * PLANNED_GAP
        Account.objects.update(max_per_minute=int(60 * 1.3 * self._rows / planned) if planned else 0)
        self._nemesis.service.begin()
        at_first = self._accepted()
        wait_until(lambda: self._accepted() > at_first, what="the first lead")
        begun = time.monotonic()
        kinds = self._every_kind_once()
        for blow in range(self._blows):
            self._pass_time(self._chance.uniform(*GAP))
            self._until_work_goes_on(self._accepted() + self._rows // (3 * self._blows))
            what = kinds.pop() if kinds else self._any_kind()
            self._report.blows[what()] += 1
            for part, button, job in (
                (1 / 8, self._nemesis.hold, self._imports.holding),
                (1 / 4, self._nemesis.cancel, self._imports.doomed),
                (3 / 8, self._nemesis.cancel, self._imports.holding),
                (1 / 2, self._nemesis.undo, self._imports.regretted),
            ):
                if blow == int(part * self._blows):
                    self._press(button, job)
        self._report.under_attack = time.monotonic() - begun
        self._report.accepted_under_attack = self._accepted() - at_first

    def _press(self, button: Callable[[ImportJob], None], job: ImportJob) -> None:
        while self._nemesis.locks_database:
            self._nemesis.end_due_faults()
            time.sleep(0.1)
        self._retried(lambda: button(job))

    def _every_kind_once(self) -> list[Callable[[], str]]:
        kinds = [what for _weight, what in self._nemesis.kinds()]
        self._chance.shuffle(kinds)
        return kinds

    def _any_kind(self) -> Callable[[], str]:
        weights, kinds = zip(*self._nemesis.kinds(), strict=True)
        chosen: Callable[[], str] = self._chance.choices(kinds, weights)[0]
        return chosen

    def _pass_time(self, seconds: float) -> None:
        """Let time pass: end due faults, press buttons, sample the counters, let the service and others do something."""
        until = time.monotonic() + seconds
        sample = button = time.monotonic()
        while (now := time.monotonic()) < until:
            self._nemesis.end_due_faults()
            if now >= sample:
                sample = now + SAMPLE_EVERY
                self._retried(self._sample_counters, most=1)
            if now >= button and not self._nemesis.locks_database:
                button = now + BUTTON_EVERY
                self._retried(self._nemesis.press_a_button, most=1)
            if now >= self._next_event and not self._nemesis.locks_database:
                self._next_event = now + EVENT_EVERY
                self._retried(self._nemesis.service.one_event, most=1)
            time.sleep(0.05)

    def _until_work_goes_on(self, accepted: int) -> None:
        """Faults of what does not work yet show nothing."""
        until = time.monotonic() + LONGEST_GAP
        while self._accepted() < accepted and time.monotonic() < until:
            self._pass_time(0.2)

    def _sample_counters(self) -> None:
        for job in self._imports.all:
            self._bad_samples += sums_that_differ(job.pk)
        held_back = ImportRow.objects.filter(state=RowState.DUPLICATE_IN_CAMPAIGN).values_list("pk", flat=True)
        self._held_back = {pk: self._held_back.get(pk, time.monotonic()) for pk in held_back}
        self._report.samples += 1

    def _wait_for_the_end(self) -> None:
        self._nemesis.end_all_faults()
        self._retried(lambda: Account.objects.update(max_per_minute=0))
        accepted, moved = self._accepted(), time.monotonic()
        last_blow = moved
        while time.monotonic() - moved < 4 * self._report.patience:
            self._retried(self._resume_everything, most=1)
            if (now_accepted := self._accepted()) > accepted:
                accepted, moved = now_accepted, time.monotonic()
                self._report.resumed_after = self._report.resumed_after or moved - last_blow
            if self._retried(self._has_ended):
                self._report.finished_after = time.monotonic() - last_blow
                return
            time.sleep(0.25)

    def _resume_everything(self) -> None:
        for job in ImportJob.objects.filter(state=JobState.PAUSED).select_related("campaign"):
            self._nemesis.resume(job)

    def _has_ended(self) -> bool:
        undoing = Q(undone_at=None, undo_requested_at__isnull=False)
        left = ImportJob.objects.filter(Q(finished_at=None) | undoing)
        self._report.unfinished = [f"import {job.pk} is {job.state} {job.reason} {job.reason_detail or ''}" for job in left]
        return not self._report.unfinished

    def _accepted(self) -> int:
        """Leads there are, without those that are being taken back."""
        leads = self._instance.sandbox.control.state()["leads"]
        return int(sum(leads.values()) - leads.get(self._imports.regretted.campaign.remote_id, 0))

    def _judged(self) -> Report:
        report = self._report
        jobs = list(ImportJob.objects.select_related("campaign"))
        self._sample_counters()
        report.service, report.pressed = self._nemesis.service.done, self._nemesis.pressed
        seen = Observations(self._nemesis.stops, self._bad_samples, self._nemesis.service.listed, self._held_back)
        report.verdict = judge(self._instance.sandbox.ledger, jobs, seen, request_seconds=LEASE_SECONDS * 3 / 8 + 1)
        report.rows = sum(job.total_rows or 0 for job in jobs)
        for job in jobs:
            report.states.update(counters.states(job.pk))
        report.through_unknown = sum(job.rows.filter(unknowns__gt=0).count() for job in jobs)
        return report

    def _retried(self, what: Callable[[], T], most: int = 60) -> T | None:
        """The result of `what`, tried up to `most` times while the database cannot be reached; None when it never can."""
        for attempt in range(most):
            try:
                return what()
            except DatabaseError:
                connection.close()
                if attempt < most - 1:
                    self._nemesis.end_due_faults()
                    time.sleep(0.5)
        return None
