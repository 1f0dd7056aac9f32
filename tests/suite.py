"""What `./test` runs: the whole suite on SQLite with a private Valkey, and beside it what touches the database on PostgreSQL with
Redis.

A run says what it leaves out, and what failed only beside other tests.

    python -m tests.suite [--fast] [--no-browser] [--sqlite | --postgres | --both] [--coverage] [PATH …] [pytest arguments]

`--fast` and PATHs run on SQLite only, unless a database is named; files run in one process, folders in several.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path

from tests import chromium, second_try, servers
from tests.fast import SLOW_PLACES
from tests.second_try import Pass

NOTHING_COLLECTED = 5  # pytest's exit code
CORES = os.cpu_count() or 1
PROCESSES = min(4, 1 + CORES)  # one more than cores: many tests wait for what they watch
# Where two passes run: SQLite's, which has far more tests, and PostgreSQL's, whose tests wait for more than half of their time.
BESIDE_EACH_OTHER = (min(7, 1 + 2 * CORES), min(5, 1 + CORES))
PACKAGES = ("background", "campaigns", "config", "imports", "people", "ui")  # what coverage is measured of
WITHOUT_DATABASE = ("tests/exports", "tests/hunt", "tests/pipeline", "tests/upgrade", "tests/whattalk")  # not read for PostgreSQL
COVERAGE_DATA = Path("var/coverage")  # pyproject.toml says the same


def main(arguments: Sequence[str]) -> int:
    """pytest's exit code; SystemExit with a sentence where a browser or a server is missing."""
    options, for_pytest = _parser().parse_known_args(arguments)
    paths = [argument for argument in for_pytest if argument.startswith("tests") and _file(argument).exists()]
    needs_browser = options.browser and not options.fast and not paths
    if needs_browser and not chromium.path():
        sys.exit(
            f"The browser tests need Chromium. Install it ({chromium.HOW_TO_INSTALL}), or leave them out: ./test --no-browser"
        )
    if options.databases in ("both", "postgres") and not servers.are_installed():
        sys.exit(f"PostgreSQL and Redis are not installed here. Install them ({servers.HOW_TO_INSTALL}), or run: ./test --sqlite")
    if options.databases == "auto" and (options.fast or paths):
        options.databases = "sqlite"
    return _run(options, paths, for_pytest)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="./test", description=__doc__.splitlines()[0], allow_abbrev=False)
    parser.add_argument("--fast", action="store_true", help="only what needs one process and no waiting; on SQLite")
    parser.add_argument("--no-browser", dest="browser", action="store_false", help="leave the browser tests out")
    parser.add_argument("--coverage", action="store_true", help="print which lines of the product were run")
    parser.add_argument(
        "--second-tries",
        type=int,
        default=0,
        metavar="N",
        help="so many tests of a database may fail beside others if they pass alone; they are named all the same (default: 0)",
    )
    databases = parser.add_mutually_exclusive_group()
    for name, what in {
        "sqlite": "SQLite only",
        "postgres": "PostgreSQL and Redis only",
        "both": "both; stop where PostgreSQL or Redis is missing",
    }.items():
        databases.add_argument(f"--{name}", dest="databases", action="store_const", const=name, default="auto", help=what)
    return parser


def _processes(options: argparse.Namespace, paths: Sequence[str], passes: int) -> Sequence[int]:
    """Of each pass. One process for files: starting more takes longer than most files do. Fast tests wait for nothing: one a core."""
    if paths and all(_file(path).is_file() for path in paths):
        return [0] * passes
    if options.fast:
        return [CORES] * passes
    return BESIDE_EACH_OTHER if passes > 1 else [PROCESSES]


def _file(path: str) -> Path:
    return Path(path.partition("::")[0])


def _run(options: argparse.Namespace, paths: Sequence[str], for_pytest: Sequence[str]) -> int:
    on_postgres = options.databases in ("both", "postgres") or options.databases == "auto" and servers.are_installed()
    with servers.postgres_and_redis() if on_postgres else nullcontext({}) as in_use:
        wanted = [] if options.databases == "postgres" else [(_command(options), {})]
        wanted += [(_command(options, "database"), in_use)] if on_postgres else []
        left_out = _left_out(options, on_postgres)
        passes = [
            Pass(command, ["-n", str(n), *for_pytest], _environment(left_out, used))
            for (command, used), n in zip(wanted, _processes(options, paths, len(wanted)), strict=True)
        ]
        if options.coverage:  # every pass adds to one file
            COVERAGE_DATA.unlink(missing_ok=True)
            return _exit_code([code for one in passes for code in second_try.run(one, allowed=options.second_tries)])
        return _exit_code(second_try.run(*passes, allowed=options.second_tries))


def _exit_code(codes: Sequence[int]) -> int:
    """The first code of a pass that failed (negative where a signal ended it); else 0 where any pass found tests."""
    return next((code for code in codes if code not in (0, NOTHING_COLLECTED)), min(codes))


def _left_out(options: argparse.Namespace, on_postgres: bool) -> list[str]:
    left_out = ["what is not fast (--fast)"] if options.fast else []
    if not options.browser:
        left_out.append("browser tests (--no-browser)")
    if not on_postgres:
        left_out.append(
            f"PostgreSQL and Redis ({servers.HOW_TO_INSTALL})" if options.databases == "auto" else "PostgreSQL and Redis"
        )
    return left_out


def _command(options: argparse.Namespace, *marks: str) -> list[str]:
    """pytest with the marks that this run wants."""
    wanted = [*marks, *(["fast"] if options.fast else []), *([] if options.browser else ["not browser"])]
    unread = [f"--ignore={place}" for place in (*(SLOW_PLACES if options.fast else ()), *(WITHOUT_DATABASE if marks else ()))]
    coverage = [*(f"--cov={package}" for package in PACKAGES), "--cov-append"] if options.coverage else []
    return [sys.executable, "-m", "pytest", *(["-m", " and ".join(wanted)] if wanted else []), *unread, *coverage]


def _environment(left_out: list[str], servers_in_use: dict[str, str]) -> dict[str, str]:
    # Hundreds of processes are started: without files of bytecode each of them would compile all that it loads.
    unwanted = ("DATABASE_URL", "BROKER_URL", "PYTHONDONTWRITEBYTECODE")
    environment = {name: value for name, value in os.environ.items() if name not in unwanted}
    return environment | {"ROWCALL_TESTS_LEFT_OUT": ", ".join(left_out), **servers_in_use}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
