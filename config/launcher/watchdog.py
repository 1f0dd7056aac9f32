"""Ends the children of a supervisor that was killed without warning.

Started by `config.launcher.supervisor` with a pipe as its standard input. Lines on it:

    started PID SECONDS     a child, leader of its own process group, and how long it may take to stop
    ended PID               that child is gone

When the pipe closes, the supervisor is gone. Children that are left get SIGTERM, the last started first, and SIGKILL when
their time is over. A supervisor that stops properly leaves nobody behind, and nothing happens here.

Standard library only and free of imports from the project: it outlives everything else and must stay small.
"""

import os
import signal
import sys
import time
from collections.abc import Callable, Iterable

# After a kill nobody waits for long: a new start is waiting for the lock. Unfinished work is picked up again.
LONGEST_STOP_SECONDS = 15.0


def children_left(lines: Iterable[str]) -> list[tuple[int, float]]:
    """(pid, seconds) of the children that never ended, in the order of their start; returns when `lines` ends."""
    left: dict[int, float] = {}
    for line in lines:
        word, pid, *seconds = line.split()
        if word == "started":
            left[int(pid)] = float(seconds[0])
        else:
            left.pop(int(pid), None)
    return list(left.items())


def end_group(pid: int, seconds: float) -> None:
    """SIGTERM to the child, then SIGKILL to all of its process group after `seconds` at most."""
    if not _signal(os.kill, pid, signal.SIGTERM):
        return
    deadline = time.monotonic() + min(seconds, LONGEST_STOP_SECONDS)
    while time.monotonic() < deadline and _signal(os.kill, pid, 0):
        time.sleep(0.05)
    _signal(os.killpg, pid, signal.SIGKILL)


def _signal(send: Callable[[int, int], None], pid: int, number: int) -> bool:
    """Whether a process took the signal."""
    try:
        send(pid, number)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def main() -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    for pid, seconds in reversed(children_left(sys.stdin)):
        end_group(pid, seconds)


if __name__ == "__main__":
    main()
