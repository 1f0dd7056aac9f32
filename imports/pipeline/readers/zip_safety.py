"""What a workbook may not do to the machine that opens it.

A 1.5 kB workbook can abort a process and a 1 MB one can take 4 GB, so its zip is judged before anything is inflated,
and every XML part is parsed without entities. The process that reads it (`process.child`) has limits of its own as well.
"""

import re
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO
from xml.parsers import expat
from xml.parsers.expat import XMLParserType

from imports.pipeline.readers.table import UnreadableFile

Attributes = dict[str, str]  # of an XML element
OnStart = Callable[[str, Attributes], object]  # local name of an element, attributes
OnText = Callable[[str], object]  # local name of an element, or characters
MIB = 1024 * 1024
MOST_FILE = 200 * MIB
MOST_UNZIPPED = 1536 * MIB
MOST_ENTRY = 1024 * MIB
MOST_RATIO = 100
RATIO_FROM = 256 * MIB  # below this a high ratio harms nobody: cells that repeat one text pack a thousand times smaller
MOST_ENTRIES = 2_000
MOST_STRINGS = 512 * MIB  # xl/sharedStrings.xml
MOST_PART = 64 * MIB  # parts read whole: workbook, styles, rels
MOST_ROWS = 1_048_576
LONGEST_CELL = 32_767  # Excel's own limit

# What zipfile lets through when an archive is cut short or scrambled.
DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, ValueError, OSError, NotImplementedError, RuntimeError)
LOCAL_HEADER = 30  # bytes before the name in a zip's local header
ENCRYPTED = 0x1
DECLARATION = re.compile(rb"<\x00?!\x00?(?:D\x00?O\x00?C\x00?T\x00?Y\x00?P\x00?E|E\x00?N\x00?T\x00?I\x00?T\x00?Y)")


def open_zip(source: Path | BinaryIO) -> zipfile.ZipFile:
    """The workbook's zip, judged by its directory alone, its names written with slashes. Raises UnreadableFile."""
    if isinstance(source, Path) and source.stat().st_size > MOST_FILE:
        raise UnreadableFile("file_too_big", limit=MOST_FILE // MIB)
    try:
        archive = zipfile.ZipFile(source)
    except DAMAGE:
        raise UnreadableFile("file_damaged") from None
    entries = archive.infolist()
    _check_sizes(entries)
    _check_names(entries)
    _check_overlap(entries, archive.start_dir)
    _check_declarations(archive, entries)
    name_plainly(archive)
    return archive


def name_plainly(archive: zipfile.ZipFile) -> None:
    """Some .NET programs write backslashes into the names of a zip, others begin them with `./`."""
    for entry in archive.infolist():
        entry.filename = entry.filename.replace("\\", "/").removeprefix("./")
    archive.NameToInfo = {entry.filename: entry for entry in archive.infolist()}


def _check_sizes(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MOST_ENTRIES:
        raise UnreadableFile("file_hostile", found="entries")
    total = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    if total > MOST_UNZIPPED or any(entry.file_size > MOST_ENTRY for entry in entries):
        raise UnreadableFile("file_hostile", found="size")
    if total > RATIO_FROM and total > packed * MOST_RATIO:
        raise UnreadableFile("file_hostile", found="ratio")
    for entry in entries:
        if entry.file_size > RATIO_FROM and entry.file_size > entry.compress_size * MOST_RATIO:
            raise UnreadableFile("file_hostile", found="ratio")
        if entry.filename.lower().endswith("sharedstrings.xml") and entry.file_size > MOST_STRINGS:
            raise UnreadableFile("file_hostile", found="strings")


def _check_names(entries: list[zipfile.ZipInfo]) -> None:
    for entry in entries:
        if entry.flag_bits & ENCRYPTED:
            raise UnreadableFile("file_is_protected")
        parts = re.split(r"[/\\]", entry.filename)
        if ".." in parts or entry.filename.startswith(("/", "\\")) or ":" in parts[0]:
            raise UnreadableFile("file_hostile", found="names")
        if stat.S_ISLNK(entry.external_attr >> 16):
            raise UnreadableFile("file_hostile", found="links")


def _check_overlap(entries: list[zipfile.ZipInfo], end: int) -> None:
    """Entries that share bytes unpack to far more than they hold (CVE-2024-0450)."""
    for entry in sorted(entries, key=lambda entry: entry.header_offset, reverse=True):
        if entry.header_offset + LOCAL_HEADER + len(entry.orig_filename) + entry.compress_size > end:
            raise UnreadableFile("file_hostile", found="overlap")
        end = entry.header_offset


def _check_declarations(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> None:
    """No part of a workbook declares a document type or an entity, not even one that is never read."""
    for entry in entries:
        name = entry.filename.lower()
        # An OpenDocument's manifest, which is never parsed, names its document type in files of old programs.
        if name.endswith((".xml", ".rels", ".vml")) and name != "meta-inf/manifest.xml":
            try:
                with archive.open(entry) as part:
                    head = part.read(4096)
            except DAMAGE:
                raise UnreadableFile("file_damaged") from None
            if DECLARATION.search(head):
                raise UnreadableFile("file_hostile", found="entities")


def read_part(archive: zipfile.ZipFile, name: str) -> bytes:
    """A small part, whole. Raises UnreadableFile when it is missing, damaged or far too large."""
    try:
        if archive.getinfo(name).file_size > MOST_PART:
            raise UnreadableFile("file_hostile", found="size")
        return archive.read(name)
    except (KeyError, *DAMAGE):
        raise UnreadableFile("file_damaged") from None


def xml_parser(on_start: OnStart, on_end: OnText | None = None, on_text: OnText | None = None) -> XMLParserType:
    """An expat parser with local names, that refuses document types and entities."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_declaration
    parser.EntityDeclHandler = _refuse_declaration
    parser.StartElementHandler = lambda name, attrs: on_start(name.rpartition(" ")[2], attrs)
    if on_end:
        parser.EndElementHandler = lambda name: on_end(name.rpartition(" ")[2])
    if on_text:
        parser.CharacterDataHandler = on_text
    return parser


def parse_blocks(blocks: Iterable[bytes], on_start: OnStart, on_end: OnText, on_text: OnText) -> None:
    """As `parse_xml`, for what is too long to be held at once."""
    parser = xml_parser(on_start, on_end, on_text)
    try:
        for block in blocks:
            parser.Parse(block, False)
        parser.Parse(b"", True)
    except (expat.ExpatError, ValueError, LookupError):
        raise UnreadableFile("file_damaged") from None


def local(attrs: Attributes) -> Attributes:
    """The attributes of an element by their local names."""
    return {name.rpartition(" ")[2]: value for name, value in attrs.items()}


def file_blocks(path: Path) -> Iterator[bytes]:
    """The bytes of a file, 64 KiB at a time."""
    with path.open("rb") as file:
        while block := file.read(1 << 16):
            yield block


def parse_xml(data: bytes, on_start: OnStart, on_end: OnText | None = None, on_text: OnText | None = None) -> None:
    """`on_start(local name, attrs)` for every element. Raises UnreadableFile when it is no XML."""
    try:
        xml_parser(on_start, on_end, on_text).Parse(data, True)
    except (expat.ExpatError, ValueError, LookupError):
        raise UnreadableFile("file_damaged") from None


def _refuse_declaration(*_: object) -> None:
    raise UnreadableFile("file_hostile", found="entities")
