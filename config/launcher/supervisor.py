"""Runs a few programs as one: started in order and waited for until they are ready; restarted when they end; stopped in
reverse order. Knows nothing of Django or of what it runs.

A program lives in a process group of its own, so that Ctrl-C in the terminal reaches the supervisor alone and the order of
stopping is kept. Should the supervisor itself be killed, `config.launcher.watchdog` ends the programs.
"""

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

POLL_SECONDS = 0.1  # between two looks at the programs
LONGEST_BACKOFF = 30.0  # seconds before a program that keeps failing is started again
STEADY_AFTER = 60.0  # seconds of running after which earlier failures no longer count
COLOURS = (36, 33, 32, 35, 34, 31)  # of ANSI terminals, one a program
WATCHDOG = Path(__file__).with_name("watchdog.py")


class CannotStart(Exception):
    """A program ended or did not answer while it was being started; the text is for the person at the terminal."""


def _at_once() -> bool:
    return True


@dataclass(frozen=True)
class Program:
    """One program to keep running. `is_ready` is asked again and again until it says yes; times are in seconds.

    The next program is started when this one is ready, or at once where nothing later depends on it (`is_needed_next` false).
    Programs of one `group` are asked to stop together, so that their times do not add up.
    Lines of its output that match the regular expression `noise` are not shown.
    """

    name: str
    command: Sequence[str]
    is_ready: Callable[[], bool] = _at_once
    environment: Mapping[str, str] = field(default_factory=dict)
    ready_within: float = 120.0  # a busy machine takes a while; a program that ends is noticed at once
    stop_within: float = 10.0
    noise: str = r"^\s*$"
    is_needed_next: bool = True
    group: str = ""


class Log:
    """Lines of all programs on one stream, each with the name of its program in front, in colour on a terminal."""

    def __init__(self, stream: TextIO, names: Iterable[str] = ()) -> None:
        self._stream = stream
        self._lock = threading.Lock()
        self._names = ["rowcall", *names]
        self._width = max(map(len, self._names))
        self._in_colour = stream.isatty() and "NO_COLOR" not in os.environ

    def write(self, name: str, text: str) -> None:
        prefix = f"{name:<{self._width}} |"
        if self._in_colour:
            prefix = f"\x1b[{COLOURS[self._names.index(name) % len(COLOURS)]}m{prefix}\x1b[0m"
        self.plain(f"{prefix} {text}")

    def plain(self, text: str) -> None:
        with self._lock:
            try:
                print(text, file=self._stream, flush=True)
            except OSError:
                pass  # the terminal is gone: no reason to stop working

    def copy(self, program: Program, lines: Iterable[bytes]) -> None:
        for line in lines:
            text = line.decode("utf-8", "replace").rstrip()
            if not re.search(program.noise, text):
                self.write(program.name, text)


class Watchdog:
    """The watchdog process, which knows every child. `keep_open` is a descriptor it holds for as long as it lives."""

    def __init__(self, keep_open: int | None = None) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-S", str(WATCHDOG)],
            stdin=subprocess.PIPE,
            text=True,
            start_new_session=True,
            pass_fds=() if keep_open is None else (keep_open,),
        )

    def report(self, *words: object) -> None:
        try:
            print(*words, file=self._process.stdin, flush=True)
        except OSError:
            pass  # somebody killed the watchdog: children are still stopped by their supervisor

    def close(self) -> None:
        try:
            if self._process.stdin:
                self._process.stdin.close()
        except OSError:
            pass
        self._process.wait()


class Child:
    """A running program."""

    def __init__(self, program: Program, log: Log, watchdog: Watchdog) -> None:
        self.program, self._watchdog = program, watchdog
        self.started_at, self._is_asked = time.monotonic(), False
        self._process = subprocess.Popen(
            program.command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env={**os.environ, "PYTHONUNBUFFERED": "1", **program.environment},
            start_new_session=True,
        )
        watchdog.report("started", self._process.pid, program.stop_within)
        self._copier = threading.Thread(target=log.copy, args=(program, self._process.stdout), daemon=True)
        self._copier.start()

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def has_ended(self) -> bool:
        return self._process.poll() is not None

    @property
    def ending(self) -> str:
        """How it ended, as text."""
        code = self._process.returncode
        return f"killed by {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"

    def ask_to_stop(self) -> None:
        """Once: to some programs a second signal means to leave their work."""
        if not self._is_asked:
            self._is_asked = True
            self._process.terminate()

    def end(self) -> None:
        """Nobody of its process group is left afterwards."""
        try:
            os.killpg(self.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            pass
        self._process.wait()
        self._copier.join(timeout=1)
        self._watchdog.report("ended", self.pid)


class Supervisor:
    """Runs `programs` until a signal asks it to stop. A second signal ends them at once."""

    def __init__(self, programs: Sequence[Program], log: Log, lock: int | None = None) -> None:
        self._programs, self._log = programs, log
        self._lock = lock
        self._children: dict[str, Child] = {}
        self._failures: dict[str, int] = {}
        self._due: dict[str, float] = {}
        self._requests = 0

    def run(self, when_ready: Callable[[], None] = lambda: None) -> None:
        """Raises CannotStart when a program cannot be started; all programs are stopped in every case."""
        earlier = {number: signal.signal(number, self._note_request) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
        self._watchdog = Watchdog(self._lock)
        try:
            if self._start_all():
                when_ready()
                self._keep_running()
        finally:
            self._stop_all()
            self._watchdog.close()
            for number, handler in earlier.items():
                signal.signal(number, handler)

    def _note_request(self, number: int, frame: object) -> None:
        self._requests += 1

    def _start_all(self) -> bool:
        """Whether everything runs; not when somebody asked to stop meanwhile."""
        for program in self._programs:
            if self._requests:
                return False
            self._start(program)
            if program.is_needed_next:
                self._wait_until_ready(self._children[program.name])
        for child in self._children.values():
            self._wait_until_ready(child)
        return not self._requests

    def _start(self, program: Program) -> None:
        self._children[program.name] = Child(program, self._log, self._watchdog)

    def _wait_until_ready(self, child: Child) -> None:
        program = child.program
        deadline = child.started_at + program.ready_within
        while not self._requests:
            if child.has_ended:
                raise CannotStart(
                    f"The {program.name} ended while it was starting ({child.ending}). Its last lines above say why."
                )
            if program.is_ready():
                return
            if time.monotonic() > deadline:
                raise CannotStart(
                    f"The {program.name} did not answer within {program.ready_within:g} seconds. "
                    "Its last lines above may say why."
                )
            time.sleep(POLL_SECONDS)

    def _keep_running(self) -> None:
        while not self._requests:
            for program in self._programs:
                self._check(program)
            time.sleep(POLL_SECONDS)

    def _check(self, program: Program) -> None:
        child = self._children.get(program.name)
        if child is None:
            if time.monotonic() >= self._due[program.name]:
                self._start(program)
        elif child.has_ended:
            self._restart_later(child)

    def _restart_later(self, child: Child) -> None:
        name = child.program.name
        child.end()
        del self._children[name]
        if time.monotonic() - child.started_at > STEADY_AFTER:
            self._failures[name] = 0
        pause = min(2.0 ** self._failures.get(name, 0), LONGEST_BACKOFF)
        self._failures[name] = self._failures.get(name, 0) + 1
        self._due[name] = time.monotonic() + pause
        self._log.write("rowcall", f"The {name} ended unexpectedly ({child.ending}); starting it again in {pause:.0f} s.")

    def _stop_all(self) -> None:
        for program in reversed(self._programs):
            child = self._children.pop(program.name, None)
            if child:
                for other in self._children.values():
                    if program.group and other.program.group == program.group:
                        other.ask_to_stop()
                self._stop(child)

    def _stop(self, child: Child) -> None:
        child.ask_to_stop()
        is_announced, deadline = False, time.monotonic() + child.program.stop_within
        asked = time.monotonic()
        while not child.has_ended and time.monotonic() < deadline and self._requests < 2:
            if not is_announced and time.monotonic() - asked > 4:
                is_announced = True
                self._log.write(
                    "rowcall",
                    f"The {child.program.name} finishes what it is doing "
                    f"(at most {child.program.stop_within:.0f} s; Ctrl-C again ends it now, nothing is lost).",
                )
            time.sleep(POLL_SECONDS / 2)
        child.end()
