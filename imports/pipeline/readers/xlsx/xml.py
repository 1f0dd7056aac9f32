"""The XML of a sheet or of the shared strings, as text in blocks that end where an element ends.

Spreadsheet programs write these parts in one plain manner: no prefixes, comments or CDATA, attributes in double
quotes. That manner can be read by regular expressions six times as fast as by an XML parser, and is as exact as long as
every element is accounted for. XML written in any other manner goes through a real parser first, which writes it plain.
"""

import re
import zipfile
from collections.abc import Iterable, Iterator
from itertools import chain
from xml.parsers import expat

from imports.pipeline.readers.cell_text import CONTROL_BYTES
from imports.pipeline.readers.column_letters import column_index, column_letters
from imports.pipeline.readers.table import UnreadableFile
from imports.pipeline.readers.zip_safety import DAMAGE, MIB, Attributes, xml_parser

BLOCK = 1 << 16  # some hundred rows: what becomes of them stays in the processor's cache
LONGEST_ELEMENT = 64 * MIB  # one row, or one string
PREFIXED = re.compile(rb'<(\w+):(?:worksheet|sst)\s[^>]*?xmlns:\1="http://[^"]*/main"')


class OddXml(Exception):
    """Not written in the plain manner."""


def inflated(archive: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    """The bytes of a part in blocks. Raises UnreadableFile when they are damaged or not as many as declared."""
    try:
        info = archive.getinfo(part)
        size = 0
        with archive.open(info) as file:
            while block := file.read(BLOCK):
                size += len(block)
                yield block
    except DAMAGE:
        raise UnreadableFile("file_damaged") from None
    if size != info.file_size:
        raise UnreadableFile("file_damaged")


def xml_blocks(archive: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    """`inflated`, without the prefix that .NET programs write before every element (`<x:row>`)."""
    blocks = inflated(archive, part)
    first = next(blocks, b"")
    prefixed = PREFIXED.search(first, 0, 4096)
    blocks = chain([first], blocks)
    return _without_prefix(blocks, prefixed[1]) if prefixed else blocks


def _without_prefix(blocks: Iterable[bytes], prefix: bytes) -> Iterator[bytes]:
    """No text can hold what is replaced: there, `<` is written `&lt;`."""
    rest = b""
    for block in blocks:
        block = rest + block
        cut = block.rfind(b">") + 1
        rest = _not_too_long(block[cut:])
        yield block[:cut].replace(b"</" + prefix + b":", b"</").replace(b"<" + prefix + b":", b"<")
    yield rest


def plain_blocks(blocks: Iterable[bytes], element: str, inside: str) -> Iterator[str]:
    """Text of a part cut after every so many an `element`; the last block is what follows them, where `inside` must
    end. Raises OddXml."""
    rest = b""
    tail = f"</{element}>".encode()
    for block in blocks:
        if not rest and not block.lstrip(b"\xef\xbb\xbf").startswith(b"<"):
            raise OddXml
        block = rest + block
        cut = block.rfind(tail)
        if cut < 0:
            rest = _not_too_long(block)
            continue
        cut += len(tail)
        rest = block[cut:]
        yield _plain(block[:cut])
    last = _plain(rest)
    if f"</{inside}>" not in last and not re.search(rf"<{inside}(?: [^>]*)?/>", last):
        raise OddXml
    yield last


def _not_too_long(block: bytes) -> bytes:
    if len(block) > LONGEST_ELEMENT:
        raise UnreadableFile("file_too_complex")
    return block


def _plain(block: bytes) -> str:
    if b"!" in block and b"<!" in block:
        raise OddXml
    try:
        return block.translate(None, CONTROL_BYTES).decode()
    except UnicodeDecodeError:
        raise OddXml from None


def rewritten_blocks(blocks: Iterable[bytes], element: str) -> Iterator[str]:
    """The same elements in the plain manner, through expat: any encoding, prefixes, CDATA; places left out are counted.

    Raises UnreadableFile when it is not XML, or declares a document type.
    """
    writer = _PlainWriter(element)
    parser = xml_parser(writer.on_start, writer.on_end, writer.on_text)
    try:
        for block in blocks:
            parser.Parse(block, False)
            if text := writer.taken():
                yield text
        parser.Parse(b"", True)
    except expat.ExpatError:
        raise UnreadableFile("file_damaged") from None
    yield writer.rest()


def escaped(text: str) -> str:
    """Text as XML writes it between tags and in attributes."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


class _PlainWriter:
    """Writes what a reader of sheets and shared strings looks at, and nothing else."""

    KEPT = frozenset(["sheetData", "row", "c", "v", "is", "t", "r", "rPh", "si", "mergeCell"])
    WITH_TEXT = frozenset(["v", "t"])

    def __init__(self, element: str):
        self._element = element
        self._written: list[str] = []
        self._complete = 0  # how much of what is written ends with an end tag
        self._open = ""
        self._row = self._column = 0

    def on_start(self, name: str, attrs: Attributes) -> None:
        self._open = name
        if name == "row":
            self._row, self._column = _whole(attrs.get("r")) or self._row + 1, 0
            hidden = ' hidden="1"' if attrs.get("hidden") in ("1", "true") else ""
            self._written.append(f'<row r="{self._row}"{hidden}>')
        elif name == "c":
            self._written.append(self._cell(attrs))
        elif name == "mergeCell":
            self._written.append(f'<mergeCell ref="{escaped(attrs.get("ref", ""))}"/>')
        elif name in self.KEPT:
            self._written.append(f"<{name}>")

    def on_end(self, name: str) -> None:
        self._open = ""
        if name in self.KEPT and name != "mergeCell":
            self._written.append(f"</{name}>")
            if name == self._element:
                self._complete = len(self._written)

    def on_text(self, text: str) -> None:
        if self._open in self.WITH_TEXT:
            self._written.append(escaped(text))

    def taken(self) -> str:
        text = "".join(self._written[: self._complete])
        del self._written[: self._complete]
        self._complete = 0
        return text

    def rest(self) -> str:
        return "".join(self._written)

    def _cell(self, attrs: Attributes) -> str:
        letters = re.match(r"[A-Z]{1,3}(?=\d)", attrs.get("r", ""))
        self._column = column_index(letters[0]) + 1 if letters else self._column + 1
        style, kind = _whole(attrs.get("s")), attrs.get("t")
        place = f'r="{column_letters(self._column - 1)}{self._row}"'
        return "<c " + place + (f' s="{style}"' if style else "") + (f' t="{escaped(kind)}"' if kind else "") + ">"


def _whole(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() else None
