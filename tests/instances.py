"""A whole Rowcall for tests: `manage.py up` with a folder and a port of its own, and everything real."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from config.launcher.ports import free_port
from tests.processes import wait_until

ROOT = Path(__file__).resolve().parent.parent
NOT_OURS = ("DATABASE_URL", "BROKER_URL", "STATICFILES_BACKEND", "DJANGO_ALLOW_ASYNC_UNSAFE")  # of the tests themselves


class Instance:
    """One `manage.py up`; everything it prints is in `log`. `environment` is added to that of the tests."""

    def __init__(self, var: Path, environment: Mapping[str, str] | None = None) -> None:
        self.var, self.port = var, free_port()
        self.address = f"http://localhost:{self.port}"
        inherited = {name: value for name, value in os.environ.items() if name not in NOT_OURS}
        self.environment = {
            **inherited,
            "ROWCALL_VAR": str(var),
            "DJANGO_SETTINGS_MODULE": "config.settings",
            **(environment or {}),
        }
        self.log_path = var.with_suffix(f".{self.port}.log")
        self.process = self.start()

    def start(self) -> subprocess.Popen:
        with open(self.log_path, "ab") as log:
            return subprocess.Popen(
                [sys.executable, str(ROOT / "manage.py"), "up", "--port", str(self.port)],
                stdout=log,
                stderr=log,
                env=self.environment,
            )

    @property
    def log(self) -> str:
        return self.log_path.read_text()

    def wait_until_ready(self) -> None:
        wait_until(lambda: "Rowcall is ready" in self.log or self.process.poll() is not None, what="up is ready")
        assert "Rowcall is ready" in self.log, self.log

    def links(self) -> dict[str, str]:
        """User name → the one-time link that was printed for them."""
        return dict(re.findall(rf"^    (\w+) +({self.address}/\S+)$", self.log, re.MULTILINE))

    def pids(self, word: str = "") -> list[int]:
        """Everything that runs for this instance and has `word` in its command line."""
        mark = f"ROWCALL_VAR={self.var}\0".encode()
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                if mark in (folder / "environ").read_bytes() and word.encode() in (folder / "cmdline").read_bytes():
                    found.append(int(folder.name))
            except OSError:
                continue  # gone meanwhile
        return found


@contextmanager
def up(var: Path, environment: Mapping[str, str] | None = None) -> Iterator[Instance]:
    """An instance while the block runs; afterwards nothing of it is left, whatever happened."""
    instance = Instance(var, environment)
    try:
        yield instance
    finally:
        instance.process.kill()
        instance.process.wait()
        for pid in instance.pids():
            os.kill(pid, signal.SIGKILL)
