"""Faults of processes, of the broker, of the database and of the service as a whole; and what people press meanwhile."""

import os
import random
import signal
import sqlite3
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import connection

from config.launcher.broker import broker_socket
from devtools.chaos.checker import Stop
from devtools.chaos.processes import Instance, Process
from devtools.chaos.service_nemesis import ServiceNemesis
from devtools.chaos.workload import Imports
from devtools.processes import wait_until
from imports.errors import WorkflowError
from imports.models import ImportJob, JobState
from imports.workflow import steps as workflow


@dataclass
class Nemesis:
    """Injects faults into one instance. `later` holds what ends them: (when on the monotonic clock, what)."""

    instance: Instance
    imports: Imports
    chance: random.Random
    freeze_seconds: float
    later: list[tuple[float, Callable[[], None]]] = field(default_factory=list)
    stops: list[Stop] = field(default_factory=list)
    pressed: Counter[str] = field(default_factory=Counter)
    locks_database: bool = False  # whoever writes now would wait for this process itself
    _stopped_at: dict[int, float] = field(default_factory=dict)
    _left_alone: set[int] = field(default_factory=set)  # imports of which nobody presses a button at random

    def __post_init__(self) -> None:
        self.service = ServiceNemesis(self.instance.sandbox.control, self.imports, self.chance, self._in)

    def kinds(self) -> list[tuple[int, Callable[[], str]]]:
        """(how often compared with the others, what)."""
        kinds = [
            (12, self.kill_child),
            (5, self.kill_worker),
            (3, self.freeze_worker),
            (2, self.stop_worker),
            (2, self.kill_scheduler),
            (2, self.kill_web),
            (2, self.flush_broker),
            (1, self.freeze_broker),
            (1, self.kill_broker),
            (1, self.fill_broker),
            (1, self.withdraw_key),
            (1, self.take_service_down),
        ]
        if self.instance.database:
            return [*kinds, (2, self.kill_database), (2, self.cut_connections)]
        return [*kinds, (2, self.lock_database)]

    def end_due_faults(self) -> None:
        """End the faults whose time is over."""
        due = [what for when, what in self.later if when <= time.monotonic()]
        self.later = [(when, what) for when, what in self.later if when > time.monotonic()]
        for what in due:
            what()

    def end_all_faults(self) -> None:
        for _when, what in self.later:
            what()
        self.later.clear()
        self.service.end()
        self.instance.restore()
        wait_until(self.instance.broker.is_ready, what="the broker")
        self._broker().config_set("maxmemory", 0)

    def _in(self, seconds: float, what: Callable[[], None]) -> None:
        self.later.append((time.monotonic() + seconds, what))

    # -- processes -----------------------------------------------------------------------------------------------
    def _worker(self) -> Process:
        running = [worker for worker in self.instance.workers if worker.is_running and not worker.is_frozen]
        return self.chance.choice(running or self.instance.workers)

    def kill_child(self) -> str:
        children = [child for worker in self.instance.workers if worker.is_running for child in worker.children]
        if children:
            with suppress(ProcessLookupError):
                os.kill(self.chance.choice(children), signal.SIGKILL)
        return "kill -9 of a worker's child"

    def kill_worker(self) -> str:
        worker = self._worker()
        worker.kill()
        self._in(1.0, worker.ensure_running)
        return "kill -9 of a worker and its children"

    def freeze_worker(self) -> str:
        worker = self._worker()
        worker.freeze()
        self._in(self.freeze_seconds, worker.thaw)
        return "a worker frozen past its lease"

    def stop_worker(self) -> str:
        worker = self._worker()
        worker.ask_to_stop()
        self._in(5.0, worker.ensure_running)
        return "SIGTERM to a worker"

    def kill_scheduler(self) -> str:
        self.instance.scheduler.kill()
        self._in(15.0, self.instance.scheduler.ensure_running)
        return "kill -9 of the scheduler"

    def kill_web(self) -> str:
        self.instance.web.kill()
        self._in(1.0, self.instance.web.ensure_running)
        return "kill -9 of the web server"

    # -- the broker ------------------------------------------------------------------------------------------------
    def flush_broker(self) -> str:
        with suppress(Exception):  # it may be down or frozen just now
            self._broker().flushall()
        return "every message forgotten (FLUSHALL)"

    def fill_broker(self) -> str:
        with suppress(Exception):
            self._broker().config_set("maxmemory", 1)
        self._in(4.0, self._empty_broker)
        return "the broker out of memory"

    def _empty_broker(self) -> None:
        try:
            self._broker().config_set("maxmemory", 0)
        except Exception:  # it may be down or frozen just now
            self._in(1.0, self._empty_broker)

    def _broker(self) -> Any:
        """A client of the broker (redis has no types)."""
        from redis import Redis

        return Redis(unix_socket_path=str(broker_socket(settings.VAR_DIR)), socket_timeout=1)

    def freeze_broker(self) -> str:
        self.instance.broker.freeze()
        self._in(4.0, self.instance.broker.thaw)
        return "the broker frozen"

    def kill_broker(self) -> str:
        self.instance.broker.kill()
        self._in(3.0, self.instance.broker.ensure_running)
        return "kill -9 of the broker"

    # -- the database ------------------------------------------------------------------------------------------------
    def kill_database(self) -> str:
        database = self.instance.database
        if database:
            database.kill()
            self._in(0.5, database.ensure_running)
        return "kill -9 of the database"

    def cut_connections(self) -> str:
        with suppress(Exception), connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND usename = current_user"
            )
        return "every database connection cut"

    def lock_database(self) -> str:
        holder = sqlite3.connect(settings.DATABASES["default"]["NAME"], isolation_level=None, timeout=10)
        with suppress(sqlite3.OperationalError):
            holder.execute("BEGIN IMMEDIATE")
        self.locks_database = True
        self._in(3.0, lambda: self._unlock_database(holder))
        return "the database locked by somebody else"

    def _unlock_database(self, holder: sqlite3.Connection) -> None:
        holder.close()
        self.locks_database = False

    # -- the service -------------------------------------------------------------------------------------------------
    def withdraw_key(self) -> str:
        control, key = self.instance.sandbox.control, self.instance.sandbox.api_key
        control.settings(api_key="another|key")
        self._in(2.0, lambda: control.settings(api_key=key))
        return "the key withdrawn"

    def take_service_down(self) -> str:
        control = self.instance.sandbox.control
        control.settings(maintenance=True)
        self._in(2.0, lambda: control.settings(maintenance=False))
        return "the service down for maintenance"

    # -- people ------------------------------------------------------------------------------------------------------
    def press_a_button(self) -> None:
        known = [job.pk for job in self.imports.all if job.pk not in self._left_alone]
        jobs = list(ImportJob.objects.filter(pk__in=known).select_related("campaign").order_by("pk"))
        # One that waits for somebody is looked at first more often than not.
        job = self.chance.choice([job for job in jobs if job.state == JobState.PAUSED and self.chance.random() < 0.7] or jobs)
        if job.state == JobState.PUSHING and self.chance.random() < 0.15:
            self._press(job, self.pause)
        elif job.state != JobState.CANCELLED and self.chance.random() < 0.1:
            self._press(job, self.try_again)
        elif job.state == JobState.PAUSED and self._may_resume(job):
            self._press(job, self.resume)

    def _press(self, job: ImportJob, button: Callable[[ImportJob], None]) -> None:
        with suppress(WorkflowError):
            button(job)
            self.pressed[button.__name__.replace("_", " ")] += 1

    def _may_resume(self, job: ImportJob) -> bool:
        """A person who pressed pause looks for a while; one who finds it paused presses Resume."""
        return time.monotonic() - self._stopped_at.get(job.pk, 0) > self.chance.uniform(1, 9)

    def try_again(self, job: ImportJob) -> None:
        self._note_stop(job)
        workflow.retry_failed(job, None)

    def pause(self, job: ImportJob) -> None:
        workflow.pause(job, None)
        self._stopped_at[job.pk] = time.monotonic()

    def resume(self, job: ImportJob) -> None:
        self._note_stop(job)
        workflow.resume(job, None)

    def hold(self, job: ImportJob) -> None:
        """Paused until it is cancelled."""
        self._left_alone.add(job.pk)
        self._press(job, self.pause)

    def cancel(self, job: ImportJob) -> None:
        """Or it is done already."""
        self._press_and_stop(job, workflow.cancel)

    def undo(self, job: ImportJob) -> None:
        """While lists do not show its last leads yet."""
        self.service.let_lists_lag()
        with suppress(WorkflowError):
            workflow.pause(job, None)
        self._press_and_stop(job, workflow.undo)

    def _press_and_stop(self, job: ImportJob, button: Callable[[ImportJob, None], object]) -> None:
        with suppress(WorkflowError):
            button(job, None)
            self.pressed[button.__name__] += 1
            self.stops.append(Stop(job.pk, time.monotonic(), float("inf")))

    def _note_stop(self, job: ImportJob) -> None:
        since = self._stopped_at.pop(job.pk, None)
        if since is not None:
            self.stops.append(Stop(job.pk, since, time.monotonic()))
