"""An instance of the version before 0.1.0 lost its power in the middle of its work; this version goes on with it.

`instance-before-0.1.0.tar.xz` is the folder `var` of such an instance, its database as SQL. Its five imports:

    spring.csv    being sent: four rows sent; of two whose requests were on the way one has arrived; one is looked up; five wait
    paused.csv    paused for an empty balance, with a probe that is due
    ready.csv     checked; nobody has said that it is to be sent
    done.csv      sent; a mail about it waits
    checking.csv  a check that nobody has begun

A report of spring.csv waits too, and the broker holds messages that name the tasks of that version.
"""

import json
import sqlite3
import tarfile
import time
from collections import Counter
from pathlib import Path

import pytest

from config.launcher.ports import free_port
from tests import instances
from tests.processes import wait_until

ARCHIVE = Path(__file__).with_name("instance-before-0.1.0.tar.xz")


class Upgraded:
    """The folder of the instance, and what its database and its sandbox hold."""

    def __init__(self, var: Path):
        self.var = var

    def query(self, sql: str, *params: object) -> list[tuple]:
        with sqlite3.connect(self.var / "rowcall.sqlite3", timeout=30) as database:
            return database.execute(sql, params).fetchall()

    def states(self, table: str) -> dict[str, str]:
        name = {"imports_importjob": "file_name"}.get(table, "kind")
        return dict(self.query(f"SELECT {name}, state FROM {table}"))

    def rows(self, file_name: str) -> dict[str, int]:
        """How many rows of an import are in which state."""
        return dict(
            self.query(
                "SELECT r.state, COUNT(*) FROM imports_importrow r JOIN imports_importjob j ON j.id = r.job_id "
                "WHERE j.file_name = ? GROUP BY r.state",
                file_name,
            )
        )

    def tallies(self, file_name: str) -> dict[str, int]:
        """The same as the sums say it."""
        return dict(
            self.query(
                "SELECT t.key, t.n FROM imports_importtally t JOIN imports_importjob j ON j.id = t.job_id "
                "WHERE j.file_name = ? AND t.kind = 'state' AND t.n <> 0",
                file_name,
            )
        )

    def numbers_at_the_service(self) -> Counter[str]:
        lines = (self.var / "sandbox" / "ledger.jsonl").read_text(encoding="utf-8").splitlines()
        return Counter(line["lead"]["phone_number"] for line in map(json.loads, lines) if line.get("event") == "lead")

    def is_finished(self) -> bool:
        jobs = self.states("imports_importjob")
        return (
            (jobs["spring.csv"], jobs["paused.csv"], jobs["checking.csv"]) == ("done", "done", "ready")
            and "waiting" not in self.states("imports_chore").values()
            and not self.query("SELECT 1 FROM imports_outgoingmail WHERE state IN ('waiting', 'sending')")
        )


@pytest.fixture(scope="module")
def upgraded(tmp_path_factory):
    """The instance, started with this version and left alone until nothing is to be done."""
    var = tmp_path_factory.mktemp("upgrade") / "var"
    with tarfile.open(ARCHIVE) as archive:
        archive.extractall(var, filter="data")
    sandbox_port = free_port()  # the one that the instance had may be taken here
    (var / "sandbox" / "port").write_text(str(sandbox_port))
    with sqlite3.connect(var / "rowcall.sqlite3") as database:
        database.executescript((var / "rowcall.sql").read_text(encoding="utf-8"))
        database.execute("UPDATE campaigns_account SET base_url = ?", [f"http://127.0.0.1:{sandbox_port}/api"])
        # What is too old is removed once an hour: not in the hour of this test, however old the archive is by now.
        database.execute("UPDATE imports_heartbeat SET tick_ms = ? WHERE name = 'sweep'", [time.time_ns() // 1_000_000])
    database.close()
    with instances.up(var) as instance:
        instance.wait_until_ready()
        found = Upgraded(var)
        wait_until(found.is_finished, what="the upgraded instance has done its work")
        yield found


def test_an_import_in_the_middle_is_sent_to_the_end(upgraded):
    assert upgraded.rows("spring.csv") == {"created": 12, "invalid": 1, "duplicate_in_file": 1}


def test_nobody_is_there_twice_or_missing(upgraded):
    sent = [number for (number,) in upgraded.query("SELECT phone FROM imports_importrow WHERE state = 'created'")]
    at_the_service = upgraded.numbers_at_the_service()
    assert {number: at_the_service[number] for number in sent} == dict.fromkeys(sent, 1)


def test_what_was_paused_goes_on_once_a_probe_is_taken(upgraded):
    assert upgraded.rows("paused.csv") == {"created": 3}


def test_a_check_is_made_and_nothing_is_sent_that_nobody_has_confirmed(upgraded):
    assert upgraded.states("imports_importjob")["ready.csv"] == "ready"
    assert upgraded.rows("ready.csv") == upgraded.rows("checking.csv") == {"pending": 3}


def test_sums_are_what_the_rows_say(upgraded):
    for name in upgraded.states("imports_importjob"):
        assert upgraded.tallies(name) == upgraded.rows(name)


def test_the_report_and_the_mail_that_waited_are_made(upgraded):
    assert upgraded.states("imports_chore") == {"report": "done"}
    assert set(upgraded.states("imports_outgoingmail").values()) == {"sent"}
