"""Two hosts, one of which is cut off: a short run of `manage.py two_hosts`. It brings its own servers, so it runs once, beside PostgreSQL."""

import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import connection

from devtools.hosts.network import Network
from tests.processes import PATIENCE

pytestmark = pytest.mark.database


def _has_namespaces() -> bool:
    try:
        with Network(["try"]):
            return True
    except (OSError, subprocess.CalledProcessError):
        return False


def test_two_hosts_one_cut_off_and_both_replaced_lose_and_double_nothing():
    if connection.vendor == "sqlite":
        pytest.skip("hosts share PostgreSQL")
    if os.geteuid() != 0 or not _has_namespaces():
        pytest.skip("network namespaces need root and iproute2")
    words = ["two_hosts", "--rows", "60", "--cuts", "1", "--away", "10", "--seed", "1"]
    run = subprocess.run(
        [sys.executable, settings.BASE_DIR / "manage.py", *words], capture_output=True, text=True, timeout=10 * PATIENCE
    )
    print(run.stdout)
    assert run.returncode == 0, run.stdout + run.stderr
    assert "lost 0 · doubled 0 · phantom 0 · misnamed 0" in run.stdout
