"""The benchmark measures what it says, on a sheet small enough for a test. Its figures are not judged here."""

import json

import pytest
from django.core.management import CommandError, call_command

from devtools.benchmarks import suite
from devtools.benchmarks.measuring import best_of, measure
from devtools.benchmarks.suite import Ask


@pytest.fixture
def only_sqlite(monkeypatch):
    databases = suite.databases
    monkeypatch.setattr(suite, "databases", lambda folder: [next(databases(folder))])


def test_every_stage_is_measured_and_every_ask_judged(only_sqlite, capsys):
    call_command("bench", rows=300, numbers=200, runs=1, json=True)
    found = json.loads(capsys.readouterr().out)
    assert {"read xlsx", "store, SQLite", "whole check, SQLite", "error report, xlsx", "error report, csv"} <= set(
        found["stages"]
    )
    for name in ("read xlsx", "whole check, SQLite"):
        for way in ("ours", "plain"):
            result = found["stages"][name][way]
            assert result["rows"] == 300 and result["cpu"] > 0 and result["peak_mb"] > 10
    assert found["stages"]["store, SQLite"]["ours"]["duplicates"] > 0
    assert all({"figure", "measured", "limit", "is_met"} <= set(ask) for ask in found["asks"])


def test_a_service_with_a_limit_is_measured(tmp_path):
    environment = suite.migrated(tmp_path / "sqlite", "")
    found = measure("limits:one_service", environment, limit=600, kind="sliding, no headers", seconds=4, learning=2)
    assert 0 < found["share"] < 2 and found["refused"] < 0.2 and sum(found["first_minute"]) > 0


def test_what_is_said_of_the_time_left_is_measured(tmp_path, monkeypatch):
    environment = suite.migrated(tmp_path / "sqlite", "")
    found = measure("limits:estimated", environment, case="20 ms", rows=60)
    assert found["looks"] == 0 and found["seconds"] > 1


def test_people_get_a_table(monkeypatch, capsys):
    monkeypatch.setattr(
        suite.Suite,
        "run",
        lambda self: suite.Measured(
            5,
            "this machine",
            {"read xlsx": {"ours": {"cpu": 1.0, "wall": 2.0, "peak_mb": 30}}},
            [Ask("read", 12, 10, True), Ask("memory", 800, 700, False)],
        ),
    )
    call_command("bench", rows=5)
    table = capsys.readouterr().out
    assert "1.00 (2.00)" in table and table.count("NOT MET") == 1


def test_a_stage_that_fails_says_why():
    with pytest.raises(RuntimeError, match="nowhere"):
        measure("check:read_ours", path="/nowhere.xlsx")


def test_the_best_run_counts():
    results = iter([{"cpu": 3.0}, {"cpu": 1.0}, {"cpu": 2.0}])
    assert best_of(3, lambda: next(results)) == {"cpu": 1.0}


def test_nonsense_is_refused():
    with pytest.raises(CommandError):
        call_command("bench", rows=0)
