"""Files put together from two: some lines are UTF-8, others are in an encoding of single bytes.

A line is read as UTF-8 if it is valid, or holds a letter of UTF-8 beside bad bytes; any other is read as the rest.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

MIXED = "utf-8+"
BLOCK = 1 << 20
ENOUGH = 1 << 14  # bytes of lines of a kind
MOST_LOOKED_AT = 2_000  # places in a file that may be letters of UTF-8 by chance
UTF8_LETTER = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
BEGINS_LETTER = re.compile(rb"[\xc2-\xf4][\x80-\xbf]")  # faster to look for
LINE_END = re.compile(rb"[\r\n]")


class LinesByKind(NamedTuple):
    """Some lines of a file that have letters beyond ASCII: those that are UTF-8, and those without a letter of it."""

    utf8: bytes
    other: bytes


def lines_by_kind(path: Path, sample: bytes) -> LinesByKind:
    """By the lines of `sample`; where all of them are of one kind, by the whole file."""
    utf8 = _joined(line for line in sample.split(b"\n") if _is_utf8(line))
    other = _joined(line for line in sample.split(b"\n") if _is_other(line))
    if not other:
        other = _joined(filter(_is_other, _invalid_lines(path)))
    elif not utf8:
        utf8 = _joined(filter(_is_utf8, _lines_with_utf8(path)))
    return LinesByKind(utf8, other)


def line_decoded(line: bytes, encoding: str) -> tuple[str, bool]:
    """(text, whether it was read in `encoding` because it is not UTF-8)."""
    try:
        return line.decode(), False
    except UnicodeDecodeError:
        is_other = _is_other(line)
        return line.decode(encoding if is_other else "utf-8", "replace"), is_other


def _is_other(line: bytes) -> bool:
    return not line.isascii() and not UTF8_LETTER.search(line)


def _is_utf8(line: bytes) -> bool:
    try:
        return not line.isascii() and bool(line.decode())
    except UnicodeDecodeError:
        return False


def _joined(lines: Iterator[bytes]) -> bytes:
    kept, size = [], 0
    for line in lines:
        kept.append(line)
        size += len(line)
        if size >= ENOUGH:
            break
    return b"\n".join(kept)


def _invalid_lines(path: Path) -> Iterator[bytes]:
    for part in _whole_lines(path):
        start = 0
        while start < len(part):
            try:
                str(memoryview(part)[start:], "utf-8")
                break
            except UnicodeDecodeError as error:
                line, start = _line_at(part, start + error.start)
                yield line


def _lines_with_utf8(path: Path) -> Iterator[bytes]:
    looked_at = 0
    for part in _whole_lines(path):
        start = 0
        while looked_at < MOST_LOOKED_AT and (found := BEGINS_LETTER.search(part, start)):
            line, start = _line_at(part, found.start())
            looked_at += 1
            yield line


def _line_at(part: bytes, place: int) -> tuple[bytes, int]:
    """The line around a place, and where the next one begins."""
    begin = 1 + max(part.rfind(b"\n", 0, place), part.rfind(b"\r", 0, place))
    end = LINE_END.search(part, place)
    return (part[begin : end.start()], end.end()) if end else (part[begin:], len(part))


def _whole_lines(path: Path) -> Iterator[bytes]:
    """The file in parts that end with a line, as far as lines are shorter than a block."""
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            yield block + file.readline(BLOCK)
