"""Fixtures of the tests of readers."""

import pytest

from imports.pipeline.readers.opening import open_sheet
from imports.pipeline.readers.table import ReadOptions
from tests.pipeline.readers.written import written


@pytest.fixture
def read(tmp_path):
    """Row number → cells of the sheet below its first row."""

    def rows(content: bytes | str, **options) -> dict[int, list[str]]:
        sheet = open_sheet(written(tmp_path, content), ReadOptions(header_row=1, **options))
        return {row.number: row.cells for row in sheet.rows()}

    return rows


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return tmp_path_factory.mktemp("workbooks") / "list.xlsx"
