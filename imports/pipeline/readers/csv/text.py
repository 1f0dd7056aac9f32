"""The bytes of a text file → clean lines, a block at a time, at the pace of the machine.

Only `\\n` ends a line in what comes out, whatever ended it in the file, and characters that no cell may hold are gone:
databases refuse NUL, and halves of characters cannot be written anywhere.
"""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from imports.pipeline.readers.cell_text import CONTROL_BYTES
from imports.pipeline.readers.table import UnreadableFile
from imports.pipeline.reasons import Reason

from .mixed import MIXED, line_decoded

BLOCK = 1 << 20
LONGEST_LINE = 16 << 20  # characters
WIDE = ("utf-16", "utf-32")
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
# What is U+0080 to U+009F was a letter of Windows that somebody took for Latin-1: U+0092 is ’.
WINDOWS = {char: bytes([char]).decode("cp1252", "ignore") for char in range(0x80, 0xA0)}
HIGH_CONTROL = re.compile("[\x80-\x9f]")
# Beyond ASCII: line separators that `splitlines` obeys, byte order marks, halves of characters.
UNWANTED = re.compile("[\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")
RARE = "\u2028\u2029\ufeff\ufffe\uffff"


@dataclass
class Damage:
    """What could not be kept as it is: `removed`, `replaced` and `windows` count characters, `other_lines` those that are
    not in the encoding of the rest, `open_quotes` rows; `first_open_quote` is the number of the first of them."""

    removed: int = 0
    replaced: int = 0
    windows: int = 0
    other_lines: int = 0
    other_encoding: str = ""
    open_quotes: int = 0
    first_open_quote: int = 0

    def include(self, other: "Damage") -> None:
        """Another pass over the same file, which may have come further."""
        for name in ("removed", "replaced", "windows", "other_lines", "open_quotes"):
            setattr(self, name, max(getattr(self, name), getattr(other, name)))
        self.other_encoding = self.other_encoding or other.other_encoding
        self.first_open_quote = self.first_open_quote or other.first_open_quote

    def add_open_quote(self, row: int) -> None:
        self.open_quotes += 1
        self.first_open_quote = self.first_open_quote or row

    def notes(self) -> list[Reason]:
        counts = {
            "control_characters_removed": self.removed,
            "control_characters_as_windows": self.windows,
            "characters_unreadable": self.replaced,
        }
        notes = [Reason(code, {"count": count}) for code, count in counts.items() if count]
        if self.other_lines:
            notes.append(Reason("lines_in_another_encoding", {"count": self.other_lines, "encoding": self.other_encoding}))
        if self.open_quotes:
            notes.append(Reason("quotes_left_open", {"count": self.open_quotes, "row": self.first_open_quote}))
        return notes


class Text:
    """One pass over a file. `damage` grows with what was read."""

    def __init__(self, path: Path, encoding: str, limit: int | None = None):
        self._path, self._encoding, self._limit = path, encoding, limit
        self.is_whole = limit is None
        self._other = encoding.removeprefix(MIXED) if encoding.startswith(MIXED) else None
        self._wide = encoding.startswith(WIDE)
        self._utf8 = encoding == "utf-8"
        self._maps_c1 = (
            self._wide
            or self._other is not None
            or any(char < "\xa0" for char in bytes(range(128, 160)).decode(encoding, "ignore"))
        )
        self.damage = Damage()

    def line_blocks(self) -> Iterator[list[str]]:
        """Lines with their '\\n', some thousands at a time; the last may lack it."""
        rest = ""
        for text in self._texts():
            text = rest + text
            cut = 1 + max(text.rfind("\n"), text.rfind("\r"))
            rest = text[cut:]
            if len(rest) > LONGEST_LINE:
                raise UnreadableFile("file_too_complex")
            if cut:
                yield text[:cut].splitlines(True)
        if rest:
            yield [rest]

    def _texts(self) -> Iterator[str]:
        """Clean text; a carriage return at the end of a block waits for what follows it."""
        held = ""
        for text in self._decoded() if self._other is None else self._decoded_by_line(self._other):
            text = held + text
            bare = text.rstrip("\r")
            held = text[len(bare) :]
            if "\r\r\n" in bare:
                bare = bare.replace("\r\r\n", "\n")
            yield bare
        if held:
            yield "\n"

    def _decoded(self) -> Iterator[str]:
        """A half character at the very end, or a byte the encoding lacks, becomes U+FFFD."""
        decoder = codecs.getincrementaldecoder(self._encoding)("replace")
        for block in _blocks(self._path, self._limit):
            if not self._wide:
                size = len(block)
                block = block.translate(None, CONTROL_BYTES)
                self.damage.removed += size - len(block)
            yield self._cleaned(decoder.decode(block), b"\xc2" in block if self._utf8 else self._maps_c1)
        if self._limit is None:
            yield self._cleaned(decoder.decode(b"", True), False)

    def _decoded_by_line(self, other: str) -> Iterator[str]:
        rest = b""
        for block in _blocks(self._path, self._limit):
            size = len(block)
            block = block.translate(None, CONTROL_BYTES)
            self.damage.removed += size - len(block)
            cut = 1 + max(block.rfind(b"\n"), block.rfind(b"\r"))
            if cut:
                yield self._cleaned(self._by_line(rest + block[:cut], other), True)
                rest = b""
            rest += block[cut:]
            if len(rest) > LONGEST_LINE:
                raise UnreadableFile("file_too_complex")
        if rest:
            yield self._cleaned(self._by_line(rest, other), True)

    def _by_line(self, lines: bytes, other: str) -> str:
        try:
            return lines.decode()
        except UnicodeDecodeError:
            read = [line_decoded(line, other) for line in lines.splitlines(True)]
        self.damage.other_lines += sum(is_other for _, is_other in read)
        self.damage.other_encoding = other
        return "".join(text for text, _ in read)

    def _cleaned(self, text: str, may_hold_c1: bool) -> str:
        if self._wide:
            text = self._without(CONTROL, text)
        if text.isascii():
            return text
        text = text.removeprefix("\ufeff")
        # Looking for each is several times as fast as replacing what is hardly ever there.
        if may_hold_c1 and (found := len(HIGH_CONTROL.findall(text))):
            size = len(text)
            text = text.translate(WINDOWS)
            self.damage.removed += size - len(text)
            self.damage.windows += found - size + len(text)
        if any(char in text for char in RARE) or self._wide:
            text = self._without(UNWANTED, text)
        self.damage.replaced += text.count("\ufffd")
        return text

    def _without(self, unwanted: re.Pattern[str], text: str) -> str:
        text, count = unwanted.subn("", text)
        self.damage.removed += count
        return text


def _blocks(path: Path, limit: int | None) -> Iterator[bytes]:
    with path.open("rb", buffering=0) as file:
        left = BLOCK if limit is None else limit
        while left > 0 and (block := file.read(min(BLOCK, left))):
            left -= 0 if limit is None else len(block)
            yield block
