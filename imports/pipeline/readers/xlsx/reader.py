"""Workbooks of Excel 2007 and later (`.xlsx`, `.xlsm` without its macros), streamed.

A block of rows at a time is taken apart by one regular expression and every cell in it is accounted for (see
`xlsx.xml`). Values come from the file's own text, so that numbers are exact; formulas give their stored result.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from imports.pipeline.readers.cell_text import Shown, plain_number
from imports.pipeline.readers.column_letters import MOST_COLUMNS, column_index
from imports.pipeline.readers.merged_cells import MOST_MERGES, filled_down
from imports.pipeline.readers.table import BadRow, Row
from imports.pipeline.readers.zip_safety import MIB, open_zip, read_part
from imports.pipeline.reasons import Reason

from .parts import number_formats, workbook_parts
from .rows import RowReader
from .shared_strings import SharedStrings
from .xml import OddXml, plain_blocks, rewritten_blocks, xml_blocks

MERGE = re.compile(rb'<mergeCell ref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')
DIMENSION = re.compile(rb'<dimension ref="(?:[A-Z]+\d+:)?([A-Z]{1,3})(\d+)"')
HIDDEN = re.compile(rb'<row [^>]*\shidden="(?:1|true)"')
LAST_ROW = re.compile(rb'<row (?:[^>]*\s)?r="(\d+)"')
SMALL_PART = 4 * MIB
MOST_KEPT = 32 * MIB  # of the XML of a sheet, so that a hundred thousand rows are inflated once


@dataclass
class Scan:
    """What one look over a sheet tells before its rows are read."""

    kept: list[bytes] | None
    rows: int = 0
    hidden: int = 0
    merges: list[tuple[int, int, int]] = field(default_factory=list)
    sample: list[bytes] = field(default_factory=list)  # one row of each block that was kept

    def look_at(self, block: bytes) -> None:
        if b"mergeCell " in block and len(self.merges) < MOST_MERGES:
            self.merges += [(int(top), int(bottom), column_index(left.decode())) for left, top, _, bottom in MERGE.findall(block)]
        if b'dden="' in block:
            self.hidden += len(HIDDEN.findall(block))
        last = LAST_ROW.match(block, max(0, block.rfind(b"<row ")))
        self.rows = int(last[1]) if last else self.rows
        if self.kept is not None:
            self._sample(block)

    def _sample(self, block: bytes) -> None:
        first = block.find(b"<row ")
        end = block.find(b"</row>", first)
        if 0 <= first < end:
            self.sample.append(block[first : end + 6])


class XlsxFile:
    """A Workbook (see `readers.table`)."""

    kind = "xlsx"
    encoding = None
    delimiter = None
    may_be_packed = True

    def __init__(self, source: Path | BinaryIO):
        self._archive = open_zip(source)
        self._parts = workbook_parts(self._archive)
        self._sheets = {sheet.name: sheet for sheet in self._parts.sheets}
        self._strings = SharedStrings(self._archive, self._parts.strings)
        self._formats = self._number_formats()
        self._scans: dict[str, Scan] = {}
        self._uncalculated: dict[str, int] = {}

    def notes(self, sheet: str) -> list[Reason]:
        counts = {"hidden_rows": self._scanned(sheet).hidden, "formulas_without_values": self._uncalculated.get(sheet, 0)}
        return [Reason(code, {"sheet": sheet, "count": count}) for code, count in counts.items() if count]

    def sheet_names(self) -> list[tuple[str, bool]]:
        return [(sheet.name, sheet.visible) for sheet in self._parts.sheets]

    def rows(self, sheet: str) -> Iterator[Row | BadRow]:
        """Raises UnreadableFile where the sheet is damaged."""
        return filled_down(self._rows(sheet, lambda: self._blocks(sheet)), self._scanned(sheet).merges)

    def peek(self, sheet: str) -> Iterator[Row]:
        return self._rows(sheet, lambda: xml_blocks(self._archive, self._sheets[sheet].part))

    def spread(self, sheet: str) -> list[Row]:
        reader = RowReader(self._strings, self._formats)
        try:
            return [row for text in self._scanned(sheet).sample for row in reader.rows(text.decode())]
        except (OddXml, UnicodeDecodeError):
            return []

    def size(self, sheet: str) -> tuple[int | None, int | None]:
        part = self._sheets[sheet].part
        bytes_ = self._archive.getinfo(part).file_size
        rows, columns = _dimension(next(xml_blocks(self._archive, part), b""))
        if sheet in self._scans or bytes_ <= SMALL_PART:
            rows = self._scanned(sheet).rows
        elif rows and rows > bytes_ // 10:
            rows = None  # a sheet that claims more rows than could fit into it
        return rows, columns if columns and columns <= MOST_COLUMNS else None

    def _number_formats(self) -> list[Shown]:
        if not self._parts.styles:
            return [plain_number]
        return number_formats(read_part(self._archive, self._parts.styles), self._parts.date1904)

    def _scanned(self, sheet: str) -> Scan:
        if sheet not in self._scans:
            for scan in self._scans.values():
                scan.kept = None
            self._scans[sheet] = _scan(xml_blocks(self._archive, self._sheets[sheet].part))
        return self._scans[sheet]

    def _blocks(self, sheet: str) -> Iterable[bytes]:
        """The bytes of a sheet, which need not be inflated a second time where they are few."""
        return self._scanned(sheet).kept or xml_blocks(self._archive, self._sheets[sheet].part)

    def _rows(self, sheet: str, blocks: Callable[[], Iterable[bytes]]) -> Iterator[Row]:
        reader = RowReader(self._strings, self._formats)
        done = 0
        try:
            for block in plain_blocks(blocks(), "row", "sheetData"):
                rows = reader.rows(block)
                yield from rows
                done = rows[-1].number if rows else done
        except OddXml:
            reader = RowReader(self._strings, self._formats)
            for block in rewritten_blocks(blocks(), "row"):
                yield from (row for row in reader.rows(block) if row.number > done)
        self._uncalculated[sheet] = reader.uncalculated


def _scan(blocks: Iterator[bytes]) -> Scan:
    """One look over all bytes of a sheet: they are sound, where cells are merged, how far the rows go."""
    scan = Scan(kept=[])
    size, rest = 0, b""
    for block in blocks:
        size += len(block)
        if scan.kept is not None:
            scan.kept = [*scan.kept, block] if size <= MOST_KEPT else None
        block = rest + block
        cut = block.rfind(b"<")
        rest = block[cut:]  # a tag may be cut in two
        scan.look_at(block[:cut])
    return scan


def _dimension(head: bytes) -> tuple[int | None, int | None]:
    found = DIMENSION.search(head[:8192])
    return (int(found[2]), column_index(found[1].decode()) + 1) if found else (None, None)
