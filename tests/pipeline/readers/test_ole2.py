"""OLE2 containers: old workbooks, what is no workbook, and files that are locked by a password."""

import io
import random
import struct
from hashlib import md5

import msoffcrypto
import pytest
from cryptography.hazmat.decrepit.ciphers.algorithms import ARC4
from cryptography.hazmat.primitives.ciphers import Cipher
from msoffcrypto.format.ooxml import OOXMLFile

from imports.pipeline.process.parent import preview_file
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


LOCK = 58  # bytes of the record that says how a workbook is locked


def locked_xls(rows: list[list[str]], password: str) -> bytes:
    """A BIFF8 workbook under RC4, as Excel 97 to 2003 locks it (MS-XLS 2.2.10, MS-OFFCRYPTO 2.3.6)."""
    plain, salt, verifier = xls(rows), bytes(range(16)), bytes(range(100, 116))
    keys = rc4(password, salt, verifier + md5(verifier).digest())
    lock = struct.pack("<HHHHH", 0x2F, 54, 1, 1, 1) + salt + keys
    start = 4 + struct.unpack_from("<H", plain, 2)[0]
    filler = -(len(plain) + len(lock)) % 4  # what `ole2_with` fills the stream up with is read as records of four bytes
    lock += struct.pack("<HH", 0x161, filler) + bytes(filler)
    stream = bytearray(plain[:start] + lock + plain[start:])
    covered, at = bytearray(len(stream)), start + LOCK  # every byte of the stream takes one of the key stream
    while at < len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        first = at + 4
        if kind == 0x85:  # the place of a sheet stays readable; it has moved by the record put before it
            struct.pack_into("<I", stream, first, struct.unpack_from("<I", stream, first)[0] + len(lock))
            first += 4
        if kind != 0x809:
            covered[first : at + 4 + size] = b"\1" * (at + 4 + size - first)
        at += 4 + size
    blocks = [rc4(password, salt, stream[block : block + 1024], block // 1024) for block in range(0, len(stream), 1024)]
    hidden = b"".join(blocks)
    return ole2_with({"Workbook": bytes(hidden[at] if covered[at] else stream[at] for at in range(len(stream)))})


def rc4(password: str, salt: bytes, data: bytes, block: int = 0) -> bytes:
    short = md5((md5(password.encode("utf-16-le")).digest()[:5] + salt) * 16).digest()[:5]
    cipher = Cipher(ARC4(md5(short + struct.pack("<I", block)).digest()), mode=None)
    return cipher.encryptor().update(bytes(data))


LOCKED = {
    "xlsx": lambda password: locked(WORKBOOK, password),
    "xls": lambda password: locked_xls(PEOPLE, password),
}


class TestLocked:
    @pytest.mark.parametrize("kind", LOCKED)
    def test_a_password_that_excel_does_not_know_is_asked_to_be_removed(self, kind, tmp_path):
        path = written(tmp_path, LOCKED[kind]("secret"), f"Müşteriler.{kind}")
        assert msoffcrypto.OfficeFile(path.open("rb")).is_encrypted() and refusal(path) == "file_is_protected"

    @pytest.mark.parametrize("kind", LOCKED)
    def test_the_password_that_excel_tries_by_itself_opens(self, kind, tmp_path):
        path = written(tmp_path, LOCKED[kind](KNOWN_TO_ALL), f"list.{kind}")
        assert msoffcrypto.OfficeFile(path.open("rb")).is_encrypted()
        assert rows(path) == READ and preview(path).kind == kind
        assert preview_file(path, ReadOptions()).kind == kind  # in the process that may not write

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
