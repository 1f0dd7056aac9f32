"""OLE2 containers: old workbooks, what is no workbook, and files that are locked by a password."""

import io
import random

import msoffcrypto
import pytest
from msoffcrypto.format.ooxml import OOXMLFile

from imports.pipeline.readers.ole2 import KNOWN_TO_ALL
from imports.pipeline.readers.opening import open_workbook, preview
from imports.pipeline.readers.table import ReadOptions, UnreadableFile
from tests.pipeline.readers.odd_workbooks import cells
from tests.pipeline.readers.old_workbooks import PEOPLE, READ, refusal, rows, written
from tests.spreadsheets.workbooks import ole2_with, sheet_xml, xls, xlsx

WORKBOOK = xlsx(sheet_xml(PEOPLE), {"xl/media/logo.png": random.Random(1).randbytes(8_000)})  # as long as real ones, at least


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


class TestOle2:
    @pytest.mark.parametrize("name", ["Workbook", "WORKBOOK", "workbook", "Book", "BOOK"])
    def test_the_stream_may_be_written_in_any_case(self, name, tmp_path):
        assert cells(ole2_with({name: xls([["Ad", "Tel"], ["Ali", "0555"]])}), tmp_path, "list.xls") == {2: ["Ali", "0555"]}

    @pytest.mark.parametrize("text", ["WordDocument", "EncryptedPackage", "PowerPoint Document", "__substg1.0_"])
    def test_a_cell_may_hold_any_text(self, text, tmp_path):
        assert cells(ole2_with({"Workbook": xls([["Ad", "Tel"], [text, "0555"]])}), tmp_path, "list.xls") == {2: [text, "0555"]}

    @pytest.mark.parametrize("inner", ["WordDocument", "PowerPoint Document", "Workbook"])
    def test_an_embedded_document_is_not_the_file(self, inner, tmp_path):
        content = ole2_with({"Workbook": xls([["Ad", "Tel"], ["Ali", "0555"]]), "MBD0001/" + inner: b"x" * 5000})
        assert cells(content, tmp_path, "list.xls") == {2: ["Ali", "0555"]}

    @pytest.mark.parametrize(
        ("streams", "code"),
        [
            ({"WordDocument": b"x" * 5000}, "file_is_document"),
            ({"worddocument": b"x" * 5000}, "file_is_document"),
            ({"EncryptedPackage": b"x" * 5000, "EncryptionInfo": b"y" * 5000}, "file_is_protected"),
            ({"WordDocument": b"x" * 5000, "ObjectPool/_1/Workbook": b"y" * 5000}, "file_is_document"),
            ({"Other": b"x" * 5000}, "file_damaged"),
        ],
    )
    def test_what_is_no_workbook_is_named(self, streams, code, tmp_path):
        (tmp_path / "list.xls").write_bytes(ole2_with(streams))
        with pytest.raises(UnreadableFile) as refused:
            open_workbook(tmp_path / "list.xls", ReadOptions())
        assert refused.value.reason.code == code
