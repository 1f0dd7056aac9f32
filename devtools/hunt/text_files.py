"""A sheet as a text file, in the dialects and encodings that programs write."""

import csv
import io
import random
from datetime import date
from typing import Literal

from .draft import Cell, Sheet
from .regions import Region

DELIMITERS = (",", ";", ";", "\t", "|")
UNICODE = ("utf-8", "utf-8", "utf-8-sig", "utf-16")  # utf-16 with its mark, as Excel writes "Unicode text"


def text_file(rng: random.Random, sheet: Sheet, region: Region, encodings: str = "any") -> bytes:
    """`encodings`: `any`, `old` (none that names itself) or `mixed` (the second half in another one)."""
    text = _text(rng, sheet)
    if encodings == "mixed":
        return _mixed(text, region)
    wanted = ("utf-16", "utf-16-le", "utf-16-be", "utf-8") if encodings == "old" else UNICODE
    old = [name for name in region.encodings if _can_write(text, name)]
    pick_old = old and rng.random() < (0.7 if encodings == "old" else 0.25)
    return text.encode(rng.choice(old) if pick_old else rng.choice(wanted))


def _can_write(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _text(rng: random.Random, sheet: Sheet) -> str:
    delimiter, end = rng.choice(DELIMITERS), rng.choice(("\r\n", "\n"))
    escape = rng.random() < 0.2
    quoting: Literal[0, 1] = csv.QUOTE_ALL if rng.random() < 0.3 else csv.QUOTE_MINIMAL
    shape = rng.choice(("%d.%m.%Y", "%d/%m/%Y", "%Y-%m-%d"))
    buffer = io.StringIO()
    writer = csv.writer(
        buffer,
        delimiter=delimiter,
        lineterminator=end,
        quoting=quoting,
        doublequote=not escape,
        escapechar="\\" if escape else None,
    )
    writer.writerows([[shown(cell, shape) for cell in row] for row in sheet.rows])
    first = f"sep={delimiter}{end}" if delimiter in ";," and rng.random() < 0.08 else ""
    return first + buffer.getvalue()


def shown(cell: Cell, shape: str = "%d.%m.%Y") -> str:
    return cell.strftime(shape) if isinstance(cell, date) else str(cell)


def _mixed(text: str, region: Region) -> bytes:
    """Two exports glued together: the first half UTF-8, the second in what the country used before."""
    lines = text.splitlines(keepends=True)
    half = len(lines) // 2
    first, second = "".join(lines[:half]), "".join(lines[half:])
    old = next((name for name in region.encodings if _can_write(second, name)), "utf-8")
    return first.encode("utf-8") + second.encode(old)
