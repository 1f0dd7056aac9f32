"""What commands share that people and scripts run in a terminal and wait for."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandParser

from background import shutdown

WRONG = 2  # exit code: an option is wrong, or what is given cannot be used


class TerminalCommand(BaseCommand):
    """Says what is wrong in one sentence on stderr, and ends with the code that tells scripts which kind of error it is."""

    requires_system_checks = []

    def create_parser(self, *args: Any, **kwargs: Any) -> CommandParser:
        parser = super().create_parser(*args, **kwargs)
        setattr(parser, "error", lambda message: self._stop(WRONG, message))  # argparse prints its usage too
        return parser

    def _stop(self, code: int, sentence: str) -> NoReturn:
        self.stderr.write(sentence)
        sys.exit(code)


@contextmanager
def stoppable() -> Iterator[None]:
    """Ctrl-C and SIGTERM end the work where it can be resumed; a second one, whichever, ends it at once."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        shutdown.ask()
        as_before()

    def as_before() -> None:
        for number, handler in before.items():
            signal.signal(number, handler)

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        as_before()
