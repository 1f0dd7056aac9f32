"""Binary workbooks of Excel (`.xlsb`): the zip of an `.xlsx` with records in place of XML ([MS-XLSB]).

A record is a number, a length and so many bytes. Strings, number formats and sheets are found by the same relations as in an
`.xlsx`.
"""

import struct
import zipfile
from collections.abc import Iterator
from functools import cached_property, partial
from pathlib import Path
from typing import BinaryIO

from imports.pipeline.readers.table import UnreadableFile
from imports.pipeline.readers.xlsx.parts import related_parts
from imports.pipeline.readers.xlsx.xml import inflated

from .cell_text import Shown, built_in_format, plain_number, shown_by, truth
from .whole_sheets import Grid, Table, TableBook, unique_names
from .zip_safety import MOST_STRINGS, open_zip, read_part

# Record numbers ([MS-XLSB] 2.3).
ROW, BLANK, RK, ERROR, BOOL, REAL, STRING, SHARED, FORMULA_STRING, FORMULA_REAL, FORMULA_BOOL, FORMULA_ERROR = range(12)
SHARED_STRING, FORMAT, STYLE, RICH_STRING, WORKBOOK, SHEET, MERGED, STYLES, STYLES_END = 19, 44, 47, 62, 153, 156, 176, 617, 618
CELLS = {*range(BLANK, FORMULA_ERROR + 1), RICH_STRING}
ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A", 43: "#GETTING_DATA"}
HIDDEN_ROW = 0x10
LONGEST_RECORD = 1 << 24
# What a record that is shorter than it should be, or says what cannot be, lets through.
DAMAGE = (struct.error, LookupError, ValueError, OverflowError)


def xlsb_tables(source: Path | BinaryIO) -> TableBook:
    """Raises UnreadableFile."""
    try:
        return _Workbook(open_zip(source)).tables()
    except DAMAGE:
        raise UnreadableFile("file_damaged") from None


class _Workbook:
    def __init__(self, archive: zipfile.ZipFile):
        self._archive = archive
        self._part, self._related = related_parts(archive, "xl/workbook.bin")
        by_kind = {kind: part for kind, part in self._related.values() if part in archive.NameToInfo}
        self._strings_part = by_kind.get("sharedStrings")
        self._styles_part = by_kind.get("styles")
        self._shown: list[Shown] = [plain_number]

    def tables(self) -> TableBook:
        date1904 = False
        listed: list[tuple[str, bool, tuple[str, str]]] = []  # name, visible, (kind, part)
        for kind, data in records([read_part(self._archive, self._part)]):
            if kind == WORKBOOK:
                date1904 = bool(data[0] & 1)
            elif kind == SHEET:
                relation, end = wide_string(data, 8)
                listed.append((wide_string(data, end)[0], data[0] == 0, self._related.get(relation, ("", ""))))
        sheets = [
            (name, visible, part)
            for name, visible, (kind, part) in listed
            if kind == "worksheet" and part in self._archive.NameToInfo
        ]
        if not sheets:
            raise UnreadableFile("file_damaged")
        if self._styles_part:
            self._shown = number_formats(read_part(self._archive, self._styles_part), date1904) or self._shown
        names = unique_names([name for name, _, _ in sheets])
        return TableBook(
            "xlsb", [Table(name, visible, partial(self._grid, part)) for name, (_, visible, part) in zip(names, sheets)]
        )

    @cached_property
    def _strings(self) -> list[str]:
        return shared_strings(self._archive, self._strings_part) if self._strings_part else []

    def _grid(self, part: str) -> Grid:
        grid, open_row = Grid(), False
        try:
            for kind, data in records(inflated(self._archive, part)):
                if kind in CELLS:
                    column, style = struct.unpack_from("<IH", data)
                    grid.place(self._text(kind, data, data[6] << 16 | style), column)
                elif kind == ROW:
                    if open_row:
                        grid.end_row()
                    grid.begin_row(struct.unpack_from("<I", data)[0] + 1, bool(data[11] & HIDDEN_ROW))
                    open_row = True
                elif kind == MERGED:
                    first, last, left, _ = struct.unpack_from("<IIII", data)
                    grid.merge(first + 1, last + 1, left)
        except DAMAGE:
            raise UnreadableFile("file_damaged") from None
        if open_row:
            grid.end_row()
        return grid

    def _text(self, kind: int, data: bytes, style: int) -> str:
        match kind:
            case 7:
                index: int = struct.unpack_from("<I", data, 8)[0]
                return self._strings[index]
            case 2:
                return self._number(rk_number(struct.unpack_from("<I", data, 8)[0]), style)
            case 5 | 9:
                return self._number(struct.unpack_from("<d", data, 8)[0], style)
            case 6 | 8:
                return wide_string(data, 8)[0]
            case 62:
                return wide_string(data, 9)[0]
            case 4 | 10:
                return truth(data[8])
            case 3 | 11:
                return ERRORS.get(data[8], "#N/A")
            case _:
                return ""

    def _number(self, value: float, style: int) -> str:
        return self._shown[style](value) if style < len(self._shown) else plain_number(value)


def records(blocks: Iterator[bytes] | list[bytes]) -> Iterator[tuple[int, bytes]]:
    """(number, data) of each record. Raises UnreadableFile where the last one is cut short."""
    rest = b""
    for block in blocks:
        rest += block
        start = 0
        while (place := _header(rest, start)) and place[2] + place[1] <= len(rest):
            kind, size, begin = place
            start = begin + size
            yield kind, rest[begin:start]
        rest = rest[start:]
        if len(rest) > LONGEST_RECORD:
            raise UnreadableFile("file_damaged")
    if rest:
        raise UnreadableFile("file_damaged")


def _header(data: bytes, at: int) -> tuple[int, int, int] | None:
    """(number, length, where the data begins): seven bits a byte, the highest bit says that another byte follows. None when cut
    short."""
    if at + 6 > len(data) and not _is_whole(data, at):
        return None
    kind, at = data[at], at + 1
    if kind & 0x80:
        kind, at = kind & 0x7F | (data[at] & 0x7F) << 7, at + 1
    size = shift = 0
    while True:
        byte, at = data[at], at + 1
        size |= (byte & 0x7F) << shift
        shift += 7
        if not byte & 0x80 or shift > 21:
            return kind, size, at


def _is_whole(data: bytes, at: int) -> bool:
    """Whether the number and the length of a record near the end are all there."""
    tail = data[at : at + 6]
    if not tail:
        return False
    length = tail[2 if tail[0] & 0x80 else 1 :][:4]
    return any(not byte & 0x80 for byte in length) or len(length) == 4


def wide_string(data: bytes, at: int) -> tuple[str, int]:
    """A string in UTF-16 behind its length, and where it ends. Raises ValueError where it is cut short."""
    length = struct.unpack_from("<I", data, at)[0]
    end = at + 4 + 2 * length
    if length == 0xFFFFFFFF:
        return "", at + 4
    if end > len(data):
        raise ValueError
    return data[at + 4 : end].decode("utf-16-le", "replace"), end


def rk_number(packed: int) -> float:
    """A number in 32 bits: the upper part of a double, or a whole number; divided by a hundred where the first bit says so."""
    if packed & 2:
        value = float(packed >> 2) - (1 << 30 if packed & 0x80000000 else 0)
    else:
        value = struct.unpack("<d", struct.pack("<Q", (packed & 0xFFFFFFFC) << 32))[0]
    return value / 100 if packed & 1 else value


def shared_strings(archive: zipfile.ZipFile, part: str) -> list[str]:
    """All shared strings of the workbook, by their index. Raises UnreadableFile where they take too much memory."""
    if archive.getinfo(part).file_size > MOST_STRINGS:
        raise UnreadableFile("file_hostile", found="strings")
    return [wide_string(data, 1)[0] for kind, data in records(inflated(archive, part)) if kind == SHARED_STRING]


def number_formats(styles: bytes, date1904: bool) -> list[Shown]:
    """The function that shows a number, for each cell style."""
    codes: dict[int, str] = {}
    shown: list[Shown] = []
    inside = False
    for kind, data in records([styles]):
        if kind == FORMAT:
            codes[struct.unpack_from("<H", data)[0]] = wide_string(data, 2)[0]
        elif kind in (STYLES, STYLES_END):
            inside = kind == STYLES
        elif kind == STYLE and inside:
            number = struct.unpack_from("<H", data, 2)[0]
            shown.append(shown_by(codes.get(number) or built_in_format(number), date1904))
    return shown
