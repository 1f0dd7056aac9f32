"""Sending through the real ledger: claim, intent, request, outcome, each durably recorded; against the sandbox.

The ideal is what the latency alone allows: requests in flight divided by the time one takes. Times are wall clock,
because waiting is what sending consists of.
"""

import json
import os
import subprocess
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings

from config.launcher.commands import worker_command
from devtools.benchmarks.measuring import Result, measure
from devtools.processes import end, wait_until

if TYPE_CHECKING:
    from campaigns.models import Account
    from campaigns.whattalk.sandbox.process import SandboxProcess
    from imports.models import ImportJob

POSTS_OF_THE_LOOP = 50  # the plain loop is slow and steady: a few tell enough


def push_stage(
    environment: Mapping[str, str],
    *,
    rows: int = 6_000,
    latency_ms: float = 100,
    in_flight: int = 32,
) -> Result:
    """`efficiency`: share of the ideal. `times_the_loop`: how much faster than one lead after the other."""
    found = measure("push:ours", environment, rows=rows, latency_ms=latency_ms, in_flight=in_flight)
    loop = measure("push:loop", environment, latency_ms=latency_ms)
    ideal = in_flight / (latency_ms / 1000)
    return {
        **found,
        "ideal_per_second": ideal,
        "efficiency": found["per_second"] / ideal,
        "loop_per_second": loop["per_second"],
        "times_the_loop": found["per_second"] / loop["per_second"],
    }


def second_worker_stage(
    environment: Mapping[str, str],
    *,
    rows: int = 4_000,
    latency_ms: float = 100,
    in_flight: int = 16,
) -> Result:
    """`ratio`: leads a second of two worker processes over one, each with so many requests in flight."""
    with broker_of(Path(environment["ROWCALL_VAR"])) as url:
        shared = {**environment, "BROKER_URL": url, "MOST_IN_FLIGHT": str(in_flight)}
        one, two = (measure("push:workers", shared, rows=rows, latency_ms=latency_ms, processes=n) for n in (1, 2))
    return {"one": one["per_second"], "two": two["per_second"], "ratio": two["per_second"] / one["per_second"]}


def ten_thousand_leads(environment: Mapping[str, str], per_second: float, seconds: float = 30) -> Result:
    """Seconds for 10,000 leads: at the pace just measured, and where an account may send 600 or 60 a minute.

    `seconds`: for how long each of the limited ones is watched.
    """
    limited = {
        f"at {rate} a minute": measure("push:limited", environment, per_minute=rate, seconds=max(4, seconds))["per_second"]
        for rate in (600, 60)
    }
    return {name: 10_000 / pace for name, pace in {"as fast as it goes": per_second, **limited}.items()}


# -- each in a process of its own ------------------------------------------------------------------------------------
def ours(rows: int, latency_ms: float, in_flight: int) -> Result:
    import django

    django.setup()
    from django.conf import settings

    from imports.push import sender

    settings.MOST_IN_FLIGHT = in_flight
    with sandbox_of(latency_ms) as sandbox:
        job = import_of(sandbox, rows, in_flight)
        begun = time.perf_counter()
        sender.push_to_end(job.pk)
        took = time.perf_counter() - begun
        accepted = sandbox.control.state()["leads"][job.campaign.remote_id]
    if accepted != rows:
        raise RuntimeError(f"{accepted} of {rows} leads arrived")
    return {"seconds": took, "per_second": rows / took}


def limited(per_minute: int, seconds: float) -> Result:
    """How much of an account's ceiling is used."""
    import django

    django.setup()
    from campaigns.models import Account
    from imports.push import sender

    with sandbox_of(100) as sandbox:
        job = import_of(sandbox, int(per_minute * seconds / 60) + 50, 32)
        Account.objects.filter(pk=job.campaign.account_id).update(max_per_minute=per_minute)
        sender.run_slice(job.pk, seconds)
        moments = [post.started for post in sandbox.ledger.posts()]
    return {"per_second": (len(moments) - 1) / (moments[-1] - moments[0])}


def loop(latency_ms: float) -> Result:
    """One lead after the other, as the service's own guide has it."""
    with sandbox_of(latency_ms) as sandbox:
        begun = time.perf_counter()
        for n in range(POSTS_OF_THE_LOOP):
            lead = {"phone_number": _phone(n), "campaign_id": 1050, "variables": {"name": "Ayşe"}}
            headers = {
                "Authorization": f"Bearer {sandbox.api_key}",
                "Content-Type": "application/json",
                "Accept": "application/json",
            }
            request = urllib.request.Request(f"{sandbox.base_url}/user/lead", json.dumps(lead).encode(), headers)
            with _direct.open(request, timeout=30) as answer:
                json.load(answer)
        took = time.perf_counter() - begun
    return {"seconds": took, "per_second": POSTS_OF_THE_LOOP / took}


def workers(rows: int, latency_ms: float, processes: int, per_minute: int = 0) -> Result:
    """From the first lead accepted to the last: starting the workers is not what is measured. `per_minute`: what the account may
    be asked (0: no ceiling)."""
    import django

    django.setup()
    from django.conf import settings

    from campaigns.models import Account
    from imports.models import Heartbeat, ImportJob, JobState

    with sandbox_of(latency_ms) as sandbox:
        job = import_of(sandbox, rows, processes * settings.MOST_IN_FLIGHT, state=JobState.PAUSED)
        Account.objects.filter(pk=job.campaign.account_id).update(max_per_minute=per_minute)
        Heartbeat.objects.all().delete()
        with _celery(processes):
            wait_until(lambda: Heartbeat.objects.filter(kind="worker").count() == processes)
            ImportJob.objects.filter(pk=job.pk).update(state=JobState.PUSHING)
            within = 90 * rows / per_minute if per_minute else rows / 10
            wait_until(lambda: ImportJob.objects.filter(pk=job.pk, state=JobState.DONE).exists(), within=within)
        moments = sorted(event["mono"] for event in sandbox.ledger.events() if event["event"] == "lead")
    # The middle: at the beginning the second one is not there yet, at the end there is not enough for both.
    middle = moments[len(moments) // 3 : -len(moments) // 10]
    return {"seconds": moments[-1] - moments[0], "per_second": len(middle) / (middle[-1] - middle[0])}


def import_of(
    sandbox: "SandboxProcess",
    rows: int,
    in_flight: int,
    state: str = "pushing",
    account: "Account | None" = None,
    first: int = 0,
    learnt: dict[str, Any] | None = None,
) -> "ImportJob":
    """An import of so many rows into an account of its own, whose speed has been learnt already, or what `learnt` says."""
    from campaigns import accounts
    from campaigns.models import Account, AccountBudget, Campaign
    from imports import counters
    from imports.models import ImportJob, ImportRow

    if account is None:
        account = Account(name="Bench", base_url=sandbox.base_url, from_environment=True, max_in_flight=in_flight)
        accounts.set_key(account, sandbox.api_key)
        account.save()
        AccountBudget.objects.create(account=account, learnt={"pace": {"in_flight": in_flight}} if learnt is None else learnt)
    campaign, _made = Campaign.objects.get_or_create(account=account, remote_id="1050", defaults={"name": "Bench"})
    job = ImportJob.objects.create(campaign=campaign, state=state, file_name="bench.csv", total_rows=rows)
    lead = {"variables": {"name": "Ayşe Çağrı", "company": "Deneme A.Ş.", "product": "paket"}, "secondary_contacts": []}
    ImportRow.objects.bulk_create(
        (
            ImportRow(job=job, row_number=n + 2, state="pending", phone=_phone(n), cells=[_phone(n)], lead=lead)
            for n in range(first, first + rows)
        ),
        batch_size=500,
    )
    counters.add(job.pk, {("state", "pending"): rows})
    return job


@contextmanager
def sandbox_of(latency_ms: float) -> Iterator["SandboxProcess"]:
    from campaigns.whattalk.sandbox.process import SandboxProcess

    with SandboxProcess(latency=latency_ms) as sandbox:
        yield sandbox


@contextmanager
def broker_of(var: Path) -> Iterator[str]:
    """The address of a private broker."""
    from config.launcher.broker import broker_command, broker_socket, is_broker_ready, private_broker_url

    path = broker_socket(var)
    broker = subprocess.Popen(broker_command(path, var / "valkey"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_until(lambda: is_broker_ready(path))
        yield private_broker_url(var)
    finally:
        broker.terminate()
        broker.wait()


@contextmanager
def _celery(processes: int) -> Iterator[None]:
    """So many workers with one process each."""
    started = [
        subprocess.Popen(
            worker_command(
                settings.BASE_DIR, f"bench-{number}-{os.getpid()}@localhost", ",".join(settings.QUEUES), 1, "--loglevel", "ERROR"
            ),
            env={**os.environ, "TICK_SECONDS": "2", "PYTHONWARNINGS": "ignore"},
            start_new_session=True,
        )
        for number in range(processes)
    ]
    try:
        yield
    finally:
        end(started)


def _phone(n: int) -> str:
    return f"+90555{n:07d}"


_direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # the sandbox is on this machine
