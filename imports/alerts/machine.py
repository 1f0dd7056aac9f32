"""Disk and memory of this machine, and child processes that somebody has halted."""

import shutil
import socket
from pathlib import Path

import psutil
from django.conf import settings

from imports.alerts.facts import Machine

CGROUP = Path("/sys/fs/cgroup")


def this_machine() -> Machine:
    memory_free, memory_total = memory()
    return Machine(socket.gethostname(), disk_free(), memory_free, memory_total)


def disk_free() -> int | None:
    """Bytes that may still be written beside the uploads."""
    try:
        return shutil.disk_usage(settings.VAR_DIR).free
    except OSError:
        return None


def memory() -> tuple[int | None, int | None]:
    """Bytes that are available, and all there are: of the container where it has a limit, else of the machine."""
    whole = psutil.virtual_memory()
    limit, used = _number(CGROUP / "memory.max"), _number(CGROUP / "memory.current")
    if limit is None or used is None or limit >= whole.total:
        return whole.available, whole.total
    # What the system keeps of files it gives back when somebody wants memory.
    return min(whole.available, limit - used + _cached()), limit


def _number(path: Path) -> int | None:
    try:
        return int(path.read_text())
    except (OSError, ValueError):
        return None


def _cached() -> int:
    try:
        lines = (CGROUP / "memory.stat").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) for line in lines if line.startswith("inactive_file "))


def stopped_children() -> int:
    """Processes below this one that do not run because they were halted (SIGSTOP), as a frozen one would."""
    try:
        return sum(child.status() == psutil.STATUS_STOPPED for child in psutil.Process().children(recursive=True))
    except psutil.Error:
        return 0
