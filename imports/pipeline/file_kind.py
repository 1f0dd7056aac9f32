"""What a file really is, by its content. Its name says nothing: an "Excel file" is often a web page."""
import mmap
import zipfile
from pathlib import Path

from .cell_text import CONTROL_BYTES
from .guard import DAMAGE
from .sheets import UnreadableFile

ZIP = b"PK\x03\x04"
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
# Streams of an OLE2 file, the telling one first. A protected .xlsx hides inside such a file.
OLE2_STREAMS = [
    ("EncryptedPackage", "file_is_protected", ""),
    ("WordDocument", "file_is_document", "Word"),
    ("PowerPoint Document", "file_is_document", "PowerPoint"),
    ("__substg1.0_", "file_is_document", "Outlook"),
]
TEXT_STARTS = [
    (b"begin:vcard", "file_is_contacts", "vCard"),
    (b"begin:vcalendar", "file_is_contacts", "iCalendar"),
    (b"mime-version:", "file_is_html", ""),
    (b"id;p", "file_is_old_spreadsheet", "SYLK"),
    (b"table\r\n0,1", "file_is_old_spreadsheet", "DIF"),
    (b"#!", "file_is_program", "script"),
]
ENCODED_BOMS = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be", b"\xef\xbb\xbf": "utf-8"}


def kind_of(path: Path) -> str:
    """'csv', 'xlsx' or 'xls'. Raises UnreadableFile naming what it is instead."""
    with path.open("rb") as file:
        head = file.read(4096)
    if not head.strip(b"\x00 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise UnreadableFile("file_empty")
    if head.startswith(ZIP) or head.startswith(b"PK\x05\x06"):
        return _kind_of_zip(path)
    if head.startswith(OLE2):
        return _kind_of_ole2(path)
    if head.startswith(OLD_BIFF):
        return "xls"
    _refuse_by_magic(head)
    _refuse_by_text(head)
    if _is_binary(head):
        raise UnreadableFile("file_is_binary")
    return "csv"


def _refuse_by_magic(head: bytes) -> None:
    for offset, magic, code, name in MAGIC:
        if head[offset:offset + len(magic)] == magic and not (magic in (b"BM", b"MZ") and b"\x00" not in head):
            raise UnreadableFile(code, found=name)


def _refuse_by_text(head: bytes) -> None:
    text = _as_ascii(head).lstrip().lower()
    for start, code, name in TEXT_STARTS:
        if text.startswith(start):
            raise UnreadableFile(code, found=name)
    if text.startswith(b"<?xml") or text.startswith(b"<workbook"):
        if b"urn:schemas-microsoft-com:office:spreadsheet" in text:
            raise UnreadableFile("file_is_xml_spreadsheet")
        raise UnreadableFile("file_is_html" if b"<html" in text else "file_is_xml")
    if text.startswith(b"<") and any(tag in text for tag in (b"<html", b"<!doctype html", b"<table", b"<meta", b"<style")):
        raise UnreadableFile("file_is_html")
    if text.startswith((b'{"', b'[{', b"{\n", b"{\r", b"[\n")) and b'":' in text:
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
            return head[len(bom):].decode(encoding, "replace").encode("ascii", "replace")
    return head


def _kind_of_ole2(path: Path) -> str:
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        for stream, code, name in OLE2_STREAMS:
            if data.find(stream.encode("utf-16-le")) >= 0:
                raise UnreadableFile(code, **({"found": name} if name else {}))
        if any(data.find(stream.encode("utf-16-le")) >= 0 for stream in ("Workbook", "Book")):
            return "xls"
    raise UnreadableFile("file_damaged")


def _kind_of_zip(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            return _kind_by_parts(archive, names)
    except DAMAGE:
        raise UnreadableFile("file_damaged") from None


def _kind_by_parts(archive: zipfile.ZipFile, names: set[str]) -> str:
    if any(name.endswith("workbook.bin") for name in names):
        raise UnreadableFile("file_is_xlsb")
    if any(name.startswith("word/") for name in names):
        raise UnreadableFile("file_is_document", found="Word")
    if any(name.startswith("ppt/") for name in names):
        raise UnreadableFile("file_is_document", found="PowerPoint")
    if any(name.endswith(".iwa") or name == "Index.zip" for name in names):
        raise UnreadableFile("file_is_numbers")
    if "mimetype" in names:
        return _refuse_open_document(archive)
    if "[Content_Types].xml" in names or any(name.startswith("xl/") for name in names):
        return "xlsx"
    raise UnreadableFile("file_is_archive", found="ZIP")


def _refuse_open_document(archive: zipfile.ZipFile) -> str:
    with archive.open("mimetype") as file:
        mimetype = file.read(200)
    if b"opendocument.spreadsheet" in mimetype:
        raise UnreadableFile("file_is_ods")
    raise UnreadableFile("file_is_document", found="OpenDocument" if b"opendocument" in mimetype else "EPUB")
