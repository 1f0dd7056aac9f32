"""The command lines of Rowcall's own processes, wherever they are started: the web server, the workers, the scheduler."""

import sys
from pathlib import Path


def web_command(port: int, *words: str) -> list[str]:
    """A web server on this machine, or on the `--host` of `words`. A request's headers must have come within ten seconds; the limits
    of its body are the application's."""
    return [
        *(sys.executable, "-m", "granian", "config.asgi:application"),
        *("--interface", "asgi", "--http", "1", "--no-ws"),
        *("--backpressure", "8192", "--http1-header-read-timeout", "10000"),
        *("--port", str(port)),
        *words,
    ]


def celery_command(base: Path, *words: str) -> list[str]:
    """`base`: the folder of manage.py."""
    return [sys.executable, "-m", "celery", "--quiet", "--no-color", "-A", "config.celery", "--workdir", str(base), *words]


def worker_command(base: Path, name: str, queues: str, processes: int, *words: str) -> list[str]:
    """A worker that consumes `queues` (with commas between), `processes` tasks at once; `name`: `who@host`, by which it answers a
    ping. No other worker may have the same name."""
    return celery_command(
        base,
        *("worker", "--queues", queues, "--hostname", name),
        *("--concurrency", str(processes), "--pool", "prefork", "-O", "fair"),
        *("--without-gossip", "--without-mingle"),
        *words,
    )


def scheduler_command(folder: Path, base: Path, *words: str) -> list[str]:
    """Celery beat; `folder`: where it keeps its schedule. Without a pid file: after a kill a stale one could name another process
    and keep the scheduler from starting."""
    return celery_command(base, "beat", "--schedule", str(folder / "schedule"), "--pidfile", "", *words)
