"""The fixtures of pages, and imports whose preview is made here: no file is read."""

import pytest

from imports.models import ImportJob
from imports.pipeline.readers.table import Preview, Row, SheetInfo
from tests.builders import a_job
from tests.web.conftest import account, as_, assistant, campaign  # noqa: F401


def preview_of(headers: str, *lines: str, **more) -> Preview:
    """A csv file with these headers and rows, `;` between cells."""
    sample = [Row(number, line.split(";")) for number, line in enumerate(lines, 2)]
    sheet = SheetInfo("", True, None, None, [headers.split(";"), *(row.cells for row in sample)][:3])
    return Preview("csv", "utf-8", ";", [sheet], "", 1, headers.split(";"), sample, len(lines), **more)


@pytest.fixture
def job_of(campaign):  # noqa: F811
    """`job_of(headers, *rows, **fields of the import)`: an import that has just been received."""

    def receive(headers: str, *lines: str, **fields) -> ImportJob:
        fields = {"state": "uploaded", "total_rows": None, **fields}
        job = a_job(campaign, rows=0, preview=preview_of(headers, *lines, **fields.pop("read", {})), **fields)
        return ImportJob.objects.get(pk=job.pk)

    return receive
