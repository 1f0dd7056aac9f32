"""Old and locked workbooks, and what is read of them."""

import pytest

from imports.pipeline.readers.opening import open_sheet, preview
from imports.pipeline.readers.table import ReadOptions, UnreadableFile

PEOPLE = [["Ad", "Telefon"], ["Ali", "0555 111 22 33"], ["Can", "0532 111 22 34"]]

READ = {2: PEOPLE[1], 3: PEOPLE[2]}


def written(tmp_path, content: bytes, name: str = "list.xls"):
    path = tmp_path / name
    path.write_bytes(content)
    return path


def rows(path) -> dict[int, list[str]]:
    return {row.number: row.cells for row in open_sheet(path, ReadOptions(header_row=1)).rows()}


def refusal(path) -> str:
    with pytest.raises(UnreadableFile) as refused:
        preview(path)
    return refused.value.reason.code
