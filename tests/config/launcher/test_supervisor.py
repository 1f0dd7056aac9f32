"""The supervisor with small shell programs: order, readiness, restarts, stopping."""

import io
import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from config.launcher.supervisor import Log, Program
from tests.processes import PATIENCE, wait_until

ROOT = Path(__file__).resolve().parents[3]
LOOP = "while :; do sleep 0.05; done"


class Supervised:
    """A supervisor in a process of its own (signals are meant for processes); its output is in `text`."""

    def __init__(self, folder: Path, programs: str) -> None:
        self.output = folder / "output"
        script = textwrap.dedent(f"""
            import sys
            from pathlib import Path
            from config.launcher.supervisor import CannotStart, Log, Program, Supervisor
            def shell(name, script, **more):
                return Program(name, ["sh", "-c", script], **more)
            def says(words):
                return lambda: words in Path({str(self.output)!r}).read_text()
            programs = {programs}
            log = Log(sys.stdout, [program.name for program in programs])
            try:
                Supervisor(programs, log).run(lambda: log.plain("READY"))
            except CannotStart as error:
                sys.exit(str(error))
        """)
        with open(self.output, "wb") as output:
            self.process = subprocess.Popen([sys.executable, "-c", script], cwd=ROOT, stdout=output, stderr=output)

    @property
    def text(self) -> str:
        return self.output.read_text()

    def wait_for(self, words: str, count: int = 1) -> None:
        wait_until(lambda: self.text.count(words) >= count, what=f"{words!r} in {self.output}")


@pytest.fixture
def supervise(tmp_path):
    started = []

    def start(programs: str) -> Supervised:
        started.append(Supervised(tmp_path, programs))
        return started[-1]

    yield start
    for supervised in started:
        supervised.process.kill()
        supervised.process.wait()


def polite(name: str, more: str = "") -> str:
    """A program that says hello, and goodbye when it is asked to stop; ready once it has said hello, unless `more` says otherwise."""
    more = more if "is_ready" in more else f"{more}, is_ready=says('hello {name}')"
    return f"shell({name!r}, \"trap 'echo bye {name}; exit' TERM; echo hello {name}; {LOOP}\"{more})"


def test_started_in_order_and_stopped_in_reverse(supervise):
    running = supervise(f"[{polite('one')}, {polite('two')}, {polite('three')}]")
    for name in ("one", "two", "three"):
        running.wait_for(f"hello {name}")
    running.wait_for("READY")
    running.process.send_signal(signal.SIGTERM)
    assert running.process.wait(PATIENCE) == 0
    assert [line.split("| ")[1] for line in running.text.splitlines() if "bye" in line] == ["bye three", "bye two", "bye one"]


def test_the_next_waits_until_the_one_before_is_ready(supervise, tmp_path):
    flag = tmp_path / "flag"
    running = supervise(f"[{polite('one', f', is_ready=Path({str(flag)!r}).exists')}, {polite('two')}]")
    running.wait_for("hello one")
    time.sleep(0.5)
    assert "hello two" not in running.text
    flag.touch()
    running.wait_for("hello two")


def test_what_nothing_depends_on_comes_up_beside_the_next(supervise, tmp_path):
    flag = tmp_path / "flag"
    running = supervise(f"[{polite('one', f', is_ready=Path({str(flag)!r}).exists, is_needed_next=False')}, {polite('two')}]")
    running.wait_for("hello two")
    assert "READY" not in running.text
    flag.touch()
    running.wait_for("READY")


def test_a_program_that_dies_comes_back_and_the_pause_grows(supervise):
    running = supervise("[shell('brief', 'echo hello; sleep 0.3; exit 3')]")
    running.wait_for("hello", count=3)
    assert "The brief ended unexpectedly (exit code 3); starting it again in 1 s." in running.text
    assert "starting it again in 2 s." in running.text


def test_a_program_that_ends_while_starting_stops_the_rest(supervise):
    running = supervise(f"[{polite('one')}, shell('broken', 'echo cannot find my socks; exit 7', is_ready=lambda: False)]")
    assert running.process.wait(PATIENCE) == 1
    assert "cannot find my socks" in running.text and "bye one" in running.text
    assert "The broken ended while it was starting (exit code 7)" in running.text


def test_a_program_that_never_gets_ready_stops_the_rest(supervise):
    running = supervise(f"[{polite('one')}, {polite('mute', ', is_ready=lambda: False, ready_within=0.5')}]")
    assert running.process.wait(PATIENCE) == 1
    assert "The mute did not answer within 0.5 seconds" in running.text and "bye one" in running.text


def test_who_does_not_stop_in_time_is_ended(supervise):
    running = supervise(f"[shell('stubborn', \"trap '' TERM; echo hello; {LOOP}\", stop_within=0.5)]")
    running.wait_for("hello")
    running.process.terminate()
    assert running.process.wait(PATIENCE) == 0


def test_a_second_signal_ends_everything_at_once(supervise):
    running = supervise(f"[shell('slow', \"trap 'echo not yet' TERM; echo hello; {LOOP}\", stop_within=600)]")
    running.wait_for("hello")
    running.process.send_signal(signal.SIGINT)
    running.wait_for("not yet")
    running.process.send_signal(signal.SIGINT)
    assert running.process.wait(PATIENCE) == 0


def test_grandchildren_are_gone_too(supervise, tmp_path):
    note = tmp_path / "pid"
    running = supervise(f"[shell('parent', 'sleep 600 & echo $! > {note}; echo hello; wait')]")
    running.wait_for("hello")
    grandchild = int(note.read_text())
    running.process.terminate()
    running.process.wait(PATIENCE)
    wait_until(lambda: not _is_running(grandchild))


def test_a_killed_supervisor_leaves_nobody_behind(supervise, tmp_path):
    note = tmp_path / "pid"
    running = supervise(f"[shell('one', 'echo $$ > {note}; echo hello; {LOOP}', stop_within=1)]")
    running.wait_for("hello")
    running.process.kill()
    wait_until(lambda: not _is_running(int(note.read_text())))


def _is_running(pid: int) -> bool:
    """A zombie that nobody has buried yet does not run."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")")[1].split()[0] != "Z"
    except OSError:
        return False


class TestLog:
    def lines(self, program: Program, *lines: bytes) -> list[str]:
        stream = io.StringIO()
        Log(stream, ["web", "scheduler"]).copy(program, lines)
        return stream.getvalue().splitlines()

    def test_names_stand_in_front_in_a_column(self):
        assert self.lines(Program("web", []), b"up\n") == ["web       | up"]

    def test_bytes_that_are_no_text_do_no_harm(self):
        assert self.lines(Program("web", []), b"\xff!\n") == ["web       | \ufffd!"]

    def test_noise_is_left_out(self):
        assert self.lines(Program("web", [], noise="^API key"), b"API key: 1|abc\n", b"listening\n") == ["web       | listening"]

    def test_colours_are_for_terminals_that_want_them(self, monkeypatch):
        stream = io.StringIO()
        stream.isatty = lambda: True
        monkeypatch.delenv("NO_COLOR", raising=False)
        Log(stream, ["web"]).write("web", "up")
        assert stream.getvalue().startswith("\x1b[33m")
        monkeypatch.setenv("NO_COLOR", "1")
        Log(stream, ["web"]).write("web", "up")
        assert stream.getvalue().splitlines()[1] == "web     | up"

    def test_a_terminal_that_is_gone_stops_nothing(self):
        reader, writer = os.pipe()
        os.close(reader)
        broken = open(writer, "w")
        Log(broken).plain("anybody there?")
        with pytest.raises(BrokenPipeError):
            broken.close()
