"""Imports are checked and sent by two hosts; one after the other is cut off for longer than a lease, then both are given new workers."""

import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from campaigns import accounts
from campaigns.models import Account, Assistant, Campaign
from devtools.chaos.checker import Verdict, judge
from devtools.hosts.cluster import HOSTS, Hosts, Servers
from devtools.hosts.network import Network
from devtools.processes import wait_until
from imports import counters
from imports.intake import steps as intake
from imports.models import ImportJob, JobState
from imports.pipeline.phones.normalise import PhoneFormat
from imports.workflow import steps as workflow
from people.models import User

END_WITHIN = 600.0  # seconds
IMPORTS = 3


@dataclass
class Report:
    rows: int = 0
    done: list[str] = field(default_factory=list)  # what was done to the hosts, with the leads that were accepted meanwhile
    seconds: float = 0.0
    states: Counter[str] = field(default_factory=Counter)
    through_unknown: int = 0
    verdict: Verdict = field(default_factory=Verdict)

    @property
    def is_good(self) -> bool:
        return self.verdict.is_clean and self.states["created"] == self.rows


class Run:
    """`rows` of each of IMPORTS imports; `cuts`: how often a host is cut off, for `away` seconds; `old`: the folder of an older version, with which both
    hosts begin."""

    def __init__(
        self, folder: Path, *, rows: int, cuts: int, away: float, seed: int, old: Path | None, say: Callable[[str], None]
    ) -> None:
        self._rows, self._cuts, self._away, self._chance, self._say = rows, cuts, away, random.Random(seed), say
        logs = folder / "logs"
        logs.mkdir()
        self._network = Network(HOSTS)
        self._folder, self._logs = folder, logs
        self._hosts = Hosts(folder, logs, self._network, dict.fromkeys(HOSTS, old or settings.BASE_DIR))
        self._report = Report(rows=rows * IMPORTS)

    def run(self) -> Report:
        with self._network:
            self._running = Servers(self._folder, self._logs)
            try:
                self._running.start()
                call_command("migrate", interactive=False, verbosity=0)
                return self._worked()
            finally:
                connection.close()
                self._hosts.stop()
                self._running.stop()

    def _worked(self) -> Report:
        begun = time.monotonic()
        account = self._account()
        for host in HOSTS:
            self._hosts.start(host)
        jobs = [self._import(account, number) for number in range(IMPORTS)]
        self._cut(self._chance.choice(HOSTS), "during the checks")
        wait_until(lambda: self._all_are(JobState.READY), END_WITHIN, "all files are checked")
        for job in jobs:
            job.refresh_from_db()
            workflow.confirm(job, job.owner)
        for number in range(self._cuts):
            self._cut(HOSTS[number % len(HOSTS)], "while leads are sent")
        for host in HOSTS:
            self._doing(f"workers of host {host} replaced", partial(self._hosts.replace, host))
        wait_until(lambda: self._all_are(JobState.DONE), END_WITHIN, "all leads are sent")
        self._report.seconds = time.monotonic() - begun
        return self._judged()

    def _account(self) -> Account:
        sandbox = self._running.sandbox
        account = Account(name="Hosts", base_url=sandbox.base_url, is_default=True, from_environment=True, max_in_flight=24)
        # Sending takes about as long as what is done to the hosts meanwhile.
        account.max_per_minute = int(60 * self._rows * IMPORTS / (self._cuts * (self._away + settings.SEND_LEASE_SECONDS) + 20))
        accounts.set_key(account, sandbox.api_key)
        account.save()
        return account

    def _import(self, account: Account, number: int) -> ImportJob:
        """A file of somebody of their own, mapped, and its check begun."""
        owner = User.objects.create(username=f"person {number}", email=f"{number}@example.com")
        remote_id = str(self._running.sandbox.control.add_campaign(f"Hosts {number}"))
        # A worker may have read the campaign from the sandbox meanwhile, where no assistant has such an id as ours.
        campaign = Campaign.objects.get_or_create(account=account, remote_id=remote_id, defaults={"name": f"Hosts {number}"})[0]
        campaign.assistant = Assistant.objects.create(
            account=account, remote_id=f"hosts {number}", name="Ayda", variables={"name": ""}
        )
        campaign.save()
        lines = [f"Row {n},+90555{number}{n:06d}" for n in range(self._rows)]
        job = intake.receive_upload(["\n".join(["name,phone_number", *lines]).encode()], "leads.csv", campaign, owner)
        intake.set_mapping(job, intake.suggestion_for(job).mapping, owner)
        intake.set_phone_format(job, PhoneFormat("international"), owner)
        workflow.start_check(job)
        return job

    def _cut(self, host: str, when: str) -> None:
        def away() -> None:
            self._network.cut(host)
            time.sleep(self._away)
            self._network.join(host)

        time.sleep(self._chance.uniform(1, settings.SEND_LEASE_SECONDS))
        self._doing(f"host {host} cut off {when}", away)

    def _doing(self, name: str, work: Callable[[], None]) -> None:
        begun = time.monotonic()
        work()
        ended = time.monotonic()
        accepted = sorted(post.ended for post in self._running.sandbox.ledger.posts() if post.lead and post.ended)
        meanwhile = [moment for moment in accepted if begun <= moment <= ended]
        longest = max(after - before for before, after in pairwise([begun, *meanwhile, ended]))
        told = f"{name}: {ended - begun:.0f} s, {len(meanwhile)} leads accepted meanwhile, {longest:.1f} s at most without one"
        self._report.done.append(told)
        self._say(told)

    def _all_are(self, state: str) -> bool:
        return set(ImportJob.objects.values_list("state", flat=True)) == {state}

    def _judged(self) -> Report:
        report, jobs = self._report, list(ImportJob.objects.select_related("campaign"))
        report.verdict = judge(self._running.sandbox.ledger, jobs, request_seconds=settings.SEND_LEASE_SECONDS * 3 / 8 + 1)
        for job in jobs:
            report.states.update(counters.states(job.pk))
        report.through_unknown = sum(job.rows.filter(unknowns__gt=0).count() for job in jobs)
        return report
