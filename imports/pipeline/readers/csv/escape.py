"""What an escape character does in a text file, and where in a file one may be.

It makes a quotation mark, a delimiter, a line break or itself part of a cell. Before another character it is text: a
path such as `C:\\temp` stays whole. MySQL writes `\\N` for a cell without a value, and `\\0` for a NUL.
"""

import re
from collections.abc import Sequence
from pathlib import Path

BLOCK = 1 << 20
WINDOW = 1 << 12  # bytes looked at before and after a place that may hold an escape
WINDOWS = 4
HEAD = 1 << 15  # bytes at the beginning of a file, which are judged anyway


class Escapes:
    """Makes lines ready for `csv.reader`, which takes whatever follows an escape as text and drops the escape."""

    def __init__(self, escape: str, delimiter: str, quote: str):
        self._escape = escape
        self._escaped = re.compile(f"{re.escape(escape)}(\r\n|[\\s\\S])")
        self._kept = {quote, delimiter, escape, "\r", "\n"}
        edge = re.escape(delimiter)
        self._null = re.compile(rf"(?m)(?<![^\r\n{edge}])\\N(?=[\r\n{edge}]|\Z)") if escape == "\\" else None

    def prepared(self, lines: list[str]) -> list[str]:
        escape = self._escape
        return [self._line(line) if escape in line else line for line in lines]

    def _line(self, line: str) -> str:
        if self._null:
            line = self._null.sub("", line)
        return self._escaped.sub(self._plain, line)

    def _plain(self, found: re.Match[str]) -> str:
        char: str = found[1]
        if char == "\r\n":
            return self._escape + "\n"
        if char == "0":
            return ""
        escaped: str = found[0]
        return escaped if char in self._kept else self._escape + escaped


def telling_lines(path: Path, encoding: str) -> list[str]:
    """Lines around backslashes before a quotation mark, a delimiter or a line end, after the head of the file."""
    wide = 4 if encoding.startswith("utf-32") else 2 if encoding.startswith("utf-16") else 1
    lines: list[str] = []
    for place in _places(path, _pattern(wide)):
        with path.open("rb") as file:
            file.seek(max(0, place - WINDOW) // wide * wide)
            text = file.read(2 * WINDOW).decode(encoding.partition("+")[0], "replace")
        lines += text.splitlines(True)[1:-1]
    return lines


def _pattern(wide: int) -> re.Pattern[bytes]:
    """A NUL may stand on either side of each character of UTF-16 and UTF-32."""
    nul = rb"\x00" * (wide - 1)
    return re.compile(rb"\\" + nul + rb'["\r\n,;\t|]')


def _places(path: Path, pattern: re.Pattern[bytes]) -> Sequence[int]:
    """Where in the file the pattern is found, windows apart, WINDOWS of them at most."""
    places: list[int] = []
    after, begun = HEAD, 0
    with path.open("rb") as file:
        while (block := file.read(BLOCK)) and len(places) < WINDOWS:
            start = max(0, after - begun)
            while len(places) < WINDOWS and (found := pattern.search(block, start)):
                places.append(begun + found.start())
                after = places[-1] + WINDOW
                start = found.start() + WINDOW
            begun += len(block)
    return places
