"""Reading processes that are forked from one in which the readers are loaded, so that each starts in hundredths of a second.

Everything else is as `imports.pipeline.process.parent` starts them: a process each, its own limits, the same code, nothing of the
environment. What the start itself does is shown by `tests/pipeline/process` and by whatever runs Rowcall in other processes.

    python -m tests.forked_readers SOCKET    (a file descriptor)
"""

import gc
import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from typing import IO

from imports.pipeline.process import parent

# Loaded by readers when they first need them.
LOADED = ("imports.pipeline.process.child", "imports.pipeline.process.protocol", "imports.pipeline.rows", "xlrd", "lxml.etree")

DIGITS = 10  # of a process's number and of its status, which are sent one after the other
as_in_the_product = parent._started


class ForkedReader:
    """The part of `subprocess.Popen` that the parent of a reader uses."""

    def __init__(self, stdin: IO[bytes], stdout: IO[bytes], ended: int) -> None:
        self.stdin, self.stdout, self._ended = stdin, stdout, ended
        self.pid = int(os.read(ended, DIGITS))
        self.returncode: int | None = None

    def wait(self, timeout: float | None = None) -> int:
        if self.returncode is None:
            if not select.select([self._ended], [], [], timeout)[0]:
                raise subprocess.TimeoutExpired("reader", timeout or 0)
            self.returncode = os.waitstatus_to_exitcode(int(os.read(self._ended, DIGITS)))
            os.close(self._ended)
        return self.returncode

    def kill(self) -> None:
        if self.returncode is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)


@contextmanager
def forked_readers() -> Iterator[None]:
    """Every reader that this process starts while the block runs."""
    ours, theirs = socket.socketpair()
    begun: list[subprocess.Popen[bytes]] = []  # with the first reader: most processes of the tests read nothing

    def started() -> ForkedReader:
        if not begun:
            begun.append(_forking(theirs))
        return _forked(ours)

    parent._started = started
    try:
        yield
    finally:
        parent._started = as_in_the_product
        ours.close()
        theirs.close()
        for process in begun:
            process.wait()


def _forking(line: socket.socket) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-X", "utf8", "-B", "-s", "-m", "tests.forked_readers", str(line.fileno())]
    environment = {name: os.environ[name] for name in parent.PYTHON_NEEDS if name in os.environ}
    return subprocess.Popen(command, cwd=parent.PROJECT, env=environment, pass_fds=[line.fileno()], start_new_session=True)


def _forked(line: socket.socket) -> ForkedReader:
    (request, to_child), (answers, from_child), (ended, end) = os.pipe(), os.pipe(), os.pipe()
    socket.send_fds(line, [b"!"], [request, from_child, end])
    for theirs in (request, from_child, end):
        os.close(theirs)
    return ForkedReader(os.fdopen(to_child, "wb"), os.fdopen(answers, "rb"), ended)


def main(line: socket.socket) -> None:
    """Forks a reader for each message, until the other side is closed."""
    for name in LOADED:
        import_module(name)
    gc.freeze()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # who waits for a reader ends by itself
    while (message := socket.recv_fds(line, 1, 3))[0]:
        descriptors = message[1]
        if os.fork() == 0:
            line.close()
            _wait_for_reader(*descriptors)
        for descriptor in descriptors:
            os.close(descriptor)


def _wait_for_reader(request: int, answers: int, ended: int) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    reader = os.fork()
    if reader == 0:
        _read(request, answers, ended)
    os.close(request)
    os.close(answers)
    os.write(ended, f"{reader:0{DIGITS}}".encode())
    _, status = os.waitpid(reader, 0)
    with suppress(BrokenPipeError):
        os.write(ended, f"{status:0{DIGITS}}".encode())
    os._exit(0)


def _read(request: int, answers: int, ended: int) -> None:
    os.setsid()
    os.dup2(request, 0)
    os.dup2(answers, 1)
    for descriptor in (request, answers, ended):
        os.close(descriptor)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    import_module("imports.pipeline.process.child").main()
    os._exit(0)


if __name__ == "__main__":
    main(socket.socket(fileno=int(sys.argv[1])))
