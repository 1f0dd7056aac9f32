"""Files of `tests/spreadsheets/files/`, each read as the .json beside it says. To drop in two files is to add a test."""

import json
from pathlib import Path

import pytest

from imports.pipeline.readers.opening import open_sheet, preview
from imports.pipeline.readers.table import BadRow, ReadOptions
from tests.figures import record_outcome

FOLDER = Path(__file__).resolve().parents[2] / "spreadsheets" / "files"
ANSWERS = sorted(FOLDER.glob("*.json"))


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda path: path.stem)
def test_file(answer):
    with record_outcome("files of other programs", answer.stem):
        expected = json.loads(answer.read_text(encoding="utf-8"))
        path = FOLDER / answer.stem
        options = ReadOptions(**expected.get("options", {}))
        shown, sheet = preview(path, options), open_sheet(path, options)
        rows = {row.number: row for row in sheet.rows()}
        for name in ("kind", "encoding", "delimiter", "sheet", "header_row", "headers"):
            assert name not in expected or getattr(shown, name) == expected[name], name
        assert len(rows) == expected["rows"]
        assert {str(number): rows[number].cells for number in map(int, expected["cells"])} == expected["cells"]
        assert {str(number): row.reason.code for number, row in rows.items() if isinstance(row, BadRow)} == expected["bad"]
        assert {note.code for note in sheet.notes} == set(expected["notes"])


def test_every_file_has_its_answer():
    files = {path.name for path in FOLDER.iterdir() if path.suffix != ".json"}
    assert files == {path.stem for path in ANSWERS}
