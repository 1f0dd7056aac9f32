"""A private PostgreSQL for a measurement or a test run: on a unix socket in a folder, without a password."""

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

PORT = 5432  # that its socket is named after


def server_programs() -> Path | None:
    """The folder of PostgreSQL's server programs, of the newest version installed (Debian keeps them off the PATH)."""
    on_path = shutil.which("initdb")
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: float(folder.parent.name))
    candidates = [*reversed(debian), *([Path(on_path).resolve().parent] if on_path else [])]
    return next((folder for folder in candidates if (folder / "postgres").exists()), None)


def other_user() -> dict[str, Any]:
    """What subprocess is told so that a server is not run by root, which PostgreSQL refuses: `postgres`, which Debian's package
    has made."""
    return {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}


def give_away(folder: Path) -> None:
    """Make `folder` that user's own."""
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")


def make_cluster(programs: Path, folder: Path) -> None:
    """An empty database `postgres` of the user `rowcall`, in `folder / "data"`."""
    subprocess.run(
        [
            *(str(programs / "initdb"), "--pgdata", str(folder / "data")),
            *("--username", "rowcall", "--auth", "trust"),
            *("--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync"),
        ],
        check=True,
        stdout=subprocess.DEVNULL,
        cwd=folder,
        **other_user(),
    )


def server_command(programs: Path, folder: Path, *options: str) -> list[str]:
    """The server of that cluster, its socket in `folder`; `options`: `name=value` of its configuration."""
    chosen = ("listen_addresses=", "log_min_messages=fatal", *options)
    words = [word for option in chosen for word in ("-c", option)]
    return [str(programs / "postgres"), "-D", str(folder / "data"), "-k", str(folder), *words]


def takes_connections(programs: Path, folder: Path, port: int = PORT) -> bool:
    command = [str(programs / "pg_isready"), "--quiet", "--host", str(folder), "--port", str(port)]
    return subprocess.run(command).returncode == 0


def let_in(folder: Path, network: str) -> None:
    """Whoever asks from `network` (`10.0.0.0/24`) needs no password either."""
    with (folder / "data" / "pg_hba.conf").open("a") as rules:
        rules.write(f"host all all {network} trust\n")
