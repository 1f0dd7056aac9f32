"""Each stage runs in a process of its own and says what it cost: processor seconds and memory, its children's included.

    python -m devtools.benchmarks.measuring MODULE:FUNCTION '{"arguments": …}'

prints the function's result, a dict of numbers, with `cpu`, `wall` (seconds) and `peak_mb` (of the largest process).
Processor time is what counts on a shared machine; a stage may time only its essential part with `timed`.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage
from typing import Any

Result = dict[str, Any]
_measured: Result = {}


def measure(function: str, environment: Mapping[str, str] | None = None, **arguments: Any) -> Result:
    """Run `module:function` of devtools.benchmarks in a fresh process; RuntimeError with its last words if it fails."""
    command = [sys.executable, "-m", "devtools.benchmarks.measuring", function, json.dumps(arguments)]
    done = subprocess.run(command, env={**os.environ, **(environment or {})}, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{function} failed: {done.stderr.strip()[-2000:]}")
    result: Result = json.loads(done.stdout.splitlines()[-1])
    return result


def best_of(times: int, work: Callable[[], Result]) -> Result:
    """The run with the least processor time: what disturbs a run only ever adds to it."""
    return min((work() for _ in range(times)), key=lambda result: result["cpu"])


@contextmanager
def timed(*servers: int) -> Iterator[None]:
    """Only the block counts, not the imports and preparations around it. `servers`: processes that work for us meanwhile."""
    cpu, wall = cpu_seconds(*servers), time.perf_counter()
    yield
    _measured.update(cpu=cpu_seconds(*servers) - cpu, wall=time.perf_counter() - wall)


def cpu_seconds(*others: int) -> float:
    """Of this process, of its children that have ended, and of other processes of this machine."""
    ours = sum(usage.ru_utime + usage.ru_stime for usage in map(getrusage, (RUSAGE_SELF, RUSAGE_CHILDREN)))
    return ours + sum(map(_cpu_of, others))


def _cpu_of(pid: int) -> float:
    # user and system time stand 14th and 15th, counted behind the name, which may hold blanks
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def peak_mb() -> float:
    return max(getrusage(who).ru_maxrss for who in (RUSAGE_SELF, RUSAGE_CHILDREN)) / 1024


def main() -> None:
    module, _, name = sys.argv[1].partition(":")
    stage = getattr(import_module(f"devtools.benchmarks.{module}"), name)
    result = stage(**json.loads(sys.argv[2]))
    # `python -m` runs this file as __main__; the stage has written to the module of its proper name.
    measured = sys.modules["devtools.benchmarks.measuring"]._measured
    print(json.dumps({"peak_mb": round(peak_mb(), 1), **measured, **(result or {})}))


if __name__ == "__main__":
    import_module("devtools.benchmarks.measuring")
    main()
