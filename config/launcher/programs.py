"""What `python manage.py up` runs on one machine, in the order of starting: broker, sandbox, web, workers, scheduler.

The broker is left out where BROKER_URL names another one, the sandbox where WHATTALK_BASE_URL does.
"""

import http.client
import os
import secrets
import socket
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from config.celery import app
from config.launcher.broker import broker_command, broker_socket, is_broker_ready
from config.launcher.commands import scheduler_command, web_command, worker_command
from config.launcher.ports import free_port
from config.launcher.supervisor import Program
from config.launcher.workers import Worker, this_machine, workers_for
from config.secrets import stored_secret

DRAIN_SECONDS = 60.0  # a stopping worker may take so long to finish its tasks


@dataclass(frozen=True)
class Instance:
    """Where one instance runs: its code, its data, and the address of its web server."""

    base: Path
    var: Path
    host: str
    port: int

    @property
    def site_url(self) -> str:
        """SITE_URL from the environment, or the address on this machine."""
        return os.environ.get("SITE_URL", "").rstrip("/") or f"http://localhost:{self.port}"

    def manage(self, *words: str) -> list[str]:
        return [sys.executable, str(self.base / "manage.py"), *words]


def programs(instance: Instance) -> list[Program]:
    """Everything this environment calls for, ready to be supervised."""
    shared = {"SITE_URL": instance.site_url, "DJANGO_SETTINGS_MODULE": "config.settings"}
    chosen = []
    if not os.environ.get("BROKER_URL"):
        chosen.append(_broker(instance))
    if not os.environ.get("WHATTALK_BASE_URL"):
        sandbox = _sandbox(instance)
        shared |= sandbox.environment
        chosen.append(sandbox)
    workers = [_worker(instance, shared, worker) for worker in workers_for(this_machine())]
    return [*chosen, _web(instance, shared), *workers, _scheduler(instance, shared)]


def _broker(instance: Instance) -> Program:
    path = broker_socket(instance.var)
    return Program(
        "broker",
        broker_command(path, instance.var / "valkey"),
        lambda: is_broker_ready(path),
        noise="Memory overcommit must be enabled",
    )  # it never forks: its messages go to the append-only file


def _sandbox_port(file: Path) -> int:
    """The port it had, where that is free; `file` holds it until the next start."""
    port = free_port(preferred=_last_port(file))
    file.write_text(f"{port}\n")
    return port


def _sandbox(instance: Instance) -> Program:
    """The sandbox keeps its port, since accounts hold its address, and reads its key from the file written here."""
    data = instance.var / "sandbox"
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    port = _sandbox_port(data / "port")
    key = stored_secret(data / "api-key", lambda: secrets.token_urlsafe(32))
    base_url = f"http://127.0.0.1:{port}/api"
    return Program(
        "sandbox",
        instance.manage("sandbox", "--port", str(port), "--data", str(data)),
        lambda: answer_status(base_url + "/user/me", {"Authorization": f"Bearer {key}"}) == http.client.OK,
        environment={"WHATTALK_BASE_URL": base_url, "WHATTALK_API_KEY": key},
        noise="^API key:",
    )


def _last_port(path: Path) -> int:
    try:
        return int(path.read_text())
    except (OSError, ValueError):
        return 0


def _web(instance: Instance, environment: dict[str, str]) -> Program:
    nearby = "127.0.0.1" if instance.host in ("0.0.0.0", "::") else instance.host
    address = f"http://{nearby}:{instance.port}/healthz"
    return Program(
        "web",
        web_command(
            instance.port,
            *("--host", instance.host, "--working-dir", str(instance.base)),
            *("--respawn-failed-workers", "--workers-kill-timeout", "8"),
        ),
        lambda: 0 < answer_status(address) < http.client.INTERNAL_SERVER_ERROR,
        environment=environment,
        stop_within=15,
        is_needed_next=False,
    )


def _worker(instance: Instance, environment: dict[str, str], worker: Worker) -> Program:
    name = f"{worker.name}-{instance.port}@{socket.gethostname()}"
    command = worker_command(instance.base, name, worker.queues, worker.processes, "--loglevel", "INFO")
    # Celery's six lines on running as root: messages are JSON, which cannot carry code.
    quiet = {**environment, "PYTHONWARNINGS": "ignore:::celery.platforms"}
    return Program(
        worker.name,
        command,
        worker_answers(name),
        environment=quiet,
        stop_within=DRAIN_SECONDS + 5,
        is_needed_next=False,
        noise=r"^\s*$|imports\.tasks\.dispatch_due_work\[",
        group="workers",
    )


def _scheduler(instance: Instance, environment: dict[str, str]) -> Program:
    command = scheduler_command(instance.var, instance.base, "--loglevel", "INFO")
    return Program(
        "scheduler",
        command,
        _written_since(instance.var, "schedule*", time.time()),
        environment=environment,
        noise="Sending due task dispatch",
    )


def _written_since(folder: Path, pattern: str, moment: float) -> Callable[[], bool]:
    """Whether a file was written at `moment` or later (the scheduler writes its schedule file as soon as it works)."""
    return lambda: any(path.stat().st_mtime >= moment - 1 for path in folder.glob(pattern))


def worker_answers(name: str) -> Callable[[], bool]:
    """Whether the worker called `name` answers through the broker. A broker that is away, or refuses for want of memory, passes
    on no answer."""
    link = app.connection_for_read()
    errors = (OSError, *link.connection_errors, *link.channel_errors)

    def answers() -> bool:
        try:
            return bool(app.control.ping(destination=[name], timeout=0.3))
        except errors:
            return False

    return answers


def answer_status(url: str, headers: dict[str, str] | None = None) -> int:
    """The HTTP status a GET of `url` is answered with, 0 when nobody answers."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=2)
    try:
        connection.request("GET", parts.path, headers=headers or {})
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        connection.close()
