"""Web pages that are saved as Excel files (`.xls`, `.htm`, web archives): every table of the page is a sheet.

libxml2 reads the markup, however careless, and reports its elements one after the other; no document is built. Row numbers count
within a table. The largest table that looks like a list comes first; tables that only arrange others, or hold a single row, come
last and are not preselected. Attributes that only Excel writes (`x:num`, `mso-number-format`) are read as well.
"""

import codecs
import email
import re
from collections.abc import Iterable, Iterator
from email.policy import compat32
from pathlib import Path

from lxml import etree

from imports.pipeline.readers.csv.encoding import BOMS, detect_encoding, known_encoding
from imports.pipeline.readers.file_kind import WEB_ARCHIVE
from imports.pipeline.readers.table import UnreadableFile
from imports.pipeline.readers.whole_sheets import Table, TableBook, unique_names
from imports.pipeline.readers.zip_safety import file_blocks
from imports.pipeline.reasons import Reason

from .cells import Formats
from .tables import FoundTable, TableFinder

DECLARED = re.compile(rb"""(?:charset|encoding)\s{0,9}=\s{0,9}["']?([\w-]{2,20})""", re.IGNORECASE)
DECLARED_WITHIN = 1 << 16
AS_BROWSERS_DO = {"iso-8859-1": "cp1252", "latin-1": "cp1252", "ascii": "cp1252", "iso-8859-9": "cp1254"}
END_MARK = "rowcall-end-of-page"  # stands behind the page: a parser that never reports it stopped before the end


def html_tables(path: Path, encoding: str | None) -> TableBook:
    """`encoding` is what a person chose; None is "find out". Raises UnreadableFile."""
    finder = TableFinder(Formats(), END_MARK)
    notes: list[Reason] = []
    if _is_archive(path):
        for page in _archived_pages(path):
            _parse(page, finder)
    else:
        if encoding:
            encoding = known_encoding(encoding)
        else:
            encoding, notes = _encoding_of(path)
        _parse(_decoded(file_blocks(path), encoding), finder)
    tables = [table for table in finder.found if table.grid.rows]
    if not tables:
        raise UnreadableFile("file_is_html")
    return TableBook("html", _sorted(tables), notes, encoding)


def _sorted(tables: list[FoundTable]) -> list[Table]:
    names = unique_names([table.caption or f"Table {number}" for number, table in enumerate(tables, 1)])
    has_list = any(table.is_list for table in tables)
    ranked = sorted(zip(names, tables), key=lambda named: (not named[1].is_list, -named[1].filled))
    return [Table(name, table.is_list or not has_list, table.grid) for name, table in ranked]


def _parse(texts: Iterable[str], finder: TableFinder) -> None:
    """Raises UnreadableFile where libxml2 stops before the end: in the middle of a tag, or of what is built to exhaust it."""
    parser = etree.HTMLParser(target=finder, encoding="utf-8", no_network=True, huge_tree=False)
    finder.ended = False
    try:
        for text in texts:
            parser.feed(text.replace("\0", "").encode("utf-8", "replace"))
        parser.feed(f'<hr class="{END_MARK}">'.encode())
        parser.close()
    except etree.LxmlError:
        raise UnreadableFile("file_damaged") from None
    if not finder.ended:
        raise UnreadableFile("file_damaged")


def _decoded(blocks: Iterable[bytes], encoding: str, errors: str = "replace") -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(encoding)(errors)
    for block in blocks:
        yield decoder.decode(block).replace("\ufeff", "")
    yield decoder.decode(b"", True)


def _encoding_of(path: Path) -> tuple[str, list[Reason]]:
    """A mark at the beginning and valid UTF-8 speak for themselves; otherwise what the page declares, and if it declares nothing,
    the letters."""
    with path.open("rb") as file:
        head = file.read(DECLARED_WITHIN)
    marked = next((encoding for mark, encoding in BOMS if head.startswith(mark)), None)
    if marked or b"\0" not in head and _is_utf8(path):
        return marked or "utf-8", []
    if declared := _declared(head):
        return declared, []
    detected = detect_encoding(path)
    return detected.encoding, [Reason("encoding_guessed", {"encoding": detected.encoding})]


def _is_utf8(path: Path) -> bool:
    try:
        return all(True for _ in _decoded(file_blocks(path), "utf-8", "strict"))
    except UnicodeDecodeError:
        return False


def _declared(head: bytes) -> str | None:
    """The encoding that a page names, unless it is UTF-8, which would have been seen."""
    for name in DECLARED.findall(head):
        name = name.decode("ascii").lower()
        try:
            encoding = known_encoding(AS_BROWSERS_DO.get(name, name))
        except UnreadableFile:
            continue
        if not encoding.startswith(("utf-8", "utf-16")):
            return encoding
    return None


# -- web archives -------------------------------------------------------------------------------------------------
def _is_archive(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(256).lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(WEB_ARCHIVE)


def _archived_pages(path: Path) -> Iterator[list[str]]:
    with path.open("rb") as file:
        message = email.message_from_binary_file(file, policy=compat32)
    for part in message.walk():
        if part.get_content_type() == "text/html":
            content = part.get_payload(decode=True)
            yield [_text_of(content if isinstance(content, bytes) else b"", part.get_content_charset())]


def _text_of(content: bytes, charset: str | None) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        named = _declared(f"charset={charset}".encode()) if charset else None
        return content.decode(named or _declared(content[:DECLARED_WITHIN]) or "cp1254", "replace")
