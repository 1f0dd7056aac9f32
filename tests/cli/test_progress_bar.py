"""One line that is written over on a terminal, lines now and then elsewhere."""

import io

from django.core.management.base import OutputWrapper

from imports.cli.progress_bar import ProgressBar
from imports.models import RowState
from tests.builders import a_job, add_rows, phone


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_is_left_clean(db):
    screen = Screen()
    bar = ProgressBar(OutputWrapper(screen), shown=True)
    bar.checked(1_200)
    bar.checked(1_300)  # too soon after the last one
    bar.end()
    assert screen.getvalue().split("\r") == ["", "Checking: 1,200 rows", " " * 20, ""]


def test_what_is_left_is_said_and_answers_that_were_lost(db):
    job = a_job(rows=0, total_rows=4)
    add_rows(job, [phone(n) for n in range(3)], RowState.CREATED, remote_id="1")
    add_rows(job, [phone(9)], RowState.UNKNOWN, first_row=9)
    written = io.StringIO()
    ProgressBar(OutputWrapper(written), shown=True).sent(job)
    assert "3/4  1 answer was lost; asking WhatTalk about it" in written.getvalue()
    silent = io.StringIO()
    ProgressBar(OutputWrapper(silent), shown=False).sent(job)
    assert silent.getvalue() == ""
