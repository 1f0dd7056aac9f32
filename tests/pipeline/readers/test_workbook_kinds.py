"""The reader of each kind of workbook."""

import pytest

from imports.pipeline.readers import workbook_kinds
from imports.pipeline.readers.table import ReadOptions, UnreadableFile
from tests.pipeline.readers.written import HEAD, written
from tests.spreadsheets.other_formats import as_format
from tests.spreadsheets.workbooks import sheet_xml, xls, xlsx

ROWS = [[*HEAD], ["Ali", "0532 111 22 33"]]
FILES = {"xlsx": lambda: xlsx(sheet_xml(ROWS)), "xls": lambda: xls(ROWS)}


@pytest.mark.parametrize("kind", ["xlsx", "xls", "xlsb", "ods", "xml", "html"])
def test_each_kind_has_a_reader(kind, tmp_path):
    content = FILES[kind]() if kind in FILES else as_format(kind, ROWS)
    workbook = workbook_kinds.reader_of(kind, written(tmp_path, content), ReadOptions())
    assert workbook.kind == kind
    assert [row.cells for row in workbook.rows(workbook.sheet_names()[0][0])] == ROWS


def test_a_file_that_is_too_big_is_not_opened(tmp_path, monkeypatch):
    monkeypatch.setattr(workbook_kinds, "MOST_FILE", 3)
    with pytest.raises(UnreadableFile, match="file_too_big"):
        workbook_kinds.reader_of("xlsx", written(tmp_path, b"PK\x03\x04"), ReadOptions())
