"""Which request a line of the log belongs to; and that an error tracker is loaded only where one is named."""

import os
import subprocess
import sys

import pytest

LOADED = "import config.settings, sys; print('sentry_sdk' in sys.modules)"


@pytest.mark.django_db
def test_a_proxys_id_is_taken_over(client):
    assert client.get("/healthz", HTTP_X_REQUEST_ID="edge-1234567").headers["X-Request-ID"] == "edge-1234567"


@pytest.mark.django_db
@pytest.mark.parametrize("given", ["", "short", "a" * 65, "id\nINFO forged", "id with blanks", "<script>", "ıııııııııı"])
def test_an_id_that_could_write_the_log_is_not(client, given):
    assert client.get("/healthz", HTTP_X_REQUEST_ID=given).headers["X-Request-ID"] not in ("", given)


@pytest.mark.slow
@pytest.mark.parametrize(("dsn", "is_loaded"), [("", "False"), ("https://key@sentry.example.com/1", "True")])
def test_the_error_tracker_is_loaded_only_where_one_is_named(tmp_path, dsn, is_loaded):
    environment = {**os.environ, "SENTRY_DSN": dsn, "ROWCALL_VAR": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", LOADED], env=environment, capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == is_loaded, done.stderr
