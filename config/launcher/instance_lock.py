"""One instance a folder: the lock file names the one that runs, and a second one is refused with a sentence."""

import fcntl
import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypedDict

STOP_SECONDS = 120.0  # how long an earlier instance that was killed may take to clear up


class Holder(TypedDict, total=False):
    """What a lock file says of the instance that holds it."""

    pid: int
    url: str


class AlreadyRunning(Exception):
    """Another instance works in this folder; the text names it and says how to stop it."""


@contextmanager
def only_instance(path: Path, url: str, tell: Callable[[str], object] = print) -> Iterator[int]:
    """Holds the lock file `path` while the block runs and gives its descriptor; AlreadyRunning where another instance has it.

    Whoever inherits the descriptor holds the lock too: so the watchdog keeps it until the last child of a killed instance
    is gone, and a new one waits for that, and says so through `tell`.
    """
    lock = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _acquire(lock, path, tell)
        os.ftruncate(lock, 0)
        os.pwrite(lock, json.dumps({"pid": os.getpid(), "url": url}).encode(), 0)
        yield lock
        os.ftruncate(lock, 0)
    finally:
        os.close(lock)


def address_of(path: Path) -> str:
    """Where the instance that holds the lock file `path` is reached; '' where none runs."""
    return _holder(path).get("url", "")


def _acquire(lock: int, path: Path, tell: Callable[[str], object]) -> None:
    is_announced, deadline = False, time.monotonic() + STOP_SECONDS
    while not _is_acquired(lock):
        holder = _holder(path)
        if _is_alive(holder.get("pid")) or time.monotonic() > deadline:
            raise AlreadyRunning(_sentence(holder))
        if not is_announced:
            is_announced = True
            tell("The instance that ran here before is still stopping; waiting for it …")
        time.sleep(0.2)


def _is_acquired(lock: int) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _holder(path: Path) -> Holder:
    try:
        holder: Holder = json.loads(path.read_text())
    except (OSError, ValueError):
        return Holder()
    return holder


def _is_alive(pid: int | None) -> bool:
    if pid is None:
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass  # it lives, and is somebody else's
    return True


def _sentence(holder: Holder) -> str:
    where = f" at {holder['url']}" if holder.get("url") else ""
    return (
        f"Rowcall already runs in this folder{where}. Stop it with Ctrl-C in its terminal"
        + (f", or with: kill {holder['pid']}" if holder.get("pid") else "")
        + "."
    )
