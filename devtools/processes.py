"""What benchmarks and chaos do with the processes that they start."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Sequence

READY_WITHIN = 180.0  # seconds
END_WITHIN = 20.0


def wait_until(holds: Callable[[], object], within: float = READY_WITHIN, what: str = "") -> None:
    """TimeoutError when it does not hold within so many seconds."""
    deadline = time.monotonic() + within
    while not holds():
        if time.monotonic() > deadline:
            raise TimeoutError(f"not within {within:.0f} s: {what}")
        time.sleep(0.05)


def end(processes: "Sequence[subprocess.Popen[bytes]]") -> None:
    """End processes that lead groups of their own, all at once; what has not ended after `END_WITHIN` is killed with its group. Work
    that is cut short has lost nothing."""
    for process in processes:
        process.terminate()
    for process in processes:
        try:
            process.wait(END_WITHIN)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
