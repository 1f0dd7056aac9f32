"""Which tests `./test --fast` runs: a pytest plugin that marks them `fast`.

A fast test needs one process and at most SQLite: no browser, no server, no worker, no broker, no waiting.
"""

import pytest

# What starts a process or empties a whole database after a test.
SLOW_FIXTURES = {
    "broker",
    "broker_url",
    "live_server",
    "process_environment",
    "sandbox",
    "sandbox_process",
    "transactional_db",
}
# What starts processes without a fixture, or is slow by the number of its cases.
SLOW_PLACES = (
    "tests/browser/",
    "tests/chaos/",
    "tests/exports/",
    "tests/hunt/",
    "tests/test_processes.py",
    "tests/test_run_script.py",
    "tests/test_up.py",
    "tests/upgrade/",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if not _is_slow(item):
            item.add_marker(pytest.mark.fast)


def _is_slow(item: pytest.Item) -> bool:
    transactional = any(mark.kwargs.get("transaction") for mark in item.iter_markers("django_db"))
    marked = item.get_closest_marker("browser") or item.get_closest_marker("slow")
    return bool(
        transactional or marked or SLOW_FIXTURES & set(getattr(item, "fixturenames", ())) or item.nodeid.startswith(SLOW_PLACES)
    )
