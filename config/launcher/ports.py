"""TCP ports on this machine: whether one is free, and which one is.

Standard library only, because `run` asks before any package is installed:

    python -I config/launcher/ports.py HOST PORT      exit 0 when free; else 1 and a sentence on stderr
"""

import errno
import random
import socket
import sys

HIGHEST_PORT = 65535
# Systems give out higher ports by themselves, to whoever connects somewhere: one of those may be taken before it is used,
# and while its program is being restarted.
NOT_GIVEN_OUT = range(20_000, 32_000)
TRIES = 50


def problem_with(host: str, port: int) -> str:
    """Why nothing can listen on host:port, as a sentence with a remedy; '' when it is free."""
    if not 1 <= port <= HIGHEST_PORT:
        return f"{port} is not a port number; choose one from 1024 to {HIGHEST_PORT}, for example: ./run --port 8001"
    try:
        _listen(host, port).close()
    except PermissionError:
        return f"Port {port} may only be used by the administrator. Choose one above 1023: ./run --port 8000"
    except OSError as error:
        return _problem_of(error, host, port)
    return ""


def _problem_of(error: OSError, host: str, port: int) -> str:
    if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
        return f"{host} is not an address of this machine. Leave --host out to serve this machine only."
    return (
        f"Port {port} is already taken by another program. "
        f"Stop that program, or start on another port: ./run --port {_another(host, port)}"
    )


def free_port(host: str = "127.0.0.1", preferred: int = 0) -> int:
    """`preferred` when nothing listens there, else any free port that the system gives to nobody by itself; OSError where none is
    free."""
    for port in [*([preferred] if preferred else []), *random.sample(NOT_GIVEN_OUT, TRIES), 0]:
        try:
            with _listen(host, port) as listener:
                return int(listener.getsockname()[1])
        except OSError:
            continue
    raise OSError(errno.EADDRINUSE, f"no port of {host} is free")


def _another(host: str, port: int) -> int:
    """The next free port after `port`, to be suggested."""
    return next(
        (other for other in range(port + 1, min(port + 20, HIGHEST_PORT)) if free_port(host, other) == other), free_port(host)
    )


def _listen(host: str, port: int) -> socket.socket:
    """A listening socket, as a server would make it: a port in TIME_WAIT counts as free."""
    family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
    return socket.create_server((host, port), family=family, backlog=1)


if __name__ == "__main__":
    sentence = problem_with(sys.argv[1], int(sys.argv[2]))
    sys.exit(sentence or 0)
