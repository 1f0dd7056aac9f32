"""The worker dies in the middle of sending, and the person at the browser need not even notice."""

import os
import signal
import time

from tests.browser.road import sheets
from tests.browser.road.road import Road
from tests.figures import record_figure
from tests.processes import wait_until

ROWS = 2_000


def test_nothing_is_lost_and_nothing_doubled(house, visit, campaign, tmp_path):
    """Killed with its children while requests are under way; the import goes on by itself."""
    page, sheet = visit("uploader"), sheets.clean(tmp_path, ROWS)
    road = Road(page).to_check_page(campaign.pk, sheet.path)
    house.sandbox.settings(latency_ms=400)
    road.send()
    wait_until(lambda: len(house.accepted(campaign)) > ROWS / 4)
    died = time.monotonic()
    killed = _kill_worker(house.instance)
    sent = len(house.accepted(campaign))
    assert sent < ROWS
    house.sandbox.settings(latency_ms=0)
    road.until_done()
    record_figure(
        f"worker killed after {sent:,} of {ROWS:,} rows",
        f"done {time.monotonic() - died:.1f} s later, ledger without double or gap",
    )
    assert house.accepted(campaign) == sheet.numbers
    assert road.counts() == {"created": ROWS}
    assert "The sender ended unexpectedly (killed by SIGKILL)" in house.instance.log
    assert not killed & set(_worker_pids(house.instance))


def _kill_worker(instance) -> set[int]:
    """Parent and children at once, without a chance to say anything."""
    pids = _worker_pids(instance)
    assert len(pids) >= 2
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
    return set(pids)


def _worker_pids(instance) -> list[int]:
    return instance.pids("\0worker\0--queues\0")
