"""Files written for a test, and what is read of them: shared by the tests of formats whose sheets are read whole."""

import pytest

from imports.pipeline.readers.opening import open_sheet, open_workbook, preview
from imports.pipeline.readers.table import ReadOptions, UnreadableFile

HEAD = ("Ad", "Telefon")


def written(tmp_path, content: bytes | str):
    path = tmp_path / "list.xls"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def refusal(path) -> str:
    with pytest.raises(UnreadableFile) as refused:
        preview(path)
    return refused.value.reason.code


def notes(path) -> dict[str, dict]:
    sheet = open_sheet(path)
    list(sheet.rows())
    return {note.code: note.params for note in sheet.notes}


def rows_of_first_sheet(path) -> list[list[str]]:
    workbook = open_workbook(path, ReadOptions())
    return [row.cells for row in workbook.rows(workbook.sheet_names()[0][0])]
