"""PostgreSQL and Redis for one run of the tests: private, on free addresses, gone afterwards."""

import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from config.launcher.ports import free_port
from tests.processes import running

HOW_TO_INSTALL = "sudo apt-get install postgresql redis-server"


def postgres_programs() -> Path | None:
    """The folder of PostgreSQL's server programs, of the newest version installed (Debian keeps them off the PATH)."""
    on_path = shutil.which("initdb")
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: float(folder.parent.name))
    candidates = [*reversed(debian), *([Path(on_path).resolve().parent] if on_path else [])]
    return next((folder for folder in candidates if (folder / "postgres").exists()), None)


def are_installed() -> bool:
    return bool(postgres_programs() and shutil.which("redis-server"))


@contextmanager
def postgres_and_redis() -> Iterator[dict[str, str]]:
    """Both servers while the block runs; gives the environment that names them."""
    with ExitStack() as servers:
        yield {"DATABASE_URL": servers.enter_context(postgres()), "BROKER_URL": servers.enter_context(redis())}


@contextmanager
def postgres() -> Iterator[str]:
    """A new PostgreSQL cluster on a unix socket; gives the address of its database."""
    programs = postgres_programs()
    assert programs is not None, HOW_TO_INSTALL
    with _folder() as folder:
        _make_cluster(programs, folder)
        # Not synced to the disk: nobody cuts its power, and a killed server finds all it has written. Emptying tables takes half the time.
        command = [
            programs / "postgres",
            "-D",
            folder / "data",
            "-k",
            folder,
            "-c",
            "listen_addresses=",
            "-c",
            "fsync=off",
            "-c",
            "synchronous_commit=on",
            "-c",
            "log_min_messages=fatal",
            "-c",
            "max_connections=200",
        ]
        ready = [str(programs / "pg_isready"), "--quiet", "--host", str(folder)]
        with running(
            [str(word) for word in command],
            lambda: subprocess.run(ready).returncode == 0,
            cwd=folder,
            farewell=signal.SIGINT,
            stderr=subprocess.DEVNULL,
            **_somebody_else(),
        ):
            yield f"postgresql://rowcall@{quote(str(folder), safe='')}/postgres"


def _make_cluster(programs: Path, folder: Path) -> None:
    subprocess.run(
        [
            programs / "initdb",
            "--pgdata",
            folder / "data",
            "--username",
            "rowcall",
            "--auth",
            "trust",
            "--encoding",
            "UTF8",
            "--locale",
            "C.UTF-8",
            "--no-sync",
        ],
        check=True,
        stdout=subprocess.DEVNULL,
        cwd=folder,
        **_somebody_else(),
    )


@contextmanager
def redis() -> Iterator[str]:
    """A Redis that keeps its messages and wants a password; gives its address."""
    port, password = free_port(), secrets.token_hex(16)
    with _folder() as folder:
        command = [
            "redis-server",
            "--port",
            str(port),
            "--bind",
            "127.0.0.1",
            "--requirepass",
            password,
            "--save",
            "",
            "--appendonly",
            "yes",
            "--maxmemory-policy",
            "noeviction",
            "--dir",
            str(folder),
        ]
        with running(command, lambda: _listens(port), stdout=subprocess.DEVNULL, **_somebody_else()):
            yield f"redis://:{password}@127.0.0.1:{port}/0"


def _listens(port: int) -> bool:
    with socket.socket() as line:
        return line.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def _folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="rowcall-"))
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, **{name: value for name, value in _somebody_else().items() if name != "extra_groups"})
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _somebody_else() -> dict[str, Any]:
    """PostgreSQL refuses to run as root: root starts it as `postgres`, which the package has made."""
    return {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}
