"""`.xls` workbooks that the first reader gives up, and workbooks that are locked by a password which everybody knows."""

import io
import random
import struct

import msoffcrypto
import pytest
from msoffcrypto.format.ooxml import OOXMLFile

from imports.pipeline.readers.ole2 import KNOWN_TO_ALL
from imports.pipeline.readers.opening import open_sheet, preview
from imports.pipeline.readers.table import ReadOptions, UnreadableFile
from imports.pipeline.readers.xls import reader
from imports.pipeline.readers.xls.records import check_records
from tests.spreadsheets.container_cases import REAL_XLS
from tests.spreadsheets.workbooks import _record, ole2_with, sheet_xml, xls, xlsx

PEOPLE = [["Ad", "Telefon"], ["Ali", "0555 111 22 33"], ["Can", "0532 111 22 34"]]
READ = {2: PEOPLE[1], 3: PEOPLE[2]}
WORKBOOK = xlsx(sheet_xml(PEOPLE), {"xl/media/logo.png": random.Random(1).randbytes(8_000)})  # as long as real ones, at least


def written(tmp_path, content: bytes, name: str = "list.xls"):
    path = tmp_path / name
    path.write_bytes(content)
    return path


def rows(path) -> dict[int, list[str]]:
    return {row.number: row.cells for row in open_sheet(path, ReadOptions(header_row=1)).rows()}


def codes(path) -> list[str]:
    return [note.code for note in open_sheet(path).notes]


def refusal(path) -> str:
    with pytest.raises(UnreadableFile) as refused:
        preview(path)
    return refused.value.reason.code


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


def locked(content: bytes, password: str) -> bytes:
    target = io.BytesIO()
    OOXMLFile(io.BytesIO(content)).encrypt(password, target)
    return target.getvalue()


class TestLocked:
    def test_a_workbook_that_excel_opens_without_asking_is_opened(self, tmp_path):
        path = written(tmp_path, locked(WORKBOOK, KNOWN_TO_ALL), "list.xlsx")
        assert msoffcrypto.OfficeFile(path.open("rb")).is_encrypted()
        assert rows(path) == READ and preview(path).kind == "xlsx"

    def test_any_other_password_is_named(self, tmp_path):
        assert refusal(written(tmp_path, locked(WORKBOOK, "secret"), "list.xlsx")) == "file_is_protected"

    def test_rounds_without_end_are_not_begun(self, tmp_path):
        content = locked(WORKBOOK, KNOWN_TO_ALL)
        assert content.count(b'spinCount="100000"') == 1
        assert (
            refusal(
                written(
                    tmp_path,
                    content.replace(b'spinCount="100000"', b'spinCount="999999999"').replace(b"<encryption ", b"<encryption"),
                    "list.xlsx",
                )
            )
            == "file_is_protected"
        )

    def test_a_damaged_lock_stays_locked(self, tmp_path):
        content = bytearray(locked(WORKBOOK, KNOWN_TO_ALL))
        at = content.index(b"encryptedVerifierHashInput=")
        content[at + 30 : at + 40] = b"AAAAAAAAAA"
        assert refusal(written(tmp_path, bytes(content), "list.xlsx")) == "file_is_protected"
