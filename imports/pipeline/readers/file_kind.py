"""What a file really is, by its content. Its name is no evidence: an "Excel file" is often a web page."""

import re
import zipfile
from pathlib import Path
from typing import BinaryIO

from imports.pipeline.readers.table import UnreadableFile

from .cell_text import CONTROL_BYTES
from .zip_safety import DAMAGE, name_plainly

ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK00PK\x03\x04", b"PK\x07\x08PK\x03\x04")  # the last two were meant for many disks
OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Excel before version 5 wrote the bare stream; xlrd reads it.
OLD_BIFF = (b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00", b"\x09\x08")

# (offset, magic bytes, reason code, what people call it)
MAGIC = [
    (0, b"%PDF", "file_is_pdf", "PDF"),
    (0, b"{\\rtf", "file_is_document", "RTF"),
    (0, b"\x89PNG", "file_is_picture", "PNG"),
    (0, b"\xff\xd8\xff", "file_is_picture", "JPEG"),
    (0, b"GIF8", "file_is_picture", "GIF"),
    (0, b"BM", "file_is_picture", "BMP"),
    (8, b"WEBP", "file_is_picture", "WebP"),
    (4, b"ftyp", "file_is_picture", "HEIC/MP4"),
    (0, b"\x1f\x8b", "file_is_archive", "gzip"),
    (0, b"7z\xbc\xaf\x27\x1c", "file_is_archive", "7z"),
    (0, b"Rar!", "file_is_archive", "RAR"),
    (0, b"BZh", "file_is_archive", "bzip2"),
    (0, b"\xfd7zXZ", "file_is_archive", "xz"),
    (0, b"(\xb5/\xfd", "file_is_archive", "zstd"),
    (257, b"ustar", "file_is_archive", "tar"),
    (0, b"SQLite format 3", "file_is_database", "SQLite"),
    (4, b"Standard Jet DB", "file_is_database", "Access"),
    (4, b"Standard ACE DB", "file_is_database", "Access"),
    (0, b"PAR1", "file_is_database", "Parquet"),
    (0, b"ARROW1", "file_is_database", "Arrow"),
    (0, b"MZ", "file_is_program", "EXE"),
    (0, b"\x7fELF", "file_is_program", "ELF"),
]
# How the streams at the top of an OLE2 file that is no workbook begin.
OLE2_STREAMS = {
    "worddocument": "Word",
    "powerpoint document": "PowerPoint",
    "__substg1.0_": "Outlook",
    "__properties_version": "Outlook",
}
TEXT_STARTS = [
    (b"begin:vcard", "file_is_contacts", "vCard"),
    (b"begin:vcalendar", "file_is_contacts", "iCalendar"),
    (b"table\r\n0,1", "file_is_old_spreadsheet", "DIF"),
    (b"#!", "file_is_program", "script"),
]
# `ID;P` is the header of a list as well (`ID;Prénom`); the next line of SYLK is a record: `P;PGeneral`, `B;Y9;X4`,
# `C;Y1;X1;K"Ad"`.
SYLK = re.compile(rb"ID;P[A-Z0-9]{0,40}(?:;[^\r\n]{0,60})?[\r\n]{1,2}(?:ID|P|B|C|F|O|NN|W|NE|NU);[A-Z]")
SPELT = frozenset(letters for _, letters, _, _ in MAGIC if letters.isalnum())  # a csv may begin with these
WEB_ARCHIVE = (b"mime-version:", b"from: <saved by", b"x-document-type:")  # a web page with all its parts in one file
MARKUP = 1 << 18  # bytes within which a page or an XML file names its kind
HTML = re.compile(rb"<(?:html|!doctype html|table|tr|meta|style|body)[\s>]")
XML = (b"<?xml", b"<workbook", b"<ss:workbook", b"<office:document")
WORKBOOK = re.compile(rb"<(?:\w{1,20}:)?workbook[\s>]")
ENCODED_BOMS = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be", b"\xef\xbb\xbf": "utf-8"}


def kind_of(path: Path) -> str:
    """'csv', 'xlsx', 'xls', 'xlsb', 'ods', 'html', 'xml' (that of Excel 2003), or 'locked' for a workbook inside a container that
    needs a password. Raises UnreadableFile naming what it is instead."""
    with path.open("rb") as file:
        start = file.read(MARKUP)
    if start.startswith(ZIP):
        return kind_of_zip(path)
    if start.startswith(OLE2):
        return _kind_of_ole2(path)
    return kind_of_bytes(start)


def kind_of_bytes(start: bytes) -> str:
    """The same of what is neither a zip nor OLE2, by its first MARKUP bytes."""
    head = start[:4096]
    if not head.strip(b"\x00 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise UnreadableFile("file_empty")
    if head.startswith(OLD_BIFF):
        return "xls"
    _refuse_by_magic(head)
    kind = _kind_of_markup(_as_ascii(start).lstrip().lower())
    if kind:
        return kind
    _refuse_by_text(head)
    if _is_binary(head):
        raise UnreadableFile("file_is_binary")
    return "csv"


def _kind_of_markup(text: bytes) -> str | None:
    """'html', 'xml' or 'ods' (written as one XML file), None for what is no markup. Raises UnreadableFile for XML of other
    kinds."""
    if text.startswith(WEB_ARCHIVE):
        return "html"
    if not text.startswith(b"<"):
        return None
    if b"<html" not in text and b"urn:schemas-microsoft-com:office:spreadsheet" in text and WORKBOOK.search(text):
        return "xml"
    if b"<office:document" in text and b"opendocument.spreadsheet" in text:
        return "ods"
    if HTML.search(text):
        return "html"
    if text.startswith(XML):
        raise UnreadableFile("file_is_xml")
    return None


def _refuse_by_magic(head: bytes) -> None:
    for offset, magic, code, name in MAGIC:
        if head[offset : offset + len(magic)] == magic and not (magic in SPELT and b"\x00" not in head):
            raise UnreadableFile(code, found=name)


def _refuse_by_text(head: bytes) -> None:
    text = _as_ascii(head).lstrip()
    if SYLK.match(text):
        raise UnreadableFile("file_is_old_spreadsheet", found="SYLK")
    text = text.lower()
    for start, code, name in TEXT_STARTS:
        if text.startswith(start):
            raise UnreadableFile(code, found=name)
    if text.startswith((b'{"', b"[{", b"{\n", b"{\r", b"[\n")) and b'":' in text:
        raise UnreadableFile("file_is_json")


def _is_binary(head: bytes) -> bool:
    """More control characters than text has ever held. In UTF-16 every other byte is one, on the same side."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")):
        return False
    sides = [side for side in (head[0::2], head[1::2]) if side]
    return all(len(side) - len(side.translate(None, CONTROL_BYTES)) > len(side) * 0.08 for side in sides)


def _as_ascii(head: bytes) -> bytes:
    for bom, encoding in ENCODED_BOMS.items():
        if head.startswith(bom):
            return head[len(bom) :].decode(encoding, "replace").encode("ascii", "replace")
    if head[1:4:2] == b"\x00\x00" and head[:1].isascii():
        return head.decode("utf-16-le", "replace").encode("ascii", "replace")
    return head


def _kind_of_ole2(path: Path) -> str:
    from .ole2 import streams_of  # noqa: PLC0415  loads a library that only OLE2 files need

    streams = streams_of(path)
    if streams & {"workbook", "book"}:
        return "xls"
    if "encryptedpackage" in streams:
        return "locked"
    for start, name in OLE2_STREAMS.items():
        if any(stream.startswith(start) for stream in streams):
            raise UnreadableFile("file_is_document", found=name)
    raise UnreadableFile("file_damaged")


def kind_of_zip(source: Path | BinaryIO) -> str:
    """'xlsx', 'xlsb' or 'ods'. Raises UnreadableFile."""
    try:
        with zipfile.ZipFile(source) as archive:
            name_plainly(archive)
            return _kind_by_parts(archive, {name.lower() for name in archive.namelist()})
    except DAMAGE:
        raise UnreadableFile("file_damaged") from None


def _kind_by_parts(archive: zipfile.ZipFile, names: set[str]) -> str:
    if any(name.endswith("workbook.bin") for name in names):
        return "xlsb"
    if any(name.startswith("word/") for name in names):
        raise UnreadableFile("file_is_document", found="Word")
    if any(name.startswith("ppt/") for name in names):
        raise UnreadableFile("file_is_document", found="PowerPoint")
    if any(name.endswith(".iwa") or name == "index.zip" for name in names):
        raise UnreadableFile("file_is_numbers")
    if "[content_types].xml" in names or any(name.startswith("xl/") for name in names):
        return "xlsx"
    if "mimetype" in names:
        return _kind_of_open_document(archive)
    if {"content.xml", "meta-inf/manifest.xml"} <= names:
        return "ods"
    raise UnreadableFile("file_is_archive", found="ZIP")


def _kind_of_open_document(archive: zipfile.ZipFile) -> str:
    with archive.open("mimetype") as file:
        mimetype = file.read(200)
    if b"opendocument.spreadsheet" in mimetype:
        return "ods"
    raise UnreadableFile("file_is_document", found="OpenDocument" if b"opendocument" in mimetype else "EPUB")
