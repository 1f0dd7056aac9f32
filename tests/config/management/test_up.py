"""`manage.py up` with everything real: started, looked at, hurt and stopped."""

import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.launcher.ports import free_port
from tests.instances import ROOT, Instance, up
from tests.processes import PATIENCE, wait_until


@pytest.fixture(scope="module")
def instance(tmp_path_factory) -> Iterator[Instance]:
    with up(tmp_path_factory.mktemp("up") / "var") as running:
        running.wait_until_ready()
        yield running


def test_pages_answer(instance):
    with urllib.request.urlopen(f"http://127.0.0.1:{instance.port}/healthz") as answer:
        assert answer.status == 200


def test_three_people_get_a_link_each(instance):
    assert list(instance.links()) == ["uploader", "manager", "admin"]
    for name, link in instance.links().items():
        with urllib.request.urlopen(link) as answer:
            assert name.capitalize() in answer.read().decode()


def test_another_link_leads_to_this_instance(instance, manage):
    asked = subprocess.run([*manage, "signin_link", "manager"], env=instance.environment, capture_output=True, text=True)
    assert asked.stdout.startswith(f"{instance.address}/"), asked.stderr
    with urllib.request.urlopen(asked.stdout.strip()) as answer:
        assert answer.status == 200


def test_lines_carry_the_name_of_their_program(instance):
    named = {line.split("|")[0].strip() for line in instance.log.splitlines() if " | " in line}
    assert {"sandbox", "web", "reader", "sender", "scheduler"} <= named


def test_the_sandbox_has_campaigns_and_says_nothing_of_its_key(instance):
    key = (instance.var / "sandbox" / "api-key").read_text().strip()
    assert key and key not in instance.log


def test_nothing_secret_can_be_read_by_others(instance):
    secrets = [*(instance.var / "secrets").iterdir(), instance.var / "sandbox" / "api-key"]
    assert len(secrets) >= 3 and {oct(path.stat().st_mode & 0o777) for path in secrets} == {"0o600"}


def test_the_broker_listens_on_no_port(instance):
    (pid,) = instance.pids("valkey-server")
    inodes = {link.readlink().name for link in Path(f"/proc/{pid}/fd").iterdir()}
    tcp = [line.split()[9] for table in ("tcp", "tcp6") for line in Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:]]
    assert not {f"socket:[{inode}]" for inode in tcp} & inodes


def test_a_second_instance_in_the_folder_is_refused(instance):
    second = subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), "up", "--port", str(free_port())],
        capture_output=True,
        text=True,
        env={**os.environ, "ROWCALL_VAR": str(instance.var), "DJANGO_SETTINGS_MODULE": "config.settings"},
        timeout=PATIENCE,
    )
    assert second.returncode == 1
    assert f"already runs in this folder at http://localhost:{instance.port}" in second.stderr
    assert f"kill {instance.process.pid}" in second.stderr


def test_it_is_kept_while_it_runs_and_nothing_is_restored_into_it(instance, manage, tmp_path):
    for words, code, says in (
        (("backup", tmp_path / "a.tar.gz"), 0, "The keys are not in it"),
        (("restore", tmp_path / "a.tar.gz", "--replace"), 3, "already runs"),
    ):
        done = subprocess.run([*manage, *map(str, words)], env=instance.environment, capture_output=True, text=True)
        assert done.returncode == code and says in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("word", "name", "says"),
    [
        ("\0--queues\0parse\0", "reader", "ready."),
        ("granian", "web", "Started worker-1"),
        ("valkey-server", "broker", "Connected to redis"),  # so says the worker, that has found it again
    ],
)
def test_a_killed_program_comes_back(instance, word, name, says):
    before, marker = set(instance.pids(word)), len(instance.log)
    os.kill(min(before), signal.SIGKILL)
    wait_until(lambda: f"The {name} ended unexpectedly (killed by SIGKILL)" in instance.log[marker:])
    wait_until(lambda: set(instance.pids(word)) - before)
    wait_until(lambda: says in instance.log[marker:], what=f"{says} in {instance.log_path}")
    wait_until(lambda: _answers(instance.port))


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2) as answer:
            return answer.status == 200
    except OSError:
        return False


def test_sigterm_stops_everything_in_reverse_order(instance):
    """Last of this module: it ends the shared instance."""
    wait_until(lambda: len(instance.pids("celery")) >= 3)
    marker = len(instance.log)
    instance.process.send_signal(signal.SIGTERM)
    assert instance.process.wait(PATIENCE) == 0
    assert instance.pids() == []
    farewells = [
        "maintenance | worker: Warm shutdown",
        "Shutting down granian",
        "Valkey is now ready to exit",
        "Everything has stopped",
    ]
    positions = [instance.log.index(words, marker) for words in farewells]
    assert positions == sorted(positions)
    with sqlite3.connect(instance.var / "rowcall.sqlite3") as database:  # who stops in order is not alive for another minute
        assert database.execute("SELECT name FROM imports_heartbeat WHERE kind IN ('worker', 'scheduler')").fetchall() == []


def test_a_killed_instance_leaves_nobody_behind_and_can_start_again(tmp_path):
    with up(tmp_path / "var") as instance:
        instance.wait_until_ready()
        instance.process.kill()
        instance.process.wait()
        again = instance.start()
        try:
            wait_until(lambda: instance.log.count("Rowcall is ready") == 2, what="ready again")
            assert len(instance.pids("valkey-server")) == len(instance.pids("beat\0")) == 1
            again.send_signal(signal.SIGINT)
            assert again.wait(PATIENCE) == 0
            assert instance.pids() == []
        finally:
            again.kill()
            again.wait()


def test_a_taken_port_is_refused_with_another_one_to_try(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as somebody:
        port = somebody.getsockname()[1]
        refused = subprocess.run(
            [sys.executable, str(ROOT / "manage.py"), "up", "--port", str(port)],
            capture_output=True,
            text=True,
            env={**os.environ, "ROWCALL_VAR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "config.settings"},
            timeout=PATIENCE,
        )
    assert refused.returncode == 1
    assert re.search(rf"Port {port} is already taken.*\./run --port \d+", refused.stderr)
    assert not (tmp_path / "rowcall.sqlite3").exists()
