"""What failed beside other tests is tried once more, alone, so that it is told whether it depends on what runs beside it.

It has failed all the same: what shows only now and then is what matters most. `suite` names this as a pytest plugin, which
leaves the ids of what failed in the file that ROWCALL_TESTS_FAILED names.
"""

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

NOTE = "ROWCALL_TESTS_FAILED"
MOST = 20  # more than so many are no accident


def pytest_terminal_summary(terminalreporter) -> None:
    if note := os.environ.get(NOTE):
        reports = [report for kind in ("failed", "error") for report in terminalreporter.stats.get(kind, ())]
        failed = dict.fromkeys(report.nodeid for report in reports if ".py" in report.nodeid)  # not a process of pytest-xdist
        Path(note).write_text("\n".join(failed), encoding="utf-8")


def run(command: Sequence[str], only_beside_others: Sequence[str], environment: Mapping[str, str]) -> int:
    """pytest's exit code of `command` with `only_beside_others`; what failed is then run without these, and told apart."""
    with TemporaryDirectory() as folder:
        note = Path(folder) / "failed"
        code, failed = _failed([*command, *only_beside_others], environment, note)
        if 0 < len(failed) <= MOST:
            print("\nONCE MORE, ALONE: what failed above.\n", flush=True)
            print(verdict(failed, _failed([*command, *failed], environment, note)[1]), flush=True)
    return code


def _failed(command: Sequence[str], environment: Mapping[str, str], note: Path) -> tuple[int, list[str]]:
    """The exit code, and the ids of what failed."""
    note.write_text("", encoding="utf-8")
    code = subprocess.run([*command, "-p", "tests.second_try"], env={**environment, NOTE: str(note)}).returncode
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
