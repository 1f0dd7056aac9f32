"""`./test` tells apart what fails and what fails now and then; either way it has failed, where nothing else was said."""

import os
import subprocess
import sys
from contextlib import nullcontext
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import Group

from people.roles import GROUPS
from tests import chromium, second_try, servers, spreading, suite
from tests.builders import a_job
from tests.emptying import empty_tables
from tests.fast import SLOW_PLACES
from tests.second_try import Pass, verdict

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

    def run(tests: str, allowed: int = 0) -> tuple[str, int]:
        (tmp_path / "test_some.py").write_text(tests)
        [code] = second_try.run(Pass(pytest_alone, ["-q", "test_some.py"], environment), allowed=allowed)
        return capfd.readouterr().out, code

    return run


def test_what_failed_is_run_once_more_and_told_apart(told):
    said, code = told(NOW_AND_THEN)
    assert code == 1
    end = said[said.index("FAILED TWICE") :]
    assert end.index("::test_never") < end.index("NEEDED A SECOND TRY") < end.index("::test_now_and_then")
    assert "::test_always" not in end


@pytest.mark.parametrize(("allowed", "code"), [(0, 1), (1, 0)])
def test_as_many_second_tries_as_are_allowed_are_no_failure_and_are_said(told, allowed, code):
    said, got = told(NOW_AND_THEN.replace("assert False", "pass"), allowed)
    assert got == code and "NEEDED A SECOND TRY" in said


def test_what_fails_alone_too_is_a_failure_whatever_is_allowed(told):
    assert told(NOW_AND_THEN, 2)[1] == 1


def test_where_nothing_failed_nothing_is_said(told):
    said, code = told("def test_always(): pass")
    assert code == 0 and "ONCE MORE" not in said and "SECOND TRY" not in said


MEET = """
import os, pathlib, time
pathlib.Path(os.environ["MINE"]).touch()
deadline = time.monotonic() + 180
while not pathlib.Path(os.environ["OTHER"]).exists():
    assert time.monotonic() < deadline
    time.sleep(0.01)
print("met as", os.environ["MINE"])
"""


def test_passes_run_side_by_side_and_each_prints_in_one_piece(tmp_path, monkeypatch, capfd):
    monkeypatch.chdir(tmp_path)
    command = [sys.executable, "-c", MEET]
    assert second_try.run(Pass(command, [], {"MINE": "a", "OTHER": "b"}), Pass(command, [], {"MINE": "b", "OTHER": "a"})) == [
        0,
        0,
    ]
    assert capfd.readouterr().out.split("\n")[:2] == ["met as a", "met as b"]


def test_what_failed_only_once_is_no_less_said():
    assert "NEEDED A SECOND TRY" in verdict(["a"], []) and "TWICE" not in verdict(["a"], [])
    assert "NEEDED" not in verdict(["a"], ["a"])


class TestPasses:
    """Which passes of pytest a call makes."""

    @pytest.fixture
    def passes(self, monkeypatch):
        """`passes(*arguments)`: the command of each pass, with its environment's database."""
        made = []

        def run(*passes, allowed):
            made.extend(
                (" ".join([*command[3:], *arguments]), environment.get("DATABASE_URL", "sqlite"))
                for command, arguments, environment in passes
            )
            return [0 for _ in passes]

        monkeypatch.setattr(second_try, "run", run)
        monkeypatch.setattr(servers, "are_installed", lambda: True)
        monkeypatch.setattr(servers, "postgres_and_redis", lambda: nullcontext({"DATABASE_URL": "postgresql"}))
        monkeypatch.setattr(chromium, "path", lambda: "/usr/bin/chromium")

        def passes(*arguments):
            made.clear()
            assert suite.main(arguments) == 0
            return list(made)

        return passes

    def test_everything_runs_on_both_databases(self, passes):
        first, second = passes("--both")
        unread = " ".join(f"--ignore={place}" for place in suite.WITHOUT_DATABASE)
        assert first == (f"-n {suite.BESIDE_EACH_OTHER[0]}", "sqlite")
        assert second == (f"-m database {unread} -n {suite.BESIDE_EACH_OTHER[1]}", "postgresql")

    def test_places_that_are_named_exist(self):
        named = (*SLOW_PLACES, *spreading.LONG, *spreading.TOGETHER, *suite.WITHOUT_DATABASE)
        assert [place for place in named if not (ROOT / place.partition("::")[0]).exists()] == []

    def test_fast_is_one_pass_on_sqlite(self, passes):
        [(command, database)] = passes("--fast")
        assert command.startswith("-m fast --ignore=tests/browser") and database == "sqlite"

    def test_files_run_on_sqlite_in_one_process(self, passes):
        file = "tests/test_suite.py::TestPasses"
        assert passes(file, "-x") == [(f"-n 0 {file} -x", "sqlite")]

    def test_a_folder_runs_on_sqlite_in_several_processes(self, passes):
        assert passes("tests/push") == [(f"-n {suite.PROCESSES} tests/push", "sqlite")]

    def test_a_named_database_is_used_for_files_too(self, passes):
        assert [database for _, database in passes("--both", "tests/test_suite.py")] == ["sqlite", "postgresql"]

    @pytest.mark.parametrize(
        ("codes", "code"),
        [([0, 0], 0), ([5, 5], 5), ([0, 5], 0), ([5, 1], 1), ([-9, 0], -9), ([0, 2], 2)],
    )
    def test_a_pass_that_failed_fails_the_run(self, codes, code):
        assert suite._exit_code(codes) == code


def test_tests_run_on_their_own_settings_whatever_the_environment_names():
    command = [sys.executable, "-m", "pytest", "-q", "-n", "0", "tests/test_suite.py::test_settings_are_those_of_the_tests"]
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings"}
    assert subprocess.run(command, cwd=ROOT, env=environment, capture_output=True).returncode == 0


def test_settings_are_those_of_the_tests():
    assert settings.SETTINGS_MODULE == "tests.settings"


@pytest.mark.django_db(transaction=True)
def test_what_a_test_has_committed_is_emptied_and_the_groups_stay(alice):
    a_job(rows=2, owner=alice)
    empty_tables(["default"])
    held = {model._meta.label for model in apps.get_models(include_auto_created=True) if model._base_manager.exists()}
    assert held == {"auth.Group", "auth.Permission", "contenttypes.ContentType"}
    assert set(Group.objects.values_list("name", flat=True)) == set(GROUPS)
