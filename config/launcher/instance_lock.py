"""One instance a folder: who runs here is written down, and a second one is refused with a sentence."""

import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

FAREWELL_SECONDS = 90.0  # how long an earlier instance that was killed may take to clear up


class AlreadyRunning(Exception):
    """Another instance works in this folder; the text names it and says how to stop it."""


@contextmanager
def only_instance(path: Path, url: str, tell=print) -> Iterator[int]:
    """Holds the lock file `path` while the block runs and gives its descriptor.

    Whoever inherits the descriptor holds the lock too: so the guardian keeps it until the last child of a killed instance
    is gone, and a new one waits for that, telling the person so.
    """
    lock = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _take(lock, path, tell)
        os.ftruncate(lock, 0)
        os.pwrite(lock, json.dumps({"pid": os.getpid(), "url": url}).encode(), 0)
        yield lock
        os.ftruncate(lock, 0)
    finally:
        os.close(lock)


def address_of(path: Path) -> str:
    """Where the instance that holds the lock file `path` is reached; '' where none runs."""
    return _holder(path).get("url", "")


def _take(lock: int, path: Path, tell) -> None:
    told, deadline = False, time.monotonic() + FAREWELL_SECONDS
    while not _is_taken_by_us(lock):
        holder = _holder(path)
        if _is_alive(holder.get("pid")) or time.monotonic() > deadline:
            raise AlreadyRunning(_sentence(holder))
        if not told:
            told = True
            tell("The instance that ran here before is still stopping; waiting for it …")
        time.sleep(0.2)


def _is_taken_by_us(lock: int) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _holder(path: Path) -> dict:
    try:
        return json.loads(path.read_text())
    except (OSError, ValueError):
        return {}


def _is_alive(pid: int | None) -> bool:
    try:
        return pid is not None and os.kill(pid, 0) is None
    except ProcessLookupError:
        return False
    except PermissionError:
        return True


def _sentence(holder: dict) -> str:
    where = f" at {holder['url']}" if holder.get("url") else ""
    return (
        f"Rowcall already runs in this folder{where}. Stop it with Ctrl-C in its terminal"
        + (f", or with: kill {holder['pid']}" if holder.get("pid") else "")
        + "."
    )
