"""`./test` tells apart what fails and what fails now and then; either way it has failed."""

import os
import sys
from pathlib import Path

import pytest

from tests import second_try
from tests.second_try import verdict

ROOT = Path(__file__).resolve().parent.parent
NOW_AND_THEN = """
from pathlib import Path

def test_now_and_then():
    first = Path(__file__).with_suffix(".tried")
    was_tried = first.exists()
    first.touch()
    assert was_tried

def test_never():
    assert False

def test_always():
    pass
"""


@pytest.fixture
def told(tmp_path, monkeypatch, capfd):
    """What is said of a file of tests, and its exit code. It knows nothing of ours: neither settings nor plugins."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    pytest_alone = [sys.executable, "-m", "pytest", "-p", "no:django", "-p", "no:cacheprovider"]
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}

    def run(tests: str) -> tuple[str, int]:
        (tmp_path / "test_some.py").write_text(tests)
        code = second_try.run(pytest_alone, ["-q", "test_some.py"], environment)
        return capfd.readouterr().out, code

    return run


def test_what_failed_is_run_once_more_and_told_apart(told):
    said, code = told(NOW_AND_THEN)
    assert code == 1
    end = said[said.index("FAILED TWICE") :]
    assert end.index("::test_never") < end.index("NEEDED A SECOND TRY") < end.index("::test_now_and_then")
    assert "::test_always" not in end


def test_where_nothing_failed_nothing_is_said(told):
    said, code = told("def test_always(): pass")
    assert code == 0 and "ONCE MORE" not in said and "SECOND TRY" not in said


def test_what_failed_only_once_is_no_less_said():
    assert "NEEDED A SECOND TRY" in verdict(["a"], []) and "TWICE" not in verdict(["a"], [])
    assert "NEEDED" not in verdict(["a"], ["a"])
