"""The processes of a chaos run, each a child of this one: started, killed, frozen, and started again."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings

from campaigns.whattalk.sandbox.process import SandboxProcess
from config.launcher.broker import broker_command, broker_socket, is_broker_ready
from config.launcher.commands import scheduler_command, web_command, worker_command
from config.launcher.ports import free_port
from config.launcher.programs import answer_status
from config.launcher.workers import MAINTENANCE, Worker
from devtools import postgres
from devtools.processes import wait_until

# Two processes each for what is killed and frozen most: while one is away, the other goes on.
WORKERS = (
    Worker("reader", "parse", 2),
    Worker("sender", "send", 2),
    Worker("sender", "send", 2),
    Worker("mailer", "mail", 1),
    MAINTENANCE,
)


@dataclass
class Process:
    """One program in a process group of its own."""

    name: str
    command: Sequence[str]
    log: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    is_ready: Callable[[], bool] = lambda: True
    cwd: Path | None = None
    owner: str | None = None  # the user that it runs as, where that is another one
    process: subprocess.Popen[bytes] | None = None
    is_frozen: bool = False

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env={**os.environ, **self.environment},
                start_new_session=True,
                cwd=self.cwd,
                user=self.owner,
                group=self.owner,
                extra_groups=None if self.owner is None else [],
            )
        self.is_frozen = False

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    @property
    def children(self) -> list[int]:
        if self.process is None:
            return []
        pid = self.process.pid
        with suppress(OSError):
            return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
        return []

    def kill(self) -> None:
        """SIGKILL to the whole group."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def signal(self, number: int) -> None:
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, number)

    def freeze(self) -> None:
        self.signal(signal.SIGSTOP)
        self.is_frozen = True

    def thaw(self) -> None:
        self.signal(signal.SIGCONT)
        self.is_frozen = False

    def ask_to_stop(self) -> None:
        if self.process is not None and self.is_running:
            self.process.terminate()

    def ensure_running(self) -> None:
        if not self.is_running:
            self.start()


class Postgres(Process):
    """A private PostgreSQL; its own processes end by themselves when the first of them is killed."""

    @classmethod
    def at(cls, folder: Path, log: Path, *options: str, port: int = postgres.PORT) -> "Postgres":
        """`options`: `name=value` of its configuration."""
        programs = postgres.server_programs()
        if programs is None:
            raise FileNotFoundError("PostgreSQL's server programs are not installed (sudo apt-get install postgresql).")
        folder.mkdir()
        postgres.give_away(folder)
        postgres.make_cluster(programs, folder)
        return cls(
            "database",
            postgres.server_command(programs, folder, f"port={port}", *options),
            log,
            is_ready=lambda: postgres.takes_connections(programs, folder, port),
            cwd=folder,
            owner=postgres.other_user().get("user"),
        )

    def ensure_running(self) -> None:
        while not self.is_running or not self.is_ready():
            if not self.is_running:
                self.start()
            time.sleep(0.1)


class Instance:
    """Everything that runs. `workers` and `scheduler` are killed and restarted; the sandbox, whose ledger is the evidence, is
    not."""

    def __init__(self, folder: Path, on_postgres: bool) -> None:
        self.folder, self.logs = folder, folder / "logs"
        self.logs.mkdir()
        self.database = Postgres.at(folder / "postgres", self.logs / "database.log") if on_postgres else None
        self.sandbox = SandboxProcess(folder / "sandbox", latency=40, jitter=60)
        self.web_port = free_port()
        self.broker = self._broker()
        self.web = self._web()
        self.workers = [self._worker(number, worker) for number, worker in enumerate(WORKERS)]
        self.scheduler = self._celery("scheduler", scheduler_command(folder, settings.BASE_DIR))

    def start_servers(self) -> None:
        if self.database:
            self.database.start()
            wait_until(self.database.is_ready, what="the database")
        self.broker.start()
        wait_until(self.broker.is_ready, what="the broker")
        self.sandbox.start()

    def start_rowcall(self) -> None:
        for process in (self.web, *self.workers, self.scheduler):
            process.start()
        wait_until(self.web.is_ready, what="the web server")

    @property
    def processes(self) -> list[Process]:
        """In the order of stopping."""
        return [self.scheduler, *self.workers, self.web, self.broker, *([self.database] if self.database else [])]

    def restore(self) -> None:
        """Whatever was stopped, frozen or killed runs again."""
        for process in reversed(self.processes):
            if process.is_frozen:
                process.thaw()
            process.ensure_running()

    def stop(self) -> None:
        for process in self.processes:
            process.kill()
        self.sandbox.stop()

    def _broker(self) -> Process:
        path = broker_socket(settings.VAR_DIR)
        return Process(
            "broker",
            broker_command(path, settings.VAR_DIR / "valkey"),
            self.logs / "broker.log",
            is_ready=lambda: is_broker_ready(path),
        )

    def _web(self) -> Process:
        address = f"http://127.0.0.1:{self.web_port}/healthz"
        return Process(
            "web",
            web_command(self.web_port),
            self.logs / "web.log",
            {"SITE_URL": f"http://localhost:{self.web_port}"},
            lambda: 0 < answer_status(address) < 500,
        )

    def _worker(self, number: int, worker: Worker) -> Process:
        name = f"chaos-{worker.name}-{number}-{os.getpid()}@{socket.gethostname()}"
        command = worker_command(settings.BASE_DIR, name, worker.queues, worker.processes)
        return self._celery(f"{worker.name} {number}", command)

    def _celery(self, name: str, command: Sequence[str]) -> Process:
        return Process(name, [*command, "--loglevel", "WARNING"], self.logs / f"{name.replace(' ', '-')}.log")
