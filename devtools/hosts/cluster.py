"""The servers that hosts have in common, and the workers of each host."""

import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.core.files.storage import storages

from campaigns.whattalk.sandbox.process import SandboxProcess
from config.launcher.broker import broker_command
from config.launcher.commands import scheduler_command, worker_command
from config.launcher.programs import answer_status
from config.launcher.workers import Worker
from devtools import postgres
from devtools.chaos.processes import Postgres, Process
from devtools.hosts.network import GATEWAY, Network
from devtools.processes import wait_until

HOSTS = ("a", "b")
WORKERS = (Worker("reader", "parse", 1), Worker("sender", "send,mail,maintenance", 2))
STOPS_WITHIN = 60.0  # seconds


class Servers:
    """Database, broker, bucket and service, all at GATEWAY."""

    def __init__(self, folder: Path, logs: Path) -> None:
        self.sandbox = SandboxProcess(folder / "sandbox", host=GATEWAY, latency=40, jitter=60)
        self._processes = [_database(folder / "postgres", logs), _broker(folder / "broker", logs), _files(logs)]

    def start(self) -> None:
        for server in self._processes:
            server.start()
        for server in self._processes:
            wait_until(server.is_ready, what=server.name)
        storages["files"].bucket.create()  # type: ignore[attr-defined]  # an S3 storage
        self.sandbox.start()

    def stop(self) -> None:
        for server in self._processes:
            server.kill()
        self.sandbox.stop()


class Hosts:
    """Each has its own folder. `base`: the folder of manage.py, of each host: another version may run there."""

    def __init__(self, folder: Path, logs: Path, network: Network, base: dict[str, Path]) -> None:
        self._folder, self._logs, self._network, self.base = folder, logs, network, base
        self._running: dict[str, list[Process]] = {}
        self._begun = 0

    def start(self, host: str) -> None:
        self._begun += 1
        self._running[host] = list(self._programs(host))
        for program in self._running[host]:
            program.start()

    def replace(self, host: str) -> None:
        """Its workers end what they are at, as before an upgrade, and new ones begin, of this version."""
        for program in self._running[host]:
            program.ask_to_stop()
        wait_until(
            lambda: not any(one.is_running for one in self._running[host]), STOPS_WITHIN, f"the workers of host {host} end"
        )
        self.base[host] = settings.BASE_DIR
        self.start(host)

    def stop(self) -> None:
        for programs in self._running.values():
            for program in programs:
                program.kill()

    def _programs(self, host: str) -> Iterator[Process]:
        base = self.base[host]
        for worker in WORKERS:
            name = f"{worker.name}-{self._begun}@host-{host}"
            yield self._program(host, worker.name, worker_command(base, name, worker.queues, worker.processes))
        if host == HOSTS[0]:
            yield self._program(host, "scheduler", scheduler_command(self._folder_of(host), base))

    def _program(self, host: str, name: str, command: Sequence[str]) -> Process:
        log = self._logs / f"{host}-{name}.log"
        environment = {"ROWCALL_VAR": str(self._folder_of(host))}
        return Process(name, self._network.on(host, [*command, "--loglevel", "INFO"]), log, environment, cwd=self.base[host])

    def _folder_of(self, host: str) -> Path:
        folder = self._folder / f"host-{host}"
        folder.mkdir(mode=0o700, exist_ok=True)
        return folder


def _database(folder: Path, logs: Path) -> Process:
    port = urlsplit(os.environ["DATABASE_URL"]).port
    assert port
    database = Postgres.at(folder, logs / "database.log", f"listen_addresses={GATEWAY}", port=port)
    postgres.let_in(folder, f"{GATEWAY}/24")
    return database


def _broker(folder: Path, logs: Path) -> Process:
    address = urlsplit(os.environ["BROKER_URL"])
    assert address.password
    socket = folder / "socket"
    words = ("--port", str(address.port), "--bind", GATEWAY, "--requirepass", address.password)
    return Process("the broker", [*broker_command(socket, folder), *words], logs / "broker.log", is_ready=socket.exists)


def _files(logs: Path) -> Process:
    port = urlsplit(os.environ["FILES_URL"]).port
    command = [sys.executable, "-m", "moto.server", "-H", GATEWAY, "-p", str(port)]
    address = f"http://{GATEWAY}:{port}/moto-api/"
    return Process("the bucket", command, logs / "files.log", is_ready=lambda: answer_status(address) > 0)
