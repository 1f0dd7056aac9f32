"""What failed beside other tests is tried once more, alone, so that it is told whether it depends on what runs beside it.

It has failed all the same, because what shows only now and then is what matters most; a machine that is shared with others
may be allowed some such tests (`./test --second-tries N`), which are named as plainly. `suite` names this as a pytest plugin,
which leaves the ids of what failed in the file that ROWCALL_TESTS_FAILED names.
"""

import os
import subprocess
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, NamedTuple

NOTE = "ROWCALL_TESTS_FAILED"
MOST = 20  # more than so many are no accident
TESTS_FAILED = 1  # pytest's exit code where nothing else was wrong


class Pass(NamedTuple):
    """One run of pytest: its command, with what it gets only beside other tests, and its environment."""

    command: Sequence[str]
    only_beside_others: Sequence[str]
    environment: Mapping[str, str]


def pytest_terminal_summary(terminalreporter) -> None:
    if note := os.environ.get(NOTE):
        reports = [report for kind in ("failed", "error") for report in terminalreporter.stats.get(kind, ())]
        failed = dict.fromkeys(report.nodeid for report in reports if ".py" in report.nodeid)  # not a process of pytest-xdist
        Path(note).write_text("\n".join(failed), encoding="utf-8")


def run(*passes: Pass, allowed: int = 0) -> list[int]:
    """pytest's exit code of each pass. They run side by side; the first prints as it goes, each other one when it has ended.
    What failed is run again when all have ended, and told apart. `allowed`: so many tests of a pass may need it; the pass has
    not failed then, if all of them pass alone."""
    with TemporaryDirectory() as folder, ThreadPoolExecutor(len(passes)) as pool:
        outputs = [None, *(Path(folder) / f"output-{number}" for number in range(1, len(passes)))]
        running = [pool.submit(_beside_others, one, output) for one, output in zip(passes, outputs, strict=True)]
        results = [_result(*each) for each in zip(running, outputs, strict=True)]
    return [_code_of(one, code, failed, allowed) for one, (code, failed) in zip(passes, results, strict=True)]


def _code_of(one: Pass, code: int, failed: Sequence[str], allowed: int) -> int:
    if not 0 < len(failed) <= MOST:
        return code
    print("\nONCE MORE, ALONE: what failed above.\n", flush=True)
    second_code, failed_again = _failed([*one.command, *failed], one.environment)
    print(verdict(failed, failed_again), flush=True)
    return 0 if second_code == 0 and code == TESTS_FAILED and len(failed) <= allowed else code


def _beside_others(one: Pass, output: Path | None) -> tuple[int, list[str]]:
    command = [*one.command, *one.only_beside_others]
    if output is None:
        return _failed(command, one.environment)
    with open(output, "wb") as file:
        return _failed(command, one.environment, file)


def _result(running, output: Path | None) -> tuple[int, list[str]]:
    """What a pass has ended with; what it has said goes to the terminal."""
    code, failed = running.result()
    if output is not None:
        print(output.read_text(encoding="utf-8", errors="replace"), flush=True)
    return code, failed


def _failed(command: Sequence[str], environment: Mapping[str, str], output: IO[bytes] | None = None) -> tuple[int, list[str]]:
    """The exit code, and the ids of what failed."""
    with TemporaryDirectory() as folder:
        note = Path(folder) / "failed"
        note.touch()
        environment = {**environment, NOTE: str(note)}
        code = subprocess.run([*command, "-p", "tests.second_try"], env=environment, stdout=output, stderr=output).returncode
        return code, note.read_text(encoding="utf-8").splitlines()


def verdict(first: Sequence[str], second: Sequence[str]) -> str:
    """Sentences for the end of a run: what failed both times, what only beside others."""
    twice, once = [test for test in first if test in second], [test for test in first if test not in second]
    said = [
        ("FAILED TWICE, beside others and alone:", twice),
        (
            "NEEDED A SECOND TRY: passes alone, so it depends on what runs beside it, or on how busy the machine is. Mend it:",
            once,
        ),
    ]
    return "\n".join("\n  ".join([f"\n{words}", *tests]) for words, tests in said if tests)
