"""All stages in one run: each beside the plain way and the floor, and what is asked of it.

No figure is remembered from another run: machines differ, and so does the same machine an hour later. What counts is the
ratio of two things measured one after the other. The method stands in docs/benchmarks.md.
"""

import os
import platform
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from devtools.benchmarks import limits, push
from devtools.benchmarks.measuring import Result, best_of, measure
from devtools.postgres import server_programs

LINE_ROWS = 100_000  # what larger files are compared with: the time a row takes must not grow
MOST_PLAIN_ROWS = 200_000  # beyond this the plain way takes longer than anybody waits
PHONE_NUMBERS = 1_000_000
LARGEST_PROCESS_MB = 700
PUSH_ROWS = 6_000  # twenty seconds' worth


@dataclass(frozen=True)
class Ask:
    """Something that is asked of a figure: `measured` compared with `limit`."""

    figure: str
    measured: float
    limit: float
    at_least: bool

    @property
    def is_met(self) -> bool:
        return self.measured >= self.limit if self.at_least else self.measured <= self.limit


@dataclass
class Measured:
    """What a run has found: `stages` as they came, `asks` as they are judged."""

    rows: int
    machine: str
    stages: dict[str, dict[str, Any]] = field(default_factory=dict)
    asks: list[Ask] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        return asdict(self) | {"asks": [asdict(ask) | {"is_met": ask.is_met} for ask in self.asks]}


class Suite:
    """`Suite(rows, say).run()`; `say` receives what is being measured."""

    def __init__(self, rows: int, say: Callable[[str], None], runs: int = 3, numbers: int = PHONE_NUMBERS):
        self.rows, self.say, self.runs, self.numbers = rows, say, runs, numbers
        self.found = Measured(rows, f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
        self.is_large = rows > MOST_PLAIN_ROWS

    def run(self) -> Measured:
        with tempfile.TemporaryDirectory(prefix="rowcall-bench-") as folder:
            sheet = Path(folder) / "leads.xlsx"
            self.say(f"making a workbook of {self.rows:,} rows")
            measure("check:make", path=str(sheet), rows=self.rows)
            self._read(sheet)
            self._phones(sheet)
            self._report()
            for name, environment in databases(Path(folder)):
                self._store(name, environment)
                self._check(name, environment, sheet)
                self._push(name, environment)
                if name == "SQLite" and self.rows >= PUSH_ROWS:
                    self._limits(environment)
        return self.found

    # -- stages ----------------------------------------------------------------------------------------------------
    def _read(self, sheet: Path) -> None:
        ways = {"ours": "check:read_ours", "floor": "check:read_floor"} | ({} if self.is_large else {"plain": "check:read_plain"})
        read = self._stage("read xlsx", ways, path=str(sheet))
        if "plain" in read:
            self._ask("read xlsx vs pandas + openpyxl", _ratio(read), 10)

    def _phones(self, sheet: Path) -> None:
        self._stage("phones of the file", {"floor": "check:phones_floor"}, path=str(sheet))
        self.say(f"phones: {self.numbers:,} Turkish ones, {self.numbers:,} of all regions")
        for column, found in measure("phones:phones_stage", rows=self.numbers).items():
            if isinstance(found, dict):
                self.found.stages[f"phones, {column}"] = found
                self._ask(f"phones, {column} vs phonenumbers", found["ratio"], 15)
                self._ask(f"phones, {column}: differences", found["differences"] + found["strangers"], 0, at_least=False)

    def _report(self) -> None:
        rows = min(self.rows, LINE_ROWS)
        for kind in ("xlsx", "csv"):
            name = f"error report, {kind}"
            self.say(name)
            ours = best_of(self.runs, partial(measure, "report:ours", rows=rows, kind=kind))
            plain = best_of(self.runs, partial(measure, f"report:plain_{kind}", rows=rows))
            self.found.stages[name] = {"ours": ours, "plain": plain}
        stages = self.found.stages
        self._ask("error report, xlsx vs openpyxl write-only", _ratio(stages["error report, xlsx"]), 1.4)
        self._ask(
            "error report, csv: its time over that of the csv module",
            1 / _ratio(stages["error report, csv"]),
            1.3,
            at_least=False,
        )

    def _store(self, database: str, environment: Mapping[str, str]) -> None:
        rows = min(self.rows, LINE_ROWS)
        ways = {"ours": "check:store_ours", "plain": "check:store_plain", "floor": "check:store_floor"}
        store = self._stage(f"store, {database}", ways, environment, rows=rows)
        self._ask(f"store with duplicates known vs bulk_create, {database}", _ratio(store), 4)

    def _check(self, database: str, environment: Mapping[str, str], sheet: Path) -> None:
        ways = {"ours": "check:check_ours"} | ({} if self.is_large else {"plain": "check:check_plain"})
        check = self._stage(f"whole check, {database}", ways, environment, path=str(sheet))
        self._ask(
            f"whole check, {database}: MB of the largest process", check["ours"]["peak_mb"], LARGEST_PROCESS_MB, at_least=False
        )
        if self.is_large:
            self._line(database, environment, check)
            return
        self._ask(f"whole check, {database}, vs the plain way", _ratio(check), 5)
        floors = sum(
            self.found.stages[name]["floor"]["cpu"] for name in ("read xlsx", "phones of the file", f"store, {database}")
        )
        self._ask(f"whole check, {database}, over the sum of the floors", check["ours"]["cpu"] / floors, 2.5, at_least=False)

    def _line(self, database: str, environment: Mapping[str, str], check: dict[str, Result]) -> None:
        with tempfile.TemporaryDirectory(prefix="rowcall-bench-") as folder:
            small = Path(folder) / "small.xlsx"
            measure("check:make", path=str(small), rows=LINE_ROWS)
            line = self._stage(
                f"whole check of {LINE_ROWS:,} rows, {database}", {"ours": "check:check_ours"}, environment, path=str(small)
            )
        growth = check["ours"]["cpu"] / self.rows / (line["ours"]["cpu"] / LINE_ROWS)
        self._ask(f"time per row, {self.rows:,} over {LINE_ROWS:,} rows, {database}", growth, 1.3, at_least=False)

    def _push(self, database: str, environment: Mapping[str, str]) -> None:
        name = f"push, {database}"
        self.say(name)
        rows = min(PUSH_ROWS, self.rows)
        found = max(
            (push.push_stage(environment, rows=rows) for _ in range(min(self.runs, 2))), key=lambda run: run["efficiency"]
        )
        self.found.stages[name] = {"ours_of_ideal": found}
        self._ask(f"{name}: share of 32 in flight at 100 ms", found["efficiency"], 0.85)
        self._ask(f"{name} vs one lead after the other", found["times_the_loop"], 25)
        if database == "SQLite":
            self.found.stages["seconds for 10,000 leads"] = push.ten_thousand_leads(environment, found["per_second"], rows / 200)
        else:
            self.say("a second worker")
            second = push.second_worker_stage(environment, rows=rows * 2 // 3)
            self.found.stages["a second worker"] = second
            self._ask("a second worker process vs one, PostgreSQL", second["ratio"], 1.6)

    def _limits(self, environment: Mapping[str, str]) -> None:
        self.say(f"services with a limit: {len(limits.GROUPS)} times {limits.SECONDS // 60} minutes")
        found = limits.limited_stage(environment)
        self.found.stages["services with a limit"] = found
        services = [one for name, one in found.items() if " a minute, " in name]
        self._ask(
            "of the limit, from the second minute on: the least of all services", min(one["share"] for one in services), 0.95
        )
        self._ask("of all answers 429: the most", max(one["refused"] for one in services), 0.02, at_least=False)
        self._ask(
            "one import over the other, in the first minute and later: the most",
            max(one["uneven"] for one in services),
            0.2,
            at_least=False,
        )
        self._ask("a second account beside them, over alone", found["second_account"]["of_alone"], 0.9)
        self.say("what is said of the time that sending takes")
        estimates = limits.estimates_stage(environment)
        self.found.stages["time left"] = estimates
        for case, one in estimates.items():
            self._ask(f"time left from half a minute on, {case}: off by a factor of", one["factor"], 1.5, at_least=False)

    # -- how a stage is measured -------------------------------------------------------------------------------------
    def _stage(
        self, name: str, ways: Mapping[str, str], environment: Mapping[str, str] | None = None, **arguments: Any
    ) -> dict[str, Result]:
        """Each way a few times; the plain one, which is slow and steady, and what takes a million rows, once."""
        results = {}
        for way, function in ways.items():
            self.say(f"{name}: {way}")
            times = 1 if way == "plain" or self.is_large and arguments.get("rows") != LINE_ROWS else self.runs
            results[way] = best_of(times, partial(measure, function, environment, **arguments))
        self.found.stages[name] = results
        return results

    def _ask(self, figure: str, measured: float, limit: float, at_least: bool = True) -> None:
        self.found.asks.append(Ask(figure, round(measured, 3), limit, at_least))


def _ratio(ways: Mapping[str, Result]) -> float:
    """How many times as long the plain way takes as ours."""
    return float(ways["plain"]["cpu"] / ways["ours"]["cpu"])


def databases(folder: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """Name and environment of each database that can be had here, migrated and empty."""
    with ExitStack() as stack:
        yield "SQLite", migrated(folder / "sqlite", "")
        url = stack.enter_context(a_postgres())
        if url:
            yield "PostgreSQL", migrated(folder / "postgresql", url)


@contextmanager
def a_postgres() -> Iterator[str]:
    """The address of a PostgreSQL of our own, or of BENCH_DATABASE_URL; '' where there is none."""
    if "BENCH_DATABASE_URL" in os.environ:
        yield os.environ["BENCH_DATABASE_URL"]
        return
    try:
        from tests.servers import postgres
    except ImportError:  # an installation without its tests
        yield ""
        return
    if server_programs() is None:
        yield ""
        return
    with postgres() as url:
        yield url


def migrated(var: Path, url: str) -> dict[str, str]:
    var.mkdir()
    environment = {"ROWCALL_VAR": str(var), "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "config.settings"}
    measure("check:migrate", environment)
    return environment
