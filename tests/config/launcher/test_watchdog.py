"""The watchdog reads which children are left."""

from config.launcher.watchdog import children_left


def test_the_watchdog_knows_who_is_left():
    assert children_left(["started 11 10.0\n", "started 12 65.0\n", "ended 11\n", "started 13 1\n"]) == [(12, 65.0), (13, 1.0)]
