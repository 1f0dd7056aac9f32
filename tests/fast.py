"""Which tests `./test --fast` runs: a pytest plugin that marks them `fast`.

A fast test needs one process and at most SQLite: no browser, no server, no worker, no broker, no child that reads a file, no
waiting. All of them together take less than a minute on two cores; `./test --fast --durations=20` shows who takes it.
"""

import pytest

# What starts a process (the child that reads a file is one) or empties a whole database after a test.
SLOW_FIXTURES = {
    "broker",
    "broker_url",
    "checked",
    "live_server",
    "process_environment",
    "received",
    "sandbox",
    "sandbox_process",
    "transactional_db",
    "uploaded",
}
# What starts processes without a fixture, or is slow by the number of its cases.
SLOW_PLACES = (
    "tests/browser",
    "tests/campaigns/test_adaptive_rate.py",
    "tests/chaos",
    "tests/config/launcher/test_supervisor.py",
    "tests/config/management/test_up.py",
    "tests/config/serving/test_attacks.py",
    "tests/exports",
    "tests/fuzz",
    "tests/hunt",
    "tests/imports/test_number_lists.py",
    "tests/imports/test_object_store.py",
    "tests/pipeline/columns/test_labelled_headers.py",
    "tests/pipeline/process",
    "tests/pipeline/readers/test_file_kind.py",
    "tests/pipeline/readers/test_fuzz.py",
    "tests/pipeline/test_duplicates.py",
    "tests/pipeline/test_linear.py",
    "tests/pipeline/test_phones_batch.py",
    "tests/push/test_machine.py",
    "tests/test_bench.py",
    "tests/test_run_script.py",
    "tests/test_suite.py",
    "tests/upgrade",
    "tests/views/test_columns_choices.py",
    "tests/views/test_columns_reading.py",
    "tests/views/test_columns_reread.py",
    "tests/web/test_sign_in.py",
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
