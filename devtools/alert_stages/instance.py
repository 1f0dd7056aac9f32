"""The instance that everything happens to, started as `python manage.py up` starts it, and what surrounds it."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink
from django.conf import settings
from redis import Redis

from campaigns.whattalk.sandbox.process import SandboxControl
from config.launcher.broker import broker_socket
from devtools.chaos.processes import Postgres, Process
from devtools.processes import wait_until

SHOWN_LIMIT, SHOWN_USE = 8 * 2**30, 2**30  # bytes that the container seems to have, and to use
BESIDE = "bench_alerts"  # in the command line of what has this environment and is no part of the instance


class MailServer:
    """Takes every mail, and forgets it."""

    def __init__(self, port: int) -> None:
        self._port = port
        self.open()

    def open(self) -> None:
        self._server = Controller(Sink(), hostname="127.0.0.1", port=self._port)
        self._server.start()

    def close(self) -> None:
        self._server.stop()


class Instance:
    """`words` name programs by something in their command line."""

    def __init__(self, folder: Path, port: int, mail_port: int, on_postgres: bool) -> None:
        self._folder, self.port = folder, port
        logs = folder / "logs"
        logs.mkdir()
        self._database = Postgres.at(folder / "postgres", logs / "database.log") if on_postgres else None
        self.mail = MailServer(mail_port)
        command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "up", "--port", str(port)]
        self.memory = ContainerMemory(folder / "cgroup") if ContainerMemory.can_be_shown() else None
        self._log = logs / "up.log"
        self.up = Process("up", self.memory.around(command) if self.memory else command, self._log)

    def start(self) -> None:
        if self._database:
            self._database.start()
            wait_until(self._database.is_ready, what="the database")
        self.up.start()
        wait_until(lambda: "Rowcall is ready" in self.log or not self.up.is_running, what="up is ready")
        if not self.up.is_running:
            raise RuntimeError(f"up has ended:\n{self.log}")
        port = int((settings.VAR_DIR / "sandbox" / "port").read_text())
        self.sandbox = SandboxControl(f"http://127.0.0.1:{port}/api")

    def stop(self) -> None:
        """Nothing of it is left."""
        self.up.kill()
        for process in self._processes(""):
            with suppress(psutil.Error):
                process.kill()
        if self._database:
            self._database.kill()
        self.mail.close()

    @property
    def log(self) -> str:
        return self._log.read_text() if self._log.exists() else ""

    @contextmanager
    def frozen(self, *words: str) -> Iterator[None]:
        """SIGSTOP to the whole process groups of these programs, SIGCONT at the end."""
        groups = self.groups(*words)
        _signal_groups(groups, signal.SIGSTOP)
        try:
            yield
        finally:
            _signal_groups(groups, signal.SIGCONT)

    @contextmanager
    def frozen_children(self, word: str, most: int) -> Iterator[None]:
        """The same to so many processes at most that a program has started."""
        leaders = self.groups(word)
        children = [process for process in self._processes(word) if process.pid not in leaders][:most]
        for child in children:
            child.suspend()
        try:
            yield
        finally:
            for child in children:
                with suppress(psutil.Error):
                    child.resume()

    @contextmanager
    def killed(self, *words: str) -> Iterator[None]:
        """SIGKILL; nobody starts them again before the end, since what would do so is frozen."""
        os.kill(self.up.process.pid if self.up.process else 0, signal.SIGSTOP)
        try:
            _signal_groups(self.groups(*words), signal.SIGKILL)
            yield
        finally:
            os.kill(self.up.process.pid if self.up.process else 0, signal.SIGCONT)

    @contextmanager
    def full_broker(self) -> Iterator[None]:
        with Redis(unix_socket_path=str(broker_socket(settings.VAR_DIR))) as broker:
            broker.config_set("maxmemory", 1)
            try:
                yield
            finally:
                broker.config_set("maxmemory", 0)

    def groups(self, *words: str) -> set[int]:
        """The process groups of these programs. RuntimeError when one of them does not run."""
        found = {word: {os.getpgid(process.pid) for process in self._processes(word)} for word in words}
        if missing := [word for word, groups in found.items() if not groups]:
            raise RuntimeError(f"nothing runs with {', '.join(missing)} in its command line")
        return set().union(*found.values())

    def _processes(self, word: str) -> list[psutil.Process]:
        found = []
        for process in psutil.process_iter():
            with suppress(psutil.Error):
                line = " ".join(process.cmdline())
                if process.environ().get("ROWCALL_VAR") == str(settings.VAR_DIR) and word in line and BESIDE not in line:
                    found.append(process)
        return found


class ContainerMemory:
    """What the system tells the instance of a container's memory, in files that can be changed while it runs: its own view of
    /sys/fs/cgroup, for which root is needed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir()
        (folder / "memory.max").write_text(f"{SHOWN_LIMIT}\n")
        self.use(SHOWN_USE)

    @staticmethod
    def can_be_shown() -> bool:
        if os.geteuid() != 0 or not Path("/sys/fs/cgroup").is_dir():
            return False
        try:
            return subprocess.run(["unshare", "-m", "true"], stderr=subprocess.DEVNULL).returncode == 0
        except OSError:
            return False

    def around(self, command: list[str]) -> list[str]:
        return ["unshare", "-m", "sh", "-c", 'mount --bind "$0" /sys/fs/cgroup && exec "$@"', str(self._folder), *command]

    def use(self, size: int) -> None:
        new = self._folder / "memory.new"
        new.write_text(f"{size}\n")
        new.replace(self._folder / "memory.current")


def _signal_groups(groups: set[int], number: int) -> None:
    for group in groups:
        with suppress(ProcessLookupError):
            os.killpg(group, number)
