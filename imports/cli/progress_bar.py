"""The progress bar of commands: one line that is written over on a terminal, a line now and then elsewhere."""

import time

from django.core.management.base import OutputWrapper
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from imports import counters
from imports.models import OPEN_STATES, ImportJob, RowState

WIDTH = 30
SECONDS_BETWEEN = {True: 0.2, False: 5.0}  # by "is it a terminal"


class ProgressBar:
    """`checked` and `sent` may be called as often as one likes."""

    def __init__(self, stream: OutputWrapper, shown: bool):
        self._stream, self._shown = stream, shown
        self._is_terminal = stream.isatty()
        self._next = 0.0
        self._line = ""
        self._began: tuple[float, int] | None = None

    def checked(self, rows: int) -> None:
        if self._is_due():
            self._write(_("Checking: %(rows)s rows") % {"rows": f"{rows:,}"})

    def sent(self, job: ImportJob) -> None:
        if not self._is_due():
            return
        states, total = counters.states(job.pk), job.total_rows or 0
        waiting = sum(states[state] for state in OPEN_STATES)
        left = self._lost(states) if waiting == states[RowState.UNKNOWN] else self._time_left(waiting)
        self._write(f"{_bar(total - waiting, total)} {total - waiting:,}/{total:,}  {left}".rstrip())

    def end(self) -> None:
        """Leave the terminal clean."""
        if self._is_terminal and self._line:
            self._stream.write("\r" + " " * len(self._line) + "\r", ending="")

    def _is_due(self) -> bool:
        if not self._shown or time.monotonic() < self._next:
            return False
        self._next = time.monotonic() + SECONDS_BETWEEN[self._is_terminal]
        return True

    def _time_left(self, waiting: int) -> str:
        now = time.monotonic()
        began, at_first = self._began = self._began or (now, waiting)
        done = at_first - waiting
        if not done or now - began < 2:
            return ""
        seconds = waiting * (now - began) / done
        return _("%(rate)s a second, %(minutes)d:%(seconds)02d left") % {
            "rate": f"{done / (now - began):,.0f}",
            "minutes": seconds // 60,
            "seconds": seconds % 60,
        }

    def _lost(self, states: dict[str, int]) -> str:
        """It takes minutes on purpose: what we asked may still be under way at WhatTalk."""
        n = states[RowState.UNKNOWN]
        said = ngettext(
            "%(n)d answer was lost; asking WhatTalk about it", "%(n)d answers were lost; asking WhatTalk about them", n
        )
        return said % {"n": n} if n else ""

    def _write(self, line: str) -> None:
        if line == self._line:
            return
        if self._is_terminal:
            self._stream.write("\r" + line.ljust(len(self._line)), ending="")
            self._stream.flush()
        else:
            self._stream.write(line)
        self._line = line


def _bar(done: int, total: int) -> str:
    filled = WIDTH * done // total if total else WIDTH
    return "█" * filled + "░" * (WIDTH - filled)
