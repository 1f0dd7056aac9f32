"""The records of an `.xls` stream (BIFF8), looked over before a second reader is trusted with a workbook that the first one gave
up.

The second reader lays all cells of a sheet out as one rectangle, and aborts the process where that takes more memory than there
is; and it reads a file that was cut short as far as it goes. Both are refused here.
"""

import struct
from collections.abc import Iterator

import olefile

from imports.pipeline.readers.ole2 import DAMAGE
from imports.pipeline.readers.table import UnreadableFile
from imports.pipeline.readers.zip_safety import MIB

SHEET_LISTED, BEGIN, END = 0x85, 0x809, 0x0A
CELLS = {0xFD, 0x203, 0x27E, 0xBD, 0x204, 0x06, 0x205, 0x201, 0xBE, 0xD6}
DIMENSIONS = 0x200
WORKSHEET = 0x10
MOST_COLUMNS = 256  # of the format
MOST_CELLS = 24 * MIB  # of the rectangle: about 600 MB


def check_records(content: bytes) -> None:
    """Raises UnreadableFile where a sheet of the workbook `content` is cut short, or reaches further than the format can."""
    stream = _workbook_stream(content)
    try:
        for offset in [struct.unpack_from("<I", data)[0] for kind, data in _until_end(stream, 0) if kind == SHEET_LISTED]:
            _check_sheet(stream, offset)
    except DAMAGE:
        raise UnreadableFile("file_damaged") from None


def _workbook_stream(content: bytes) -> bytes:
    try:
        with olefile.OleFileIO(content) as container:
            name = next(entry for entry in container.listdir() if entry[0].lower() in ("workbook", "book") and len(entry) == 1)
            size = container.get_size(name)
            stream: bytes = container.openstream(name).read()
    except (*DAMAGE, StopIteration):
        raise UnreadableFile("file_damaged") from None
    if len(stream) < size:
        raise UnreadableFile("file_damaged")
    return stream


def _until_end(stream: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """The records from `at` to the end of what begins there. Raises UnreadableFile where there is none."""
    depth = 0
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        data = stream[at + 4 : at + 4 + size]
        at += 4 + size
        depth += (kind == BEGIN) - (kind == END)
        if kind == END and depth <= 0:
            return
        yield kind, data
    raise UnreadableFile("file_damaged")


def _check_sheet(stream: bytes, offset: int) -> None:
    rows = columns = 0
    for kind, data in _until_end(stream, offset):
        if kind in CELLS:
            row, column = struct.unpack_from("<HH", data)
            rows, columns = max(rows, row + 1), max(columns, column + 1)
            if kind in (0xBD, 0xBE):  # several cells in one record: the last column stands at its end
                columns = max(columns, struct.unpack_from("<H", data, len(data) - 2)[0] + 1)
        elif kind == DIMENSIONS:
            first, last, left, right = struct.unpack_from("<IIHH", data)
            rows, columns = max(rows, min(last, 1 << 24)), max(columns, right)
    if columns > MOST_COLUMNS or rows > 65_536 or rows * columns > MOST_CELLS:
        raise UnreadableFile("file_damaged")
