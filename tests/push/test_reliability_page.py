"""docs/reliability.md names a test for every promise and every fault; each of them is there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/reliability.md").read_text(encoding="utf-8")
FUNCTIONS = {
    name
    for file in (ROOT / "tests").rglob("test_*.py")
    for name in re.findall(r"def (test_\w+)", file.read_text(encoding="utf-8"))
}


@pytest.mark.parametrize("name", sorted(set(re.findall(r"`(test_\w+…?)`", PAGE))))
def test_a_test_that_is_named_exists(name):
    found = [one for one in FUNCTIONS if one.startswith(name[:-1])] if name.endswith("…") else FUNCTIONS & {name}
    assert len(found) == 1, f"{name} is {sorted(found)}"


@pytest.mark.parametrize("path", sorted(set(re.findall(r"`(tests/[\w/.]+)`", PAGE))))
def test_a_file_or_folder_that_is_named_exists(path):
    assert (ROOT / path).exists()


def test_every_fault_and_every_promise_is_spoken_of():
    spoken = set(re.findall(r"\b[FG]\d+\b", PAGE))
    assert spoken == {f"F{n}" for n in range(1, 49)} | {f"G{n}" for n in range(1, 17)}
