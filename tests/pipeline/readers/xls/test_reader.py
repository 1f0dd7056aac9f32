"""`.xls` workbooks as xlrd reads them."""

import pytest

from imports.pipeline.readers.table import UnreadableFile
from imports.pipeline.readers.xls.reader import xls_workbook
from tests.spreadsheets.workbooks import xls


def test_rows_numbers_and_texts(tmp_path):
    path = tmp_path / "list.xls"
    path.write_bytes(xls([["Ad", "Telefon"], ["Ali", 5321112233.0], ["Can", 12.5]]))
    workbook = xls_workbook(path)
    assert (workbook.kind, workbook.sheet_names(), workbook.size("Liste")) == ("xls", [("Liste", True)], (3, 2))
    assert [row.cells for row in workbook.rows("Liste")] == [["Ad", "Telefon"], ["Ali", "5321112233"], ["Can", "12.5"]]
    assert list(workbook.peek("Liste")) == workbook.spread("Liste") and workbook.notes("Liste") == []


def test_what_both_readers_give_up_is_damaged(tmp_path):
    path = tmp_path / "list.xls"
    path.write_bytes(b"\x09\x08" + bytes(300))
    with pytest.raises(UnreadableFile, match="file_damaged"):
        xls_workbook(path)
