"""PostgreSQL and Redis for one run of the tests: private, on free addresses, gone afterwards."""

import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import quote

from config.launcher.ports import free_port
from devtools.postgres import give_away, make_cluster, other_user, server_command, server_programs, takes_connections
from tests.processes import running

HOW_TO_INSTALL = "sudo apt-get install postgresql redis-server"


def are_installed() -> bool:
    return bool(server_programs() and shutil.which("redis-server"))


@contextmanager
def postgres_and_redis() -> Iterator[dict[str, str]]:
    """Both servers while the block runs; gives the environment that names them."""
    with ExitStack() as servers:
        yield {"DATABASE_URL": servers.enter_context(postgres()), "BROKER_URL": servers.enter_context(redis())}


@contextmanager
def postgres() -> Iterator[str]:
    """A new PostgreSQL cluster on a unix socket; gives the address of its database."""
    programs = server_programs()
    assert programs is not None, HOW_TO_INSTALL
    with _folder() as folder:
        make_cluster(programs, folder)
        # Not synced to the disk: nobody cuts its power, and a killed server finds all it has written. Emptying tables takes half the time.
        with running(
            server_command(programs, folder, "fsync=off", "synchronous_commit=on", "max_connections=200"),
            lambda: takes_connections(programs, folder),
            cwd=folder,
            farewell=signal.SIGINT,
            stderr=subprocess.DEVNULL,
            **other_user(),
        ):
            yield f"postgresql://rowcall@{quote(str(folder), safe='')}/postgres"


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
        with running(command, lambda: listens(port), stdout=subprocess.DEVNULL, **other_user()):
            yield f"redis://:{password}@127.0.0.1:{port}/0"


def listens(port: int) -> bool:
    with socket.socket() as line:
        return line.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def _folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="rowcall-"))
    try:
        give_away(folder)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
