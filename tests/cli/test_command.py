"""What commands share that people and scripts wait for: how they say what is wrong, and how they are stopped."""

import os
import signal
from collections.abc import Iterator
from io import StringIO

import pytest

from background import shutdown
from imports.cli.command import WRONG, TerminalCommand, stoppable


class Command(TerminalCommand):
    def add_arguments(self, parser) -> None:
        parser.add_argument("--count", type=int)
        parser.add_argument("--end", choices=("here",))

    def handle(self, **options) -> None:
        if options["end"]:
            self._stop(7, "It ends here.")
        self.stdout.write(str(options["count"]))


def run(*words: str) -> tuple[int, str, str]:
    """Exit code, output and what was said on stderr."""
    out, err = StringIO(), StringIO()
    command = Command(stdout=out, stderr=err, no_color=True)
    try:
        command.run_from_argv(["manage.py", "command", *words])
    except SystemExit as end:
        return end.code, out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


@pytest.mark.parametrize("words", [["--count", "many"], ["--nothing"], ["--end", "there"], ["stray"]])
def test_a_wrong_option_is_one_line_on_stderr(words):
    code, out, err = run(*words)
    assert (code, out) == (WRONG, "") and words[-1] in err
    assert len(err.splitlines()) == 1 and "usage" not in err


def test_what_it_says_and_its_code_reach_the_caller():
    assert run("--count", "3") == (0, "3\n", "")
    assert run("--end", "here") == (7, "", "It ends here.\n")


class Ended(BaseException):
    """What the handler from before does."""


def end(number, _frame) -> None:
    raise Ended(signal.Signals(number).name)


@pytest.fixture(autouse=True)
def handlers_of_before() -> Iterator[None]:
    before = {number: signal.signal(number, end) for number in (signal.SIGINT, signal.SIGTERM)}
    shutdown.forget()
    yield
    shutdown.forget()
    for number, handler in before.items():
        signal.signal(number, handler)


def send(number: int) -> None:
    os.kill(os.getpid(), number)


@pytest.mark.parametrize("first", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("second", [signal.SIGINT, signal.SIGTERM])
def test_the_first_signal_asks_and_the_second_ends_whichever_they_are(first, second):
    with pytest.raises(Ended, match=second.name), stoppable():
        assert not shutdown.is_asked()
        send(first)
        assert shutdown.is_asked()
        send(second)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_afterwards_signals_mean_what_they_did_before(number):
    with pytest.raises(KeyError), stoppable():
        raise KeyError
    with pytest.raises(Ended):
        send(number)
    assert not shutdown.is_asked()
