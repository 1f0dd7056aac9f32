"""The whole suite as `./test` runs it: on SQLite with a private Valkey, then what touches the database once more on
PostgreSQL with Redis. Says in plain sight what was left out, and what failed only beside other tests.

    python -m tests.suite [--no-browser] [--sqlite | --postgres | --both] [pytest arguments]
"""

import argparse
import os
import sys

from tests import chromium, second_try, servers

NOTHING_COLLECTED = 5  # pytest's exit code
PROCESSES = str(min(4, 1 + (os.cpu_count() or 1)))  # one more than cores: many tests wait for what they watch


def main(words: list[str]) -> int:
    choice, pytest_words = _choices().parse_known_args(words)
    if choice.browser and not chromium.path():
        sys.exit(
            f"The browser tests need Chromium. Install it ({chromium.HOW_TO_INSTALL}), or leave them out: ./test --no-browser"
        )
    on_postgres = choice.databases in ("both", "postgres") or choice.databases == "auto" and servers.are_installed()
    if on_postgres and not servers.are_installed():
        sys.exit(f"PostgreSQL and Redis are not installed here. Install them ({servers.HOW_TO_INSTALL}), or run: ./test --sqlite")
    return _run(choice, on_postgres, pytest_words)


def _choices() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="./test", description=__doc__.splitlines()[0], allow_abbrev=False)
    parser.add_argument("--no-browser", dest="browser", action="store_false", help="leave the browser tests out")
    databases = parser.add_mutually_exclusive_group()
    for name, what in {
        "sqlite": "SQLite only",
        "postgres": "PostgreSQL and Redis only",
        "both": "both; stop where PostgreSQL or Redis is missing",
    }.items():
        databases.add_argument(f"--{name}", dest="databases", action="store_const", const=name, default="auto", help=what)
    return parser


def _run(choice: argparse.Namespace, on_postgres: bool, words: list[str]) -> int:
    left_out = [] if choice.browser else ["browser tests (--no-browser)"]
    if not on_postgres:
        left_out.append(
            f"PostgreSQL and Redis ({servers.HOW_TO_INSTALL})" if choice.databases == "auto" else "PostgreSQL and Redis"
        )
    codes = []
    if choice.databases != "postgres":
        codes.append(_pytest(words, _marks(choice), left_out, {}))
    if on_postgres:
        with servers.postgres_and_redis() as environment:
            codes.append(_pytest(words, _marks(choice, "database"), left_out, environment))
    return max(code for code in codes) if any(code != NOTHING_COLLECTED for code in codes) else NOTHING_COLLECTED


def _marks(choice: argparse.Namespace, *wanted: str) -> list[str]:
    marks = [*wanted, *([] if choice.browser else ["not browser"])]
    return ["-m", " and ".join(marks)] if marks else []


def _pytest(words: list[str], marks: list[str], left_out: list[str], servers_in_use: dict[str, str]) -> int:
    environment = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "BROKER_URL")}
    environment |= {"ROWCALL_TESTS_LEFT_OUT": ", ".join(left_out), **servers_in_use}
    return second_try.run([sys.executable, "-m", "pytest", *marks], ["-n", PROCESSES, *words], environment)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
