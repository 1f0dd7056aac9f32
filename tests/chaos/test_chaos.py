"""A short run of `manage.py chaos` on the database that the tests run on. Longer ones: docs/reliability.md."""

import subprocess
import sys

from django.conf import settings
from django.db import connection

from tests.processes import PATIENCE


def test_every_promise_is_kept_while_everything_is_broken():
    database = "postgres" if connection.vendor == "postgresql" else "sqlite"
    run = subprocess.run(
        [
            sys.executable,
            settings.BASE_DIR / "manage.py",
            "chaos",
            "--rows",
            "200",
            "--kills",
            "10",
            "--seed",
            "1",
            "--db",
            database,
            "--patience",
            str(PATIENCE),
        ],
        capture_output=True,
        text=True,
        timeout=10 * PATIENCE,
    )
    print(run.stdout)
    assert run.returncode == 0, run.stdout + run.stderr
    assert "lost 0 · doubled 0 · phantom 0 · misnamed 0" in run.stdout
