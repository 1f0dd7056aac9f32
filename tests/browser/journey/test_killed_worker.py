"""The worker dies in the middle of sending, and the person at the browser need not even notice."""

import os
import signal
import time

from tests.browser.journey import sheets
from tests.browser.journey.journey import Journey
from tests.figures import record_figure
from tests.processes import wait_until

ROWS = 2_000


def test_nothing_is_lost_and_nothing_doubled(deployment, visit, campaign, tmp_path):
    """Killed with its children while requests are under way; the import goes on by itself."""
    page, sheet = visit("uploader"), sheets.clean(tmp_path, ROWS)
    journey = Journey(page).to_check_page(campaign.pk, sheet.path)
    deployment.sandbox.settings(latency_ms=400)
    journey.send()
    wait_until(lambda: len(deployment.accepted(campaign)) > ROWS / 4)
    died = time.monotonic()
    killed = _kill_worker(deployment.instance)
    sent = len(deployment.accepted(campaign))
    assert sent < ROWS
    deployment.sandbox.settings(latency_ms=0)
    journey.until_done()
    record_figure(
        f"worker killed after {sent:,} of {ROWS:,} rows",
        f"done {time.monotonic() - died:.1f} s later, ledger without double or gap",
    )
    assert deployment.accepted(campaign) == sheet.numbers
    assert journey.counts() == {"created": ROWS}, deployment.rows_not_created()
    assert "The sender ended unexpectedly (killed by SIGKILL)" in deployment.instance.log
    assert not killed & set(_worker_pids(deployment.instance))


def _kill_worker(instance) -> set[int]:
    """Parent and children at once, without a chance to say anything."""
    pids = _worker_pids(instance)
    assert len(pids) >= 2
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
    return set(pids)


def _worker_pids(instance) -> list[int]:
    return instance.pids("\0worker\0--queues\0")
