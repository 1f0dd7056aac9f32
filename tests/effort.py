"""How much work something is, in measures that say the same on a busy machine as on an idle one."""

import sys
import time
from collections.abc import Callable


def calls(work: Callable[[], object]) -> int:
    """How many functions are called, in Python and in C, until `work()` returns: the same number every time."""
    counted = 0

    def count(_frame, event: str, _function) -> None:
        nonlocal counted
        counted += event in ("call", "c_call")

    earlier = sys.getprofile()
    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(earlier)
    return counted


def cpu_seconds(work: Callable[[], object], times: int = 3) -> float:
    """The processor time of `work()`, the best of a few runs. Good for telling hours from milliseconds, not for more."""
    return min(_cpu_seconds(work) for _ in range(times))


def _cpu_seconds(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started
