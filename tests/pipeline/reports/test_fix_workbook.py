"""The "fix in Excel" workbook as it is written."""

import hashlib
import io
import time

import openpyxl
import pytest

from imports.pipeline.reports.fix_workbook import (
    KEY_TITLE,
    MOST_COMMENTS,
    OWN_COLUMNS,
    FixRow,
    write_fix_workbook,
)
from tests.pipeline.reports.fix_workbooks import HEADERS, KEY, ROWS, TITLES


def test_rows_stand_as_they_were_with_reason_and_suggestion_beside_them(path):
    sheet = openpyxl.load_workbook(path).active
    titles, first = [cell.value for cell in sheet[1]], [cell.value for cell in sheet[2]]
    assert titles == [KEY_TITLE, "▸ Satır", "▸ Sorun", "▸ Öneri", *HEADERS, "▸ …"]
    assert first[1:] == ["5", "The number is too short.", "Write all ten digits.", "Ali", "0532 12", "=1+1", None, None]
    assert [cell.value for cell in sheet[5]][4:] == ["Cem", "0544", None, None, "sur | plus"]
    assert sheet.title == "Düzelt" and sheet.freeze_panes == "C2"
    assert sheet.column_dimensions["A"].hidden and not sheet.column_dimensions["B"].hidden


def test_the_bad_cell_is_coloured_and_says_why(path):
    sheet = openpyxl.load_workbook(path).active
    bad, good = sheet["F2"], sheet["E2"]
    assert "The number is too short." in bad.comment.text and "Write all ten digits." in bad.comment.text
    assert bad.fill.fgColor.rgb != good.fill.fgColor.rgb and good.comment is None
    assert sheet["E4"].comment is not None, "an empty cell can be the bad one"


def test_every_cell_is_text_also_the_empty_ones(path):
    sheet = openpyxl.load_workbook(path).active
    for row in sheet.iter_rows():
        for cell in row:
            assert cell.data_type in ("s", "n") and cell.data_type != "f" and cell.hyperlink is None
            assert cell.value is None or cell.data_type != "n"
    assert {sheet.cell(row, at).number_format for row in range(2, 6) for at in range(1, OWN_COLUMNS + 5)} == {"@"}


@pytest.mark.slow
def test_the_same_rows_give_the_same_bytes():
    def digest() -> str:
        file = io.BytesIO()
        write_fix_workbook(file, KEY, HEADERS, TITLES, ROWS)
        return hashlib.sha256(file.getvalue()).hexdigest()

    first = digest()
    time.sleep(2.1)
    assert digest() == first


def test_comments_stop_before_they_slow_the_workbook_down():
    file = io.BytesIO()
    count = MOST_COMMENTS + 5
    write_fix_workbook(file, KEY, ["Tel"], TITLES, (FixRow(n, ["x"], [0], "bad", "") for n in range(count)))
    sheet = openpyxl.load_workbook(file).active
    assert sheet.max_row == count + 1
    assert sum(row[0].comment is not None for row in sheet.iter_rows(min_row=2, min_col=5)) == MOST_COMMENTS
