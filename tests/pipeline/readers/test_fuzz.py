"""Damaged at random, a file is read or refused in plain words: no reader dies, hangs or meets what it does not know."""

import csv
import select
import subprocess
import sys
from collections import Counter
from functools import cache
from pathlib import Path

import orjson
import pytest

from tests.figures import record_figure
from tests.processes import PATIENCE
from tests.spreadsheets.mutations import mutated
from tests.spreadsheets.other_formats import as_format

ROOT = Path(__file__).resolve().parents[3]
LEADS = ROOT / "tests" / "spreadsheets"
FILES = 200
FEWER = 60


class Reader:
    """A confined process that reads files one after another; a new one takes over when it dies."""

    def __init__(self):
        self._process = None

    def outcome(self, path: Path) -> str:
        self._process = self._process or subprocess.Popen(
            [sys.executable, "-m", "tests.spreadsheets.reading_worker"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self._process.stdin.write(f"{path}\n".encode())
        self._process.stdin.flush()
        ready, _, _ = select.select([self._process.stdout], [], [], PATIENCE)
        line = self._process.stdout.readline() if ready else b""
        if line:
            return orjson.loads(line)[0]
        self.stop()
        return "died" if ready else "hung"

    def stop(self) -> None:
        if self._process:
            self._process.kill()
            self._process.communicate()
        self._process = None


@pytest.fixture
def reader():
    reader = Reader()
    yield reader
    reader.stop()


@pytest.mark.parametrize("kind", ["csv", "xlsx", "xls"])
def test_damaged_files_are_read_or_refused(kind, reader, tmp_path):
    content = (LEADS / f"leads.{kind}").read_bytes()
    path = tmp_path / f"damaged.{kind}"
    outcomes = {}
    for seed in range(FILES):
        path.write_bytes(mutated(content, kind, seed))
        outcomes[seed] = reader.outcome(path)
    record_figure(f"fuzz {kind}", _figure(Counter(outcomes.values())))
    assert {seed: said for seed, said in outcomes.items() if not said.startswith(("read", "refused"))} == {}


@pytest.mark.parametrize("kind", ["html", "xml", "ods", "xlsb"])
def test_damaged_files_of_other_formats_are_read_or_refused(kind, reader, tmp_path):
    path = tmp_path / f"damaged.{kind}"
    outcomes = {}
    for seed in range(FEWER):
        path.write_bytes(mutated(leads_as(kind), kind, seed))
        outcomes[seed] = reader.outcome(path)
    record_figure(f"fuzz {kind}", _figure(Counter(outcomes.values())))
    assert {seed: said for seed, said in outcomes.items() if not said.startswith(("read", "refused"))} == {}


@cache
def leads_as(kind: str) -> bytes:
    """The rows of the good list in another format."""
    with (LEADS / "leads.csv").open(encoding="cp1254", newline="") as file:
        rows = list(csv.reader(file, delimiter=";"))[:200]
    return as_format(kind, rows)


def _figure(counts: Counter) -> str:
    refused = sum(count for said, count in counts.items() if said.startswith("refused"))
    crashed = sum(count for said, count in counts.items() if said.startswith("crashed"))
    return (
        f"{counts.total()} damaged files: {counts['read']} read, {refused} refused, {counts['died']} readers died, "
        f"{counts['hung']} hung, {crashed} mistakes of ours"
    )


def test_the_worker_tells_a_mistake_from_a_refusal(reader, tmp_path):
    """The fuzz run could not fail otherwise."""
    assert reader.outcome(tmp_path / "missing.csv").startswith("crashed: FileNotFoundError")
    (tmp_path / "empty.csv").write_bytes(b"")
    assert reader.outcome(tmp_path / "empty.csv") == "refused: file_empty"
    assert reader.outcome(LEADS / "leads.xls") == "read"
