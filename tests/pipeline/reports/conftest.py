"""Fixtures of the tests of reports."""

import pytest

from imports.pipeline.reports.fix_workbook import write_fix_workbook
from tests.pipeline.reports.fix_workbooks import HEADERS, KEY, ROWS, TITLES


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "fix.xlsx"
    with open(path, "wb") as file:
        assert write_fix_workbook(file, KEY, HEADERS, TITLES, iter(ROWS)) == len(ROWS)
    return path
