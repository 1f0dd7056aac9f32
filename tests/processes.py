"""Real programs for tests: started, waited for, and gone afterwards whatever happens."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any

# Seconds after which a test gives up waiting for what must happen. It measures nothing: however busy the machine is,
# what comes late is no failure, and what comes in time costs no more than it takes.
PATIENCE = 400.0


def wait_until(condition: Callable[[], object], within: float = PATIENCE, what: str = "") -> object:
    """The first true answer of `condition`; AssertionError after `within` seconds."""
    deadline = time.monotonic() + within
    while not (answer := condition()):
        assert time.monotonic() < deadline, f"still not so after {within} s: {what or condition}"
        time.sleep(0.05)
    return answer


@contextmanager
def running(
    command: Sequence[str],
    is_ready: Callable[[], object] = lambda: True,
    *,
    env: Mapping[str, str] | None = None,
    within: float = PATIENCE,
    farewell: int = signal.SIGTERM,
    **more: Any,
) -> Iterator[subprocess.Popen[Any]]:
    """`command` while the block runs, in a process group of its own; asked to end with `farewell`, then ended by force."""
    process = subprocess.Popen(command, env=env, start_new_session=True, **more)
    try:
        wait_until(lambda: process.poll() is not None or is_ready(), within, f"{command[0]} ready")
        assert process.poll() is None, f"{command} ended with {process.returncode} while it was starting"
        yield process
    finally:
        process.send_signal(farewell)
        with suppress(subprocess.TimeoutExpired):
            process.wait(30)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
