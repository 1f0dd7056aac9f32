"""The records of an `.xls` stream, before a second reader is trusted with it."""

import pytest

from imports.pipeline.readers.table import UnreadableFile
from imports.pipeline.readers.xls.records import check_records
from tests.spreadsheets.workbooks import ole2_with, xls

STREAM = xls([["Ad", "Telefon"], ["Ali", "0532 111 22 33"]])


def test_a_sound_stream_is_accepted():
    check_records(ole2_with({"Workbook": STREAM.ljust(5_000, b"\0")}))


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", ole2_with({"Other": bytes(5_000)})])
def test_what_holds_no_workbook_is_damaged(content):
    with pytest.raises(UnreadableFile, match="file_damaged"):
        check_records(content)
