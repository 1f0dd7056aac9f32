"""Reads many files in one confined process: a path a line on stdin, `[what came of it, seconds]` a line on stdout.

What `imports.pipeline.process.parent` starts for each file anew, without the cost of starting it: the same limits, the same code.
"""

import os
import signal
import sys
import time

import orjson

from imports.pipeline.process.child import answered, confine
from imports.pipeline.process.parent import Limits

SECONDS = 10  # of the processor: how long it waits for one says nothing of a file
SETTINGS = {
    "mapping": {"phone_number": 1, "name": 0},
    "phone_format": {"kind": "national", "region": "TR"},
    "fields": [
        {"key": "phone_number", "kind": "phone", "variable": "", "position": 0, "required": True},
        {"key": "name", "kind": "variable", "variable": "name", "position": 0, "required": False},
    ],
}


class Hung(BaseException):
    """Not an Exception: nothing on the way may catch it."""


def main() -> None:
    limits = Limits()
    confine(limits.memory, limits.cpu, limits.files)
    signal.signal(signal.SIGPROF, _hang)
    for line in sys.stdin.buffer:
        started = time.perf_counter()
        outcome = _read(line.decode().rstrip("\n"))
        os.write(1, orjson.dumps([outcome, time.perf_counter() - started]) + b"\n")


def _hang(*_) -> None:
    raise Hung


def _read(path: str) -> str:
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    try:
        return max(
            _answer(path, "preview"), _answer(path, "check"), key=lambda said: (said.startswith("crashed"), said != "read")
        )
    except Hung:
        return "hung"
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def _answer(path: str, mode: str) -> str:
    """'read', 'refused: code' or 'crashed: where'."""
    request = {"path": path, "mode": mode, "options": {}, "settings": SETTINGS, "skip_chunks": 0}
    last = orjson.loads([*answered(request)][-1])
    if "unreadable" in last:
        return f"refused: {last['unreadable'][0]}"
    return f"crashed: {last['crashed']}" if "crashed" in last else "read"


if __name__ == "__main__":
    main()
