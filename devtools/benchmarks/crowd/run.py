"""The measurement: an instance of its own, sending alone, then with people clicking beside it."""

import asyncio
import os
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import psutil
from django.conf import settings

from background.queue import enqueue
from config.launcher.commands import web_command
from config.launcher.ports import free_port
from config.launcher.programs import answer_status
from devtools.benchmarks.crowd.layout import lay_out
from devtools.benchmarks.crowd.people import ALIVE, WAKE, Crowd
from devtools.benchmarks.crowd.write_transactions import told
from devtools.benchmarks.fairness import worker_programs
from devtools.benchmarks.push import broker_of, sandbox_of
from devtools.processes import end, wait_until
from imports import counters
from imports.models import ImportJob, JobState

Result = dict[str, Any]
SETTINGS = "devtools.benchmarks.crowd.settings"
LATENCY_MS = 100
STEADY = 300  # leads that are sent before anything is measured
ASKED = {"sqlite": (300.0, 1000.0), "postgresql": (150.0, 1000.0)}  # milliseconds: p95 and longest of every page
ASKED_POLL, POLL = 10.0, "progress poll"  # milliseconds of the thread's processor time
LONGEST_TOLD = 8  # places in our code
NOT_PAGES = (ALIVE, WAKE)


def crowd(people: int, rows: int, seconds: float, alone: float, say: Callable[[str], None]) -> Result:
    """`pages`: name → figures in milliseconds; `alone`, `beside`: leads a second; `processes`: name → peak MB and processors used
    while the people clicked."""
    with ExitStack() as stack:
        sandbox = stack.enter_context(sandbox_of(LATENCY_MS))
        os.environ["BROKER_URL"] = settings.CELERY_BROKER_URL = stack.enter_context(broker_of(settings.VAR_DIR))
        say(f"preparing {rows:,} rows and leads")
        sent, everybody = lay_out(sandbox, people, rows)
        port, web = stack.enter_context(_web())
        programs = {"web": web, **dict(stack.enter_context(worker_programs(SETTINGS)))}
        if sandbox.process:
            programs["sandbox"] = sandbox.process
        pace = _begin(sent, alone)
        say(f"{people} people for {seconds:.0f} s")
        visitors, use = Crowd(f"http://127.0.0.1:{port}", everybody), _Use(programs)
        began, before = time.monotonic(), _created(sent)
        asyncio.run(visitors.click(seconds))
        beside = (_created(sent) - before) / (time.monotonic() - began)
        return {
            "pages": {name: page.summary() for name, page in sorted(visitors.pages.items())},
            "errors": {name: dict(page.errors) for name, page in visitors.pages.items() if page.errors},
            "alone": pace,
            "beside": beside,
            "processes": use.since(),
            "write_transactions": told(Path(settings.VAR_DIR)),
        }


@contextmanager
def _web() -> "Iterator[tuple[int, subprocess.Popen[bytes]]]":
    """The web server as `up` starts it, which says of every response what it cost."""
    port = free_port()
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": SETTINGS, "SITE_URL": f"http://127.0.0.1:{port}"}
    command = web_command(port, "--working-dir", str(settings.BASE_DIR), "--log-level", "warning")
    with open(Path(settings.VAR_DIR) / "web.log", "wb") as log:
        web = subprocess.Popen(command, env=environment, cwd=settings.BASE_DIR, stdout=log, stderr=log, start_new_session=True)
    try:
        wait_until(lambda: answer_status(f"http://127.0.0.1:{port}/livez") == 200)
        yield port, web
    finally:
        end([web])


def _begin(sent: ImportJob, seconds: float) -> float:
    """Leads a second with nothing beside it, once it goes steadily."""
    ImportJob.objects.filter(pk=sent.pk).update(state=JobState.PUSHING)
    enqueue("imports.tasks.send_import", sent.pk)
    wait_until(lambda: _created(sent) > STEADY, what="leads are sent")
    began, before = time.monotonic(), _created(sent)
    time.sleep(seconds)
    return (_created(sent) - before) / (time.monotonic() - began)


def _created(sent: ImportJob) -> int:
    return counters.states(sent.pk)["created"]


class _Use:
    """Memory and processor time of programs and the processes that they have started, and what is used by everybody else."""

    def __init__(self, programs: "Mapping[str, subprocess.Popen[bytes]]") -> None:
        self._programs = {name: psutil.Process(program.pid) for name, program in programs.items()}
        self._programs["the people"] = psutil.Process()
        self._began, self._busy = time.monotonic(), _busy_seconds()
        self._before = {name: self._cpu(name) for name in self._programs}

    def since(self) -> dict[str, dict[str, float]]:
        """`others`: whatever else runs on this machine, a PostgreSQL server included."""
        seconds, busy = time.monotonic() - self._began, _busy_seconds() - self._busy
        spent = {name: self._cpu(name) - self._before[name] for name in self._programs}
        use = {name: {"processors": spent[name] / seconds} | self._peak(name) for name in self._programs}
        return use | {"others": {"processors": max(0.0, busy - sum(spent.values())) / seconds}}

    def _peak(self, name: str) -> dict[str, float]:
        """Of the largest process; not of this one, which has made the files and rows as well."""
        family = self._family(name)
        return {"peak_mb": max(map(_peak_mb, family))} if len(family) > 1 or family[0].pid != os.getpid() else {}

    def _family(self, name: str) -> list[psutil.Process]:
        """All but the process that measures have their children counted: its own are the programs."""
        process = self._programs[name]
        return [process] if process.pid == os.getpid() else [process, *process.children(recursive=True)]

    def _cpu(self, name: str) -> float:
        """Seconds, those of children that have ended included."""
        times = [process.cpu_times() for process in self._family(name)]
        if len(times) == 1:
            return float(times[0].user + times[0].system)
        return float(sum(one.user + one.system + one.children_user + one.children_system for one in times))


def _busy_seconds() -> float:
    """Of all processors together, since the machine was started."""
    times = psutil.cpu_times()
    return float(times.user + times.nice + times.system + times.irq + times.softirq)


def _peak_mb(process: psutil.Process) -> float:
    """Of this process so far."""
    lines = Path(f"/proc/{process.pid}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM:")).split()[1]) / 1024


def summary(found: Result, vendor: str) -> list[str]:
    p95, longest = ASKED[vendor]
    heads = ("n", "p50", "p95", "max", "wait", "cpu", "db", "locks", "locks_max", "commit", "queries", "errors")
    lines = [f"{'milliseconds':<28}" + "".join(f"{head:>10}" for head in heads)]
    for name, page in found["pages"].items():
        is_slow = name not in NOT_PAGES and (page["p95"] > p95 or page["max"] > longest)
        lines.append(
            f"{name:<28}"
            + "".join(f"{page[head]:>10.0f}" if head in ("n", "errors") else f"{page[head]:>10.1f}" for head in heads)
            + "  TOO SLOW" * is_slow
        )
    poll = found["pages"].get(POLL)
    if poll:
        lines.append(
            f"progress poll: {poll['cpu']:.1f} ms of processor time, p95 {poll['cpu_p95']:.1f} (asked: {ASKED_POLL:.0f})"
        )
    lines.append(f"sending: {found['alone']:.0f} leads a second alone, {found['beside']:.0f} beside the people")
    lines += [f"{name}: {_use_in_words(use)}" for name, use in found["processes"].items()]
    lines += [
        f"write transactions: {len(took)} of {where}, longest {max(took):.0f} ms, {sum(took):.0f} together"
        for where, took in list(found["write_transactions"].items())[:LONGEST_TOLD]
    ]
    return [*lines, *(f"errors of {name}: {errors}" for name, errors in found["errors"].items())]


def _use_in_words(use: Mapping[str, float]) -> str:
    memory = f"peak {use['peak_mb']:.0f} MB, " if "peak_mb" in use else ""
    return f"{memory}{use['processors']:.2f} processors"
