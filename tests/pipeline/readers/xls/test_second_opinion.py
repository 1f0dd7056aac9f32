"""`.xls` workbooks that the first reader gives up, read by the second one."""

import struct

import pytest

from imports.pipeline.readers.opening import open_sheet
from imports.pipeline.readers.table import UnreadableFile
from imports.pipeline.readers.xls import reader
from imports.pipeline.readers.xls.records import check_records
from tests.pipeline.readers.old_workbooks import PEOPLE, READ, refusal, rows, written
from tests.spreadsheets.container_cases import REAL_XLS
from tests.spreadsheets.workbooks import _record, ole2_with, xls


def codes(path) -> list[str]:
    return [note.code for note in open_sheet(path).notes]


def with_broken_name() -> bytes:
    """A defined name whose formula says nothing: xlrd gives the whole workbook up, Excel and calamine do not mind."""
    name = _record(0x0018, struct.pack("<HBBHHHBBBB", 0, 0, 3, 7, 0, 0, 0, 0, 0, 0) + b"\0abc" + b"\x1c\x17\x3a\xff\xff\xff\xff")
    plain = xls(PEOPLE)
    at = plain.index(struct.pack("<HH", 0x000A, 0))
    offset = struct.pack("<I", struct.unpack_from("<I", plain, plain.index(struct.pack("<H", 0x0085)) + 4)[0])
    moved = struct.pack("<I", struct.unpack("<I", offset)[0] + len(name))
    return ole2_with({"Workbook": plain[:at].replace(offset, moved, 1) + name + plain[at:]})


class TestASecondOpinion:
    @pytest.fixture
    def doubtful(self, tmp_path):
        path = written(tmp_path, with_broken_name())
        with pytest.raises(UnreadableFile):
            reader._opened(filename=str(path))
        return path

    def test_a_workbook_that_xlrd_gives_up_is_read(self, doubtful):
        assert rows(doubtful) == READ

    def test_that_it_was_read_in_another_way_is_said(self, doubtful, tmp_path):
        assert codes(doubtful) == ["read_a_second_way"]
        assert codes(written(tmp_path, ole2_with({"Workbook": xls(PEOPLE)}), "sound.xls")) == []

    def test_a_sheet_that_xlrd_gives_up_is_read(self, tmp_path, monkeypatch):
        def fail(*_):
            raise AssertionError

        monkeypatch.setattr(reader.xlrd.Book, "sheet_by_name", fail)
        path = written(tmp_path, ole2_with({"Workbook": xls(PEOPLE)}))
        assert rows(path) == READ and codes(path) == ["read_a_second_way"]

    @pytest.mark.parametrize("size", [600, len(REAL_XLS) // 2, len(REAL_XLS) * 9 // 10])
    def test_a_workbook_cut_short_is_damaged_for_both(self, size, tmp_path):
        assert refusal(written(tmp_path, REAL_XLS[:size])) == "file_damaged"

    @pytest.mark.parametrize(
        "change",
        [
            lambda content: content.replace(
                struct.pack("<HHHHH", 0x0204, 6 + 3 + 6, 1, 0, 0), struct.pack("<HHHHH", 0x0204, 6 + 3 + 6, 1, 60_000, 0)
            ),
            lambda content: content.replace(_record(0x000A, b""), b""),
        ],
    )
    def test_what_reaches_too_far_or_does_not_end_is_refused(self, change):
        with pytest.raises(UnreadableFile):
            check_records(ole2_with({"Workbook": change(xls(PEOPLE))}))

    def test_what_is_sound_is_not(self):
        check_records(REAL_XLS)
        check_records(ole2_with({"Workbook": xls(PEOPLE)}))
